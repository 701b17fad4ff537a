"""The year or quarter an official file is of, as files, their names and users write it."""

import contextlib
import re
from datetime import date
from typing import NamedTuple

from facetwise.errors import BadSourceFileError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_NCCI_YEAR = 1994
_WRITTEN = (
    re.compile(r"^(?P<year>20\d\d)[ -]?Q(?P<quarter>[1-4])$", re.I),
    re.compile(r"^(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)$"),
    re.compile(r"^(?:RVU)?(?P<yy>\d\d)(?P<letter>[A-D])(?P<revised>R?)$", re.I),
    re.compile(r"^v?(?P<ncci>3[0-9]|4[0-9])\.?(?P<at>[0-3])$", re.I),
    re.compile(r"^(?:FY)?(?P<year>20\d\d)$", re.I),
)


class Period(NamedTuple):
    """A year, and its quarter where one is known.

    Attributes:
        begins: the first day of an edition that begins inside its quarter.
        revised: it replaces an edition of the same quarter, as RVU24AR did RVU24A.
    """

    year: int
    quarter: int = 0
    begins: date | None = None
    revised: bool = False

    def __str__(self) -> str:
        """`2026 Q3`, or `2026`."""
        return f"{self.year} Q{self.quarter}" if self.quarter else str(self.year)


def parse_period(text: str) -> Period:
    """What a user wrote after --edition: 2026Q3, RVU26C, v32.2, 2026-07-01 or 2026.

    A day that begins no quarter is that of an edition issued inside one.

    Raises:
        BadSourceFileError: it is none of these.
    """
    for pattern in _WRITTEN:
        if match := pattern.match(text.strip()):
            with contextlib.suppress(ValueError):  # such as 2026-02-31
                return _period(match.groupdict())
    raise BadSourceFileError(
        f"{text[:20]!r} is not an edition.",
        where="--edition",
        todo="Write it as 2026Q3, RVU26C, v32.2, 2026-07-01 or 2026.",
    )


def _period(found: dict[str, str | None]) -> Period:
    if yy := found.get("yy"):
        quarter = "ABCD".index(str(found["letter"]).upper()) + 1
        return Period(2000 + int(yy), quarter, revised=bool(found["revised"]))
    if ncci := found.get("ncci"):
        return Period(_FIRST_NCCI_YEAR + int(ncci), int(str(found["at"])) + 1)
    year = int(str(found["year"]))
    if quarter := found.get("quarter"):
        return Period(year, int(quarter))
    if month := found.get("month"):
        return starting(date(year, int(month), int(str(found["day"]))))
    return Period(year)


def starting(day: date) -> Period:
    """The period of an edition that begins on a day."""
    inside = day.day != 1 or day.month % 3 != 1
    return Period(day.year, (day.month + 2) // 3, day if inside else None, revised=inside)


def month_and_year(text: str) -> Period | None:
    """The first `July 2026`, `Jan 2022` or `2026 ... July Release` of a text; None without one."""
    names = "|".join(_MONTHS)
    if match := re.search(rf"\b({names})[a-z]*\.?\s+(20\d\d)\b", text, re.I):
        return Period(int(match[2]), _quarter(match[1]))
    if match := re.search(rf"\b(20\d\d)\b.{{0,80}}?\b({names})[a-z]*\s+Release", text, re.I):
        return Period(int(match[1]), _quarter(match[2]))
    return None


def ncci_version(name: str) -> Period | None:
    """The quarter of `ccipra-v322r0-f1.txt`: version 32.2 is the third of 2026."""
    match = re.search(r"v(\d\d)([0-3])r\d", name, re.I)
    return Period(_FIRST_NCCI_YEAR + int(match[1]), int(match[2]) + 1) if match else None


def _quarter(month: str) -> int:
    return _MONTHS.index(month[:3].lower()) // 3 + 1
