"""A procedure in words to a Procedure: a fixed grammar, no guessing.

What the text leaves open stays open: unknown fields are None, ambiguous levels come as questions.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from facetwise.anatomy import JOINTS, Kind, Manner, Question, Reading, Side, completed, read_levels
from facetwise.anatomy.words import Mark, plain, scan
from facetwise.procedure import ask, words
from facetwise.procedure.findings import levels_of_findings
from facetwise.procedure.model import (
    ABLATIONS,
    Agent,
    BadProcedureError,
    Guidance,
    Intervention,
    Procedure,
    Purpose,
    Sedation,
    Target,
    Technique,
)
from facetwise.procedure.parts import Part, parts_of

LONGEST = 4_000
"""Characters; a procedure is a sentence or two, a whole note is read by `notes`."""

_MANNER = {
    Technique.INTRA_ARTICULAR: Manner.JOINT,
    Technique.CYST: Manner.JOINT,
    Technique.MEDIAL_BRANCH_BLOCK: Manner.NERVE,
    Technique.INTERLAMINAR: Manner.INTERSPACE,
    Technique.TRANSFORAMINAL: Manner.FORAMEN,
    **dict.fromkeys(ABLATIONS, Manner.NERVE),
}
_SACROILIAC = (Technique.SI_JOINT, Technique.SI_NERVE_BLOCK, Technique.SI_NERVE_ABLATION)
_WITHOUT_LEVELS = (*_SACROILIAC, Technique.TRIGGER_POINT)
Span = tuple[int, int]


def read_text(text: str, day: date | None = None) -> Procedure:
    """Read a procedure from words such as `bilateral L3-4, L4-5 MBB under fluoroscopy`.

    Args:
        text: one session in one or two sentences, at most `LONGEST` characters.
        day: the date of service.

    Raises:
        BadProcedureError: the text is empty or longer than a procedure is.
        ImpossibleLevelError: it names a level no spine has.
    """
    said = plain(text).strip()
    if not said:
        raise BadProcedureError("no procedure was given.", todo="Say what was done, and where.")
    if len(said) > LONGEST:
        raise BadProcedureError(
            f"the text has {len(said)} characters; at most {LONGEST} are read.",
            todo="Give one session in a sentence or two.",
        )
    guidance, questions = _guidance(said)
    temperature, more = _temperature(said)
    questions += more
    spans: list[Span] = []
    interventions: list[Intervention] = []
    for part in parts_of(said):
        reading = _levels(part)
        spans += [(part.start + first, part.start + last) for first, last in reading.spans]
        targets, open_ends = _targets(part, reading)
        questions += [*part.questions, *reading.questions, *open_ends]
        ablates = part.technique in ABLATIONS or part.technique is Technique.SI_NERVE_ABLATION
        interventions.append(
            Intervention(
                part.technique,
                targets,
                Purpose.ABLATION if ablates else _purpose(said),
                guidance,
                temperature if ablates else None,
                _muscles(said),
                catheter="catheter" in part.text.lower(),
                levels_stated=reading.stated,
            )
        )
    questions += _unclear(said)
    by_id = {question.id: question for question in reversed(questions)}
    return Procedure(
        tuple(interventions),
        day,
        agents=_agents(said),
        sedation=_first(words.SEDATIONS, said),
        questions=tuple(reversed(by_id.values())),
        unread=_unread(said, spans),
    )


def _levels(part: Part) -> Reading:
    if part.technique in _SACROILIAC:
        return read_levels(part.text, Manner.NERVE)
    manner = _MANNER.get(part.technique) if part.technique else None
    reading = read_levels(part.text, manner or Manner.UNKNOWN)
    if part.technique in _WITHOUT_LEVELS or part.technique is None:
        return reading._replace(questions=tuple(q for q in reading.questions if q.id == "side"))
    return reading


def _targets(part: Part, reading: Reading) -> tuple[tuple[Target, ...], list[Question]]:
    if part.technique in _SACROILIAC:
        own = {"L5 DR"}
        others = [
            m.name for m in reading.mentions if m.kind is not Kind.SACRAL and m.name not in own
        ]
        questions = [ask.levels_beside_si(others)] if others else []
        return (Target(Kind.SI_JOINT, "SI joint", _sides(part.text)),), questions
    if part.technique is Technique.TRIGGER_POINT:
        return (), []
    if part.technique is Technique.INTERLAMINAR and "caudal" in part.text.lower():
        return (Target(Kind.INTERSPACE, "caudal"),), []
    targets = tuple(Target(m.kind, m.name, m.sides) for m in reading.mentions)
    return tuple(dict.fromkeys(targets)), _disagreement(targets)


def _sides(text: str) -> frozenset[Side] | None:
    said = [token.value for token in scan(text) if token.mark is Mark.SIDE]
    return frozenset[Side]().union(*(s for s in said if isinstance(s, frozenset))) or None


def _disagreement(targets: Sequence[Target]) -> list[Question]:
    """Nerves that complete a joint next to the ones named with them: one is off by a level."""
    joints = [t.name for t in targets if t.kind is Kind.JOINT]
    nerves = [t.name for t in targets if t.kind is Kind.NERVE]
    if not joints or not nerves:
        return []
    others = [j for j in completed(nerves).joints if j.name not in joints]
    if any(abs(other.at - JOINTS[name].at) == 1 for other in others for name in joints):
        return [ask.disagreement(joints, nerves)]
    return []


def _guidance(text: str) -> tuple[Guidance | None, list[Question]]:
    denied = words.UNGUIDED.search(text)
    rest = words.FILM.sub(" ", words.UNGUIDED.sub(" ", text))
    used = [guidance for guidance, pattern in words.GUIDANCES if pattern.search(rest)]
    if len(used) > 1 and not {*used} <= {Guidance.FLUOROSCOPY, Guidance.CT}:
        return None, [ask.two_guidances()]
    if used:
        return used[0], []
    return (Guidance.NONE if denied else None), []


def _temperature(text: str) -> tuple[Decimal | None, list[Question]]:
    stated = {_celsius(found) for found in words.TEMPERATURE.finditer(text)}
    if len(stated) > 1:
        return None, [ask.two_temperatures()]
    return (stated.pop() if stated else None), []


def _celsius(found: re.Match[str]) -> Decimal:
    degrees = Decimal(found["degrees"])
    return round((degrees - 32) * 5 / 9, 1) if found["fahrenheit"] else degrees


def _purpose(text: str) -> Purpose | None:
    text = words.EARLIER.sub(" ", text)
    diagnostic = words.DIAGNOSTIC.search(text)
    if words.THERAPEUTIC.search(text):
        return None if diagnostic else Purpose.THERAPEUTIC
    if words.DIAGNOSTIC_SECOND.search(text):
        return Purpose.DIAGNOSTIC_SECOND
    if words.DIAGNOSTIC_FIRST.search(text):
        return Purpose.DIAGNOSTIC_FIRST
    return Purpose.DIAGNOSTIC if diagnostic else None


def _muscles(text: str) -> int | None:
    if found := words.MUSCLES.search(text):
        number = found["number"].lower()
        return words.NUMBERS.get(number) or int(number)
    return None


def _agents(text: str) -> tuple[Agent, ...]:
    agents: list[Agent] = []
    for found in words.AGENT.finditer(text):
        name = next(n for at, (n, _) in enumerate(words.AGENTS) if found[f"a{at}"])
        amount, unit = found["before"], found["unit_before"]
        if amount is None:
            amount, unit = found["after"], found["unit_after"]
        grams = unit is not None and unit.lower() == "g"
        agents.append(Agent(name, Decimal(amount) * (1000 if grams else 1) if amount else None))
    return tuple(agents)


def _first(entries: Sequence[tuple[Sedation, re.Pattern[str]]], text: str) -> Sedation | None:
    return next((value for value, pattern in entries if pattern.search(text)), None)


def _unclear(text: str) -> list[Question]:
    rest = words.FILM.sub(" ", words.UNGUIDED.sub(" ", text))
    found = [match.group() for match in words.UNCLEAR.finditer(rest)]
    found += levels_of_findings(text)
    return [ask.unclear_words(found)] if found else []


def _unread(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Words that nothing here understood, in order; they changed no answer."""
    known = [*spans, *((tag.start, tag.end) for tag in words.tags(text))]
    patterns = [
        words.UNGUIDED, words.FILM, words.DIAGNOSTIC_FIRST, words.DIAGNOSTIC_SECOND,
        words.DIAGNOSTIC, words.THERAPEUTIC, words.AGENT, words.TEMPERATURE, words.MUSCLES,
        words.UNCLEAR, words.FINDINGS,
        *(p for _, p in words.GUIDANCES), *(p for _, p in words.SEDATIONS),
    ]  # fmt: skip
    known += [found.span() for pattern in patterns for found in pattern.finditer(text)]
    left = [
        found.group()
        for found in re.finditer(r"[A-Za-z][A-Za-z'-]+", text)
        if not any(first <= found.start() < last for first, last in known)
        and found.group().lower() not in words.FILLERS
    ]
    return tuple(dict.fromkeys(left))
