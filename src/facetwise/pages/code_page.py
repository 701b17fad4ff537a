"""The page of one code on one date of service, from the tables alone."""

from collections.abc import Callable
from datetime import date

from facetwise.pages import sections_edits, sections_identity, sections_money, sections_use
from facetwise.pages.facts import facts_of, require_known
from facetwise.pages.gather import Context
from facetwise.pages.model import Page, Section
from facetwise.sources import Citation, Fact
from facetwise.tables.store import Store

_SECTIONS: tuple[Callable[[Context], Section], ...] = (
    sections_identity.at_a_glance,
    sections_identity.level_family,
    sections_edits.edits,
    sections_money.relative_values,
    sections_money.amounts,
    sections_identity.indicators,
    sections_use.sites,
    sections_use.modifiers,
    sections_use.diagnoses,
    sections_use.taxonomies,
    sections_use.not_available,
)


def code_page(store: Store, code: str, day: date) -> Page:
    """All that is held of a code on a date of service.

    Raises:
        UnknownCodeError: no table held knows the code.
    """
    require_known(store, code)
    facts = facts_of(store, code, day)
    context = Context(store, code, day, facts)
    sections = tuple(write(context) for write in _SECTIONS)
    cited = [c for fact in facts.values() if isinstance(fact, Fact) for c in fact.citations]
    for section in sections:
        cited += [c for statement in section.statements for c in statement.citations]
        cited += [c for grid in section.grids for c in grid.citations]
    return Page(code, day, facts, sections, store.catalogue.digest, _once_each(cited))


def _once_each(cited: list[Citation]) -> tuple[Citation, ...]:
    """One citation an edition, in order of its id."""
    first = {citation.edition.id: citation for citation in reversed(cited)}
    return tuple(first[edition] for edition in sorted(first))
