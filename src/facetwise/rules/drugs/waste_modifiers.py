"""Do the modifiers for drug thrown away agree with each other, and stand on a drug?"""

from facetwise.rules.declare import Findings, Line, Rows, modifier, review, rule

_DRUGS = ("drug", "contrast")


@rule(
    "drugs/waste-modifiers",
    trigger=modifier("drug-waste"),
    scope="line",
    reads=("code", "modifiers", "service_date"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="One line says that some was thrown away or that none was; only drug lines say either.",
    denial_codes=("4", "N519"),
)
def waste_modifiers(line: Line, told: Rows) -> Findings:
    said = {entry["modifier"]: entry for entry in told}
    named = " and ".join(said)
    family = told.fact("family")
    if len(said) > 1:
        text = f"{line.code} carries {named}: some was thrown away, or none was."
        yield review(line, text, cite=said.values(), field="modifiers")
    elif family and family not in _DRUGS:
        text = f"{named} is for drugs; {line.code} is not one."
        yield review(line, text, cite=said.values(), field="modifiers")
