"""What we say: the four verdicts, and a finding with its place, words and sources."""

from dataclasses import dataclass
from enum import StrEnum

from facetwise.errors import UnsourcedFactError
from facetwise.sources import Citation


class Verdict(StrEnum):
    """The four answers a rule can give."""

    PASS = "pass"  # noqa: S105 (a verdict, not a password)
    FAIL = "fail"
    REVIEW = "review"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """A `fail` or a `review`: which rule, where, why, what to do, and who says so.

    Attributes:
        rule: id of the rule, `area/name`.
        message: what was found, without patient data.
        advice: what the biller can change.
        line: 1-based service line the payer would deny; None when it is the claim.

    Raises:
        UnsourcedFactError: no citation was given, or a `fail` rests only on sources that
            cannot decide (secondary, carried or derived).
        ValueError: the verdict is not one a finding can have.
    """

    rule: str
    verdict: Verdict
    message: str
    citations: tuple[Citation, ...]
    advice: str = ""
    line: int | None = None
    lines: tuple[int, ...] = ()
    denial_codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict not in (Verdict.FAIL, Verdict.REVIEW):
            raise ValueError(f"a finding is a fail or a review, not {self.verdict}")
        if not self.citations:
            raise UnsourcedFactError(f"rule {self.rule} found something but cites nothing.")
        if self.verdict is Verdict.FAIL and not any(c.decides for c in self.citations):
            raise UnsourcedFactError(
                f"rule {self.rule} fails a claim, but no primary source in force is cited."
            )
