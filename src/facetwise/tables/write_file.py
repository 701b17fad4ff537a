"""Write one official file as an immutable SQLite file, checked before anyone sees it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.reading import Reading

_CODES = ("code", "column_1", "column_2", "add_on")
_OTHER_CODES = frozenset({"icd10cm", "adjustment_codes", "article_codes"})
"""Tables whose codes are not those of procedures."""
_NOT_A_CODE = "length({0}) not in (2, 5) or {0} glob '*[^0-9A-Z]*'"
_NOT_A_NUMBER = "\"{0}\" <> '' and (\"{0}\" glob '*[^0-9.-]*' or \"{0}\" = '.')"
_MOST_RVU_FACTOR = 200
"""Dollars; conversion factors have stood between 20 and 60 since 1992."""


def write_file(target: Path, readings: Sequence[Reading], name: str) -> list[int]:
    """Write each reading as a table `e0`, `e1`, ...; how many rows each has.

    Raises:
        BadSourceFileError: rows are missing, doubled or out of range.
    """
    with closing(sqlite3.connect(target)) as db:
        db.execute("pragma journal_mode = off")
        db.execute("pragma synchronous = off")
        db.execute("pragma cache_size = -200000")  # kB
        db.execute("pragma temp_store = memory")
        db.execute("pragma threads = 2")
        counts: list[int] = []
        for at, reading in enumerate(readings):
            counts.append(_load(db, f"e{at}", reading))
            _check(db, f"e{at}", reading, counts[-1], name)
            _index(db, f"e{at}", reading, name)
        db.commit()
    return counts


def _load(db: sqlite3.Connection, table: str, reading: Reading) -> int:
    quoted = ", ".join(f'"{column}" text not null' for column in reading.columns)
    marks = ", ".join("?" * len(reading.columns))
    db.execute(f'create table "{table}" ({quoted})')
    cursor = db.executemany(
        f'insert into "{table}" values ({marks})',  # noqa: S608
        _tuples(reading),
    )
    return cursor.rowcount if cursor.rowcount > 0 else 0


def _tuples(reading: Reading) -> Iterator[tuple[str, ...]]:
    columns = reading.columns
    for row in reading.rows():
        yield row if isinstance(row, tuple) else tuple(row[column] for column in columns)


def _check(db: sqlite3.Connection, table: str, reading: Reading, rows: int, name: str) -> None:
    kind = reading.kind
    if rows < kind.least:
        raise BadSourceFileError(
            f"{rows:,} rows; a whole file of this kind has {kind.least:,} and more.",
            where=name,
            todo="Download it again.",
        )
    for column in reading.columns:
        if column in _CODES and kind.table not in _OTHER_CODES:
            _none(db, table, column, _NOT_A_CODE.format(column), "a code", name)
        if column in kind.numbers:
            _none(db, table, column, _NOT_A_NUMBER.format(column), "a number", name)
    if "conversion_factor" in reading.columns:
        most = f"cast(conversion_factor as real) not between 1 and {_MOST_RVU_FACTOR}"
        _none(db, table, "conversion_factor", most, "a conversion factor", name)


def _none(
    db: sqlite3.Connection, table: str, column: str, wrong: str, what: str, name: str
) -> None:
    query = f'select "{column}", source_row from "{table}" where {wrong} limit 1'  # noqa: S608
    found = db.execute(query).fetchone()
    if found:
        raise BadSourceFileError(
            f"{str(found[0])[:20]!r} is not {what}.",
            where=f"{name}, row {found[1]}",
            todo="The file is altered, or its columns have moved.",
        )


def _index(db: sqlite3.Connection, table: str, reading: Reading, name: str) -> None:
    kind = reading.kind
    if kind.unique:
        keys = ", ".join(f'"{column}"' for column in kind.unique)
        try:
            db.execute(f'create unique index "{table}.key" on "{table}" ({keys})')
        except sqlite3.IntegrityError:
            query = (
                f'select {keys}, max(source_row) from "{table}" '  # noqa: S608
                f"group by {keys} having count(*) > 1 limit 1"
            )
            *doubled, row = db.execute(query).fetchone()
            shown = " ".join(str(value) for value in doubled if value)
            raise BadSourceFileError(
                f"{shown} is listed twice.", where=f"{name}, row {row}"
            ) from None
    if kind.table.startswith("ptp_"):
        _one_in_force(db, table, name)
    for columns in kind.also_by:
        keys = ", ".join(f'"{column}"' for column in columns)
        db.execute(f'create index "{table}.{"+".join(columns)}" on "{table}" ({keys})')


def _one_in_force(db: sqlite3.Connection, table: str, name: str) -> None:
    """A pair may have ended several times, and some such rows are doubled; it runs only once."""
    db.execute(f'create index "{table}.key" on "{table}" (column_1, column_2)')
    query = (
        f'select column_1, column_2 from "{table}" '  # noqa: S608
        "where last_day = '' group by column_1, column_2 having count(*) > 1 limit 1"
    )
    if found := db.execute(query).fetchone():
        raise BadSourceFileError(f"{found[0]} with {found[1]} is in force twice.", where=name)
