"""Look up a key on a date of service; the answer carries its citation.

The edition is chosen by the date: one in force first, then one carried past its window, then
one that also describes earlier months. Nothing outside a table's scope is ever answered, unless a
file the user added covers it.
"""

import contextlib
import copy
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import quote

from facetwise.errors import BrokenTableError, UnknownTableError, UnwritableError
from facetwise.sources import Basis, Citation, Confidence, Edition, Scope, Window
from facetwise.tables.added import AddedEditions
from facetwise.tables.answer import Absent, Answer, Entry, Held, NotHeld, Row
from facetwise.tables.catalogue import Catalogue, Table, read_catalogue
from facetwise.tables.compile import compile_tables, digest_of
from facetwise.tables.folder import data_folder
from facetwise.tables.naming import file_for

_FOLDER = Path(__file__).parent
_ORDER = {Basis.IN_FORCE: 0, Basis.CARRIED: 1, Basis.DERIVED: 2}


class Store:
    """Read-only access to one compiled set of tables, and to the files a user added to it."""

    def __init__(self, path: Path) -> None:
        """Open a compiled file; it is never written again, so no lock is taken."""
        self._path = path
        address = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._db.row_factory = _as_dict
        entries = self._db.execute("select kind, entry from catalogue")
        self.base: Catalogue = read_catalogue(
            (row["kind"], json.loads(row["entry"])) for row in entries
        )
        self.catalogue: Catalogue = self.base
        self.added: AddedEditions | None = None
        scope = self._db.execute("select distinct code from code_facts order by code")
        self.scope: tuple[str, ...] = tuple(row["code"] for row in scope)
        self._scope = frozenset(self.scope)

    def joined(self, folder: Path) -> "Store":
        """This store with the editions of a data folder beside its own.

        Raises:
            BrokenTableError: the index of the data folder cannot be read.
        """
        added = AddedEditions(folder, self.base)
        store = copy.copy(self)
        store.added = added if added else None
        store.catalogue = added.catalogue
        return store

    def table(self, name: str) -> Table:
        """The declaration of a table.

        Raises:
            UnknownTableError: no table has this name.
        """
        try:
            return self.catalogue.tables[name]
        except KeyError:
            known = ", ".join(sorted(self.catalogue.tables))
            raise UnknownTableError(
                f"no table is called {name!r}.", todo=f"Tables: {known}."
            ) from None

    def find(self, name: str, day: date, **key: str) -> Answer:
        """Answer for a key, whole or in part, on a date of service.

        Args:
            name: a table of the manifest.
            day: the date of service.
            key: values of key columns, as text; a part of the key may give several entries.

        Returns:
            Held: rows that speak for the date, each with its citation.
            Absent: an edition in force covers the key and lists nothing for it.
            NotHeld: no edition speaks for the date, or the key is out of scope.
        """
        table = self.table(name)
        if table.scope is Scope.SPINE and not self._in_scope(table, key):
            table = self._only_added(table)
            if not any(e.basis_on(day) for e in table.editions):
                return NotHeld(
                    f"{_shown(key)} is outside the codes this table was cut to.",
                    file_for(table.supplied_by, day),
                )
        if table.by == "row":
            return self._find_dated(table, day, key)
        return self._find_by_edition(table, day, key)

    def knows(self, code: str) -> bool:
        """Whether the code ships, or a fee schedule or HCPCS file the user added lists it."""
        if code in self._scope:
            return True
        named = ("rvu", "hcpcs_codes")
        return bool(self.added and any(self.added.select(t, {"code": code}) for t in named))

    def all_rows(self, name: str, **key: str) -> Iterator[Row]:
        """Every row of a table, or those with the key values, in every edition."""
        return iter(self._select(self.table(name), key))

    def edition(self, edition_id: str) -> Edition:
        """An edition or quoted document by its id.

        Raises:
            KeyError: no table or document is of that edition.
        """
        return self.catalogue.editions[edition_id]

    def ordered(
        self, table: Table, edition: Edition, columns: Sequence[str]
    ) -> Iterator[tuple[str, ...]]:
        """Rows of one edition, the key of the table first, in its order, then `columns`.

        A column that the edition does not have is blank.
        """
        wanted = (*table.key, *columns)
        if self.added and self.added.holds(table.name, edition.id):
            return self.added.ordered(table.name, edition.id, wanted, len(table.key))
        rows = self._select(table, {"edition": edition.id})
        return iter(sorted(tuple(row.get(c, "") for c in wanted) for row in rows))

    def entry_of(self, table: Table, row: Row, day: date | None = None) -> Entry:
        """Cite a row as its edition stands to the date; without a date, as of another date.

        A row that states its own dates, in a table dated by row, is in force inside them.
        """
        edition = self.edition(row["edition"])
        window = Window(_day(row.get("first_day")), _day(row.get("last_day")))
        dated = window.first is not None or window.last is not None
        by_row = table.by == "row"
        basis = Basis.IN_FORCE if by_row and dated else _basis(edition, day)
        stated = Confidence(row.get("confidence") or Confidence.PRIMARY)
        weak = Confidence.SECONDARY in (stated, edition.confidence)
        return Entry(
            row,
            Citation(
                edition,
                basis,
                row=int(row["source_row"]) if row.get("source_row") else None,
                window=window if dated else None,
                confidence=Confidence.SECONDARY if weak else Confidence.PRIMARY,
                note="" if by_row or day is None else _note(table, edition, basis, day),
            ),
        )

    def _only_added(self, table: Table) -> Table:
        """The table as far as the user's files fill it."""
        mine = self.added.of_table(table.name) if self.added else ()
        return replace(table, editions=tuple(e for e in table.editions if e.id in mine))

    def _in_scope(self, table: Table, key: dict[str, str]) -> bool:
        asked = [key[column] in self._scope for column in table.scope_columns if column in key]
        return (any if table.scope_needs == "any" else all)(asked)

    def _find_dated(self, table: Table, day: date, key: dict[str, str]) -> Answer:
        current = self._current(table, day)
        rows = self._select(table, {**key, "edition": current.id} if current else key)
        entries = [self.entry_of(table, row, day) for row in rows]
        speaking = tuple(e for e in entries if day in (e.citation.window or Window()))
        if speaking:
            return Held(speaking)
        if entries:
            first = min((e.citation.in_window.first or date.min) for e in entries)
            if first > day:
                reason = f"{_shown(key)} is listed only from {first}; before that nothing is known."
                return NotHeld(reason, file_for(table.supplied_by, day))
            return Absent(entries[0].citation, f"{_shown(key)} is no longer listed on {day}.")
        if table.scope is Scope.LISTED or not table.editions:
            return NotHeld(f"{_shown(key)} is not in the list held.", table.supplied_by)
        edition = current or table.editions[-1]
        cited = Citation(edition, _basis(edition, day))
        return Absent(cited, f"{edition.id} lists nothing for {_shown(key)}.")

    def _current(self, table: Table, day: date) -> Edition | None:
        """Of editions whose rows are dated: the last one begun on the day, else the first held."""
        if not self.added or not self.added.of_table(table.name):
            return None
        begun = [e for e in table.editions if _first(e) <= day]
        return begun[-1] if begun else table.editions[0]

    def _find_by_edition(self, table: Table, day: date, key: dict[str, str]) -> Answer:
        passed_over = ""
        for basis, edition in _usable(table, day):
            rows = self._select(table, {**key, "edition": edition.id})
            speaking = [
                row
                for row in rows
                if day in Window(_day(row.get("first_day")), _day(row.get("last_day")))
            ]
            if speaking:
                entries = tuple(self.entry_of(table, row, day) for row in speaking)
                if basis is Basis.CARRIED:
                    entries = tuple(self._compared(table, edition, entry) for entry in entries)
                return Held(entries)
            if not self._lists(table, edition, key):
                continue
            if basis is Basis.IN_FORCE:
                reason = f"{edition.id} lists nothing for {_shown(key)}."
                return Absent(Citation(edition), reason)
            passed_over = f"{edition.id}, used {basis} on {day}, lists nothing for {_shown(key)}."
            break
        reason = passed_over or _no_edition(table, day)
        return NotHeld(reason, file_for(table.supplied_by, day))

    def _lists(self, table: Table, edition: Edition, key: dict[str, str]) -> bool:
        """Whether the edition's silence about a key means that the key is absent."""
        if edition.scope is not Scope.LISTED:
            return True
        bound = {column: key[column] for column in edition.listed_by if column in key}
        if len(bound) < len(edition.listed_by):
            return False
        return bool(self._select(table, {**bound, "edition": edition.id}))

    def _compared(self, table: Table, edition: Edition, entry: Entry) -> Entry:
        """Say whether the next edition held, after the date, states the same."""
        key = {column: entry.row[column] for column in table.key}
        later = (e for e in table.editions if _first(e) > _first(edition))
        following = next((e for e in later if self._lists(table, e, key)), None)
        if following is None:
            return entry
        rows = self._select(table, {**key, "edition": following.id})
        active = [row for row in rows if not row.get("last_day")]
        if not active or not _same(active[0], entry.row):
            return entry
        note = f"{entry.citation.note} The same in {following.id}."
        return Entry(entry.row, replace(entry.citation, note=note))

    def _select(self, table: Table, key: dict[str, str]) -> Sequence[Row]:
        added = self.added
        mine = added.of_table(table.name) if added else ()
        if not added or not mine:
            return self._select_shipped(table, key)
        edition = key.get("edition")
        if edition is not None:
            theirs = added.holds(table.name, edition)
            return added.select(table.name, key) if theirs else self._select_shipped(table, key)
        shipped = [r for r in self._select_shipped(table, key) if r.get("edition") not in mine]
        return [*shipped, *added.select(table.name, key)]

    def _select_shipped(self, table: Table, key: dict[str, str]) -> Sequence[Row]:
        if table.name not in self.base.tables:
            return ()
        wanted = " and ".join(f'"{column}" = ?' for column in key) or "true"
        query = f'select * from "{table.name}" where {wanted} order by rowid'  # noqa: S608
        try:
            return self._db.execute(query, tuple(key.values())).fetchall()
        except sqlite3.DatabaseError as error:
            raise BrokenTableError(
                f"the compiled tables are damaged ({error}).",
                where=str(self._path),
                todo="Delete the file; it is made again.",
            ) from error


