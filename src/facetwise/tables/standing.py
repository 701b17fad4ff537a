"""How editions and rows of a table stand to a date of service, and what is said of it."""

from collections.abc import Mapping
from datetime import date

from facetwise.sources import Basis, Confidence, Edition
from facetwise.tables.answer import Row
from facetwise.tables.catalogue import Table
from facetwise.tables.naming import file_for

Standing = tuple[Basis, Edition]

_ORDER = {Basis.IN_FORCE: 0, Basis.CARRIED: 1, Basis.DERIVED: 2}
_ASIDE = ("edition", "source_row", "first_day", "last_day")


def usable(table: Table, day: date) -> tuple[Standing, ...]:
    """Editions that may speak for a date: in force, carried, derived; newest first in each.

    Among them an official file comes before a transcript.
    """
    found = [(basis, e) for e in reversed(table.editions) if (basis := e.basis_on(day))]
    weak = Confidence.SECONDARY
    return tuple(sorted(found, key=lambda pair: (_ORDER[pair[0]], pair[1].confidence is weak)))


def basis_of(edition: Edition, day: date | None) -> Basis:
    """How an edition stands to a date; without one, it is shown for its own window."""
    return (edition.basis_on(day) if day else None) or Basis.ELSEWHERE


def note_on(table: Table, edition: Edition, basis: Basis, day: date) -> str:
    """What a reader must know of an edition before relying on it; blank when in force."""
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


def no_edition(table: Table, day: date) -> str:
    """Why no edition of a table answers for a date."""
    held = [e for e in table.editions if e.window.first]
    if not held:
        return f"no edition of this table is held for {day}."
    first = min(e.answers.first or date.min for e in held)
    if day < first:
        return f"the first edition held, {held[0].id}, answers from {first}."
    earlier = [e for e in held if (e.window.first or date.min) <= day]
    return f"no edition is held for {day}; the last one before it is {earlier[-1].id}."


def shown(key: Mapping[str, str]) -> str:
    """A key in a sentence."""
    return " with ".join(value for name, value in key.items() if value and name != "edition")


def same(one: Row, other: Row) -> bool:
    """Whether two rows state the same, whatever their editions and days."""
    return all(one[c] == other[c] for c in one if c not in _ASIDE)


def speaks(row: Row, day: date) -> bool:
    """Whether the days a row states for itself, if any, include the day."""
    return row.get("first_day", "") <= day.isoformat() <= (row.get("last_day") or "9999")


def begins(edition: Edition) -> date:
    """The first day of an edition's own window."""
    return edition.window.first or date.min


def day_of(text: str | None) -> date | None:
    """A day as tables write it; None for a blank."""
    return date.fromisoformat(text) if text else None
