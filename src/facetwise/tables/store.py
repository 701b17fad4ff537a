"""Look up a key on a date of service; the answer carries its citation.

The edition is chosen by the date: one in force first, then one carried past its window, then
one that also describes earlier months. Nothing outside a table's scope is ever answered, unless a
file the user added covers it.
"""

import contextlib
import copy
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import quote

from facetwise.errors import BrokenTableError, UnknownTableError
from facetwise.sources import Basis, Citation, Confidence, Edition, Scope, Window
from facetwise.tables.added import AddedEditions, added_folder, table_of_files
from facetwise.tables.ahead import MOST, Ahead, Asked, Select, condition
from facetwise.tables.answer import Absent, Answer, Entry, Held, NotHeld, Row
from facetwise.tables.cache import cache_folder
from facetwise.tables.catalogue import Catalogue, Table, read_catalogue
from facetwise.tables.compile import compile_tables, digest_of
from facetwise.tables.naming import file_for
from facetwise.tables.standing import (
    Standing,
    basis_of,
    begins,
    day_of,
    no_edition,
    note_on,
    same,
    shown,
    speaks,
    usable,
)

_FOLDER = Path(__file__).parent
_DAYS_KEPT = 16_384
"""Tables and dates whose standing is remembered, and silences of partial editions."""


