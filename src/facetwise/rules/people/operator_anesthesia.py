"""Is anesthesia billed by the practitioner who did the procedure?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Encounter, Findings, Line, Rows, fail, known, review, rule


@rule(
    "people/operator-anesthesia",
    trigger=known("code_facts.code", fact="family", value="anesthesia"),
    scope="encounter",
    reads=("code", "service_date", "practitioner", "claim_type"),
    aside=("code_facts",),
    cites=("NCCI-M26",),
    verdicts=("fail", "review"),
    advice="Remove the anesthesia code, or name who gave the anesthesia if it was somebody else.",
    denial_codes=("97", "M15"),
    binds="medicare",
)
def operator_anesthesia(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if line.claim.claim_type in (ClaimType.ASC, ClaimType.HOSPITAL_OUTPATIENT):
        return  # a facility's claim does not say who did it
    done = [other for other in encounter.by(line.practitioner) if rows.fact("object", other)]
    if not done:
        return
    sure = [other for other in done if _named(line) and _named(other)]
    named = (sure or done)[0].code
    if sure and line.claim.claim_type is ClaimType.PRACTITIONER:
        text = (
            f"{line.code} is anesthesia for {named} and one practitioner billed both; the operator "
            "is not paid for anesthesia (NCCI manual, chapter II)."
        )
        yield fail(line, text, cite=rows.said, field="code", others=tuple(sure))
    else:
        text = (
            f"{line.code} is anesthesia beside {named}, and the claim does not say who did which; "
            "the operator is not paid for anesthesia."
        )
        yield review(line, text, cite=rows.said, field="code", others=tuple(done))


def _named(line: Line) -> bool:
    """Whether the claim says who rendered the line; a group that bills may be two people."""
    rendering = line.item.rendering or line.claim.rendering
    return bool(rendering and rendering.npi)
