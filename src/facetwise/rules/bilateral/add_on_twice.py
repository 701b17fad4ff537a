"""Is the add-on of a bilateral first level billed twice, where Medicare wants one line with 50?"""

from decimal import Decimal

from facetwise.claim import ClaimType
from facetwise.policies.payers import MEDICARE
from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, review, rule

_WITH_50 = (ClaimType.PRACTITIONER, ClaimType.HOSPITAL_OUTPATIENT)
"""Claims that tell both sides with modifier 50 (NCCI manual I.V and VIII.H.9)."""
_FIRST = frozenset({"first", "first-joint"})
_SIDES = frozenset({"bilateral", "side"})
_BOTH_SIDES = "1"
"""Bilateral indicator of a code that is paid at 150 percent for two sides."""
_TWICE = Decimal(len("RL"))


@rule(
    "bilateral/add-on-twice",
    trigger=modifier("bilateral"),
    scope="encounter",
    reads=("code", "modifiers", "units", "service_date", "practitioner", "claim_type"),
    needs=("rvu",),
    aside=("code_facts", "modifiers"),
    cites=("NCCI-M26",),
    policies=True,
    verdicts=("review",),
    advice="If both sides of the further level were treated, bill it on one line with 50, one unit "
    "a level.",
    denial_codes=("151", "N362"),
)
def add_on_twice(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    medicare = rows.policies.whose.line_of_business == MEDICARE
    if not medicare or line.claim.claim_type not in _WITH_50:
        return
    if rows.fact("level_role") not in _FIRST:
        return
    family, region = rows.fact("family"), rows.fact("region")
    plain: dict[str, list[Line]] = {}
    for other in encounter.by(line.practitioner):
        if other.code == line.code or other.claim is not line.claim:
            continue
        alike = rows.fact("family", other) == family and rows.fact("region", other) == region
        if alike and not _sided(other, rows):
            plain.setdefault(other.code, []).append(other)
    for code, lines in plain.items():
        units = sum((other.units or Decimal(0) for other in lines), Decimal(0))
        schedule = [e for e in rows.of("rvu", lines[0]) if e["bilateral"] == _BOTH_SIDES]
        if units and units % _TWICE == 0 and schedule:
            text = (
                f"{code} is billed {units} times without a side beside {line.code} with 50: "
                "that is how CPT tells both sides; Medicare wants 50 on the add-on too."
            )
            others = (line, *lines[1:])
            cite = (*rows.said, *schedule)
            yield review(lines[0], text, cite=cite, field="units", others=others)


def _sided(other: Line, rows: Rows) -> bool:
    return any(entry["class"] in _SIDES for entry in rows.of("modifiers", other))
