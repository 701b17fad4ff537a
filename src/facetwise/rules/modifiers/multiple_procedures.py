"""Does an add-on code carry modifier 51, though it is never reduced?"""

from facetwise.rules.declare import Findings, Line, Rows, modifier, review, rule

_NO_REDUCTION = "0"
"""Multiple procedure indicator of codes paid whole beside others (CMS, RVU documentation)."""
_ADD_ON = "ZZZ"
"""Global days of a code that goes with another (CMS, RVU documentation)."""


@rule(
    "modifiers/multiple-procedures",
    trigger=modifier("multiple-procedures"),
    scope="line",
    reads=("code", "modifiers", "service_date"),
    needs=("rvu",),
    cites=("RVU25D-DOC",),
    verdicts=("review",),
    advice="Remove 51 from the add-on.",
    denial_codes=("4", "N519"),
)
def multiple_procedures(line: Line, rows: Rows) -> Findings:
    for entry in rows.of("rvu"):
        if entry["global_days"] == _ADD_ON and entry["multiple"] == _NO_REDUCTION:
            text = f"{line.code} is an add-on and is paid whole beside others; 51 does not fit it."
            yield review(line, text, cite=(entry, *rows.said), field="modifiers")
