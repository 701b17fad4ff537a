"""Is a surgical team billed only where the fee schedule pays one?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, rule
from facetwise.rules.modifiers.surgeons import judged

_NEVER, _DOCUMENTED = "0", "1"
"""Team surgeon indicators (CMS, RVU file documentation)."""


@rule(
    "modifiers/team-surgery",
    trigger=modifier("team"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "claim_type"),
    needs=("rvu",),
    cites=("RVU25D-DOC",),
    verdicts=("fail", "review"),
    advice="Remove 66; one practitioner bills the procedure.",
    denial_codes=("4", "N519"),
    binds="medicare",
)
def team_surgery(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    yield from judged(
        line, rows, column="team_surgeon", who="team", never=_NEVER, documented=_DOCUMENTED
    )
