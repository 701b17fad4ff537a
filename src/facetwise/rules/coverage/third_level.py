"""Is a third level billed, which the policy does not cover?"""

from decimal import Decimal

from facetwise.rules.coverage.stated import noncovered, not_covered
from facetwise.rules.declare import Findings, Line, Rows, known, review, rule

_THIRD = "third-and-further"
_INJECTION = ("medial-branch-block", "intra-articular")


@rule(
    "coverage/third-level",
    trigger=known("code_facts.code", fact="region"),
    scope="line",
    reads=("code", "service_date"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="Expect no payment for this line; settle before the procedure who pays for it.",
    denial_codes=("50", "N115"),
    policies=True,
)
def third_level(line: Line, rows: Rows) -> Findings:
    if rows.fact("level_role") != _THIRD:
        return
    limits = rows.policies.limits(subject="facet", counts="levels", applies=_INJECTION)
    said = (
        *(limit for limit in limits if Decimal(limit["number"]) <= 2),
        *noncovered(rows.policies, line.code),
    )
    if said:
        text = f"{line.code} is a third level: {not_covered(said)}"
        yield review(line, text, cite=said, field="code")
