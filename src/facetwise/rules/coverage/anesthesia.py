"""Does the policy cover anesthesia with the procedure?"""

from facetwise.rules.coverage.sedated import sedation_found
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, rule

_ANY = frozenset({"monitored-anesthesia-care", "deep", "general"})
_MONITORED = "monitored-anesthesia"


@rule(
    "coverage/anesthesia",
    trigger=known("code_facts.code", fact="family", value="anesthesia"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "practitioner"),
    uses=("code_facts", "modifiers"),
    verdicts=("review",),
    advice="Bill it only where the record shows this patient's need; anxiety or preference is "
    "not enough.",
    denial_codes=("50", "N115"),
    policies=True,
)
def anesthesia(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    monitored = any(entry["class"] == _MONITORED for entry in rows.of("modifiers"))
    kinds = frozenset({"monitored-anesthesia-care"}) if monitored else _ANY
    name = "Monitored anesthesia" if monitored else "Anesthesia"
    yield from sedation_found(line, encounter, rows, kinds, name)
