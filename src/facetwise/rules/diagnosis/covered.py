"""Does a diagnosis of the line support the procedure under the payer's list?"""

from collections.abc import Iterator

from facetwise.rules.coverage.stated import documents
from facetwise.rules.declare import (
    Draft,
    Encounter,
    Entry,
    Findings,
    Line,
    Rows,
    known,
    review,
    rule,
)
from facetwise.rules.diagnosis.orientation import for_orientation
from facetwise.rules.diagnosis.pointed import pointed_to, shown
from facetwise.tables.answer import Absent, Held, NotHeld

_ABLATION = "facet-ablation"


@rule(
    "diagnosis/covered",
    trigger=known("code_facts.code", fact="object"),
    scope="encounter",
    reads=("code", "service_date", "pointers", "diagnoses"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="If the record supports a listed diagnosis, point the line to it; else expect a denial.",
    denial_codes=("11", "50", "N115"),
    policies=True,
)
def covered(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    codes, why_none = pointed_to(line)
    view = rows.policies
    if why_none:
        view.gaps.append(why_none)
        return
    policies, book, day = view.policies, view.book, view.day
    answers = [policies.diagnosis(book, day, line.code, code) for code in codes]
    listed = [entry for answer in answers if isinstance(answer, Held) for entry in answer.entries]
    if any(entry["list"] == "covered" for entry in listed):
        return
    limited = [entry for entry in listed if entry["list"] == "limited"]
    unknown = next((answer for answer in answers if isinstance(answer, NotHeld)), None)
    if limited:
        yield from _limited(line, limited, rows)
    elif unknown:
        told = for_orientation(view, line.code, codes)
        view.gaps.append(NotHeld(f"{unknown.reason}{told}", unknown.supplied_by))
    else:
        said = [Entry({}, a.citation) for a in answers if isinstance(a, Absent)]
        text = f"{documents(said)} does not list {shown(codes)} for {line.code}."
        yield review(line, text, cite=said, field="pointers")


def _limited(line: Line, limited: list[Entry], rows: Rows) -> Iterator[Draft]:
    """A diagnosis kept for cysts never supports an ablation, and an injection only of a cyst."""
    codes = tuple(dict.fromkeys(entry["code"] for entry in limited))
    note = limited[0]["note"]
    text = f"{documents(limited)} lists {shown(codes)} only for this: {note}."
    if rows.fact("family") == _ABLATION:
        text = f"{line.code} is an ablation; {text}"
    yield review(line, text, cite=limited, field="pointers")
