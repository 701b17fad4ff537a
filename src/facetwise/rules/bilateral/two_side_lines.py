"""Is one code on a right and a left line, where Medicare wants one line with modifier 50?"""

from decimal import Decimal

from facetwise.claim import ClaimType
from facetwise.policies.payers import MEDICARE
from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, review, rule

_WITH_50 = (ClaimType.PRACTITIONER, ClaimType.HOSPITAL_OUTPATIENT)
"""Claims that tell both sides with modifier 50 (NCCI manual I.V and VIII.H.9)."""
_BOTH_SIDES = "1"
"""Bilateral indicator of a code that is paid at 150 percent for two sides."""


@rule(
    "bilateral/two-side-lines",
    trigger=modifier("side"),
    scope="encounter",
    reads=("code", "modifiers", "units", "service_date", "practitioner", "claim_type"),
    needs=("rvu",),
    aside=("modifiers", "mue"),
    cites=("NCCI-M26",),
    policies=True,
    verdicts=("review",),
    advice="Both sides of one joint: one line with 50. Two lines are for different joints.",
    denial_codes=("4", "N519"),
)
def two_side_lines(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    medicare = rows.policies.whose.line_of_business == MEDICARE
    if not medicare or line.claim.claim_type not in _WITH_50:
        return
    schedule = [entry for entry in rows.of("rvu") if entry["bilateral"] == _BOTH_SIDES]
    alike = [other for other in encounter.by(line.practitioner) if other.code == line.code]
    if not schedule or _over_the_limit(alike, rows):
        return
    here = _side(line, rows)
    for other in alike:
        if other.item is line.item:
            return  # the first of the two: the one after it is told
        there = _side(other, rows)
        if here and there and here != there:
            text = (
                f"{line.code} is on {there} and {here} lines; for one joint on both sides "
                "Medicare wants one line with 50."
            )
            cite = (*rows.said, *schedule)
            yield review(line, text, cite=cite, field="modifiers", others=(other,))
            return


def _over_the_limit(lines: list[Line], rows: Rows) -> bool:
    """Whether the medically unlikely edit speaks of the same lines."""
    total = sum((line.units or Decimal(0) for line in lines), Decimal(0))
    limits = rows.of("mue")
    return bool(limits) and total > Decimal(limits[0]["units"])


def _side(line: Line, rows: Rows) -> str:
    """The one side named on a line; blank when none or two are."""
    named = {e["modifier"] for e in rows.of("modifiers", line) if e["class"] == "side"}
    return named.pop() if len(named) == 1 else ""
