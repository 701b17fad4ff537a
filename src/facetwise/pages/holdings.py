"""What is held: one line an edition, with its age and what is newer."""

from datetime import date
from typing import Any

from facetwise.sources import Basis, Edition, Scope
from facetwise.tables.catalogue import Table
from facetwise.tables.naming import file_for
from facetwise.tables.store import Store


def holdings(store: Store, as_of: date, only: str | None = None) -> list[dict[str, Any]]:
    """Editions of every table, or of one, as plain dictionaries.

    Age is in days since the edition's window ended; 0 while it runs. A table kept by hand has
    one line without an edition: each of its rows names its own source.

    Raises:
        UnknownTableError: no table is called `only`.
    """
    tables = [store.table(only)] if only else list(store.catalogue.tables.values())
    lines: list[dict[str, Any]] = []
    for table in tables:
        lines += [_line(store, table, edition, as_of) for edition in table.editions]
        if not table.editions:
            lines.append(_by_hand(table))
    return lines


def _line(store: Store, table: Table, edition: Edition, as_of: date) -> dict[str, Any]:
    last = edition.window.last
    carried = edition.basis_on(as_of) is Basis.CARRIED and not _replaced(table, edition, as_of)
    stale = carried or (table.editions[-1] is edition and last is not None and last < as_of)
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
        "scope": str(edition.scope if edition.scope != "complete" else table.scope),
        "rows": store.catalogue.edition_rows[table.name, edition.id],
        "age_days": max((as_of - last).days, 0) if last else None,
        "newer_file": file_for(table.supplied_by, as_of) if stale else None,
    }


def _replaced(table: Table, edition: Edition, as_of: date) -> bool:
    """Whether a later edition answers for every key that this one answers for."""
    later = table.editions[table.editions.index(edition) + 1 :]
    return any(e.scope is not Scope.LISTED and e.basis_on(as_of) for e in later)


def _carried_to(edition: Edition) -> str | None:
    if edition.window.last is None or edition.answers.last == edition.window.last:
        return None
    return str(edition.answers.last or "next edition")


def _by_hand(table: Table) -> dict[str, Any]:
    return {
        "table": table.name,
        "edition": None,
        "source": None,
        "file": table.file,
        "sha256": table.sha256,
        "window": "each row its own",
        "answers": None,
        "carried_to": None,
        "carried_now": False,
        "scope": str(table.scope),
        "rows": table.rows,
        "age_days": None,
        "newer_file": None,
    }
