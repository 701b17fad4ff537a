"""Does KX stand only where it tells something: on diagnostic blocks?"""

from facetwise.rules.declare import Findings, Line, Rows, modifier, review, rule

_TOLD_BY_KX = frozenset({
    "facet-injection", "facet-injection-ultrasound", "epidural-transforaminal",
    "si-joint-injection", "si-nerve-block",
})  # fmt: skip
"""Families of which a contractor's text wants KX on diagnostic lines."""


@rule(
    "modifiers/kx-meaning",
    trigger=modifier("policy"),
    scope="line",
    reads=("code", "modifiers", "service_date"),
    aside=("code_facts",),
    verdicts=("review",),
    advice="Remove KX here; it belongs on the diagnostic injection.",
    denial_codes=("4", "N519"),
)
def kx_meaning(line: Line, rows: Rows) -> Findings:
    family, done_to = rows.fact("family"), rows.fact("object")
    if done_to and family not in _TOLD_BY_KX:
        mark = rows.first["modifier"]
        text = f"{mark} marks diagnostic injections; on {line.code} it tells nothing we know of."
        yield review(line, text, cite=rows, field="modifiers")
