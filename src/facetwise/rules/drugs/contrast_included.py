"""Is contrast billed beside a procedure that includes it?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule


@rule(
    "drugs/contrast-included",
    trigger=known("code_facts.code", fact="family", value="contrast"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    aside=("code_facts",),
    verdicts=("review",),
    advice="Keep the contrast only if it belongs to another procedure, and say which.",
    denial_codes=("97", "M15"),
)
def contrast_included(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    for other in encounter.by(line.practitioner):
        facts = rows.of("code_facts", other)
        inside = [e for e in facts if e["fact"] == "contrast_included" and e["value"] == "yes"]
        if inside:
            said = inside[0].citation.edition.id
            text = f"{other.code} includes the contrast that checks the needle ({said})."
            yield review(line, text, cite=inside, field="code", others=(other,))
            return
