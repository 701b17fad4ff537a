"""Do the units of a drug counted by weight contradict the weight stated, or look like vials?"""

from decimal import Decimal

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_MILLIGRAMS = {"mg": "ME"}
"""X12 837P, CTP05-1: the unit in which a line states a weight of drug."""


@rule(
    "drugs/milligrams",
    trigger=known("code_facts.code", fact="drug_unit"),
    scope="encounter",
    reads=("code", "units", "drug", "service_date"),
    verdicts=("review",),
    advice="Bill the weight given, in units of the code, not the number of vials.",
    denial_codes=("16", "M53"),
)
def milligrams(line: Line, encounter: Encounter, facts: Rows) -> Findings:
    amount, _, unit = facts.first["value"].partition(" ")
    drug = line.item.drug
    if line.units is None or unit not in _MILLIGRAMS:
        return
    billed = line.units * Decimal(amount)
    names = f"{line.code} is counted by {amount} {unit}: {line.units} units are {billed} {unit}"
    if drug and drug.quantity is not None and drug.unit == _MILLIGRAMS[unit]:
        if drug.quantity != billed:
            text = f"{names}, and the line states {drug.quantity} {unit}."
            yield review(line, text, cite=facts, field="units")
    elif line.units == 1:
        text = f"{names}, which looks like one vial. {facts.first['note']}".strip()
        yield review(line, text, cite=facts, field="units")
