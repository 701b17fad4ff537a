"""What is answered of a claim: every question asked, and every finding with its sources."""

from typing import Any, NamedTuple

from facetwise.claim import Fault, Place
from facetwise.finding import Verdict
from facetwise.sources import Citation


class NotChecked(NamedTuple):
    """A question that could not be answered, and what would answer it."""

    rule: str
    reason: str
    supplied_by: str


class Found(NamedTuple):
    """A finding on a claim.

    Attributes:
        line: 1-based line the payer would deny; None when it is the claim.
        lines: the others involved, on the same claim.
    """

    rule: str
    verdict: Verdict
    line: int | None
    lines: tuple[int, ...]
    message: str
    advice: str
    citations: tuple[Citation, ...]
    denial_codes: tuple[str, ...]
    where: Place


class ClaimAnswer(NamedTuple):
    """Every answer about one claim; an empty list of findings is read beside what was asked."""

    claim_id: str
    passes: tuple[str, ...]
    not_checked: tuple[NotChecked, ...]
    findings: tuple[Found, ...]
    where: Place

    @property
    def worst(self) -> Verdict:
        """`fail` over `review` over `not_checked` over `pass`."""
        for verdict in (Verdict.FAIL, Verdict.REVIEW):
            if any(finding.verdict is verdict for finding in self.findings):
                return verdict
        return Verdict.NOT_CHECKED if self.not_checked else Verdict.PASS

    def as_dict(self) -> dict[str, Any]:
        """The claim's part of the contract `facetwise.check/1`."""
        return {
            "claim_id": self.claim_id,
            "checks": {
                "pass": list(self.passes),
                "not_checked": [gap._asdict() for gap in self.not_checked],
            },
            "findings": [_finding(found) for found in self.findings],
        }


def fault_dict(fault: Fault) -> dict[str, Any]:
    """Something wrong with the input outside any claim."""
    return {
        "id": fault.id,
        "message": fault.message,
        "todo": fault.todo,
        "lost": fault.lost,
        "where": fault.place._asdict(),
    }


def _finding(found: Found) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "verdict": str(found.verdict),
        "line": found.line,
        "lines": list(found.lines),
        "message": found.message,
        "advice": found.advice,
        "sources": [_source(citation) for citation in found.citations],
        "denial_codes": list(found.denial_codes),
        "where": found.where._asdict(),
    }


def _source(citation: Citation) -> dict[str, Any]:
    window = citation.in_window
    return {
        "source": citation.edition.source.key,
        "edition": citation.edition.id,
        "window": {
            "first": window.first.isoformat() if window.first else None,
            "last": window.last.isoformat() if window.last else None,
        },
        "carried": citation.carried,
        "basis": str(citation.basis),
        "confidence": str(citation.confidence),
        "file": citation.edition.file or None,
        "row": citation.row,
    }
