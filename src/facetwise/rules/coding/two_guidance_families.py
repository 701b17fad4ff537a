"""Is one region coded both as fluoroscopy or CT guided and as ultrasound guided?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_ULTRASOUND, _FLUOROSCOPY = "facet-injection-ultrasound", "facet-injection"


@rule(
    "coding/two-guidance-families",
    trigger=known("code_facts.code", fact="family", value=_ULTRASOUND),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="One joint is coded once, by the guidance that was used: remove the other family.",
    denial_codes=("97", "M15"),
)
def two_guidance_families(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    region = rows.fact("region")
    for other in encounter.by(line.practitioner):
        alike = rows.fact("region", other) == region
        if alike and rows.fact("family", other) == _FLUOROSCOPY:
            text = f"{line.code} (ultrasound) and {other.code} (fluoroscopy or CT) in one region."
            cite = [e for e in rows.of("code_facts", other) if e["fact"] in ("region", "family")]
            yield review(line, text, cite=cite, field="code", others=(other,))
            return
