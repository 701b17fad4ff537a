"""What policies say of sedation beside the spine procedures of a day."""

from collections.abc import Iterable

from facetwise.rules.coverage.stated import documents, first_with, outcome, subjects
from facetwise.rules.declare import Encounter, Entry, Findings, Line, Rows, review
from facetwise.tables.answer import NotHeld

_ABLATION = "facet-ablation"
_INJECTION = ("diagnostic", "therapeutic", "intra-articular", "medial-branch-block")
_BESIDE = frozenset(
    {"moderate-sedation", "anesthesia", "evaluation-management", "drug", "contrast"}
)
"""Families of lines that are nobody's reason for sedation."""
_NO_PROCEDURE = NotHeld(
    "no procedure of the same patient and day is in the input.",
    "the claim of the procedure",
)


def sedation_found(
    line: Line, encounter: Encounter, rows: Rows, kinds: frozenset[str], name: str
) -> Findings:
    """What the documents say of sedation of these kinds, told at the claim's first such line.

    Args:
        kinds: words of the criteria: `moderate`, `deep`, `monitored-anesthesia-care`, `general`.
        name: what the line is, in a sentence.
    """
    if not first_with(line, encounter, rows, "family"):
        return
    treated = [other for other in encounter.lines if subjects(rows.policies, other.code)]
    if not treated:
        if all(rows.fact("family", other) in _BESIDE for other in encounter.lines):
            rows.policies.gaps.append(_NO_PROCEDURE)
        return
    ablated = [other for other in treated if rows.fact("family", other) == _ABLATION]
    applies = ("ablation",) if ablated else _INJECTION
    chosen = ablated or treated
    about = sorted({s for other in chosen for s in subjects(rows.policies, other.code)})
    said = [
        entry
        for subject in about
        for entry in rows.policies.criteria(subject=subject, topic="sedation", applies=applies)
        if entry["values"]
    ]
    if said:
        what = "an ablation" if ablated else "an injection"
        text = f"{name} ({line.code}) beside {what} ({chosen[0].code}): {_said(said, kinds)}."
        yield review(line, text, cite=said, field="code", others=tuple(chosen))


def _said(said: Iterable[Entry], kinds: frozenset[str]) -> str:
    entries = tuple(said)
    who = documents(entries)
    shut_out = frozenset(word for entry in entries for word in entry["values"].split())
    if kinds <= shut_out:
        return f"{who} says not reasonable and necessary; {outcome(entries)}"
    if kinds & shut_out:
        words = " or ".join(sorted(kinds & shut_out))
        return f"{who} covers no {words} sedation, and the rest only in a documented single case"
    return f"{who} covers it only in a documented single case, not as routine"
