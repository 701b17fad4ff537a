"""What people mean when they write levels: joints, nerves, or a question back.

`L4-5`, `L4/5`, `L45` and `L4-L5` are one joint. `L3, L4 and L5 medial branches` are three nerves.
`L4-S1 RFA` may be two joints or a range of nerves: then the readings come back as a question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from facetwise.anatomy import ask
from facetwise.anatomy.meaning import Manner, meaning
from facetwise.anatomy.question import Question
from facetwise.anatomy.sides import sides_of
from facetwise.anatomy.spine import Kind, Side, nerve_name
from facetwise.anatomy.words import Mark, Noun, Token, Written, follow, plain, scan, spell


class Mention(NamedTuple):
    """A level that was written and is settled.

    Attributes:
        name: `L4-L5`, `L3 MB`, `S1`, as the kind has it.
        sides: None when no side was written for it.
        text: as it was written.
    """

    kind: Kind
    name: str
    sides: frozenset[Side] | None
    text: str


class Reading(NamedTuple):
    """What the levels of a text are.

    Attributes:
        mentions: settled levels in the order written.
        questions: what the text leaves open; each blocks.
        stated: number of levels or joints the text counts itself; None when it does not.
        spans: start and end of every piece of the `plain` text that was understood.
    """

    mentions: tuple[Mention, ...]
    questions: tuple[Question, ...]
    stated: int | None
    spans: tuple[tuple[int, int], ...]


class _Level(NamedTuple):
    """A written level, the token it stands in, and the run of levels it is part of."""

    written: Written
    token: int
    run: int


_GLUE = frozenset({"the", "at", "of", "on", "for", "over", "to", ":", "both", "involving", "in"})
_OF_NOUN = _GLUE | {
    "injection", "injections", "block", "blocks", "blockade", "diagnostic", "therapeutic", "lumbar",
    "cervical", "thoracic", "levels:", "joints:", "nerve", "bilateral:", "-", "intra-articular",
    "sacral", "respective", "corresponding",
}  # fmt: skip


def read_levels(text: str, manner: Manner = Manner.UNKNOWN) -> Reading:
    """Read every level in a text and the side it is on.

    Args:
        text: free text; words that are not of anatomy are passed over.
        manner: what the technique is applied to.

    Raises:
        ImpossibleLevelError: a level no spine has (L7, C1-C9).
    """
    tokens = list(scan(plain(text)))
    levels = list(_levels(tokens))
    sides, questions = sides_of(tokens, [level.token for level in levels])
    mentions: list[Mention] = []
    landmarks = 0
    for level, on in zip(levels, sides, strict=True):
        noun = _noun_of(level.run, levels, tokens)
        if noun is Noun.LANDMARK:
            landmarks += 1
            continue
        run = [other.written.names for other in levels if other.run == level.run]
        found = meaning(level.written, tokens[level.token].text, noun, manner, run)
        if isinstance(found, Question):
            questions.append(found)
        else:
            said = tokens[level.token].text
            mentions += [Mention(kind, name, on, said) for kind, name in found]
    questions += _of_places(mentions, tokens, landmarks)
    counts = [token.value for token in tokens if token.mark is Mark.COUNT]
    return Reading(
        tuple(mentions),
        tuple(_merged(questions)),
        stated=counts[0] if len(counts) == 1 and isinstance(counts[0], int) else None,
        spans=tuple((t.start, t.end) for t in tokens if t.mark is not Mark.WORD),
    )


def _levels(tokens: Sequence[Token]) -> Iterator[_Level]:
    """Levels with their runs: a run goes on over commas, `and` and sides."""
    run = 0
    before = ""
    joined = False
    for at, token in enumerate(tokens):
        match token.mark:
            case Mark.LEVEL:
                for written in spell(token.text):
                    yield _Level(written, at, run)
                    before = written.names[-1]
                joined = False
            case Mark.TON:
                yield _Level(Written(("TON",)), at, run)
                before = ""
                joined = False
            case Mark.ALA if _is_target(tokens, at):
                yield _Level(Written(("L5",)), at, run)
                before = ""
            case Mark.BARE if joined and before and (written := follow(before, token.text)):
                yield _Level(written, at, run)
                before = written.names[-1]
                joined = False
            case Mark.JOIN:
                joined = True
            case Mark.SIDE:
                pass
            case Mark.WORD if token.text.lower() in _GLUE:
                pass
            case _:
                run += 1
                before = ""


def _merged(questions: Sequence[Question]) -> list[Question]:
    """One question an id: the same question about several levels is asked once."""
    found: dict[str, Question] = {}
    for question in questions:
        if first := found.get(question.id):
            asked = first.ask if question.ask in first.ask else f"{first.ask} {question.ask}"
            answers = {**question.answers, **first.answers}
            question = replace(first, ask=asked, answers=answers)
        found[question.id] = question
    return list(found.values())


def _is_target(tokens: Sequence[Token], at: int) -> bool:
    """Whether `sacral ala` stands in a list of targets, and not where the L5 ramus is reached."""
    return at == 0 or tokens[at - 1].mark in (Mark.JOIN, Mark.SIDE)


def _noun_of(run: int, levels: Sequence[_Level], tokens: Sequence[Token]) -> Noun | None:
    """What a run of levels is of: the noun right after it, else right before it."""
    inside = [level.token for level in levels if level.run == run]
    after: Noun | None = None
    for token in tokens[inside[-1] + 1 :]:
        if isinstance(token.value, Noun):
            after = token.value
        elif after or (token.mark is not Mark.SIDE and token.text.lower() not in _OF_NOUN):
            break
    if after:
        return after
    for token in reversed(tokens[: inside[0]]):
        if isinstance(token.value, Noun):
            return token.value
        if token.mark is not Mark.SIDE and token.text.lower() not in _OF_NOUN:
            break
    return None


def _of_places(
    mentions: Sequence[Mention], tokens: Sequence[Token], landmarks: int
) -> Iterator[Question]:
    """Questions about bone landmarks, which say where a needle was and not which nerve."""
    alas = [m for m in mentions if m.text.lower().endswith(("ala", "alae", "alar"))]
    others = [m for m in mentions if m not in alas]
    if landmarks and not others:
        yield ask.landmarks()
    elif alas and any(m.name == nerve_name("L5") for m in others):
        yield ask.sacral_ala()
