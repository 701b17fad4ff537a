"""Do the side modifiers on one line agree with each other?"""

from facetwise.rules.declare import Findings, Line, Rows, modifier, review, rule


@rule(
    "modifiers/side-conflict",
    trigger=modifier("side"),
    scope="line",
    reads=("code", "modifiers", "service_date"),
    uses=("modifiers",),
    verdicts=("review",),
    advice="One line says one side (RT or LT) or both (50): keep the one the record shows.",
    denial_codes=("4", "N519"),
)
def side_conflict(line: Line, rows: Rows) -> Findings:
    sides = {e["modifier"]: e for e in rows.of("modifiers") if e["class"] == "side"}
    both = {e["modifier"]: e for e in rows.of("modifiers") if e["class"] == "bilateral"}
    said = [*both, *sides]
    if len(said) > 1:
        text = f"{line.code} carries {' and '.join(said)}: a line is one side or both."
        yield review(line, text, cite=(*both.values(), *sides.values()), field="modifiers")
