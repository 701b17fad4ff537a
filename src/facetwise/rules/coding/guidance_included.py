"""Is imaging guidance billed beside a procedure that includes it?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_NOT_INSIDE = frozenset({"", "none", "separate"})


@rule(
    "coding/guidance-included",
    trigger=known("code_facts.code", fact="family", value="guidance"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "practitioner"),
    uses=("code_facts", "modifiers"),
    verdicts=("review",),
    advice="Keep the guidance code only if it guided another procedure, and say which.",
    denial_codes=("97", "M15"),
)
def guidance_included(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    telling = [e["modifier"] for e in rows.of("modifiers") if e["bypasses_ptp"] == "yes"]
    named = f"{line.code} with {telling[0]}" if telling else line.code
    for other in encounter.by(line.practitioner):
        inside = [e for e in rows.of("code_facts", other) if e["fact"] == "guidance_included"]
        if inside and inside[0]["value"] not in _NOT_INSIDE:
            text = f"{other.code} includes its imaging; {named} must belong to another procedure."
            yield review(line, text, cite=inside, field="code", others=(other,))
            return
