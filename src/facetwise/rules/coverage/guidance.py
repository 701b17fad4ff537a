"""Is the imaging that the code stands for one that the policy covers?"""

from facetwise.rules.coverage.stated import noncovered, not_covered, subjects
from facetwise.rules.declare import Entry, Findings, Line, Rows, known, review, rule

_UNNAMED = frozenset({"imaging", "separate"})
"""What `guidance_included` says where the code does not name one kind of imaging."""
_DOUBTED = {"none": "without imaging", "ultrasound": "by ultrasound"}
"""What a code can stand for that articles list as not covered, and how it is told."""


@rule(
    "coverage/guidance",
    trigger=known("code_facts.code", fact="guidance_included"),
    scope="line",
    reads=("code", "service_date"),
    verdicts=("review",),
    advice="Bill the code of the imaging that the record shows; if it shows this one, expect no "
    "payment.",
    denial_codes=("50", "N115"),
    policies=True,
)
def guidance(line: Line, rows: Rows) -> Findings:
    included = rows.first["value"]
    if included in _UNNAMED:
        return
    against = [
        asked
        for subject in sorted(subjects(rows.policies, line.code))
        for asked in rows.policies.criteria(subject=subject, topic="guidance")
        if _shut_out(included, asked)
    ]
    if included in _DOUBTED:
        against += noncovered(rows.policies, line.code)
    if against:
        how = _DOUBTED.get(included, f"by {included}")
        text = f"{line.code} is done {how}: {not_covered(against)}"
        yield review(line, text, cite=against, field="code")


def _shut_out(included: str, asked: Entry) -> bool:
    """Whether a document names the imaging it covers and this is none of it."""
    covered = asked["values"].split()
    return bool(covered) and set(included.split("-or-")).isdisjoint(covered)
