"""Are two surgeons billed only where the fee schedule pays two?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, rule
from facetwise.rules.modifiers.surgeons import judged

_NEVER, _DOCUMENTED = "0", "1"
"""Co surgeon indicators (CMS, RVU file documentation)."""


@rule(
    "modifiers/co-surgeon",
    trigger=modifier("co-surgeon"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "claim_type"),
    needs=("rvu",),
    cites=("RVU25D-DOC",),
    verdicts=("fail", "review"),
    advice="Remove 62; one practitioner bills the procedure.",
    denial_codes=("4", "N519"),
    binds="medicare",
)
def co_surgeon(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    yield from judged(
        line, rows, column="co_surgeon", who="co-surgeon", never=_NEVER, documented=_DOCUMENTED
    )
