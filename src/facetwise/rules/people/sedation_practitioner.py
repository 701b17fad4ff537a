"""Does the moderate sedation code fit who gave it: the operator, or another practitioner?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule


@rule(
    "people/sedation-practitioner",
    trigger=known("code_facts.code", fact="given_by"),
    scope="encounter",
    reads=("code", "service_date", "practitioner", "claim_type"),
    aside=("code_facts",),
    verdicts=("review",),
    advice="Use the sedation codes of the operator where the operator gave it, else those of "
    "another practitioner, on that practitioner's claim.",
    denial_codes=("16", "N657"),
)
def sedation_practitioner(line: Line, encounter: Encounter, given_by: Rows) -> Findings:
    if line.claim.claim_type in (ClaimType.ASC, ClaimType.HOSPITAL_OUTPATIENT):
        return  # a facility's claim does not say who gave it
    mine = [other for other in encounter.by(line.practitioner) if not _sedation(other, given_by)]
    done = [other for other in mine if given_by.fact("object", other)]
    if given_by.first["value"] == "another" and done:
        text = (
            f"{line.code} is for sedation by another practitioner than the one who operates; "
            f"{done[0].code} names the same one."
        )
        yield review(line, text, cite=given_by, field="code", others=tuple(done))
    elif given_by.first["value"] == "operator" and not mine:
        others = [other for other in encounter.lines if given_by.fact("object", other)]
        if others:  # who did it is known, and it was somebody else
            text = (
                f"{line.code} is for sedation by the one who operates; {others[0].code} names "
                "another practitioner."
            )
            yield review(line, text, cite=given_by, field="code", others=tuple(others))


def _sedation(line: Line, rows: Rows) -> bool:
    return bool(rows.fact("given_by", line))
