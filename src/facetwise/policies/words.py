"""Rows and reasons of the policy look-ups: what a rule or a page reads."""

from collections.abc import Sequence
from decimal import Decimal

from facetwise.policies.model import Book, CodeList, Criterion, Policy, Text
from facetwise.tables.answer import NotHeld, Row

_TEXTS = ("determination", "article", "policy")
"""Kinds of document that have a text of criteria, in the order in which one is asked for."""


def criterion_row(policy: Policy, criterion: Criterion) -> Row:
    limit = criterion.limit
    return {
        "policy": policy.id,
        "id": criterion.id,
        "topic": criterion.topic,
        "applies": " ".join(criterion.applies),
        "asks": criterion.asks,
        "compare": criterion.compare,
        "number": _text(criterion.number),
        "unit": criterion.unit,
        "values": " ".join(criterion.values),
        "counts": limit.counts if limit else "",
        "per": " ".join(limit.per) if limit else "",
        "within": _text(limit.within) if limit else "",
        "within_unit": limit.within_unit if limit else "",
        "period": limit.period if limit else "",
    }


def list_row(policy: Policy, held: CodeList, code: str) -> Row:
    return {
        "policy": policy.id,
        "list": held.list,
        "system": held.system,
        "code": code,
        "group": held.group,
        "note": held.note,
        "since": str(held.since or ""),
        "vendor": policy.vendor,
        "claim_types": " ".join(policy.claim_types),
        "places": " ".join(policy.places),
        "except_places": " ".join(policy.except_places),
    }


def _text(number: Decimal | None) -> str:
    return "" if number is None else str(number)


def nothing(policies: Sequence[Policy], book: Book, what: str) -> NotHeld:
    """Why no criterion is held: no document reaches the book, or its text was not read."""
    if not policies:
        return NotHeld(f"no policy held speaks to {named(book)}.", document_of(book))
    unread = sorted(
        (p for p in policies if p.kind in _TEXTS and not _read(p)),
        key=lambda policy: (_TEXTS.index(policy.kind), policy.id),
    )
    if unread:
        ids = " and ".join(policy.id for policy in unread)
        return NotHeld(f"the text of {ids} is not held.", unread[0].supplied_by)
    ids = " and ".join(policy.id for policy in policies)
    return NotHeld(f"{ids}, as far as held, says nothing of {what}.", policies[0].supplied_by)


def named(book: Book) -> str:
    """A book in a sentence."""
    parts = (book.contractor or book.payer or "an unknown payer", book.line_of_business)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def document_of(book: Book) -> str:
    """What would answer for a book of which no document is held."""
    if book.contractor:
        return f"the documents of {book.contractor} in the Medicare Coverage Database"
    return f"the policy of {book.payer or 'the payer'} for the date"


def _read(policy: Policy) -> bool:
    return any(version.text is Text.READ for version in policy.versions)
