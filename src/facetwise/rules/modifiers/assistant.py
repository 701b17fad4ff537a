"""Is an assistant at surgery billed only where the fee schedule pays one?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, modifier, rule
from facetwise.rules.modifiers.surgeons import judged

_NEVER, _DOCUMENTED = "1", "0"
"""Assistant indicators (CMS, RVU file documentation)."""


@rule(
    "modifiers/assistant",
    trigger=modifier("assistant"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "claim_type"),
    needs=("rvu",),
    cites=("RVU25D-DOC",),
    verdicts=("fail", "review"),
    advice="Remove the assistant's line.",
    denial_codes=("4", "N519"),
    binds="medicare",
)
def assistant(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    yield from judged(
        line, rows, column="assistant", who="assistant", never=_NEVER, documented=_DOCUMENTED
    )
