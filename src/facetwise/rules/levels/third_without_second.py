"""Is a third level billed beside a second?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_SECOND, _THIRD = "second", "third-and-further"


@rule(
    "levels/third-without-second",
    trigger=known("add_on_edits.add_on"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    aside=("code_facts",),
    verdicts=("review",),
    advice="Count the joints in the note: two joints are a first and a second level.",
    denial_codes=("107", "N122"),
)
def third_without_second(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if rows.fact("level_role") != _THIRD:
        return
    billed = [edit for edit in rows if edit["primary"] in encounter.codes(line.practitioner)]
    if not billed or any(_is_second(other, rows) for other in encounter.by(line.practitioner)):
        return  # with none of its primaries the add-on edit speaks
    primary = billed[0]["primary"]
    text = (
        f"{line.code} is a third level, and no second level is billed; the add-on file accepts it "
        f"beside {primary} all the same."
    )
    yield review(line, text, cite=billed, field="code")


def _is_second(other: Line, rows: Rows) -> bool:
    """Whether a line is the second level of the family and region asked about."""
    alike = all(rows.fact(name, other) == rows.fact(name) for name in ("family", "region"))
    return alike and rows.fact("level_role", other) == _SECOND
