"""The editions of the user's data folder, ready to be looked up beside the shipped ones."""

import hashlib
import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from facetwise.errors import BrokenTableError, UnwritableError
from facetwise.sources import Edition, Scope, Source
from facetwise.tables.ahead import Asked, condition
from facetwise.tables.answer import Row
from facetwise.tables.catalogue import Catalogue, Table, newest_last, read_edition
from facetwise.tables.folder import data_folder, read_index

_PARTS = frozenset("1234")
"""Procedure-to-procedure edits are shipped in four files; all of them make a whole edition."""


class Part(NamedTuple):
    """One table of one file that an edition is read from."""

    database: str
    table: str
    columns: tuple[str, ...]
    rows: int


class AddedEditions:
    """Rows of the files a user added, by table and edition."""

    def __init__(self, folder: Path, base: Catalogue) -> None:
        """Read the index of the folder; files are opened when first asked.

        Raises:
            BrokenTableError: the index cannot be read.
        """
        self._folder = folder
        self._open: dict[str, sqlite3.Connection] = {}
        index = read_index(folder)
        self._parts, editions = _gather(index, base)
        self.catalogue = _joined(base, editions, self._parts, index)
        self._of_table: dict[str, list[str]] = {}
        for table, edition in self._parts:
            self._of_table.setdefault(table, []).append(edition)

    def __bool__(self) -> bool:
        """Whether anything was added."""
        return bool(self._parts)

    def holds(self, table: str, edition: str) -> bool:
        """Whether the edition of the table is read from the user's files."""
        return (table, edition) in self._parts

    def of_table(self, table: str) -> Sequence[str]:
        """Ids of the editions of a table that are read from the user's files."""
        return self._of_table.get(table, ())

    def select(self, table: str, key: Asked) -> list[Row]:
        """Rows with the key values, each with its edition; `edition` in the key picks one."""
        wanted = {name: value for name, value in key.items() if name != "edition"}
        asked = [str(key["edition"])] if "edition" in key else self.of_table(table)
        rows: list[Row] = []
        for edition in asked:
            for part in self._parts.get((table, edition), ()):
                rows += self._rows(part, edition, wanted)
        return rows

    def ordered(
        self, table: str, edition: str, columns: Sequence[str], by: int
    ) -> Iterator[tuple[str, ...]]:
        """The columns of every row of an edition, in the order of the first `by` of them.

        A column that the file does not have is blank.
        """
        return heapq.merge(
            *(self._sorted(part, columns, by) for part in self._parts[table, edition]),
            key=lambda row: row[:by],
        )

    def _sorted(self, part: Part, columns: Sequence[str], by: int) -> Iterator[tuple[str, ...]]:
        names = ", ".join(f'"{c}"' if c in part.columns else "''" for c in columns)
        order = ", ".join(f'"{c}"' for c in columns[:by])
        query = f'select {names} from "{part.table}" order by {order}'  # noqa: S608
        return iter(self._database(part.database).execute(query))

    def _rows(self, part: Part, edition: str, key: Asked) -> list[Row]:
        if not key.keys() <= set(part.columns):
            return []
        where, values = condition(key)
        query = f'select * from "{part.table}" where {where} order by rowid'  # noqa: S608
        try:
            found = self._database(part.database).execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._broken(part.database, str(error)) from error
        names = (*part.columns, "edition")
        return [dict(zip(names, (*row, edition), strict=True)) for row in found]

    def _database(self, name: str) -> sqlite3.Connection:
        if name not in self._open:
            path = self._folder / name
            address = f"file:{quote(str(path))}?mode=ro&immutable=1"
            try:
                self._open[name] = sqlite3.connect(address, uri=True, check_same_thread=False)
            except sqlite3.Error as error:
                raise self._broken(name, str(error)) from error
            self._open[name].execute("pragma mmap_size = 1073741824")
        return self._open[name]

    def _broken(self, name: str, why: str) -> BrokenTableError:
        return BrokenTableError(
            f"an added file is damaged or missing ({why}).",
            where=str(self._folder / name),
            todo="`facetwise tables verify` names it; remove it and add it again.",
        )


