"""Are the units of every line a number above zero, and whole for a procedure?"""

from facetwise.rules.declare import Findings, Line, Rows, every, review, rule

_MINUTES = "MJ"
"""Unit basis of minutes (X12 837P, SV103)."""
_TIMED = "J"
"""Fee schedule status of anesthesia, which is billed by time (CMS, RVU file documentation)."""


@rule(
    "form/units",
    trigger=every("line"),
    scope="line",
    reads=("code", "stated_units", "service_date"),
    aside=("rvu", "code_facts"),
    given=("units",),
    cites=("X12-837P",),
    verdicts=("review",),
    advice="Bill how often the service was done, in whole units; a drug in the unit of its code.",
    denial_codes=("16", "M53"),
)
def units(line: Line, rows: Rows) -> Findings:
    stated = line.item.units
    if stated is None:
        yield review(line, "The line has no readable units.", cite=rows.said, field="units")
    elif stated <= 0:
        text = f"The line is billed with {stated} units."
        yield review(line, text, cite=rows.said, field="units")
    elif line.item.unit_basis == _MINUTES:
        untimed = [entry for entry in rows.of("rvu") if entry["status"] != _TIMED]
        if untimed:
            text = f"{line.code} is billed in minutes (MJ), but is not paid by time."
            yield review(line, text, cite=(*rows.said, *untimed), field="unit_basis")
    elif stated % 1 and rows.fact("object"):
        text = f"{line.code} is billed with {stated} units; a procedure has whole units."
        yield review(line, text, cite=rows.said, field="units")
