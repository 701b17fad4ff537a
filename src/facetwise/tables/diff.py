"""What changed between two editions of a table, in words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from facetwise.errors import UnknownTableError
from facetwise.sources import Edition
from facetwise.tables.answer import Row
from facetwise.tables.catalogue import Table
from facetwise.tables.official import KINDS
from facetwise.tables.store import Store

Values = tuple[str, ...]
_ASIDE = frozenset({"source_row", "first_day", "last_day", "edition", "zip"})
_NO_EDIT = "9"
"""The modifier indicator of a pair that is listed and is no edit."""


@dataclass(frozen=True, slots=True)
class Change:
    """One key that two editions state differently.

    Attributes:
        kind: `new`, `gone` or `changed`.
        values: column to (before, after); for a new or gone key, its values.
    """

    key: Values
    kind: str
    values: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        """The change in words: `64493 with 77003: modifier 1 became 0`."""
        name = " with ".join(part for part in self.key if part)
        if self.kind == "changed":
            told = "; ".join(
                f"{column} {before or 'blank'} became {after or 'blank'}"
                for column, before, after in self.values
            )
            return f"{name}: {told}"
        told = ", ".join(f"{c} {a or b}" for c, b, a in self.values if a or b)
        return f"{name}: {self.kind}" + (f" ({told})" if told else "")


def editions_to_compare(store: Store, one: str, other: str) -> tuple[Table, Edition, Edition]:
    """The table that holds both editions, by their ids.

    Raises:
        UnknownTableError: no table holds both.
    """
    for table in store.catalogue.tables.values():
        by_id = {edition.id: edition for edition in table.editions}
        if one in by_id and other in by_id:
            return table, by_id[one], by_id[other]
    known = {edition.id for t in store.catalogue.tables.values() for edition in t.editions}
    unknown = [name for name in (one, other) if name not in known]
    what = f"no edition is called {unknown[0][:40]!r}" if unknown else "they are of two tables"
    raise UnknownTableError(f"{what}.", todo="`facetwise tables list` names the editions held.")


def changes(
    store: Store, table: Table, before: Edition, after: Edition, codes: Collection[str] = ()
) -> Iterator[Change]:
    """Keys that the two editions state differently, in order of the key.

    An edition that ships was cut to the codes of the field: where one of the two is such, only
    those codes are compared.

    Args:
        codes: compare keys that name one of these only; all by default.
    """
    columns = _compared(store, table, before)
    cut = _is_cut(store, table, before) or _is_cut(store, table, after)
    held = frozenset(store.scope) if cut else None
    old = _stated(store, table, before, columns)
    new = _stated(store, table, after, columns)
    for key, was, now in _aligned(old, new):
        if was == now or (codes and not set(codes) & set(key)):
            continue
        if held is not None and not _in(table, key, held):
            continue
        yield _change(key, was, now, columns)


def is_cut(store: Store, table: Table, *editions: Edition) -> bool:
    """Whether one of the editions holds the codes of the field only."""
    return any(_is_cut(store, table, edition) for edition in editions)


def _is_cut(store: Store, table: Table, edition: Edition) -> bool:
    mine = store.added and store.added.holds(table.name, edition.id)
    return bool(table.scope_columns) and not mine


def _in(table: Table, key: Values, held: frozenset[str]) -> bool:
    named = [key[table.key.index(c)] in held for c in table.scope_columns if c in table.key]
    return (any if table.scope_needs == "any" else all)(named)


def _compared(store: Store, table: Table, edition: Edition) -> list[str]:
    """The columns that are compared: those of the table, without keys, days and row numbers."""
    if table.name in KINDS:
        columns = KINDS[table.name].columns
    else:
        empty: Row = {}
        first = next(store.all_rows(table.name, edition=edition.id), empty)
        columns = tuple(first)
    return [c for c in columns if c not in _ASIDE and c not in table.key]


def _stated(
    store: Store, table: Table, edition: Edition, columns: list[str]
) -> Iterator[tuple[Values, tuple[Values, ...]]]:
    """Each key with what the edition states of it while it is in force."""
    width = len(table.key)
    first = str(edition.window.first or "")
    rows = store.ordered(table, edition, [*columns, "last_day"])
    for key, group in groupby(rows, key=lambda row: row[:width]):
        values = {row[width:-1] for row in group if not row[-1] or row[-1] >= first}
        if table.name.startswith("ptp_"):
            values = {value for value in values if value[0] != _NO_EDIT}
        if values:
            yield key, tuple(sorted(values))


def _aligned(
    old: Iterator[tuple[Values, tuple[Values, ...]]],
    new: Iterator[tuple[Values, tuple[Values, ...]]],
) -> Iterator[tuple[Values, tuple[Values, ...], tuple[Values, ...]]]:
    """Both sides by key; a side that does not list the key has nothing."""
    left, right = next(old, None), next(new, None)
    while left or right:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            yield left[0], left[1], ()
            left = next(old, None)
        elif left is None or right[0] < left[0]:
            yield right[0], (), right[1]
            right = next(new, None)
        else:
            yield left[0], left[1], right[1]
            left, right = next(old, None), next(new, None)


def _change(
    key: Values, was: tuple[Values, ...], now: tuple[Values, ...], columns: list[str]
) -> Change:
    kind = "changed" if was and now else "new" if now else "gone"
    before = was[-1] if was else ("",) * len(columns)
    after = now[-1] if now else ("",) * len(columns)
    told = zip(columns, before, after, strict=True)
    return Change(key, kind, tuple((c, b, a) for c, b, a in told if kind != "changed" or b != a))
