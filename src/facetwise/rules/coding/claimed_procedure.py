"""Could a real procedure produce these lines, and is its reading a common one?"""

from datetime import date
from functools import lru_cache

from facetwise.coding import BadLineError, Decoding, decode
from facetwise.rules.declare import Encounter, Entry, Findings, Line, Rows, known, review, rule

_ASKED_ELSEWHERE = frozenset({"coding/decode-add-on", "coding/decode-modifiers"})
"""Steps whose objection is a rule of its own: add-on without primary, side conflict."""

Told = tuple[str, tuple[str, ...], int]


@rule(
    "coding/claimed-procedure",
    trigger=known("code_facts.code", fact="object"),
    scope="encounter",
    reads=("code", "modifiers", "units", "service_date", "practitioner"),
    verdicts=("review",),
    advice="Compare the lines with the joints and sides in the procedure note.",
    denial_codes=("16", "N657"),
)
def claimed_procedure(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    mine = [other for other in encounter.by(line.practitioner) if other.claim is line.claim]
    if not mine or mine[0].item is not line.item or line.day is None:
        return  # asked once a claim and practitioner
    read = [(other, told) for other in mine if (told := _told(other))]
    decoding = _decoded(tuple(told for _, told in read), line.day)
    for problem in (*decoding.problems, *decoding.notes):
        if problem.rule not in _ASKED_ELSEWHERE:
            lines = [read[number - 1][0] for number in problem.lines]
            cite = [Entry({}, citation) for citation in problem.citations]
            yield review(lines[0], problem.text, cite=cite, field="code", others=tuple(lines[1:]))


def _told(line: Line) -> Told | None:
    """What the decoder reads of a line; None when it cannot read it."""
    if line.units is None or line.units % 1:
        return None
    told = (line.code, line.modifiers, int(line.units))
    try:
        _decoded((told,), None)
    except BadLineError:
        return None
    return told


@lru_cache(maxsize=10_000)
def _decoded(told: tuple[Told, ...], day: date | None) -> Decoding:
    """The reading of lines, remembered: most claims of a practice repeat a few."""
    lines = [
        {"code": code, "modifiers": list(marks), "units": units} for code, marks, units in told
    ]
    return decode(lines, None, day)
