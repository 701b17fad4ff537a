"""Do several units beside modifier 50 stand for as many joints, each on both sides?"""

from facetwise.rules.declare import Findings, Line, Rows, modifier, review, rule

_SEVERAL = "each-additional"
"""Role of a code with one unit for each further joint; the others stand for one."""


@rule(
    "bilateral/units-with-50",
    trigger=modifier("bilateral"),
    scope="line",
    reads=("code", "modifiers", "units", "service_date"),
    aside=("code_facts",),
    cites=("NCCI-M26",),
    verdicts=("review",),
    advice="With 50 bill one unit for each further joint that was treated on both sides.",
    denial_codes=("151", "N362"),
)
def units_with_50(line: Line, rows: Rows) -> Findings:
    if rows.fact("level_role") == _SEVERAL and line.units is not None and line.units > 1:
        text = (
            f"{line.code} with 50 and {line.units} units claims {line.units} further levels on "
            f"both sides, {2 * line.units} in all: 50 has counted the second side."
        )
        yield review(line, text, cite=rows.said, field="units")
