"""NCCI edits: procedure-to-procedure pairs, medically unlikely units, add-on codes."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.parquet import read_parquet
from facetwise.tables.importers.text import records

_STILL_ACTIVE = "9999-12-31"


def read_ptp_parquet(path: Path) -> Iterator[dict[str, str]]:
    """Pairs of a Parquet copy with deletion dates; start dates were lost upstream."""
    columns = ("column_1", "column_2", "modifier", "deletion_date")
    for at, (one, two, modifier, deleted) in read_parquet(path, columns):
        yield _pair(one, two, modifier, deleted, at)


def read_ptp_parquet_active(path: Path) -> Iterator[dict[str, str]]:
    """Pairs of a Parquet copy that holds active rows only, without any date."""
    for at, (one, two, modifier) in read_parquet(path, ("column_1", "column_2", "modifier")):
        yield _pair(one, two, modifier, "", at)


def read_ptp_transcript(path: Path) -> Iterator[dict[str, str]]:
    """Pairs transcribed as `column_1,column_2,modifier`."""
    header, rows = records(path, "column_1,")
    if header[:3] != ["column_1", "column_2", "modifier"]:
        raise BadSourceFileError("the columns are not those of a transcript.", where=path.name)
    for line, row in rows:
        yield _pair(row[0], row[1], row[2], "", line)


def _pair(one: str, two: str, modifier: str, deleted: str, row: int) -> dict[str, str]:
    return {
        "column_1": one,
        "column_2": two,
        "modifier": modifier,
        "last_day": "" if deleted == _STILL_ACTIVE else deleted,
        "source_row": str(row),
    }


def read_mue(path: Path) -> Iterator[dict[str, str]]:
    """Units of the official CSV; the adjudication indicator is the first digit of its text."""
    header, rows = records(path, "HCPCS/")
    if len(header) < 4 or "MUE Values" not in header[1]:
        raise BadSourceFileError("the columns are not those of an MUE file.", where=path.name)
    for line, row in rows:
        yield _units(row[0], row[1], row[2][:1], line)


def read_mue_2024(path: Path) -> Iterator[dict[str, str]]:
    """Units of the cleaned copy of 2024 Q3."""
    _, rows = records(path, "hcpcs_code,")
    for line, row in rows:
        yield _units(row[0], row[1], row[2], line)


def read_mue_transcript(path: Path, setting: str) -> Iterator[dict[str, str]]:
    """Units of one setting, transcribed as `code,mue,mai,setting,effective_date`."""
    _, rows = records(path, "code,mue")
    for line, row in rows:
        if row[3] == setting:
            yield _units(row[0], row[1], row[2], line)


def _units(code: str, units: str, mai: str, row: int) -> dict[str, str]:
    if not units.isdigit() or mai not in ("1", "2", "3"):
        raise BadSourceFileError(f"{units!r} units with indicator {mai!r}.", where=f"row {row}")
    return {"code": code.strip(), "units": units, "mai": mai, "source_row": str(row)}


def read_add_ons(path: Path) -> Iterator[dict[str, str]]:
    """Add-on edits of the official workbook; dates are written YYYYDDD."""
    import python_calamine  # here, because only tools and imports need it

    book = python_calamine.CalamineWorkbook.from_path(str(path))  # pyright: ignore[reportUnknownMemberType]
    rows = book.get_sheet_by_index(0).to_python()
    if [str(cell) for cell in rows[1][:2]] != ["AOC_Edit_Type", "Add-On_Code"]:
        raise BadSourceFileError("the columns are not those of an add-on file.", where=path.name)
    for number, row in enumerate(rows[2:], 3):
        kind, add_on, add_on_end, primary, primary_end, start, end = (str(c) for c in row[:7])
        ends = [_ordinal(text) for text in (add_on_end, primary_end, end) if text.strip()]
        yield {
            "add_on": add_on.strip(),
            "primary": primary.strip(),
            "type": kind.strip(),
            "first_day": _ordinal(start).isoformat() if start.strip() else "",
            "last_day": min(ends).isoformat() if ends else "",
            "source_row": str(number),
        }


def _ordinal(text: str) -> date:
    return datetime.strptime(text.strip().split(".")[0], "%Y%j").date()  # noqa: DTZ007


def read_icd10(path: Path) -> Iterator[dict[str, str]]:
    """ICD-10-CM codes with a letter an edition: B billable, H header, `-` not listed."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for code, *listed in rows:
            yield {"code": code, "listed": "".join(letter or "-" for letter in listed)}
