"""Is 26 or TC used only on codes that have a professional and a technical part?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import (
    Encounter,
    Findings,
    Line,
    Rows,
    fail,
    modifier,
    review,
    rule,
)

_PHYSICIAN_SERVICE = "0"
"""PC/TC indicator of services that are never split (CMS, RVU file documentation)."""
_OTHERWISE_WHOLE = {"2": "it is the professional part already",
                    "3": "it is the technical part already",
                    "4": "it is both parts together",
                    "9": "the question of parts does not arise"}  # fmt: skip
"""Other PC/TC indicators with which a part is not expected (CMS, RVU file documentation)."""


@rule(
    "modifiers/component",
    trigger=modifier("component"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "claim_type"),
    needs=("rvu",),
    cites=("RVU25D-DOC",),
    verdicts=("fail", "review"),
    advice="Remove 26 or TC.",
    denial_codes=("4", "N519"),
    binds="medicare",
)
def component(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    marks = " and ".join(dict.fromkeys(entry["modifier"] for entry in rows))
    for entry in rows.of("rvu"):
        indicator = entry["pctc"]
        names = f"{marks} does not fit {line.code}: PC/TC indicator {indicator}"
        if indicator == _PHYSICIAN_SERVICE:
            text = f"{names}, it has no separate parts."
            practitioner = line.claim.claim_type is ClaimType.PRACTITIONER
            say = fail if practitioner else review
            yield say(line, text, cite=(entry, *rows.said), field="modifiers")
        elif why := _OTHERWISE_WHOLE.get(indicator):
            yield review(line, f"{names}, {why}.", cite=(entry, *rows.said), field="modifiers")
