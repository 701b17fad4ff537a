"""Is every line charged at more than nothing?"""

from facetwise.rules.declare import Claim, Findings, Rows, every, review, rule
from facetwise.rules.subject import line_of


@rule(
    "form/charge",
    trigger=every("claim"),
    scope="claim",
    reads=("charges",),
    given=("charges",),
    cites=("X12-837P",),
    verdicts=("review",),
    advice="Enter the charge of the line, or remove a line that is not billed.",
    denial_codes=("16",),
)
def charge(claim: Claim, rows: Rows) -> Findings:
    for item in claim.lines:
        if item.charge is not None and item.charge <= 0:
            what = "nothing" if item.charge == 0 else f"{item.charge}, less than nothing"
            text = f"The line is charged at {what}."
            yield review(line_of(claim, item), text, cite=rows.said, field="charge")
