"""Is every modifier one we know?"""

from facetwise.rules.declare import Findings, Line, Rows, review, rule, unknown


@rule(
    "modifiers/known",
    trigger=unknown("modifiers.modifier"),
    scope="line",
    reads=("modifiers", "service_date"),
    uses=("modifiers",),
    cites=("FACETWISE",),
    verdicts=("review",),
    advice="Check the spelling; our list holds the modifiers of this field, not every modifier.",
    denial_codes=("182", "N519"),
)
def modifier_known(line: Line, rows: Rows) -> Findings:
    held = {entry["modifier"] for entry in rows.of("modifiers")}
    for at, modifier in enumerate(line.modifiers):
        if modifier not in held:
            text = f"{modifier} is not a modifier we know."
            yield review(line, text, cite=rows.said, field=f"modifiers.{at}")
