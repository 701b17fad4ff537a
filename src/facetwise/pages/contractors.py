"""Medicare's contractors as columns or rows of a page, and what their policies answer on a date."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from facetwise.pages.gather import Context
from facetwise.policies import Book, shipped
from facetwise.policies.payers import MEDICARE
from facetwise.sources import Basis, Citation
from facetwise.tables.answer import Entry, Held

UNKNOWN = "not known"
COMPARES = {"at_least": "at least", "at_most": "at most", "one_of": "", "none_of": "no"}
_STANDS = {Basis.CARRIED: "carried", Basis.DERIVED: "read back"}


class Contractor(NamedTuple):
    """A contractor and one of its jurisdictions."""

    name: str
    jurisdiction: str
    states: tuple[str, ...]
    book: Book
    citations: tuple[Citation, ...]


class Cell(NamedTuple):
    """What one contractor answers to one question: the words, and how their source stands."""

    text: str
    stands: str
    citations: tuple[Citation, ...]


def contractors(page: Context) -> tuple[Contractor, ...]:
    """Every contractor held, by name and jurisdiction."""
    answer = page.store.find("contractors", page.day)
    states = _states(page)
    found: dict[str, Contractor] = {}
    for entry in answer.entries if isinstance(answer, Held) else ():
        held = found.get(entry["id"])
        more = states.get(entry["prefix"], set()) | set(held.states if held else ())
        found[entry["id"]] = Contractor(
            entry["contractor"],
            entry["jurisdiction"],
            tuple(sorted(more)),
            Book(MEDICARE, MEDICARE, entry["id"]),
            (entry.citation,),
        )
    return tuple(sorted(found.values()))


def answered(page: Context, who: Contractor, subject: str, criterion: str, words: str = "") -> Cell:
    """What a contractor's policies on a subject say to a criterion on the date.

    Args:
        words: what follows the number, or stands for a criterion without one.
    """
    answer = shipped().criteria(who.book, page.day, subject=subject, name=criterion)
    if not isinstance(answer, Held):
        return Cell(UNKNOWN, "", ())
    entry = answer.entry
    return Cell(_said(entry, words), stands(entry.citation), (entry.citation,))


@cache
def began(subject: str) -> date | None:
    """The first day on which a document of the subject is known to have been in force.

    What is older than all of them is not read back to a day before it.
    """
    mine = [policy for policy in shipped().all if subject in policy.subjects]
    stated = [policy.began for policy in mine if policy.began]
    seen = [v.edition.window.first for p in mine for v in p.versions if v.edition.window.first]
    return min(stated or seen, default=None)


def stands(citation: Citation) -> str:
    """How a source stands to the date, blank where it is in force."""
    return _STANDS.get(citation.basis, "")


def listed(names: Iterable[Contractor], every: Iterable[Contractor]) -> str:
    """Contractors in few words: by name alone where all its jurisdictions are among them."""
    chosen, whole = set(names), tuple(every)
    told: list[str] = []
    for one in sorted(chosen):
        same = {other for other in whole if other.name == one.name}
        told.append(one.name if same <= chosen else f"{one.name} {one.jurisdiction}")
    return ", ".join(dict.fromkeys(told))


def _said(entry: Entry, words: str) -> str:
    if entry["number"]:
        number = f"{COMPARES[entry['compare']]} {entry['number']} {entry['unit']}"
        marks = entry["values"].replace("-", " ")
        return ", ".join(part for part in (f"{number} {words}".strip(), marks) if part)
    if words:
        return words
    if entry["values"] and entry["compare"]:
        listed = ", ".join(word.replace("-", " ") for word in entry["values"].split())
        return f"{COMPARES[entry['compare']]} {listed}".strip()
    return "asked"


def _states(page: Context) -> dict[str, set[str]]:
    """States by the first digits of the contract number, in the locality file for the date."""
    answer = page.store.find("gpci", page.day)
    table = page.store.table("contractors")
    digits = {len(row["prefix"]) for row in page.store.all_rows(table.name)}
    found: dict[str, set[str]] = {}
    for entry in answer.entries if isinstance(answer, Held) else ():
        for length in digits:
            found.setdefault(entry["contractor"][:length], set()).add(entry["state"])
    return found
