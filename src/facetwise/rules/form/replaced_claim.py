"""Does a claim that replaces or voids another name the payer's number of that claim?"""

from facetwise.rules.declare import Claim, Findings, Rows, every, review, rule

_REPLACES = {"7": "replaces", "8": "voids"}
"""Claim frequency codes of a claim that stands for an earlier one (X12 837, CLM05-3)."""


@rule(
    "form/replaced-claim",
    trigger=every("claim"),
    scope="claim",
    reads=("frequency_code", "original_reference"),
    given=("frequency_code",),
    cites=("X12-837P",),
    verdicts=("review",),
    advice="Enter the payer's number of the first claim (REF F8), or send this as an original.",
    denial_codes=("16", "MA130"),
    absence=True,
)
def replaced_claim(claim: Claim, rows: Rows) -> Findings:
    does = _REPLACES.get(claim.frequency_code)
    if does and not claim.original_reference:
        text = f"The claim {does} another (frequency code {claim.frequency_code}) and names none."
        yield review(None, text, cite=rows.said, field="frequency_code")
