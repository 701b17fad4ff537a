"""Which side each written level is on: a side may stand before its levels or after them."""

from collections.abc import Sequence
from itertools import pairwise

from facetwise.anatomy import ask
from facetwise.anatomy.question import Question
from facetwise.anatomy.spine import Side
from facetwise.anatomy.words import Mark, Token

Sides = frozenset[Side] | None


def sides_of(tokens: Sequence[Token], levels: Sequence[int]) -> tuple[list[Sides], list[Question]]:
    """The sides of the levels that stand at the given tokens.

    One side said anywhere before or after all levels holds for all. Several sides are read in
    front of their levels (`right L3-4, left L4-5`) or behind them (`L3-4 right, L4-5 left`).
    Anything else is asked.

    Returns:
        One entry a level, None where no side is said; and at most one question.
    """
    marks = _marks(tokens, frozenset(levels))
    outer = [mark for mark in marks if not mark.inherits]
    said = [mark.sides for mark in outer if mark.sides]
    found: dict[int, Sides] = {}
    question: list[Question] = []
    if len(set(said)) == 1 and not _between(outer):
        found = {mark.token: said[0] for mark in outer if not mark.sides}
    elif said:
        in_front = bool(outer[0].sides)
        behind = bool(outer[-1].sides)
        if in_front != behind and not _clash(outer):
            found = _bind(outer if in_front else outer[::-1])
        else:
            question = [ask.sides_unclear()]
    last: Sides = None
    for mark in marks:
        if mark.inherits:
            found[mark.token] = last
        else:
            last = found.get(mark.token, last)
    return [found.get(token) for token in levels], question


class _Mark:
    """A level or a side, in order; `inherits` when a level in brackets repeats the one before."""

    __slots__ = ("inherits", "sides", "token")

    def __init__(self, token: int, sides: Sides, inherits: bool = False) -> None:
        self.token = token
        self.sides = sides
        self.inherits = inherits


def _marks(tokens: Sequence[Token], levels: frozenset[int]) -> list[_Mark]:
    marks: list[_Mark] = []
    opened: int | None = None
    joined = False
    for at, token in enumerate(tokens):
        if token.mark is Mark.OPEN:
            opened = len(marks)
        elif token.mark is Mark.CLOSE and opened is not None:
            _inherit(marks, opened)
            opened = None
        elif token.mark is Mark.SIDE and isinstance(token.value, frozenset):
            if marks and marks[-1].sides and joined:
                marks[-1].sides |= token.value
            else:
                marks.append(_Mark(at, token.value))
        elif at in levels:
            marks.append(_Mark(at, None))
        joined = token.mark is Mark.SIDE or (joined and token.mark is Mark.JOIN)
    return marks


def _inherit(marks: list[_Mark], opened: int) -> None:
    """Levels in brackets without a side of their own take that of the level before."""
    inside = marks[opened:]
    if opened and inside and not any(mark.sides for mark in inside):
        for mark in inside:
            mark.inherits = True


def _between(marks: Sequence[_Mark]) -> bool:
    """Whether a side stands between levels, at neither end, and is not said again at once."""
    if not marks or marks[0].sides or marks[-1].sides:
        return False
    return not any(one.sides and other.sides for one, other in pairwise(marks))


def _clash(marks: Sequence[_Mark]) -> bool:
    """Whether two different sides follow each other with no level between them."""
    return any(
        one.sides and other.sides and one.sides != other.sides for one, other in pairwise(marks)
    )


def _bind(marks: Sequence[_Mark]) -> dict[int, Sides]:
    """Give each level the side met last on the way."""
    found: dict[int, Sides] = {}
    current: Sides = None
    for mark in marks:
        if mark.sides:
            current = mark.sides
        else:
            found[mark.token] = current
    return found
