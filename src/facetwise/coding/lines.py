"""Claim lines as callers write them: `64494-50 x2`, a mapping, or a line of our own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from facetwise.coding.model import BadLineError, Line

_TEXT = re.compile(
    r"(?P<code>[0-9A-Z]\d{3}[0-9A-Z])(?P<modifiers>(?:[\s,:-]+(?!X\d)[0-9A-Z]{2}(?![0-9A-Z]))*)"
    r"(?:[\s,]*[X*][\s]*(?P<units>\d{1,4}))?",
    re.IGNORECASE,
)
_MOST_MODIFIERS = 4
"""A service line carries four modifiers (837P, SV101)."""


class Billed(NamedTuple):
    """A claim line, as much of it as tells what was done.

    Attributes:
        number: 1-based place in the claim.
    """

    number: int
    code: str
    modifiers: frozenset[str]
    units: int


def billed(lines: Iterable[str | Mapping[str, Any] | Line]) -> list[Billed]:
    """Read claim lines in the order given.

    Raises:
        BadLineError: a line has no code of five characters, or units that are no whole number.
    """
    return [_billed(at, line) for at, line in enumerate(lines, start=1)]


def _billed(number: int, line: str | Mapping[str, Any] | Line) -> Billed:
    if isinstance(line, Line):
        return Billed(number, line.code, frozenset(line.modifiers), line.units)
    if isinstance(line, str):
        return _from_text(number, line)
    if not isinstance(line, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadLineError("expected text, or a mapping with a code.", where=f"line {number}")
    code, units = line.get("code"), line.get("units", 1)
    modifiers: object = line.get("modifiers", [])
    if not isinstance(code, str) or not re.fullmatch(r"[0-9A-Z]\d{3}[0-9A-Z]", code, re.IGNORECASE):
        raise BadLineError("expected a procedure code of five characters.", where=f"line {number}")
    if type(units) is not int or units < 1:
        raise BadLineError("units must be a whole number of 1 or more.", where=f"line {number}")
    if not isinstance(modifiers, Sequence) or isinstance(modifiers, str):
        raise BadLineError("modifiers must be a list.", where=f"line {number}")
    listed = [str(modifier) for modifier in cast("Sequence[object]", modifiers)]
    return _checked(number, code, listed, units)


def _from_text(number: int, line: str) -> Billed:
    found = _TEXT.fullmatch(line.strip())
    if found is None:
        raise BadLineError(
            f"{line!r} is not a claim line.",
            where=f"line {number}",
            todo="Write code, modifiers and units, such as 64494-50 or 64636-RT x2.",
        )
    units = int(found["units"] or 1)
    if units < 1:
        raise BadLineError("units must be a whole number of 1 or more.", where=f"line {number}")
    return _checked(
        number, found["code"], re.findall(r"[0-9A-Z]{2}", found["modifiers"], re.IGNORECASE), units
    )


def _checked(number: int, code: str, modifiers: Sequence[str], units: int) -> Billed:
    if len(modifiers) > _MOST_MODIFIERS:
        raise BadLineError("a line carries at most four modifiers.", where=f"line {number}")
    return Billed(number, code.upper(), frozenset(m.upper() for m in modifiers), units)
