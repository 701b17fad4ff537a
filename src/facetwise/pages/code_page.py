"""The page of one code on one date of service, from the tables alone."""

from collections.abc import Callable
from datetime import date

from facetwise.pages import (
    sections_denials,
    sections_edits,
    sections_identity,
    sections_ladder,
    sections_money,
    sections_payers,
    sections_reporting,
    sections_scope,
    sections_use,
)
from facetwise.pages.facts import facts_of, require_known
from facetwise.pages.gather import Context
from facetwise.pages.model import Page, Section
from facetwise.sources import Basis, Citation, Confidence, Fact
from facetwise.tables.store import Store

_SECTIONS: tuple[Callable[[Context], Section], ...] = (
    sections_identity.at_a_glance,
    sections_scope.scope,
    sections_identity.level_family,
    sections_reporting.reporting,
    sections_ladder.ladder,
    sections_scope.clinical_context,
    sections_scope.record,
    sections_scope.image_guidance,
    sections_use.sites,
    sections_use.modifiers,
    sections_use.diagnoses,
    sections_edits.edits,
    sections_denials.denials,
    sections_payers.payers,
    sections_money.amounts,
    sections_money.relative_values,
    sections_identity.indicators,
    sections_use.taxonomies,
    sections_scope.related,
    sections_use.not_available,
)

_USED = (Basis.CARRIED, Basis.DERIVED)
"""How a text may be used on a date that its edition does not reach by itself."""


def code_page(store: Store, code: str, day: date) -> Page:
    """All that is held of a code on a date of service.

    Raises:
        UnknownCodeError: no table held knows the code.
    """
    code = require_known(store, code)
    facts = facts_of(store, code, day)
    context = Context(store, code, day, facts)
    sections = tuple(write(context) for write in _SECTIONS)
    cited = [c for fact in facts.values() if isinstance(fact, Fact) for c in fact.citations]
    for section in sections:
        cited += [c for statement in section.statements for c in statement.citations]
        cited += [c for grid in section.grids for c in grid.citations]
    return Page(code, day, facts, sections, store.catalogue.digest, _once_each(cited, day))


def _once_each(cited: list[Citation], day: date) -> tuple[Citation, ...]:
    """One citation an edition, in order of its id: how the edition itself stands to the date.

    An edition whose rows state their own dates is in force where a cited row is.
    """
    by_edition: dict[str, list[Citation]] = {}
    for citation in cited:
        by_edition.setdefault(citation.edition.id, []).append(citation)
    return tuple(_standing(by_edition[edition], day) for edition in sorted(by_edition))


def _standing(citations: list[Citation], day: date) -> Citation:
    edition = citations[0].edition
    dated = any(c.window and c.basis is Basis.IN_FORCE and day in c.window for c in citations)
    used = next((b for b in _USED if any(c.basis is b for c in citations)), Basis.ELSEWHERE)
    own = edition.basis_on(day) or used
    basis = Basis.IN_FORCE if dated and not edition.file else own
    note = next((c.note for c in citations if c.note), "")
    primary = any(c.confidence is Confidence.PRIMARY for c in citations)
    confidence = Confidence.PRIMARY if primary else Confidence.SECONDARY
    return Citation(edition, basis, confidence=confidence, note=note)
