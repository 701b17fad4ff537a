"""Is the sacroiliac joint denervated, which the policy does not cover?"""

from facetwise.rules.coverage.stated import noncovered, not_covered
from facetwise.rules.declare import Findings, Line, Rows, known, review, rule

_ABLATION = "si-nerve-ablation"


@rule(
    "coverage/sacroiliac-denervation",
    trigger=known("code_facts.code", fact="object", value="si-joint-nerves"),
    scope="line",
    reads=("code", "service_date"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="Expect no payment; settle before the procedure who pays for it.",
    denial_codes=("50", "N115"),
    policies=True,
)
def sacroiliac_denervation(line: Line, rows: Rows) -> Findings:
    if rows.fact("family") != _ABLATION:
        return
    said = (
        *rows.policies.criteria(subject="sacroiliac", name="denervation"),
        *noncovered(rows.policies, line.code),
    )
    if said:
        text = f"{line.code} denervates the sacroiliac joint: {not_covered(said)}"
        yield review(line, text, cite=said, field="code")
