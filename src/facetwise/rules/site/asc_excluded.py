"""Is an unlisted code billed at a surgical center, where Medicare does not pay it?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_SURGICAL_CENTER = "24"
"""Place of service of an ambulatory surgical center (CMS place of service code set)."""


@rule(
    "site/asc-excluded",
    trigger=known("code_facts.code", fact="family", value="unlisted"),
    scope="encounter",
    reads=("code", "service_date", "place_of_service", "claim_type"),
    uses=("asc_excluded",),
    verdicts=("review",),
    advice="Expect no facility payment; do it elsewhere, or use the code that names what was done.",
    denial_codes=("58", "96"),
)
def asc_excluded(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    listed = rows.of("asc_excluded")
    if not listed:
        return
    if line.claim.claim_type is ClaimType.ASC:
        text = f"{line.code} is excluded from Medicare payment to a surgical center."
    elif line.item.place_of_service == _SURGICAL_CENTER:
        text = f"{line.code} at a surgical center: Medicare pays the center nothing for it."
    else:
        return
    yield review(line, text, cite=listed, field="code")
