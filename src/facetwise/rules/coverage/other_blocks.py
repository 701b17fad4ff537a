"""Are different blocks billed on one day, where the policy wants one or each documented?"""

from facetwise.rules.coverage.stated import documents, outcome, subjects
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_BLOCKED = frozenset(
    {
        "facet-joint", "facet-joint-nerves", "si-joint", "si-joint-nerves", "epidural-space",
        "muscle", "peripheral-nerve", "paravertebral-space", "sympathetic-ganglia",
    }
)  # fmt: skip
"""Objects (`code_facts`) of the injections that contractors call blocks: epidural, sacroiliac,
sympathetic, facet, trigger point (L39383)."""
_EXCLUDED = "excluded"


@rule(
    "coverage/other-blocks",
    trigger=known("code_facts.code", fact="object"),
    scope="encounter",
    reads=("code", "service_date", "practitioner"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="Keep the record that shows why each was needed that day; a session that excludes "
    "others is paid alone, unless a facet cyst was treated.",
    denial_codes=("50", "N115"),
    policies=True,
)
def other_blocks(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    about = subjects(rows.policies, line.code)
    if not about:
        return
    others: list[Line] = []
    for other in encounter.by(line.practitioner):
        if not about.isdisjoint(subjects(rows.policies, other.code)):
            if other.claim is line.claim and other.number < line.number:
                return  # told at the first line of its subject
        elif rows.fact("object", other) in _BLOCKED and not _same_level(line, other, rows):
            others.append(other)
    if not others:
        return
    names = " and ".join(dict.fromkeys(other.code for other in others))
    for subject in sorted(about):
        for said in rows.policies.criteria(subject=subject, name="other-blocks"):
            who = documents((said,))
            if _EXCLUDED in said["values"].split():
                rest = f"{who} covers no other block in the session; {outcome((said,))}"
            else:
                rest = f"{who} wants the need of each documented"
            text = f"{line.code} with {names} on one day: {rest}."
            yield review(line, text, cite=(said,), field="code", others=tuple(others))


def _same_level(line: Line, other: Line, rows: Rows) -> bool:
    """A facet procedure with a transforaminal epidural in its region is a rule of its own."""
    return (
        rows.fact("family", other) == "epidural-transforaminal"
        and rows.fact("family").startswith("facet-")
        and rows.fact("region", other) == rows.fact("region")
    )