class Store:
    """Read-only access to one compiled set of tables, and to the files a user added to it."""

    def __init__(self, path: Path) -> None:
        """Open a compiled file; it is never written again, so no lock is taken."""
        self._path = path
        address = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
        entries = self._db.execute("select kind, entry from catalogue")
        self.base: Catalogue = read_catalogue((kind, json.loads(entry)) for kind, entry in entries)
        self.catalogue: Catalogue = self.base
        self.added: AddedEditions | None = None
        scope = self._db.execute("select distinct code from code_facts order by code")
        self.scope: tuple[str, ...] = tuple(code for (code,) in scope)
        self._scope = frozenset(self.scope)
        self._remember()

    def _remember(self) -> None:
        """Begin with nothing remembered."""
        self._usable = lru_cache(_DAYS_KEPT)(self._usable_on)
        self._cited_as = lru_cache(_DAYS_KEPT)(self._cited)
        self._silences: dict[tuple[str, str], Citation] = {}
        self._listed = lru_cache(_DAYS_KEPT)(self._lists_any)
        self._only_added = cache(self._added_alone)

    def joined(self, folder: Path) -> "Store":
        """This store with the editions of a data folder beside its own.

        Raises:
            BrokenTableError: the index of the data folder cannot be read.
        """
        added = AddedEditions(folder, self.base)
        store = copy.copy(self)
        store.added = added if added else None
        store.catalogue = added.catalogue
        store._remember()
        return store

    def table(self, name: str) -> Table:
        """The declaration of a table.

        Raises:
            UnknownTableError: no table has this name.
        """
        table = self.catalogue.tables.get(name) or table_of_files(name)
        if table is None:
            known = ", ".join(sorted(self.catalogue.tables))
            raise UnknownTableError(f"no table is called {name!r}.", todo=f"Tables: {known}.")
        return table

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
        return self._answer(name, day, key, self._select)

    def find_each(
        self, name: str, day: date, keys: Sequence[Mapping[str, str]]
    ) -> Iterator[Answer]:
        """What `find` answers for each of several keys of the same columns, read together."""
        for start in range(0, len(keys), MOST):
            some = keys[start : start + MOST]
            ahead = Ahead(self._select, some)
            for key in some:
                yield self._silent(name, day, key, ahead) or self._answer(
                    name, day, key, ahead.select
                )

    def _silent(self, name: str, day: date, key: Mapping[str, str], ahead: Ahead) -> Absent | None:
        """The short way to the commonest answer: a whole edition in force lists nothing."""
        table = self.table(name)
        added_only = table.scope is Scope.SPINE and not self._in_scope(table, key)
        standings = self._usable(name, day, added_only)
        if table.by == "row" or not standings or standings[0][0] is not Basis.IN_FORCE:
            return None
        edition = standings[0][1]
        if edition.scope is Scope.LISTED or ahead.rows(table, edition.id, key):
            return None
        return self._absent(table, edition, key)

    def _absent(self, table: Table, edition: Edition, key: Mapping[str, str]) -> Absent:
        reason = f"{edition.id} lists nothing for {shown(key)}."
        return Absent(self._silence(table, edition), reason)

    def _answer(self, name: str, day: date, key: Mapping[str, str], select: Select) -> Answer:
        table = self.table(name)
        added_only = table.scope is Scope.SPINE and not self._in_scope(table, key)
        if added_only:
            table = self._only_added(name)
            if not self._usable(name, day, added_only):
                return NotHeld(
                    f"{shown(key)} is outside the codes this table was cut to.",
                    file_for(table.supplied_by, day),
                )
        if table.by == "row":
            return self._find_dated(table, day, key, select)
        return self._find_by_edition(table, self._usable(name, day, added_only), day, key, select)

    def knows(self, code: str) -> bool:
        """Whether the code ships, or a file of all codes that the user added lists it."""
        if code in self._scope:
            return True
        named = ("rvu", "hcpcs_codes", "opps_addendum_b")
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
        first, last, by_row = row.get("first_day"), row.get("last_day"), table.by == "row"
        window = Window(day_of(first), day_of(last)) if first or last else None
        edition, basis, note = self._cited_as(table.name, row["edition"], day)
        stated = row.get("confidence") or Confidence.PRIMARY
        weak = Confidence.SECONDARY in (stated, edition.confidence)
        return Entry(
            row,
            Citation(
                edition,
                Basis.IN_FORCE if by_row and window else basis,
                int(row["source_row"]) if row.get("source_row") else None,
                window,
                Confidence.SECONDARY if weak else Confidence.PRIMARY,
                "" if by_row else note,
            ),
        )

    def _cited(self, name: str, edition_id: str, day: date | None) -> tuple[Edition, Basis, str]:
        """An edition, how it stands to a date, and what must be known of it."""
        edition = self.edition(edition_id)
        basis = basis_of(edition, day)
        note = note_on(self.table(name), edition, basis, day) if day else ""
        return edition, basis, note

    def _added_alone(self, name: str) -> Table:
        """A table as far as the user's files fill it."""
        table = self.table(name)
        mine = self.added.of_table(name) if self.added else ()
        return replace(table, editions=tuple(e for e in table.editions if e.id in mine))

    def _usable_on(self, name: str, day: date, added_only: bool) -> tuple[Standing, ...]:
        return usable(self._only_added(name) if added_only else self.table(name), day)

    def _in_scope(self, table: Table, key: Mapping[str, str]) -> bool:
        enough = table.scope_needs == "any"
        for column in table.scope_columns:
            if column in key and (key[column] in self._scope) is enough:
                return enough
        return not enough

    def _find_dated(
        self, table: Table, day: date, key: Mapping[str, str], select: Select
    ) -> Answer:
        current = self._current(table, day)
        rows = select(table, {**key, "edition": current.id} if current else key)
        entries = [self.entry_of(table, row, day) for row in rows]
        speaking = tuple(e for e in entries if day in (e.citation.window or Window()))
        if speaking:
            return Held(speaking)
        if entries:
            first = min((e.citation.in_window.first or date.min) for e in entries)
            if first > day:
                reason = f"{shown(key)} is listed only from {first}; before that nothing is known."
                return NotHeld(reason, file_for(table.supplied_by, day))
            return Absent(entries[0].citation, f"{shown(key)} is no longer listed on {day}.")
        if table.scope is Scope.LISTED or not table.editions:
            return NotHeld(f"{shown(key)} is not in the list held.", table.supplied_by)
        edition = current or table.editions[-1]
        cited = Citation(edition, basis_of(edition, day))
        return Absent(cited, f"{edition.id} lists nothing for {shown(key)}.")

    def _current(self, table: Table, day: date) -> Edition | None:
        """Of editions whose rows are dated: the last one begun on the day, else the first held."""
        if not self.added or not self.added.of_table(table.name):
            return None
        begun = [e for e in table.editions if begins(e) <= day]
        return begun[-1] if begun else table.editions[0]

    def _find_by_edition(
        self, table: Table, standings: Sequence[Standing], day: date, key: Mapping[str, str],
        select: Select,
    ) -> Answer:  # fmt: skip
        passed_over = ""
        for basis, edition in standings:
            rows = select(table, {**key, "edition": edition.id})
            speaking = [row for row in rows if speaks(row, day)]
            if speaking:
                entries = tuple(self.entry_of(table, row, day) for row in speaking)
                if basis is Basis.CARRIED:
                    entries = tuple(self._compared(table, edition, e, select) for e in entries)
                return Held(entries)
            if not self._lists(table, edition, key, day, select):
                continue
            if basis is Basis.IN_FORCE:
                return self._absent(table, edition, key)
            passed_over = f"{edition.id}, used {basis} on {day}, lists nothing for {shown(key)}."
            break
        reason = passed_over or no_edition(table, day)
        return NotHeld(reason, file_for(table.supplied_by, day))

    def _silence(self, table: Table, edition: Edition) -> Citation:
        """The citation of an edition in force that lists nothing."""
        key = (table.name, edition.id)
        cited = self._silences.get(key)
        if cited is None:
            cited = self._silences[key] = Citation(edition)
        return cited

    def _lists(
        self, table: Table, edition: Edition, key: Mapping[str, str], day: date, select: Select
    ) -> bool:
        """Whether the edition's silence about a key on a day means that the key is absent."""
        if edition.scope is not Scope.LISTED:
            return True
        bound = {column: key[column] for column in edition.listed_by if column in key}
        if len(bound) < len(edition.listed_by):
            return False
        if bound == key:
            return any(speaks(row, day) for row in select(table, {**bound, "edition": edition.id}))
        return self._listed(table.name, day, (("edition", edition.id), *bound.items()))

    def _lists_any(self, name: str, day: date, bound: tuple[tuple[str, str], ...]) -> bool:
        return any(speaks(row, day) for row in self._select(self.table(name), dict(bound)))

    def _compared(self, table: Table, edition: Edition, entry: Entry, select: Select) -> Entry:
        """Say whether the next edition held, after the date, states the same."""
        key = {column: entry.row[column] for column in table.key}
        later = (e for e in table.editions if begins(e) > begins(edition))
        following = next((e for e in later if self._lists(table, e, key, begins(e), select)), None)
        if following is None:
            return entry
        rows = select(table, {**key, "edition": following.id})
        active = [row for row in rows if not row.get("last_day")]
        if not active or not same(active[0], entry.row):
            return entry
        note = f"{entry.citation.note} The same in {following.id}."
        return Entry(entry.row, replace(entry.citation, note=note))

    def _select(self, table: Table, key: Asked) -> Sequence[Row]:
        added = self.added
        mine = added.of_table(table.name) if added else ()
        if not added or not mine:
            return self._select_shipped(table, key)
        edition = key.get("edition")
        if edition is not None:
            theirs = added.holds(table.name, str(edition))
            return added.select(table.name, key) if theirs else self._select_shipped(table, key)
        shipped = [r for r in self._select_shipped(table, key) if r.get("edition") not in mine]
        return [*shipped, *added.select(table.name, key)]

    def _select_shipped(self, table: Table, key: Asked) -> Sequence[Row]:
        if table.name not in self.base.tables:
            return ()
        wanted, values = condition(key)
        query = f'select * from "{table.name}" where {wanted} order by rowid'  # noqa: S608
        try:
            found = self._db.execute(query, values)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]
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
    folder = added_folder()
    return base.joined(folder) if folder else base


@cache
def packaged() -> Store:
    """The tables that come with the package alone, compiled on first use if need be."""
    digest = digest_of(_FOLDER)
    packaged = _opened(_FOLDER / "compiled.sqlite", digest)
    if packaged:
        return packaged
    cache = cache_folder()
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
