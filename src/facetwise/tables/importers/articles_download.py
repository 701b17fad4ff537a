"""Billing articles as the Medicare Coverage Database ships them: tables that name each other.

No real download is held; the columns are those that public readers of it agree on. Titles,
paragraphs and descriptions are not read.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.text import decode

COLUMNS = (
    "article", "lcd", "contractors", "list", "system", "code", "note", "first_day", "last_day",
    "source_row",
)  # fmt: skip
_LISTS = (
    ("article_x_hcpc_code.csv", "hcpc_code_id", "hcpc_code_group", "listed"),
    ("article_x_icd10_covered.csv", "icd10_code_id", "icd10_covered_group", "covered"),
    ("article_x_icd10_noncovered.csv", "icd10_code_id", "icd10_noncovered_group", "noncovered"),
)
NEEDED = tuple(name for name, _, _, _ in _LISTS)
"""Tables without which the lists of an article are not whole."""
_LONGEST = 1 << 24
"""Characters of one cell; the text of an article stands in one."""
_DAY = re.compile(r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)|(?P<m2>\d\d)/(?P<d2>\d\d)/(?P<y2>20\d\d)")
Version = tuple[str, str]


class Articles(NamedTuple):
    """The versions of a download that were in force at some time, and its own day.

    Attributes:
        windows: (article, version) to (first day, last day), the last blank while it runs.
        updated: the last day on which the publisher changed a row of it.
    """

    windows: Mapping[Version, tuple[str, str]]
    updated: date


def read_versions(path: Path) -> Articles:
    """Windows of the approved and retired articles in `article.csv`; drafts are left out.

    Raises:
        BadSourceFileError: a column is missing, or no article states a day.
    """
    windows: dict[Version, tuple[str, str]] = {}
    days: list[str] = []
    for line, row in _rows(path):
        if _cell(row, "status", path).upper() not in ("A", "R"):
            continue
        first = _day(_cell(row, "article_eff_date", path), path, line)
        last = _day(row.get("article_end_date") or "", path, line)
        if first and not (last and last < first):
            windows[_version(row, path)] = (first, last)
            days.append(_day(row.get("last_updated") or "", path, line))
    if not windows:
        raise BadSourceFileError("no article states the day it begins.", where=path.name)
    newest = max(days) or max(first for first, _ in windows.values())
    return Articles(windows, date.fromisoformat(newest))


def read_article_lists(
    files: Mapping[str, Path], articles: Articles, contractors: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """Codes of every version, in the order of `COLUMNS`.

    `list` is `listed` for procedures, since a paragraph that is not read says how each group
    stands, and `covered` or `noncovered` for diagnoses.

    Args:
        files: the tables of the download, by name.
        contractors: the first digits of a contract number to our name of the contractor.

    Raises:
        BadSourceFileError: a table lacks a column.
    """
    held_by = _contractors(files, contractors)
    policies = _policies(files)
    for name, code_column, group_column, kind in _LISTS:
        path = files[name]
        for line, row in _rows(path):
            version = _version(row, path)
            code = _cell(row, code_column, path).replace(".", "").upper()
            if version not in articles.windows or not code:
                continue
            system = "ICD10CM" if kind != "listed" else "HCPCS" if code[0].isalpha() else "CPT"
            group = (row.get(group_column) or "").strip()
            note = f"group {group}; its paragraph may limit it" if group else ""
            yield (
                f"A{version[0]}", policies.get(version, ""), held_by.get(version, ""), kind,
                system, code, note, *articles.windows[version], str(line),
            )  # fmt: skip


def _contractors(files: Mapping[str, Path], names: Mapping[str, str]) -> dict[Version, str]:
    """Who holds each article: our names where the contract number is known, else the number."""
    if not {"article_x_contractor.csv", "contractor.csv"} <= files.keys():
        return {}
    numbers = {
        (row.get("contractor_id") or "").strip(): (row.get("contractor_number") or "").strip()
        for _, row in _rows(files["contractor.csv"])
    }
    found: dict[Version, set[str]] = {}
    path = files["article_x_contractor.csv"]
    for _, row in _rows(path):
        number = numbers.get(_cell(row, "contractor_id", path), "")
        if number:
            named = names.get(number[:2], number)
            found.setdefault(_version(row, path), set()).add(named)
    return {version: " ".join(sorted(held)) for version, held in found.items()}


def _policies(files: Mapping[str, Path]) -> dict[Version, str]:
    """The LCDs each article belongs to."""
    path = files.get("article_related_documents.csv")
    found: dict[Version, set[str]] = {}
    for _, row in _rows(path) if path else ():
        policy = (row.get("r_lcd_id") or "").strip()
        if path and policy.strip("0"):
            found.setdefault(_version(row, path), set()).add(f"L{policy}")
    return {version: " ".join(sorted(named)) for version, named in found.items()}


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    csv.field_size_limit(_LONGEST)
    rows = csv.DictReader(io.StringIO(decode(path), newline=""))
    for row in rows:
        yield rows.line_num, row


def _version(row: Mapping[str, str], path: Path) -> Version:
    return _cell(row, "article_id", path), _cell(row, "article_version", path)


def _cell(row: Mapping[str, str], column: str, path: Path) -> str:
    if column not in row:
        raise BadSourceFileError(f"no column is titled {column!r}.", where=path.name)
    return (row[column] or "").strip()


def _day(text: str, path: Path, line: int) -> str:
    """ISO 8601; blank when none is stated."""
    found = _DAY.match(text.strip())
    if not found:
        return ""
    year, month, day = (int(found[n] or found[f"{n}2"]) for n in "ymd")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise BadSourceFileError(
            f"{text[:12]!r} is not a day.", where=f"{path.name}, line {line}"
        ) from None
