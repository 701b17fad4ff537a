"""Does the policy cover moderate sedation with the procedure?"""

from facetwise.rules.coverage.sedated import sedation_found
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, rule


@rule(
    "coverage/sedation",
    trigger=known("code_facts.code", fact="family", value="moderate-sedation"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="Bill it only where the record shows this patient's need; anxiety or preference is "
    "not enough.",
    denial_codes=("50", "N115"),
    policies=True,
)
def sedation(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    kinds = frozenset({"moderate"})
    yield from sedation_found(line, encounter, rows, kinds, "Moderate sedation")
