"""Is every add-on code billed with one of its primaries: same patient, date and practitioner?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, fail, known, review, rule

_CLOSED_LIST = "1"
"""Type 1 of the add-on file: the list of primaries is complete (NCCI manual, chapter I, W)."""
_CONTRACTOR_DEFINED = "CCCCC"
"""What the add-on file writes where the contractor names the primaries."""


@rule(
    "ncci/add-on-without-primary",
    trigger=known("add_on_edits.add_on"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    verdicts=("fail", "review"),
    advice="Bill one of its primaries from the same session, or remove the add-on.",
    denial_codes=("B15", "N122"),
    binds="medicare",
    absence=True,
)
def add_on_without_primary(line: Line, encounter: Encounter, edits: Rows) -> Findings:
    primaries = [edit["primary"] for edit in edits]
    if not encounter.codes(line.practitioner).isdisjoint(primaries):
        return
    named = ", ".join(code for code in primaries if code != _CONTRACTOR_DEFINED)
    if all(edit["type"] == _CLOSED_LIST for edit in edits):
        text = f"{line.code} is an add-on code and none of its primaries ({named}) is billed."
        yield fail(line, text, cite=edits, field="code")
    else:
        known_ones = f"none of those named ({named}) is billed" if named else "the file names none"
        text = (
            f"{line.code} is an add-on code whose primaries the contractor decides; {known_ones}."
        )
        yield review(line, text, cite=edits, field="code")
