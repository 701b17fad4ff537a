"""Which techniques a text names, and which part of the text belongs to each."""

from collections.abc import Iterable
from typing import NamedTuple

from facetwise.anatomy import Question
from facetwise.anatomy.words import Mark, scan
from facetwise.procedure import ask
from facetwise.procedure.model import FACET_INJECTIONS, Technique
from facetwise.procedure.words import HEADS, PARTS, Found, Tag, tags


class Part(NamedTuple):
    """A stretch of text about one technique.

    Attributes:
        start: where it begins in the whole text.
        technique: None when its words do not settle it; then there is a question.
    """

    text: str
    start: int
    technique: Technique | None
    questions: tuple[Question, ...]


_ABLATE = frozenset({Tag.ABLATION, Tag.PULSED, Tag.COOLED, Tag.CRYO, Tag.LASER, Tag.CHEMICAL})
_KINDS_OF_ABLATION = {
    Tag.PULSED: Technique.PULSED,
    Tag.COOLED: Technique.COOLED,
    Tag.CRYO: Technique.CRYO,
    Tag.LASER: Technique.LASER,
    Tag.CHEMICAL: Technique.CHEMICAL,
}
_INJECT = frozenset({Tag.BRANCH_BLOCK, Tag.INTRA_ARTICULAR, Tag.FACET_INJECTION, Tag.FACET_BLOCK})
_EPIDURAL = frozenset({Tag.TRANSFORAMINAL, Tag.INTERLAMINAR, Tag.EPIDURAL})
_SACROILIAC = frozenset({Tag.SI_JOINT, Tag.LATERAL})


def parts_of(text: str) -> list[Part]:
    """Split a text where the technique changes; one technique is one part.

    A stretch without a technique of its own goes to the one before, or to the first after it
    when there is none before, or when the one before names its levels ahead of its technique.
    """
    cuts: list[tuple[int, int]] = []
    pending = 0
    for start, end in _chunks(text):
        found = [tag for tag in tags(text[start:end]) if tag.tag in HEADS]
        if found:
            cuts.append((pending, end))
        elif cuts and not _waits(text[cuts[-1][0] : cuts[-1][1]], text[start:end]):
            cuts[-1] = (cuts[-1][0], end)
        else:
            continue
        pending = end
    if pending < len(text) and cuts:
        cuts[-1] = (cuts[-1][0], len(text))
    parts = [_part(text, start, end) for start, end in cuts]
    if all(_alike(part.technique, parts[0].technique) for part in parts):
        return [_part(text, 0, len(text))]
    return _joined(text, parts)


def _chunks(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for mark in PARTS.finditer(text):
        yield start, mark.start()
        start = mark.start()
    yield start, len(text)


def _waits(before: str, chunk: str) -> bool:
    """Whether levels in a chunk wait for a later technique: the one before has its own levels."""
    marks = [token for token in scan(chunk) if token.mark in (Mark.LEVEL, Mark.TON, Mark.SIDE)]
    if not marks:
        return False
    levels = [token for token in scan(before) if token.mark in (Mark.LEVEL, Mark.TON)]
    heads = [tag for tag in tags(before) if tag.tag in HEADS]
    return bool(levels) and levels[0].start < heads[0].start


def _joined(text: str, parts: list[Part]) -> list[Part]:
    """Neighbouring parts of one technique are one, and so are two that only settle together."""
    joined = parts[:1]
    for part in parts[1:]:
        last = joined[-1]
        whole = _part(text, last.start, part.start + len(part.text))
        unsettled = None in (part.technique, last.technique)
        if _alike(part.technique, last.technique) or (unsettled and whole.technique):
            joined[-1] = whole
        else:
            joined.append(part)
    return joined


def _alike(one: Technique | None, other: Technique | None) -> bool:
    """Whether two stretches are of one kind: a joint and its nerves are injected as one level."""
    return one is other or {one, other} <= FACET_INJECTIONS


def _part(text: str, start: int, end: int) -> Part:
    said = text[start:end]
    technique = technique_of(tags(said))
    if isinstance(technique, Question):
        return Part(said, start, None, (technique,))
    return Part(said, start, technique, ())


def technique_of(found: Iterable[Found]) -> Technique | Question:
    """The one technique that the words of a part name, or the question they leave."""
    words = list(found)
    present = {word.tag for word in words}
    if Tag.OTHER in present:
        return ask.other_procedure([word.text for word in words if word.tag is Tag.OTHER])
    sacroiliac = bool(present & _SACROILIAC)
    cyst = Tag.CYST in present
    kinds = [
        bool(present & _EPIDURAL),
        sacroiliac,
        Tag.TRIGGER in present,
        cyst,
        bool(present & _ABLATE) and not sacroiliac,
        bool(present & _INJECT) and not sacroiliac and not cyst,
    ]
    if sum(kinds) > 1:
        return ask.two_techniques([word.text for word in words if word.tag in HEADS])
    if present & _EPIDURAL:
        return _epidural(present)
    if sacroiliac:
        return _sacroiliac(present, words)
    if present & _ABLATE:
        return _ablation(present)
    return _injection(present)


def _epidural(present: set[Tag]) -> Technique | Question:
    approaches = present & {Tag.TRANSFORAMINAL, Tag.INTERLAMINAR}
    if len(approaches) != 1:
        return ask.epidural_approach()
    return Technique.TRANSFORAMINAL if Tag.TRANSFORAMINAL in present else Technique.INTERLAMINAR


def _sacroiliac(present: set[Tag], words: list[Found]) -> Technique | Question:
    if present & _ABLATE:
        if present & _KINDS_OF_ABLATION.keys() - {Tag.COOLED}:
            return ask.si_not_thermal()
        return Technique.SI_NERVE_ABLATION
    nerve_block = any(word.tag is Tag.BLOCK and "nerve" in word.text.lower() for word in words)
    if nerve_block or (Tag.LATERAL in present and present & {Tag.BLOCK, Tag.INJECTION}):
        return Technique.SI_NERVE_BLOCK
    if present & {Tag.INJECTION, Tag.INTRA_ARTICULAR} and Tag.LATERAL not in present:
        return Technique.SI_JOINT
    return ask.si_technique()


def _ablation(present: set[Tag]) -> Technique | Question:
    named = [technique for tag, technique in _KINDS_OF_ABLATION.items() if tag in present]
    if len(named) > 1:
        return ask.two_techniques([str(technique) for technique in named])
    return named[0] if named else Technique.THERMAL


def _injection(present: set[Tag]) -> Technique | Question:
    if Tag.TRIGGER in present:
        return Technique.TRIGGER_POINT
    if Tag.CYST in present:
        return Technique.CYST
    given = present & {Tag.INJECTION, Tag.BLOCK}
    if present & {Tag.INTRA_ARTICULAR, Tag.FACET_INJECTION}:
        return Technique.INTRA_ARTICULAR
    if present & {Tag.BRANCH_BLOCK, Tag.FACET_BLOCK} or (Tag.BRANCH in present and given):
        return Technique.MEDIAL_BRANCH_BLOCK
    if Tag.FACET in present and given:
        block = Tag.BLOCK in present
        return Technique.MEDIAL_BRANCH_BLOCK if block else Technique.INTRA_ARTICULAR
    return ask.technique()
