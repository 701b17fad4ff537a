"""Does every line point to a diagnosis that stands on the claim?"""

from facetwise.rules.declare import Findings, Line, Rows, every, review, rule


@rule(
    "form/diagnosis-pointer",
    trigger=every("line"),
    scope="line",
    reads=("pointers", "diagnosis_count"),
    given=("pointers",),
    cites=("X12-837P",),
    verdicts=("review",),
    advice="Point the line to the diagnosis that is the reason for the service.",
    denial_codes=("16", "M76"),
    absence=True,
)
def diagnosis_pointer(line: Line, rows: Rows) -> Findings:
    count = len(line.claim.diagnoses)
    if not line.item.pointers:
        yield review(line, "The line points to no diagnosis.", cite=rows.said, field="pointers")
    for pointer in line.item.pointers:
        if not 1 <= pointer <= count:
            text = f"The line points to diagnosis {pointer}; the claim has {count}."
            yield review(line, text, cite=rows.said, field="pointers")
