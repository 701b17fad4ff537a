"""Whether a file of pairs ends where it should: cut at the end of a line, nothing in it is wrong.

Official files are in order of the column 1 code, so what a cut one lost is what the edition before
lists between its last code and the first of the part that follows.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.sources import Scope
from facetwise.tables.store import Store

_SHARE = 100
"""Quarters differ by less than one pair in this many at any one place of a file."""
_LAST_PART = ("", "4")


class Pairs(NamedTuple):
    """One stored file of pairs.

    Attributes:
        part: 1 to 4, or blank for a file that holds them all.
        first_day: ISO 8601, of its edition.
    """

    name: str
    table: str
    edition: str
    part: str
    first_day: str
    database: Path
    at: str


def pairs_in(entries: Sequence[tuple[Path, Mapping[str, Any]]]) -> Iterator[Pairs]:
    """The files of pairs among index entries, each with the path of its database.

    A transcript of some codes is left out: it ends where it wants.
    """
    for path, entry in entries:
        for at, edition in enumerate(entry["editions"]):
            listed = edition.get("scope") == Scope.LISTED and not edition["part"]
            if str(edition["table"]).startswith("ptp_") and not listed:
                yield Pairs(
                    str(entry["name"]), edition["table"], edition["id"], edition["part"],
                    edition.get("first", ""), path, f"e{at}",
                )  # fmt: skip


def ends_early(file: Pairs, others: Sequence[Pairs], base: Store) -> str:
    """What an earlier edition lists where the file is silent; blank when nothing is odd."""
    alike = [other for other in others if other.table == file.table]
    rows, _, last = _span(file)
    following = min(
        (_span(o)[1] for o in alike if o.edition == file.edition and o.part == _next(file.part)),
        default="",
    )
    earlier = [other for other in alike if other.first_day < file.first_day]
    newest = max((other.first_day for other in earlier), default="")
    before = [other for other in earlier if other.first_day == newest]
    if not following and file.part not in _LAST_PART:
        before = [other for other in before if other.part == file.part]
    if before:
        beyond = sum(_between(other, last, following) for other in before)
        told = f"{before[0].edition} lists {beyond:,} pairs"
        odd = beyond * _SHARE > rows
    elif following or file.part in _LAST_PART:
        shipped = base.table(file.table).editions[-1]
        codes = {row["column_1"] for row in base.all_rows(file.table, edition=shipped.id)}
        lost = sorted(code for code in codes if last < code and (not following or code < following))
        told = f"{shipped.id} lists pairs of {', '.join(lost[:3])}"
        odd = bool(lost)
    else:
        return ""
    until = f" and before {following}, where the next part begins" if following else ""
    return f"The file ends at {last}; {told} after it{until}: it may be cut." if odd else ""


def _next(part: str) -> str:
    return str(int(part) + 1) if part.isdigit() else "none"


def _span(file: Pairs) -> tuple[int, str, str]:
    """How many rows, and the first and last code of column 1."""
    query = f'select count(*), min(column_1), max(column_1) from "{file.at}"'  # noqa: S608
    return _asked(file, query)


def _between(file: Pairs, last: str, following: str) -> int:
    query = (
        f'select count(*) from "{file.at}" '  # noqa: S608
        "where column_1 > ? and (? = '' or column_1 < ?)"
    )
    return int(_asked(file, query, last, following, following)[0])


def _asked(file: Pairs, query: str, *values: str) -> Any:
    with closing(sqlite3.connect(file.database)) as db:
        return db.execute(query, values).fetchone()
