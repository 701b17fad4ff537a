"""The sequence of procedures drawn: a box a step, choices side by side, this code's steps lit."""

import re
from html import escape
from textwrap import wrap
from typing import NamedTuple

from facetwise.pages.model import Grid

GRID = "ladder-steps"
"""The grid this figure is drawn from: a step begins with its number, choices with a letter too."""
_BOX = (150, 44)
_STEP = (164, 68)
_EDGE = 6
_LINE = 20
"""Characters a line of a box holds."""


class Ladder(NamedTuple):
    """The figure and its title."""

    title: str
    svg: str


class _Step(NamedTuple):
    number: int
    choice: str
    words: str
    lit: bool
    column: float
    row: int

    @property
    def left(self) -> float:
        return _EDGE + self.column * _STEP[0]

    @property
    def top(self) -> int:
        return _EDGE + self.row * _STEP[1]


def ladder(grid: Grid) -> tuple[Ladder, ...]:
    """One figure; none when the steps are not numbered."""
    steps = _steps(grid)
    if not steps:
        return ()
    width = 2 * _EDGE + _STEP[0] + _BOX[0]
    height = 2 * _EDGE + max(step.row for step in steps) * _STEP[1] + _BOX[1]
    told = "; ".join(f"{s.words}{' (this code)' if s.lit else ''}" for s in steps)
    ties = (
        _tie(one, two)
        for one in steps
        for two in steps
        if two.row == one.row + 1 and (one.choice in ("", two.choice) or not two.choice)
    )
    drawn = (
        f'<svg class="map ladder" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{escape(f"{grid.title}: {told}.")}">',
        *ties,
        *(_box(step) for step in steps),
        "</svg>",
    )
    return (Ladder(f"{grid.title}, the steps of this code lit", "".join(drawn)),)


def _steps(grid: Grid) -> list[_Step]:
    steps: list[_Step] = []
    numbered = [re.match(r"(\d+)([a-z]?)\.", row[0]) for row in grid.rows]
    numbers = sorted({int(found[1]) for found in numbered if found})
    for row, found in zip(grid.rows, numbered, strict=True):
        if found is None:
            return []
        column = {"": 0.5, "a": 0.0}.get(found[2], 1.0)
        number = int(found[1])
        place = numbers.index(number)
        steps.append(_Step(number, found[2], row[0], bool(row[-1]), column, place))
    return steps


def _box(step: _Step) -> str:
    lines = wrap(step.words, _LINE)[:2]
    middle = step.left + _BOX[0] / 2
    first = step.top + (27 if len(lines) == 1 else 19)
    words = "".join(
        f'<text x="{middle:g}" y="{first + 16 * at}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    return (
        f'<g class="box{" lit" if step.lit else ""}"><rect x="{step.left:g}" y="{step.top}" '
        f'width="{_BOX[0]}" height="{_BOX[1]}" rx="7"/>{words}</g>'
    )


def _tie(one: _Step, two: _Step) -> str:
    x1, x2 = one.left + _BOX[0] / 2, two.left + _BOX[0] / 2
    y1, y2 = one.top + _BOX[1], two.top
    middle = (y1 + y2) / 2
    lit = " lit" if one.lit and two.lit else ""
    return (
        f'<g class="tie{lit}"><path d="M{x1:g} {y1}C{x1:g} {middle:g} {x2:g} {middle:g} '
        f'{x2:g} {y2}"/><circle cx="{x2:g}" cy="{y2}" r="3.5"/></g>'
    )
