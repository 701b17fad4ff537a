"""The names CMS gives its periodic files, so that a missing one can be asked for by name."""

from datetime import date

_MONTHS = ("Jan", "Apr", "Jul", "Oct")
_FIRST_NCCI_YEAR = 1994
"""NCCI numbers its editions from 1994: version 32.2 is the third quarter of 2026."""


_FIRST_FILES = 1996
"""No file of these kinds is published for earlier years."""


def file_for(pattern: str, day: date) -> str:
    """Fill a file-name pattern for the quarter of a date of service.

    Args:
        pattern: a name with any of {year} {yy} {quarter} {number} {letter} {month} {starts}
            {ncci} {fy}.
        day: the date of service the file would have to answer.
    """
    if day.year < _FIRST_FILES:
        return f"no file of {day.year} is published"
    quarter = (day.month - 1) // 3
    return pattern.format(
        year=day.year,
        yy=f"{day.year % 100:02d}",
        quarter=f"{day.year} Q{quarter + 1}",
        number=quarter + 1,
        letter="ABCD"[quarter],
        month=_MONTHS[quarter],
        starts=f"{quarter * 3 + 1:02d}-01-{day.year}",
        ncci=f"{day.year - _FIRST_NCCI_YEAR}{quarter}",
        fy=day.year + (day.month >= 10),
    )
