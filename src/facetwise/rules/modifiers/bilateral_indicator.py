"""Is modifier 50 used only on codes that can be done on both sides?"""

from facetwise.rules.declare import Findings, Line, Rows, fail, modifier, rule

_NOT_WITH_50 = {"0": "it is one-sided", "2": "it is already priced for both sides",
                "9": "the question of sides does not arise"}  # fmt: skip
"""Bilateral indicators with which modifier 50 is wrong (CMS, RVU file documentation)."""


@rule(
    "modifiers/bilateral-indicator",
    trigger=modifier("bilateral"),
    scope="line",
    reads=("code", "modifiers", "service_date"),
    needs=("rvu",),
    verdicts=("fail", "review"),
    advice="Remove modifier 50.",
    denial_codes=("4", "N519"),
    binds="medicare",
)
def bilateral_indicator(line: Line, rows: Rows) -> Findings:
    for entry in rows.of("rvu"):
        why = _NOT_WITH_50.get(entry["bilateral"])
        if why:
            text = (
                f"Modifier 50 does not fit {line.code}: bilateral indicator {entry['bilateral']}, "
            )
            yield fail(line, f"{text}{why}.", cite=(entry,), field="modifiers")
