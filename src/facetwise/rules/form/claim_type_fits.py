"""Is a code that only the practitioner or only the facility bills on the right kind of claim?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Encounter, Entry, Findings, Line, Rows, known, review, rule

_BILLS = {
    ClaimType.PRACTITIONER: "practitioner",
    ClaimType.ASC: "facility",
    ClaimType.HOSPITAL_OUTPATIENT: "facility",
}
_EXCLUDED = "E"
"""Status of a code that the physician fee schedule excludes by regulation (CMS RVU files)."""
_WHOSE = {"practitioner": "a practitioner's", "facility": "a facility's"}


@rule(
    "form/claim-type-fits",
    trigger=known("code_facts.code", fact="billed_by"),
    scope="encounter",
    reads=("code", "claim_type", "service_date"),
    aside=("rvu", "asc_surgical"),
    verdicts=("review",),
    advice="Bill the code of this kind of claim for the same procedure.",
    denial_codes=("16", "N657"),
)
def claim_type_fits(line: Line, encounter: Encounter, facts: Rows) -> Findings:
    wanted = facts.first["value"]
    bills = _BILLS.get(line.claim.claim_type, "")
    if bills == wanted:
        return
    names = f"{line.code} is for {_WHOSE[wanted]} claim"
    if not bills:
        text = f"{names}, and the claim does not say whose it is."
    else:
        text = f"{names}; this is {_WHOSE[bills]}."
    yield review(line, text, cite=(*facts, *_schedule(line, facts)), field="code")


def _schedule(line: Line, rows: Rows) -> tuple[Entry, ...]:
    """What the fee schedule of this kind of claim says: excluded, or not on its list."""
    if line.claim.claim_type is ClaimType.ASC:
        return rows.absent("asc_surgical")
    if line.claim.claim_type is ClaimType.PRACTITIONER:
        return tuple(entry for entry in rows.of("rvu") if entry["status"] == _EXCLUDED)
    return ()
