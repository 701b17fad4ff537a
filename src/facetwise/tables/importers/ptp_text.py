"""NCCI procedure-to-procedure edits as CMS ships them: tab-separated text, and Parquet copies.

Millions of rows, so these readers yield plain tuples. The rationale is left out: it is prose.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from facetwise.errors import BadSourceFileError

COLUMNS = ("column_1", "column_2", "modifier", "first_day", "last_day", "source_row")
COPY_COLUMNS = ("column_1", "column_2", "modifier", "last_day", "source_row")
_WIDTH = 7
_TODO = "Download it again."
_AT_ONCE = 50_000


def read_text(path: Path) -> Iterator[tuple[str, ...]]:
    """Pairs of the official text, or of a workbook turned into comma-separated text.

    Raises:
        BadSourceFileError: a row is not seven columns, or the file ends inside a row.
    """
    days: dict[str, str] = {"*": "", "": ""}
    words: set[str] = set()
    number = 0
    with path.open(encoding="latin-1", newline="") as file:
        delimiter = "\t" if "\t" in file.readline() else ","
        rows = csv.reader(file, delimiter=delimiter)
        cells: list[str] = []
        started = False
        fresh = False
        for number, cells in enumerate(rows, 2):
            one = cells[0] if cells else ""
            if not started and not (len(one) == 5 and one.isalnum()):
                continue
            started = True
            if len(cells) != _WIDTH:
                raise BadSourceFileError(
                    f"{len(cells)} columns; an edit has {_WIDTH}: the file is cut or altered.",
                    where=f"{path.name}, line {number}",
                    todo=_TODO,
                )
            _, two, _, first, last, modifier, why = cells
            fresh = why not in words
            words.add(why)
            if modifier not in ("0", "1", "9"):
                raise BadSourceFileError(
                    f"{modifier[:9]!r} is not a modifier indicator (0, 1 or 9).",
                    where=f"{path.name}, line {number}",
                )
            yield (
                one,
                two,
                modifier,
                days.get(first) or _day(first, days, number, path),
                "" if last == "*" else days.get(last) or _day(last, days, number, path),
                str(number),
            )
    if fresh and words and not _ends_a_line(path):
        raise BadSourceFileError(
            "the file ends inside a row: it is cut.",
            where=f"{path.name}, line {number}",
            todo=_TODO,
        )


def _day(text: str, days: dict[str, str], number: int, path: Path) -> str:
    """A day written YYYYMMDD, remembered; official files hold a few hundred of them."""
    if text in ("", "*"):
        return ""
    month, day = text[4:6], text[6:8]
    if not (len(text) == 8 and text.isdigit() and "01" <= month <= "12" and "01" <= day <= "31"):
        raise BadSourceFileError(
            f"{text[:12]!r} is not a day written YYYYMMDD.", where=f"{path.name}, line {number}"
        )
    days[text] = f"{text[:4]}-{month}-{day}"
    return days[text]


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def read_copy(path: Path, *, dated: bool) -> Iterator[tuple[str, ...]]:
    """Pairs of a Parquet copy, with deletion dates or (active rows only) without."""
    import duckdb  # here, because only imports need it

    last = (
        "case when deletion_date = '9999-12-31' then '' else coalesce(deletion_date, '') end"
        if dated
        else "''"
    )
    query = (
        f"select column_1, column_2, cast(modifier as varchar), {last}, "  # noqa: S608
        "cast(file_row_number + 1 as varchar) from read_parquet(?, file_row_number = true)"
    )
    with duckdb.connect() as db:
        db.execute("set threads = 2; set memory_limit = '400MB'; set enable_progress_bar = false")
        found = db.execute(query, [str(path)])
        while rows := found.fetchmany(_AT_ONCE):
            yield from rows
