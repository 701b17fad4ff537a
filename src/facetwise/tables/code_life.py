"""When a code begins and ends: as stated, or as far as the fee-schedule releases held show."""

from dataclasses import replace
from datetime import date

from facetwise.sources import Citation, Confidence, Edition, Fact
from facetwise.tables.answer import NotHeld
from facetwise.tables.store import Store


def valid_from(store: Store, code: str, day: date) -> Fact[str] | NotHeld:
    """The first day of the code, ISO 8601.

    Stated where a source states it; else the first day of the first release held that lists it,
    marked secondary. A code listed in the very first release held has no known start.
    """
    if stated := _stated(store, code, "begins", day):
        return stated
    if code not in store.scope:  # the earlier releases held were cut to other codes
        return NotHeld(f"no source held states the start of {code}.", "earlier PPRRVU releases")
    editions, listing = _listing(store, code)
    if not listing:
        return NotHeld(f"no release held lists {code}.", "PPRRVU of the year the code began")
    first = listing[0]
    if first.id == editions[0].id:
        return NotHeld(
            f"{code} is listed in {first.id}, the first release held; its start lies before.",
            f"PPRRVU releases before {first.window.first}",
        )
    cite = Citation(first, confidence=Confidence.SECONDARY, note="Derived from the releases held.")
    how = f"{first.id} is the first release held that lists {code}"
    return Fact(str(first.window.first), (cite,), how)


def valid_to(store: Store, code: str, day: date) -> Fact[str | None] | NotHeld:
    """The last day of the code, ISO 8601; None while the last release held still lists it."""
    if stated := _stated(store, code, "ends", day):
        return stated
    editions, listing = _listing(store, code)
    if not listing:
        return NotHeld(f"no release held lists {code}.", "PPRRVU of the year the code ended")
    last = listing[-1]
    if last.id == editions[-1].id:
        return Fact(None, (Citation(last),), f"still listed in {last.id}, the last release held")
    following = editions[[e.id for e in editions].index(last.id) + 1]
    return NotHeld(
        f"{code} is last listed in {last.id} and no longer in {following.id}; "
        "the day it ended lies between.",
        f"PPRRVU releases between {last.window.last} and {following.window.first}",
    )


def _stated(store: Store, code: str, fact: str, day: date) -> Fact[str] | None:
    for row in store.all_rows("code_facts", code=code, fact=fact):
        entry = store.entry_of(store.table("code_facts"), row, day)
        note = entry.row["note"]
        return Fact(entry.row["value"], (replace(entry.citation, window=None),), note)
    return None


def _listing(store: Store, code: str) -> tuple[tuple[Edition, ...], list[Edition]]:
    editions = store.table("rvu").editions
    ids = {row["edition"] for row in store.all_rows("rvu", code=code)}
    return editions, [edition for edition in editions if edition.id in ids]
