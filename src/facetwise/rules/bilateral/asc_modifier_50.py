"""Does a surgery center's own claim tell both sides with two lines, and not with modifier 50?"""

from facetwise.claim import ClaimType
from facetwise.policies.payers import MEDICARE
from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, review, rule

_BOTH_SIDES = "1"
"""Bilateral indicator of a code that is paid at 150 percent for two sides."""


@rule(
    "bilateral/asc-modifier-50",
    trigger=modifier("bilateral"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "claim_type"),
    needs=("rvu",),
    cites=("NCCI-M26",),
    policies=True,
    verdicts=("review",),
    advice="Bill two lines of one unit, RT and LT; 50 is for the surgeon's own claim.",
    denial_codes=("4", "N519"),
)
def asc_modifier_50(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    medicare = rows.policies.whose.line_of_business == MEDICARE
    if not medicare or line.claim.claim_type is not ClaimType.ASC:
        return
    schedule = [entry for entry in rows.of("rvu") if entry["bilateral"] == _BOTH_SIDES]
    if schedule:  # with another indicator modifier 50 is wrong on any claim
        text = f"{line.code} carries 50 on the claim of a surgery center, which bills each side."
        yield review(line, text, cite=(*rows.said, *schedule), field="modifiers")
