"""What is held: one line an edition, with what follows it, what is missing since, and its age."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from facetwise.sources import Basis, Edition, Scope
from facetwise.tables.catalogue import Table
from facetwise.tables.naming import file_for
from facetwise.tables.official import OWN
from facetwise.tables.store import Store


def holdings(store: Store, as_of: date, only: str | None = None) -> list[dict[str, Any]]:
    """Editions of every table, or of one, as plain dictionaries.

    Age is in days since the edition's window ended; 0 while it runs. A table kept by hand has
    one line without an edition: each of its rows names its own source. So has a table that only
    the user's own files fill, while none is added.

    Raises:
        UnknownTableError: no table is called `only`.
    """
    names = [only] if only else list(dict.fromkeys([*store.catalogue.tables, *OWN]))
    lines: list[dict[str, Any]] = []
    for table in map(store.table, names):
        lines += [_line(store, table, edition, as_of) for edition in table.editions]
        if not table.editions:
            lines.append(_by_hand(table) if table.file else _not_held(table, as_of))
    return lines


def _line(store: Store, table: Table, edition: Edition, as_of: date) -> dict[str, Any]:
    last = edition.window.last
    carried = edition.basis_on(as_of) is Basis.CARRIED and not _replaced(table, edition, as_of)
    stale = carried or (table.editions[-1] is edition and last is not None and last < as_of)
    missing = _missing_since(store, table, edition, as_of)
    return {
        "table": table.name,
        "edition": edition.id,
        "source": edition.source.key,
        "file": edition.file,
        "sha256": edition.sha256,
        "window": str(edition.window),
        "answers": str(edition.answers),
        "carried_to": _carried_to(edition),
        "carried_now": carried,
        "superseded_by": _superseded_by(store, table, edition),
        "missing_since": missing.isoformat() if missing else None,
        "next_file": file_for(table.supplied_by, missing) if missing else None,
        "scope": _scope(store, table, edition),
        "rows": store.catalogue.edition_rows[table.name, edition.id],
        "age_days": max((as_of - last).days, 0) if last else None,
        "newer_file": file_for(table.supplied_by, as_of) if stale else None,
    }


def _scope(store: Store, table: Table, edition: Edition) -> str:
    """Of the edition; one that the user added holds every code of its file."""
    if edition.scope is not Scope.COMPLETE:
        return str(edition.scope)
    mine = store.added is not None and store.added.holds(table.name, edition.id)
    return str(Scope.COMPLETE if mine else table.scope)


def _replaced(table: Table, edition: Edition, as_of: date) -> bool:
    """Whether a later edition answers for every key that this one answers for."""
    return any(
        e.scope is not Scope.LISTED and e.basis_on(as_of) for e in _later(table.editions, edition)
    )


def _later(editions: Sequence[Edition], edition: Edition) -> Sequence[Edition]:
    return editions[editions.index(edition) + 1 :]


def _superseded_by(store: Store, table: Table, edition: Edition) -> str | None:
    """The next edition held that covers all keys of this one; None while there is none."""
    later = _later(table.editions, edition)
    return next((e.id for e in later if _covers(store, table, e, edition)), None)


def _missing_since(store: Store, table: Table, edition: Edition, as_of: date) -> date | None:
    """The first day after the window, where no edition held is in force on it."""
    last = edition.window.last
    if last is None or last >= as_of:
        return None
    following = last + timedelta(days=1)
    others = [e for e in table.editions if e is not edition and following in e.window]
    return None if any(_covers(store, table, e, edition) for e in others) else following


def _covers(store: Store, table: Table, one: Edition, other: Edition) -> bool:
    """Whether the first edition answers for every key that the second answers for."""
    if one.scope is not Scope.LISTED:
        return True
    if other.scope is not Scope.LISTED or one.listed_by != other.listed_by:
        return False
    return _listed(store, table, other) <= _listed(store, table, one)


def _listed(store: Store, table: Table, edition: Edition) -> set[tuple[str, ...]]:
    rows = store.all_rows(table.name, edition=edition.id)
    return {tuple(row[column] for column in edition.listed_by) for row in rows}


def _carried_to(edition: Edition) -> str | None:
    if edition.window.last is None or edition.answers.last == edition.window.last:
        return None
    return str(edition.answers.last or "next edition")


def _by_hand(table: Table) -> dict[str, Any]:
    return _BLANK | {
        "table": table.name,
        "file": table.file,
        "sha256": table.sha256,
        "window": "each row its own",
        "scope": str(table.scope),
        "rows": table.rows,
    }


def _not_held(table: Table, as_of: date) -> dict[str, Any]:
    return _BLANK | {
        "table": table.name,
        "window": "none added",
        "scope": str(table.scope),
        "newer_file": file_for(table.supplied_by, as_of),
    }


_BLANK: dict[str, Any] = {
    "table": "", "edition": None, "source": None, "file": "", "sha256": "", "window": "",
    "answers": None, "carried_to": None, "carried_now": False, "superseded_by": None,
    "missing_since": None, "next_file": None, "scope": "", "rows": 0, "age_days": None,
    "newer_file": None,
}  # fmt: skip
