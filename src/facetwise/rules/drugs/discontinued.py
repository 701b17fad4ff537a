"""Is a drug billed with a code that Medicare no longer takes on the date of service?"""

from decimal import Decimal

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule
from facetwise.sources import Basis


@rule(
    "drugs/discontinued",
    trigger=known("rvu.code", status="I"),
    scope="encounter",
    reads=("code", "service_date", "claim_type"),
    aside=("code_facts", "mue"),
    verdicts=("review",),
    advice="Bill the code that was valid on the date of service, in that code's own unit.",
    denial_codes=("181", "N657"),
)
def discontinued(line: Line, encounter: Encounter, schedule: Rows) -> Findings:
    if any(Decimal(limit["units"]) == 0 for limit in schedule.of("mue")):
        return  # a limit of no units: the MUE rule tells it
    replaced = [e for e in schedule.of("code_facts") if e["fact"] == "replaced_by"]
    now = f"; {replaced[0]['value']} takes its place" if replaced else ""
    cited = schedule.first.citation
    edition = cited.edition.id
    held = f"{edition}, which is of a later date," if cited.basis is Basis.DERIVED else edition
    text = f"{held} marks {line.code} as not valid for Medicare (status I){now}."
    yield review(line, text, cite=(schedule.first, *replaced), field="code")
