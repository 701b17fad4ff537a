"""How coverage rules name the documents that speak, and what those documents are about."""

from collections.abc import Iterable
from functools import lru_cache

from facetwise.policies import Policies
from facetwise.rules.declare import Encounter, Entry, Line, Rows
from facetwise.rules.policy_view import PolicyView
from facetwise.sources import Basis

_STANDING = {
    Basis.IN_FORCE: "",
    Basis.CARRIED: " (an earlier text)",
    Basis.DERIVED: " (a later text)",
    Basis.ELSEWHERE: " (a text of another date)",
}


def documents(entries: Iterable[Entry]) -> str:
    """The editions that say so, and how each stands to the date: `L38801 v23`."""
    return " and ".join(_named(entries))


def not_covered(entries: Iterable[Entry]) -> str:
    """That documents do not cover it, and what to expect: the end of a message."""
    said = tuple(entries)
    verb = "says" if len(_named(said)) == 1 else "say"
    return f"{documents(said)} {verb} not covered; {outcome(said)}."


def outcome(entries: Iterable[Entry]) -> str:
    """What to expect: a denial is only expected where the text of the date says so."""
    of_the_date = any(e.citation.basis is Basis.IN_FORCE for e in entries)
    if of_the_date:
        return "expect a denial"
    return "a denial is likely, but the text of that date is not held"


def _named(entries: Iterable[Entry]) -> tuple[str, ...]:
    named = (f"{e.citation.edition.id}{_STANDING[e.citation.basis]}" for e in entries)
    return tuple(dict.fromkeys(named))


def subjects(view: PolicyView, code: str) -> frozenset[str]:
    """What documents that name a procedure are about: `facet`, `sacroiliac`, `epidural`."""
    return _subjects(view.policies, code)


@lru_cache(maxsize=4096)
def _subjects(policies: Policies, code: str) -> frozenset[str]:
    return frozenset(s for p in policies.all if code in p.named_codes for s in p.subjects)


def noncovered(view: PolicyView, code: str) -> tuple[Entry, ...]:
    """Articles that list a procedure as not covered."""
    return tuple(e for e in view.procedure(code) if e["list"] == "noncovered")


def first_with(line: Line, encounter: Encounter, rows: Rows, *facts: str) -> bool:
    """Whether no earlier line of the claim and practitioner has the same facts (`code_facts`)."""
    mine = [rows.fact(name) for name in facts]
    for other in encounter.by(line.practitioner):
        if other.item is line.item:
            return True
        if other.claim is line.claim and [rows.fact(name, other) for name in facts] == mine:
            return False
    return True
