"""Is the same service billed twice for one patient and day?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, every, review, rule


@rule(
    "form/duplicate-line",
    trigger=every("encounter"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "practitioner"),
    uses=("modifiers",),
    cites=("X12-2024",),
    verdicts=("review",),
    advice="Remove the repeated line, or tell it apart: another side, site, level or time.",
    denial_codes=("18",),
)
def duplicate_line(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if not line.code or line.day is None:
        return  # unread lines may look alike without being so
    if any(entry["class"] == "repeat" for entry in rows.of("modifiers")):
        return
    for other in encounter.by(line.practitioner):
        if other is line or other.item is line.item:
            return  # the first of its kind: those after it are told
        if other.code == line.code and set(other.modifiers) == set(line.modifiers):
            where = "" if other.claim is line.claim else " on another claim of the same patient"
            text = f"{line.code} repeats line {other.number}{where}: same code, modifiers and day."
            mine = (other,) if other.claim is line.claim else ()
            yield review(line, text, cite=rows.said, field="code", others=mine)
            return
