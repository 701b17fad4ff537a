"""Does a surgical center bill a procedure that is packaged, without payment of its own?"""

from facetwise.claim import ClaimType
from facetwise.rules.declare import Encounter, Entry, Findings, Line, Rows, known, review, rule

_PACKAGED = "N1"
"""Payment indicator of ASC addendum AA: packaged, no separate payment."""


@rule(
    "site/asc-packaged",
    trigger=known("code_facts.code", fact="region"),
    scope="encounter",
    reads=("code", "service_date", "claim_type"),
    uses=("asc_surgical",),
    verdicts=("review",),
    advice="Expect no payment for these lines; the first level carries it.",
    denial_codes=("97", "M15"),
)
def asc_packaged(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if line.claim.claim_type is not ClaimType.ASC:
        return
    mine = [other for other in encounter.lines if other.claim is line.claim]
    packaged = [other for other in mine if _packaged(other, rows)]
    if not packaged or packaged[0].item is not line.item:
        return  # told once, at the first such line of the claim
    names = " and ".join(dict.fromkeys(other.code for other in packaged))
    text = f"{names} on a surgical center's claim: packaged, without payment of its own."
    cite = [entry for other in packaged for entry in _packaged(other, rows)]
    yield review(line, text, cite=cite, field="code", others=tuple(packaged[1:]))


def _packaged(line: Line, rows: Rows) -> list[Entry]:
    return [entry for entry in rows.of("asc_surgical", line) if entry["indicator"] == _PACKAGED]
