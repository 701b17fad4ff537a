"""What the fee schedule's surgeon indicators say of a modifier that tells another surgeon."""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Findings, Line, Rows, fail, review

_NO_SURGERY = "9"
"""Indicator of codes for which the question does not arise (CMS, RVU file documentation)."""


def judged(
    line: Line, rows: Rows, *, column: str, who: str, never: str, documented: str
) -> Findings:
    """Findings for a line whose modifier tells an assistant, a second surgeon or a team.

    Args:
        column: the indicator of the fee schedule.
        who: the same in plain words.
        never: its value when nobody else is ever paid.
        documented: its value when the need must be documented.
    """
    marks = " and ".join(dict.fromkeys(entry["modifier"] for entry in rows))
    for entry in rows.of("rvu"):
        indicator = entry[column]
        told = f"{line.code} with {marks} ({who} indicator {indicator})"
        cite = (entry, *rows.said)
        if indicator == never:
            practitioner = line.claim.claim_type is ClaimType.PRACTITIONER
            say = fail if practitioner else review
            yield say(line, f"{told}: never paid.", cite=cite, field="modifiers")
        elif indicator == documented:
            text = f"{told}: paid only with documents that show the need."
            advice = "Have the record show why it was needed; send it with the claim if asked."
            yield review(line, text, cite=cite, field="modifiers", advice=advice)
        elif indicator == _NO_SURGERY:
            text = f"{told}: the question does not arise for this code."
            yield review(line, text, cite=cite, field="modifiers")
