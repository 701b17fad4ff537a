"""Does the place of service fit the procedure and who bills?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_OFFICE, _SURGICAL_CENTER = "11", "24"
"""Places of service (CMS place of service code set)."""
_USUAL = frozenset({"11", "19", "22", "24"})
"""Where procedures under imaging are usually done (places_of_service, `typical`)."""
_SEPARATE = "separate"


@rule(
    "site/place-of-service",
    trigger=known("code_facts.code", fact="guidance_included"),
    scope="encounter",
    reads=("code", "place_of_service", "claim_type"),
    cites=("CMS-POS-2024",),
    verdicts=("review",),
    advice="Correct the place of service, or bill on the form of who really bills.",
    denial_codes=("58",),
)
def place_of_service(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    place, kind = line.item.place_of_service, line.claim.claim_type
    if not place or rows.first["value"] == _SEPARATE or _told_before(line):
        return
    if kind is ClaimType.ASC and place != _SURGICAL_CENTER:
        text = f"A surgical center bills, but the place of service is {place}."
    elif kind is ClaimType.HOSPITAL_OUTPATIENT and place in (_OFFICE, _SURGICAL_CENTER):
        text = f"A hospital bills, but the place of service is {place}."
    elif place not in _USUAL:
        text = f"{line.code} is done under imaging; place of service {place} is unusual for it."
    else:
        return
    yield review(line, text, cite=rows.said, field="place_of_service")


def _told_before(line: Line) -> bool:
    """Whether an earlier line of the claim names the same place."""
    earlier = (item for item in line.claim.lines if item.number < line.number)
    return any(item.place_of_service == line.item.place_of_service for item in earlier)
