"""Compile the shipped CSV tables, their manifest and sources into one SQLite file.

People review the CSVs; programs read what is compiled from them. The file is made when the
package is built, or on first use, and is never changed afterwards.
"""

import csv
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from facetwise.errors import BrokenTableError


def digest_of(folder: Path) -> str:
    """Name the exact set of editions in a tables folder, as hexadecimal sha256.

    The manifest holds the sha256 of every CSV, so it and the sources are enough.

    Raises:
        BrokenTableError: one of the two is missing.
    """
    try:
        parts = [(folder / name).read_bytes() for name in ("manifest.toml", "sources.toml")]
    except OSError as error:
        raise BrokenTableError(
            "the tables have no manifest.", where=str(folder), todo="Reinstall Facetwise."
        ) from error
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def compile_tables(folder: Path, target: Path) -> None:
    """Write `target` from `folder`: built under a temporary name, then renamed.

    Raises:
        BrokenTableError: a CSV is missing or does not match its manifest entry.
    """
    manifest, sources = _read_toml(folder, "manifest.toml"), _read_toml(folder, "sources.toml")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="tables-", suffix=".part", dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        with closing(sqlite3.connect(draft)) as db:
            db.execute("pragma journal_mode = off")
            db.execute("pragma synchronous = off")
            for table in manifest["table"]:
                _load(db, table, folder / "data" / table["file"])
            _load_catalogue(db, digest_of(folder), manifest, sources)
            db.commit()
            db.execute("analyze")
            db.commit()
        draft.chmod(0o644)  # it holds nothing private, and every user of an install reads it
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _read_toml(folder: Path, name: str) -> dict[str, Any]:
    import tomllib  # only a new set of tables is parsed

    try:
        return tomllib.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenTableError(
            "the file cannot be read.", where=name, todo="Reinstall Facetwise."
        ) from error


def _load(db: sqlite3.Connection, table: dict[str, Any], path: Path) -> None:
    columns, rows = _read_csv(table, path)
    if "expand" in table:
        columns, rows = _expand(table["expand"], columns, rows)
    name = table["name"]
    quoted = ", ".join(f'"{column}" text not null' for column in columns)
    marks = ", ".join("?" * len(columns))
    db.execute(f'create table "{name}" ({quoted})')
    db.executemany(f'insert into "{name}" values ({marks})', rows)  # noqa: S608
    for index in (table["key"], *table.get("also_by", [])):
        keys = ", ".join(f'"{column}"' for column in index)
        db.execute(f'create index "{name}.{"+".join(index)}" on "{name}" ({keys})')


def _read_csv(table: dict[str, Any], path: Path) -> tuple[list[str], Iterator[Sequence[str]]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BrokenTableError(
            "the shipped table cannot be read.", where=path.name, todo="Reinstall Facetwise."
        ) from error
    if hashlib.sha256(raw).hexdigest() != table["sha256"]:
        raise BrokenTableError(
            "the table is not the one its manifest describes.",
            where=path.name,
            todo="Reinstall Facetwise, or run tools/build_tables if you changed it.",
        )
    lines = csv.reader(raw.decode("utf-8").splitlines())
    return next(lines), lines


def _expand(
    names: Sequence[str], columns: list[str], rows: Iterable[Sequence[str]]
) -> tuple[list[str], Iterator[Sequence[str]]]:
    """Turn ranges `[first, last]` of equal-width numbers into one row a number.

    The official file lists a range on lines that follow each other, from `source_row`.
    """
    first, last, single = columns.index(names[0]), columns.index(names[1]), names[2]
    line = columns.index("source_row")
    kept = [at for at in range(len(columns)) if at not in (first, last, line)]

    def spread() -> Iterator[Sequence[str]]:
        for row in rows:
            rest = [row[at] for at in kept]
            for step, number in enumerate(range(int(row[first]), int(row[last]) + 1)):
                yield [str(number).zfill(len(row[first])), *rest, str(int(row[line]) + step)]

    return [single, *(columns[at] for at in kept), "source_row"], spread()


def _load_catalogue(
    db: sqlite3.Connection, digest: str, manifest: dict[str, Any], sources: dict[str, Any]
) -> None:
    db.execute("create table catalogue (kind text not null, entry text not null)")
    entries = chain(
        [("digest", digest)],
        (("table", table) for table in manifest["table"]),
        (("source", source) for source in sources["source"]),
        (("edition", edition) for edition in manifest["edition"]),
        (("document", document) for document in sources["document"]),
    )
    db.executemany(
        "insert into catalogue values (?, ?)",
        ((kind, json.dumps(entry, default=str)) for kind, entry in entries),
    )
