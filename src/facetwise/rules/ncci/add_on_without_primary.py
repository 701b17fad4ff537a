"""Is every add-on code billed with one of its primaries: same patient, date and practitioner?"""

from facetwise.rules.declare import (
    Encounter,
    Entry,
    Findings,
    Line,
    Rows,
    fail,
    known,
    review,
    rule,
)

_CLOSED_LIST = "1"
"""Type 1 of the add-on file: the list of primaries is complete (NCCI manual, chapter I, W)."""
_CONTRACTOR_DEFINED = "CCCCC"
"""What the add-on file writes where the contractor names the primaries."""


@rule(
    "ncci/add-on-without-primary",
    trigger=known("add_on_edits.add_on"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    aside=("code_facts",),
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
    beside = _beside(line, encounter, edits)
    if beside:
        text = f"None of the primaries of {line.code} ({named}) is billed; {beside[0]['value']}."
        yield review(line, text, cite=(*edits, *beside), field="code")
    elif all(edit["type"] == _CLOSED_LIST for edit in edits):
        text = f"{line.code} is an add-on code and none of its primaries ({named}) is billed."
        yield fail(line, text, cite=edits, field="code")
    else:
        known_ones = f"none of those named ({named}) is billed" if named else "the file names none"
        text = (
            f"{line.code} is an add-on code whose primaries the contractor decides; {known_ones}."
        )
        yield review(line, text, cite=edits, field="code")


def _beside(line: Line, encounter: Encounter, rows: Rows) -> tuple[Entry, ...]:
    """Contractors' word that it is billed beside another code of its family, when one is."""
    said = tuple(e for e in rows.of("code_facts") if e["fact"] == "billed_beside")
    family = rows.fact("family")
    others = (other for other in encounter.by(line.practitioner) if other.code != line.code)
    return said if said and any(rows.fact("family", other) == family for other in others) else ()
