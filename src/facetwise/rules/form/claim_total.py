"""Do the line charges add up to the claim's total?"""

from decimal import Decimal

from facetwise.rules.declare import Claim, Findings, Rows, every, review, rule


@rule(
    "form/claim-total",
    trigger=every("claim"),
    scope="claim",
    reads=("claim_total", "charges"),
    given=("claim_total", "charges", "complete"),
    cites=("X12-837P",),
    verdicts=("review",),
    advice="Correct the line charge or the total.",
    denial_codes=("16", "M54"),
)
def claim_total(claim: Claim, rows: Rows) -> Findings:
    total = sum((line.charge or Decimal(0) for line in claim.lines), Decimal(0))
    if total != claim.claim_total:
        text = f"The lines add up to {total}; the claim's total is {claim.claim_total}."
        yield review(None, text, cite=rows.said, field="claim_total")
