"""Does every line have a place of service that is a code of the set?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Claim, Findings, Rows, every, review, rule
from facetwise.rules.subject import line_of

_DIGITS = 2
"""Place of service codes run from 01 to 99 (CMS code set)."""


@rule(
    "form/place-of-service",
    trigger=every("claim"),
    scope="claim",
    reads=("place_of_service", "service_date", "claim_type"),
    aside=("place_of_service_list",),
    given=("place_of_service",),
    cites=("CMS-POS-2024",),
    verdicts=("review",),
    advice="Enter the two digits of the place where the patient was treated.",
    denial_codes=("16", "58"),
    absence=True,
)
def place_of_service(claim: Claim, rows: Rows) -> Findings:
    if claim.claim_type is ClaimType.HOSPITAL_OUTPATIENT:
        return  # a hospital's bill states a type of bill instead
    if not any(item.place_of_service for item in claim.lines):
        if claim.lines:
            text = "The claim states no place of service."
            yield review(None, text, cite=rows.said, field="place_of_service")
        return
    for item in claim.lines:
        line, place = line_of(claim, item), item.place_of_service
        if not _is_code(place):
            what = "is no code of two digits" if place else "is missing"
            text = f"The place of service {what}."
            yield review(line, text, cite=rows.said, field="place_of_service")
            continue
        listed = rows.of("place_of_service_list", line)
        if listed and not any(entry["setting"] for entry in listed):
            text = f"The place of service {place} is not assigned in the list added."
            yield review(line, text, cite=listed, field="place_of_service")


def _is_code(place: str) -> bool:
    return len(place) == _DIGITS and place.isascii() and place.isdigit() and int(place) > 0
