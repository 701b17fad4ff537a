"""Does a modifier that tells two services apart stand on a line that is alone on its day?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, review, rule


@rule(
    "modifiers/needless-bypass",
    trigger=modifier("bypass"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "practitioner"),
    verdicts=("review",),
    advice="Remove it, unless a claim that is not here bills another service of the day.",
    denial_codes=("4", "N519"),
)
def needless_bypass(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    undated = any(item.service_date is None for item in line.claim.lines)
    if undated or not encounter.whole:
        return  # what it is told apart from may be there
    if all(other.item is line.item for other in encounter.lines):
        marks = " and ".join(dict.fromkeys(entry["modifier"] for entry in rows))
        text = f"{line.code} carries {marks}, and nothing else is billed on the day."
        yield review(line, text, cite=rows, field="modifiers")
