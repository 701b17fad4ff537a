"""Does a second level stand on the same claim as its first level?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_FIRST = "first"


@rule(
    "levels/second-without-first",
    trigger=known("code_facts.code", fact="level_role", value="second"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    aside=("code_facts",),
    cites=("NCCI-M26",),
    verdicts=("review",),
    advice="Send all levels of a session on one claim, the first level before the add-ons.",
    denial_codes=("B15", "N122"),
)
def second_without_first(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    elsewhere: Line | None = None
    for other in encounter.by(line.practitioner):
        family = rows.fact("family", other) == rows.fact("family")
        if not family or rows.fact("level_role", other) != _FIRST:
            continue
        if other.claim is line.claim:
            return
        elsewhere = elsewhere or other
    if elsewhere:  # with no first level at all the add-on edit speaks
        text = f"{line.code} is a second level; the first, {elsewhere.code}, is on another claim."
        yield review(line, text, cite=(*rows, *rows.said), field="code", others=(elsewhere,))