@cache
def shipped() -> Store:
    """The tables that come with the package, joined by the official files the user added.

    Raises:
        BrokenTableError: the shipped tables, or the index of added files, are damaged.
    """
    base = packaged()
    folder = _added_folder()
    return base.joined(folder) if folder else base


def _added_folder() -> Path | None:
    """The user's data folder, when there is one."""
    try:
        folder = data_folder()
    except UnwritableError:
        return None
    return folder if (folder / "index.json").exists() else None


@cache
def packaged() -> Store:
    """The tables that come with the package alone, compiled on first use if need be."""
    digest = digest_of(_FOLDER)
    packaged = _opened(_FOLDER / "compiled.sqlite", digest)
    if packaged:
        return packaged
    cache = _cache_folder()
    cached = cache / f"tables-{digest[:16]}.sqlite" if cache else None
    if cached and (store := _opened(cached, digest)):
        return store
    if cached:
        # where the cache is full or not ours, the tables are kept for this run only
        with contextlib.suppress(OSError, sqlite3.Error):
            compile_tables(_FOLDER, cached)
            return Store(cached)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tables.sqlite"
            compile_tables(_FOLDER, path)
            return Store(path)
    except (OSError, sqlite3.Error) as error:
        raise BrokenTableError(
            f"the tables cannot be compiled ({error}).",
            todo="Free some disk space, or set FACETWISE_CACHE to a folder of yours.",
        ) from error


