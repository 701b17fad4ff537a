"""Citations of documents and editions by id, as they stand to a date of service."""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from facetwise.sources import Basis, Citation, Confidence, Edition, Source, Window
from facetwise.tables.store import Store


def cite(store: Store, document: str, day: date | None) -> Citation:
    """A document or official edition, and how it stands to the date.

    Raises:
        KeyError: nobody declares a document or edition of that id.
    """
    edition = store.catalogue.editions.get(document) or _own()[document]
    basis, note = Basis.IN_FORCE, ""
    if day and edition.window.last and day > edition.window.last:
        basis, note = Basis.CARRIED, f"Speaks for dates to {edition.window.last}; used after them."
    elif day and edition.window.first and day < edition.window.first:
        basis, note = Basis.DERIVED, f"Speaks for dates from {edition.window.first}; read back."
    return Citation(edition, basis, confidence=edition.confidence, note=note)


def epoch(store: Store, day: date | None) -> int:
    """A number that is the same for all dates to which every document stands the same way."""
    return bisect_right(_edges(store), day) if day else -1


@cache
def _edges(store: Store) -> list[date]:
    windows = [e.window for e in (*store.catalogue.editions.values(), *_own().values())]
    first = {window.first for window in windows if window.first}
    after = {window.last + timedelta(days=1) for window in windows if window.last}
    return sorted(first | after)


@cache
def _own() -> Mapping[str, Edition]:
    text = (Path(__file__).parent / "documents.toml").read_text("utf-8")
    held = tomllib.loads(text)
    sources = {
        raw["key"]: Source(raw["key"], raw["title"], raw["publisher"], raw.get("url", ""))
        for raw in held["source"]
    }
    editions: dict[str, Edition] = {}
    for raw in held["document"]:
        window = Window(raw.get("first"), raw.get("last"))
        editions[raw["id"]] = Edition(
            raw["id"],
            sources[raw["source"]],
            window,
            window,
            confidence=Confidence(raw["confidence"]),
            note=raw["note"],
        )
    return editions
