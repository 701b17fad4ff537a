"""A page, a fact or a list of tables as the published JSON contract."""

from datetime import date
from typing import Any

from facetwise.pages.model import FactAnswer, Grid, NotAvailable, Page, Section, Statement
from facetwise.sources import Citation, Window
from facetwise.tables.answer import NotHeld
from facetwise.version import header

Json = dict[str, Any]


def page_json(page: Page) -> Json:
    """The contract `facetwise.page/1`."""
    facts = {name: _fact(fact) for name, fact in page.facts.items() if not _missing(fact)}
    not_held = {name: _not_held(fact) for name, fact in page.facts.items() if _missing(fact)}
    return {
        **header("page", page.tables),
        "code": page.code,
        "date": page.day.isoformat(),
        "facts": facts,
        "not_held": not_held,
        "sections": [_section(section) for section in page.sections],
        "sources": [source_json(citation) for citation in page.citations],
    }


def why_json(code: str, field: str, day: date, fact: FactAnswer, digest: str) -> Json:
    """The contract `facetwise.why/1`: one fact and every row it rests on."""
    answer = {
        **header("why", digest),
        "code": code,
        "field": field,
        "date": day.isoformat(),
    }
    if isinstance(fact, NotHeld):
        return {**answer, "verdict": "not_checked", **_not_held(fact)}
    rows = [{**source_json(citation), "row": citation.row} for citation in fact.citations]
    return {**answer, "value": fact.value, "how": fact.how, "sources": rows}


def source_json(citation: Citation) -> Json:
    """One source as it stands to the date."""
    edition = citation.edition
    return {
        "id": edition.id,
        "source": edition.source.key,
        "title": edition.source.title,
        "publisher": edition.source.publisher,
        "url": edition.source.url or None,
        "edition": edition.id,
        "window": _window(edition.window),
        "file": edition.file or None,
        "sha256": edition.sha256 or None,
        "basis": str(citation.basis),
        "carried": citation.carried,
        "confidence": str(citation.confidence),
        "note": " ".join(part for part in (citation.note, edition.note) if part) or None,
    }


def _missing(fact: FactAnswer) -> bool:
    return isinstance(fact, NotHeld)


def _not_held(fact: FactAnswer) -> Json:
    assert isinstance(fact, NotHeld)
    return {"reason": fact.reason, "supplied_by": fact.supplied_by}


def _fact(fact: FactAnswer) -> Json:
    assert not isinstance(fact, NotHeld)
    citation = fact.citations[0]
    return {
        "value": fact.value,
        "source": citation.edition.source.key,
        "edition": citation.edition.id,
        "window": _window(citation.in_window),
        "carried": any(c.carried for c in fact.citations),
        "basis": str(citation.basis),
        "confidence": str(fact.confidence),
        "file": citation.edition.file or None,
        "row": citation.row,
        "how": fact.how or None,
    }


def _window(window: Window) -> Json:
    return {
        "first": window.first.isoformat() if window.first else None,
        "last": window.last.isoformat() if window.last else None,
    }


def _section(section: Section) -> Json:
    return {
        "id": section.id,
        "title": section.title,
        "statements": [_statement(statement) for statement in section.statements],
        "tables": [_grid(grid) for grid in section.grids],
        "not_available": [_gap(gap) for gap in section.not_available],
    }


def _statement(statement: Statement) -> Json:
    return {"text": statement.text, "sources": _ids(statement.citations)}


def _grid(grid: Grid) -> Json:
    return {
        "id": grid.id,
        "title": grid.title,
        "basis": sorted({str(citation.basis) for citation in grid.citations}),
        "columns": list(grid.columns),
        "rows": [list(row) for row in grid.rows],
        "sources": _ids(grid.citations),
    }


def _gap(gap: NotAvailable) -> Json:
    return {"what": gap.what, "would_be_supplied_by": gap.supplied_by}


def _ids(citations: tuple[Citation, ...]) -> list[str]:
    return list(dict.fromkeys(citation.edition.id for citation in citations))
