"""Text to values: amounts, days, procedures and pointers; None where the text is not one.

The functions are cached because a claim file repeats a few thousand values millions of times.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,10})?|\.\d{1,10})", re.ASCII)
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_MOST_MODIFIERS = 4
_DIAGNOSIS_SYSTEMS = {"ABK": "icd-10", "ABF": "icd-10", "BK": "icd-9", "BF": "icd-9"}


class Procedure(NamedTuple):
    """The procedure composite of a service line.

    Attributes:
        gapped: position (0 to 3) of each modifier when blanks stand between them, else empty.
    """

    code_set: str
    code: str
    modifiers: tuple[str, ...]
    gapped: tuple[int, ...] = ()


@lru_cache(maxsize=8192)
def number(text: str) -> Decimal | None:
    """A plain decimal number; None for anything else (NaN, exponents, other digits)."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=8192)
def money(text: str) -> Decimal | None:
    """An amount as people write it: `1234.5`, `$1,234.50`."""
    bare = text.strip().removeprefix("$").strip()
    if "," in bare:
        bare = bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else ""
    return number(bare)


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """A day written YYYYMMDD, when there is such a day."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    return _day(text[:4], text[4:6], text[6:])


@lru_cache(maxsize=8192)
def written_day(text: str) -> date | None:
    """A day written YYYY-MM-DD, YYYYMMDD or, as in the United States, M/D/YYYY.

    A time after the day (`2026-03-02 00:00:00`) is left out.
    """
    text = text.strip()
    first = text.replace("T", " ").split(" ")[0]
    if match := _US_DAY.fullmatch(first):
        return _day(match[3], match[1], match[2])
    if len(first) == 10 and first[4] == first[7] == "-":
        return day(first.replace("-", ""))
    return day(first)


def _day(year: str, month: str, of_month: str) -> date | None:
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def period(qualifier: str, text: str) -> tuple[date, date] | None:
    """An X12 date: one day (`D8`) or a range (`RD8`), first and last day."""
    if qualifier == "RD8":
        first, _, last = text.partition("-")
    else:
        first = last = text[:8] if qualifier == "DT" else text
    begins, ends = day(first), day(last)
    return (begins, ends) if begins and ends else None


@lru_cache(maxsize=8192)
def procedure(text: str, separator: str) -> Procedure:
    """The X12 composite qualifier, code, up to four modifiers; the description is not read."""
    parts = text.split(separator)
    given = [part.strip().upper() for part in parts[2 : 2 + _MOST_MODIFIERS]]
    code = parts[1].strip().upper() if len(parts) > 1 else ""
    return Procedure(parts[0], code, *compact(given))


def compact(given: list[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Without blanks, and the position of each when a blank stood before one of them."""
    kept = tuple(at for at, text in enumerate(given) if text)
    gapped = kept if kept != tuple(range(len(kept))) else ()
    return tuple(given[at] for at in kept), gapped


@lru_cache(maxsize=1024)
def pointers(text: str, separator: str) -> tuple[int, ...] | None:
    """The X12 composite of diagnosis numbers; None when one of them is no number."""
    found: list[int] = []
    for part in filter(None, text.split(separator)):
        value = number(part)
        if value is None or value != int(value):
            return None
        found.append(int(value))
    return tuple(found)


@lru_cache(maxsize=1024)
def written_pointers(text: str) -> tuple[int, ...] | None:
    """Diagnosis numbers as people write them: `1 2`, `1,2`, `A,B`, `AB`.

    None when it is neither, and for digits run together (`123`): 1, 2 and 3, or one number,
    is not ours to guess.
    """
    found: list[int] = []
    for part in re.split(r"[^0-9A-Za-z.]+", text.strip().removesuffix(".0")):
        if part.isascii() and part.isdigit() and (len(part) == 1 or part in ("10", "11", "12")):
            found.append(int(part))
        elif re.fullmatch(r"[A-La-l]+", part):
            found.extend(ord(letter) - ord("A") + 1 for letter in part.upper())
        elif part:
            return None
    return tuple(found)


@lru_cache(maxsize=1024)
def written_modifiers(text: str) -> tuple[str, ...]:
    """Modifiers in one cell, parted by anything: `50 KX`, `50,KX`, `50-KX`."""
    return tuple(part.upper() for part in re.split(r"[^0-9A-Za-z]+", text) if part)


@lru_cache(maxsize=8192)
def diagnosis(text: str, separator: str) -> tuple[str, str] | None:
    """Code and system of an X12 diagnosis composite; None for other health information."""
    qualifier, _, rest = text.partition(separator)
    system = _DIAGNOSIS_SYSTEMS.get(qualifier)
    return (diagnosis_code(rest.partition(separator)[0]), system) if system else None


@lru_cache(maxsize=8192)
def diagnosis_code(text: str) -> str:
    """A diagnosis without dot and spaces, upper case."""
    return text.replace(".", "").strip().upper()