def _opened(path: Path, digest: str) -> Store | None:
    """The compiled tables at a path, when they are whole and of this digest."""
    try:
        store = Store(path) if path.is_file() else None
    except (OSError, sqlite3.Error, KeyError, ValueError):
        return None
    return store if store and store.catalogue.digest == digest else None


def _cache_folder() -> Path | None:
    """Where compiled tables are kept for the next run; None when the user has no home."""
    if chosen := os.environ.get("FACETWISE_CACHE"):
        return Path(chosen)
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "facetwise" / "cache"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "facetwise"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "facetwise"


def _usable(table: Table, day: date) -> list[tuple[Basis, Edition]]:
    """Editions that may speak for a date: in force, carried, derived; newest first in each."""
    found = [(basis, e) for e in reversed(table.editions) if (basis := e.basis_on(day))]
    return sorted(found, key=lambda pair: _ORDER[pair[0]])


def _basis(edition: Edition, day: date | None) -> Basis:
    return (edition.basis_on(day) if day else None) or Basis.ELSEWHERE


def _note(table: Table, edition: Edition, basis: Basis, day: date) -> str:
    match basis:
        case Basis.IN_FORCE:
            return ""
        case Basis.CARRIED:
            newer = file_for(table.supplied_by, day)
            return f"Last held: {edition.id}, until {edition.window.last}. Newer file: {newer}."
        case Basis.DERIVED:
            return f"Derived: {edition.id} is of {edition.window.first} and later."
        case Basis.ELSEWHERE:
            return f"{edition.id} speaks for {edition.window}."


def _no_edition(table: Table, day: date) -> str:
    held = [e for e in table.editions if e.window.first]
    if not held:
        return f"no edition of this table is held for {day}."
    first = min(e.answers.first or date.min for e in held)
    if day < first:
        return f"the first edition held, {held[0].id}, answers from {first}."
    earlier = [e for e in held if (e.window.first or date.min) <= day]
    return f"no edition is held for {day}; the last one before it is {earlier[-1].id}."


def _shown(key: dict[str, str]) -> str:
    return " with ".join(value for name, value in key.items() if value and name != "edition")


def _same(one: Row, other: Row) -> bool:
    aside = ("edition", "source_row", "first_day", "last_day")
    return all(one[c] == other[c] for c in one if c not in aside)


def _first(edition: Edition) -> date:
    return edition.window.first or date.min


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _as_dict(cursor: sqlite3.Cursor, row: tuple[str, ...]) -> dict[str, str]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
