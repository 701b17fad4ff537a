"""What the Data screen shows of the tables, the user's own files, and the policies."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from facetwise.pages.holdings import holdings
from facetwise.pages.html.listing import Listing
from facetwise.pages.html.payers import by_payer
from facetwise.policies import shipped as shipped_policies
from facetwise.sources import Basis, Scope
from facetwise.tables.catalogue import Table
from facetwise.tables.folder import data_folder, read_index
from facetwise.tables.store import Store

_STANDING = {Basis.IN_FORCE: "in force", Basis.CARRIED: "carried", Basis.DERIVED: "read back"}


class TableView(NamedTuple):
    """One table and its editions, newest first.

    Attributes:
        standing: `in force`, `carried`, `read back` or `not held`, or that each row or document
            has dates of its own.
        edition: the one that answers on the day; blank where rows are dated or none does.
        rows: of `holdings`, with `added` for those of the user's own files.
    """

    name: str
    title: str
    licence: str
    standing: str
    edition: str
    wanted: str
    rows: tuple[Mapping[str, Any], ...]


class OwnFile(NamedTuple):
    """An official file the user added."""

    sha256: str
    name: str
    added: str
    editions: tuple[tuple[str, str, int], ...]


@lru_cache(maxsize=4)
def tables_on(store: Store, day: date) -> tuple[TableView, ...]:
    """Every table as it stands to a day."""
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for row in holdings(store, day):
        added = bool(
            store.added and row["edition"] and store.added.holds(row["table"], row["edition"])
        )
        by_table.setdefault(row["table"], []).append({**row, "added": added})
    return tuple(_table(store.table(name), rows, day) for name, rows in by_table.items())


def _table(table: Table, rows: list[Mapping[str, Any]], day: date) -> TableView:
    standing, edition = "each row its own dates", ""
    if table.editions and all(e.listed_by for e in table.editions):
        standing = "each document its own dates"
    elif table.by == "edition" or not rows[0]["rows"]:
        standing = "not held"
        for basis, words in _STANDING.items():
            speaking = [e for e in table.editions if e.basis_on(day) is basis]
            if speaking:
                standing, edition = words, speaking[-1].id
                if speaking[-1].scope is Scope.LISTED:
                    edition = f"{edition}, for what it lists"
                break
    newest_first = tuple(reversed(rows))
    return TableView(
        table.name, table.title, table.licence, standing, edition, _wanted(rows), newest_first
    )


def _wanted(rows: list[Mapping[str, Any]]) -> str:
    """The file that would answer on the day; blank where none is known by name."""
    return next((str(row["newer_file"]) for row in reversed(rows) if row["newer_file"]), "")


def wanted_files(tables: tuple[TableView, ...]) -> dict[str, list[str]]:
    """Files to look for, each with the titles of the tables it would bring up to date."""
    wanted: dict[str, list[str]] = {}
    for table in tables:
        if table.wanted and table.rows[-1]["edition"]:
            wanted.setdefault(table.wanted, []).append(table.title)
    return dict(sorted(wanted.items()))


def own_files(store: Store) -> tuple[OwnFile, ...]:
    """The files of the data folder, last added first.

    Raises:
        BrokenTableError: the index of the folder cannot be read.
    """
    entries = reversed(read_index(data_folder()))
    return tuple(
        OwnFile(
            str(entry["sha256"]),
            str(entry["name"]),
            str(entry["added"]),
            tuple(
                (store.table(e["table"]).title, str(e["id"]), int(e["rows"]))
                for e in entry["editions"]
            ),
        )
        for entry in entries
    )


@lru_cache(maxsize=4)
def policies_on(store: Store, day: date) -> Listing:
    """Documents of payers, with the version that speaks for the day."""
    return by_payer(store, shipped_policies(), day)