def table_of_files(name: str) -> Table | None:
    """A table that only the user's files fill; None when there is none of the name."""
    from facetwise.tables.official import OWN  # it loads every importer, and few look-ups need it

    return OWN[name].table if name in OWN else None


def added_folder() -> Path | None:
    """The user's data folder, when there is one."""
    try:
        folder = data_folder()
    except UnwritableError:
        return None
    return folder if (folder / "index.json").exists() else None


def _gather(
    index: Iterable[Mapping[str, Any]], base: Catalogue
) -> tuple[dict[tuple[str, str], list[Part]], dict[tuple[str, str], Edition]]:
    """Parts and editions; where two files are of one edition, the later one is read."""
    by_edition: dict[tuple[str, str], dict[str, tuple[Part, Edition]]] = {}
    for file in index:
        for entry in file["editions"]:
            edition = _edition(entry, file)
            part = Part(
                str(file["database"]),
                f"e{file['editions'].index(entry)}",
                tuple(entry["columns"]),
                int(entry["rows"]),
            )
            numbered = by_edition.setdefault((entry["table"], edition.id), {})
            slot = entry["part"] if entry["part"] != "?" else str(file["sha256"])
            kept = numbered.get(slot)
            if kept is None or newest_last(edition) >= newest_last(kept[1]):
                numbered[slot] = (part, edition)
    parts: dict[tuple[str, str], list[Part]] = {}
    editions: dict[tuple[str, str], Edition] = {}
    for (table, _), numbered in by_edition.items():
        held, edition = _whole(table, numbered, base)
        parts[table, edition.id] = held
        editions[table, edition.id] = edition
    return parts, editions


def _whole(
    table: str, numbered: Mapping[str, tuple[Part, Edition]], base: Catalogue
) -> tuple[list[Part], Edition]:
    """The edition its files make: whole, or of the column 1 codes that some parts list."""
    if "" in numbered and not numbered.keys() >= _PARTS:
        part, edition = numbered[""]
        return [part], edition
    numbered = {slot: held for slot, held in numbered.items() if slot}
    edition = max((held[1] for held in numbered.values()), key=newest_last)
    parts = [numbered[slot][0] for slot in sorted(numbered)]
    if numbered.keys() >= _PARTS:
        return parts, replace(edition, scope=Scope.COMPLETE, listed_by=())
    shown = ", ".join(f"f{slot}" for slot in sorted(numbered) if slot in _PARTS) or "one part"
    note = f"Only {shown} of f1 to f4: other column 1 codes are not answered from it."
    shipped = {e.id for e in base.tables[table].editions} if table in base.tables else set[str]()
    name = f"{edition.id} ({shown})" if edition.id in shipped else edition.id
    return parts, replace(edition, id=name, note=note)


def _edition(entry: Mapping[str, Any], file: Mapping[str, Any]) -> Edition:
    source = Source(entry["source"], entry["title"], entry["publisher"], entry.get("url", ""))
    raw = {**entry, "file": file["name"], "sha256": file["sha256"]}
    return read_edition(raw, source)


def _joined(
    base: Catalogue,
    added: Mapping[tuple[str, str], Edition],
    parts: Mapping[tuple[str, str], Sequence[Part]],
    index: Sequence[Mapping[str, Any]],
) -> Catalogue:
    """The shipped catalogue with the user's editions; one of the same id takes its place."""
    if not added:
        return base
    tables = dict(base.tables)
    for name in {table for table, _ in added}:
        table = tables.get(name) or table_of_files(name)
        assert table is not None, f"an added file is of no known table: {name}"
        mine = {edition: e for (of, edition), e in added.items() if of == name}
        kept = [e for e in table.editions if e.id not in mine]
        ordered = tuple(sorted([*kept, *mine.values()], key=newest_last))
        tables[name] = replace(table, editions=ordered)
    rows = {key: sum(part.rows for part in held) for key, held in parts.items()}
    names = "\n".join(
        sorted(f"{f['database_sha256']} {[e['id'] for e in f['editions']]}" for f in index)
    )
    digest = hashlib.sha256(f"{base.digest}\n{names}".encode()).hexdigest()
    return Catalogue(
        digest,
        tables,
        {**base.editions, **{edition.id: edition for edition in added.values()}},
        {**base.edition_rows, **rows},
    )
