"""Lists of codes: HCPCS level II, places of service, taxonomies, adjustment codes, counties.

Wording with an owner (descriptors, definitions, X12 texts) is never read.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.parquet import read_parquet
from facetwise.tables.importers.text import decode, records

Row = dict[str, str]


def read_hcpcs_copy(path: Path) -> Iterator[Row]:
    """Level II codes of the cleaned copy of 2024."""
    for line, row in _named(path):
        yield {
            "code": row["hcpcs_code"], "coverage": row["cov"], "type_of_service": row["tos"],
            "first_day": row["date_added"], "last_day": row["date_term"], "source_row": line,
        }  # fmt: skip


def read_hcpcs(path: Path) -> Iterator[Row]:
    """Level II codes and modifiers of the official workbook; a modifier has two characters.

    One record a code: those that continue a description (RECID 4 and 8) are left out.
    """
    header, rows = records(path, "HCPC,")
    at = {title.upper(): place for place, title in enumerate(header)}
    try:
        wanted = [at[t] for t in ("RECID", "COV", "TOS1", "ADD DT", "TERM DT")]
    except KeyError as error:
        raise BadSourceFileError(f"no column is titled {error}.", where=path.name) from None
    for line, cells in rows:
        record, coverage, service, added, ended = (cells[place].strip() for place in wanted)
        if record not in ("4", "8"):
            yield {
                "code": cells[0].strip(), "coverage": coverage, "type_of_service": service,
                "first_day": _day(added), "last_day": _day(ended), "source_row": str(line),
            }  # fmt: skip


_FIXED = ((0, 5), (10, 11), (229, 230), (260, 261), (268, 276), (284, 292))
_FIXED_LEAST = 293
"""Positions of code, record, coverage, type of service, first and last day in the text file."""


def read_hcpcs_text(path: Path) -> Iterator[Row]:
    """Level II codes and modifiers of the official text; modifiers stand right-justified.

    Raises:
        BadSourceFileError: a line is shorter than the layout.
    """
    for number, text in enumerate(decode(path).split("\n"), 1):
        line = text.rstrip("\r")
        if not line.strip():
            continue
        if len(line) < _FIXED_LEAST:
            raise BadSourceFileError("the line is cut short.", where=f"{path.name}, line {number}")
        code, record, coverage, service, added, ended = (line[a:b].strip() for a, b in _FIXED)
        if record not in ("4", "8"):
            yield {
                "code": code, "coverage": coverage, "type_of_service": service,
                "first_day": _day(added), "last_day": _day(ended), "source_row": str(number),
            }  # fmt: skip


def read_places(path: Path) -> Iterator[Row]:
    """Places of service and whether each pays the facility or the non-facility amount.

    A number that is not assigned has no setting.
    """
    for line, row in _named(path):
        setting = row["pos_type"].lower()
        yield {
            "pos": row["pos_code"].zfill(2),
            "name": row["pos_name"],
            "setting": "" if setting == "unassigned" else setting,
            "source_row": line,
        }


def read_taxonomies(path: Path) -> Iterator[Row]:
    """Codes of the NUCC file with their grouping; its definitions are left out."""
    for line, row in _named(path):
        yield {"taxonomy": row["Code"], "group": row["Grouping"], "source_row": line}


def read_adjustments(path: Path) -> Iterator[Row]:
    """Group, reason and remark codes with their dates; the wording belongs to X12."""
    for line, row in _named(path):
        yield {
            "kind": row["adj_type"], "code": row["adj_code"], "first_day": row["adj_start_date"],
            "last_day": row["adj_end_date"], "source_row": line,
        }  # fmt: skip


def read_counties(path: Path) -> Iterator[Row]:
    """Counties of each locality; a blank contractor repeats the state above it."""
    _, rows = records(path, "Medicare Admin")
    state = ""
    for line, (contractor, locality, named, area, counties, *_) in rows:
        state = named.strip() or state
        if contractor.strip().isdigit():
            yield {
                "contractor": contractor.strip().zfill(5), "locality": locality.strip().zfill(2),
                "state": state, "area": area.strip(), "counties": counties.strip(),
                "source_row": str(line),
            }  # fmt: skip


def read_counties_history(path: Path, release: str) -> Iterator[Row]:
    """Counties of one release in the cleaned Parquet copy of 2020 to 2024."""
    columns = ("mac", "locality_number", "state", "fee_schedule_area", "counties")
    for at, (mac, number, state, area, counties) in read_parquet(path, columns, release=release):
        yield {
            "contractor": mac.strip().zfill(5), "locality": number.strip().zfill(2),
            "state": state.strip(), "area": area.strip(), "counties": counties.strip(),
            "source_row": str(at),
        }  # fmt: skip


def read_add_ons(path: Path) -> Iterator[Row]:
    """Add-on edits of the official text, or of its workbook turned into text."""
    _, rows = records(path, "AOC_Edit_Type")
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        kind, add_on, add_on_end, primary, primary_end, start, end = (c.strip() for c in cells[:7])
        ends = [_ordinal(text, path, line) for text in (add_on_end, primary_end, end) if text]
        yield {
            "add_on": add_on, "primary": primary, "type": kind,
            "first_day": _ordinal(start, path, line).isoformat() if start else "",
            "last_day": min(ends).isoformat() if ends else "", "source_row": str(line),
        }  # fmt: skip


def read_diagnoses(path: Path, release: str) -> Iterator[Row]:
    """Codes of one release in the table of releases: `listed` is B billable or H header."""
    for line, row in _named(path):
        if row[release]:
            yield {"code": row["code"], "listed": row[release], "source_row": line}


def _named(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    rows = csv.DictReader(decode(path).splitlines(keepends=True))
    for row in rows:
        yield str(rows.line_num), row


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdigit() else ""


def _ordinal(text: str, path: Path, line: int) -> date:
    try:
        return datetime.strptime(text.partition(".")[0], "%Y%j").date()  # noqa: DTZ007
    except ValueError:
        raise BadSourceFileError(
            f"{text[:12]!r} is not a day written YYYYDDD.", where=f"{path.name}, line {line}"
        ) from None
