"""Answers about claims as the screen shows them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from facetwise.claim import Fault
from facetwise.engine.answer import ClaimAnswer, Found, NotChecked
from facetwise.rules.registry import all_rules
from facetwise.sources import Citation
from facetwise.web.footnotes import Marks, Note, marks_of, notes_of
from facetwise.web.places import Places, Row
from facetwise.web.results import Summary

VERDICTS = ("fail", "review", "not_checked", "pass")
_MOST_REASONS = 3


class FoundView(NamedTuple):
    """One finding with its place in the file."""

    found: Found
    question: str
    marks: Marks
    here: Row | None
    beside: tuple[Row, ...]


class LineView(NamedTuple):
    """What was found of one line; of the claim as a whole when the line is None."""

    line: int | None
    findings: tuple[FoundView, ...]


class ClaimView(NamedTuple):
    """One claim: its number in the file, its answer, and its findings by line."""

    at: int
    answer: ClaimAnswer
    counts: tuple[tuple[str, int], ...]
    lines: tuple[LineView, ...]
    gaps: tuple[NotChecked, ...]


class FaultView(NamedTuple):
    """Something wrong with the input outside any claim, and where."""

    fault: Fault
    rows: tuple[Row, ...]


class GapView(NamedTuple):
    """A rule that could not be answered of some claims; the reasons that are most common."""

    rule: str
    question: str
    claims: int
    reasons: tuple[str, ...]
    more: int
    supplied_by: tuple[str, ...]


def claim_views(claims: Iterable[tuple[int, ClaimAnswer]], places: Places) -> list[ClaimView]:
    """Claims, each finding with what stands at its place."""
    return [_claim(at, answer, places) for at, answer in claims]


def fault_views(faults: Iterable[Fault], places: Places) -> list[FaultView]:
    """Faults of the input with what stands at their place."""
    return [FaultView(fault, places.at(fault.place)) for fault in faults]


def gap_views(summary: Summary) -> list[GapView]:
    """Rules that were not answered, those that concern most claims first."""
    return [
        GapView(
            gap.rule, question_of(gap.rule), gap.claims, gap.reasons[:_MOST_REASONS],
            max(0, len(gap.reasons) - _MOST_REASONS), gap.supplied_by,
        )
        for gap in sorted(summary.unanswered, key=lambda gap: (-gap.claims, gap.rule))
    ]  # fmt: skip


def notes_of_claims(claims: Iterable[ClaimView]) -> tuple[Note, ...]:
    """Every source of the findings shown."""

    def cited() -> Iterator[Citation]:
        for claim in claims:
            for found in claim.answer.findings:
                yield from found.citations

    return notes_of(cited())


def question_of(rule_id: str) -> str:
    """What a rule asks; a fault of the record asks nothing."""
    rule = all_rules().get(rule_id)
    return rule.question if rule else ""


def query_of(filters: Sequence[str], page: int = 1) -> str:
    """Filters and page as a query string; never the claim id, which is the patient's account."""
    parts = [f"{name}={value}" for name, value in zip(("verdict", "rule"), filters, strict=False)
             if value]  # fmt: skip
    if page > 1:
        parts.append(f"page={page}")
    return f"?{'&'.join(parts)}" if parts else ""


def _claim(at: int, answer: ClaimAnswer, places: Places) -> ClaimView:
    by_line = sorted(answer.findings, key=lambda found: found.line or 0)
    counts = [
        (verdict, sum(str(found.verdict) == verdict for found in answer.findings))
        for verdict in ("fail", "review")
    ]
    return ClaimView(
        at,
        answer,
        tuple((verdict, number) for verdict, number in counts if number),
        tuple(
            LineView(line, tuple(_found(found, places) for found in found_there))
            for line, found_there in groupby(by_line, key=lambda found: found.line)
        ),
        answer.not_checked,
    )


def _found(found: Found, places: Places) -> FoundView:
    rows = places.at(found.where)
    here = next((row for row in rows if row.here), None)
    beside = rows if len(rows) > 1 else ()
    marks = marks_of(found.citations)
    return FoundView(found, question_of(found.rule), marks, here, beside)
