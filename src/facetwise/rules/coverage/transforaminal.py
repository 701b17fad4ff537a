"""Is a transforaminal epidural billed beside a facet procedure of the same region?"""

from facetwise.rules.coverage.stated import documents, first_with
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule


@rule(
    "coverage/transforaminal",
    trigger=known("code_facts.code", fact="family", value="epidural-transforaminal"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="Keep the record that shows other levels, or a facet cyst that presses on the root.",
    denial_codes=("50", "N115"),
    policies=True,
)
def transforaminal(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    region = rows.fact("region")
    beside = tuple(
        other
        for other in encounter.by(line.practitioner)
        if rows.fact("family", other).startswith("facet-") and rows.fact("region", other) == region
    )
    if not beside or not first_with(line, encounter, rows, "family", "region"):
        return
    said = rows.policies.criteria(subject="facet", name="transforaminal-at-level")
    if said:
        text = (
            f"{line.code} with {beside[0].code} in one region: {documents(said)} does not expect "
            "both at the same or a close level, unless a facet cyst presses on the root."
        )
        yield review(line, text, cite=said, field="code", others=beside)
