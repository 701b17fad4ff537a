"""How many levels and sides the lines of one family and region add up to."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from facetwise.coding.codebook import Code
from facetwise.coding.lines import Billed
from facetwise.coding.rulesets import Rules

MANY = 99
"""An open upper end, cut to what a spine has by the caller."""


class Tally(NamedTuple):
    """Levels, and how many of them are on which side, in the reading with fewest levels."""

    levels: int
    at_most: int
    both: int
    right: int
    left: int
    unstated: int


class Sides(NamedTuple):
    """Units of one code by the side they stand for."""

    fifty: int
    right: int
    left: int
    plain: int


def sides_of(lines: Iterable[Billed]) -> Sides:
    """Add up the units of one code by side."""
    fifty = right = left = plain = 0
    for line in lines:
        if "50" in line.modifiers:
            fifty += line.units
        elif "RT" in line.modifiers:
            right += line.units
        elif "LT" in line.modifiers:
            left += line.units
        else:
            plain += line.units
    return Sides(fifty, right, left, plain)


def by_role(group: Sequence[tuple[Billed, Code]]) -> dict[str, list[Billed]]:
    """The lines of a family by the role of their code."""
    found: dict[str, list[Billed]] = {}
    for line, code in group:
        found.setdefault(code.role, []).append(line)
    return found


def tally(group: Sequence[tuple[Billed, Code]], rules: Rules | None) -> Tally:
    """Add up one family and region.

    A code of one level (first, second) is one joint whatever its units; a code for each further
    joint counts by units; the code for the third and further levels is one joint or more.
    """
    total = Tally(0, 0, 0, 0, 0, 0)
    family = group[0][1].family
    style = rules.switch("bilateral-add-on", family).value if rules else ""
    for role, lines in by_role(group).items():
        sides = sides_of(lines)
        if role == "each-additional":
            found = _each(sides, style)
        else:
            found = _one(sides)
            if role == "third-and-further":
                found = found._replace(at_most=MANY)
        total = Tally(*(a + b for a, b in zip(total, found, strict=True)))
    return total


def _one(sides: Sides) -> Tally:
    both = bool(sides.fifty or (sides.right and sides.left) or sides.plain > 1)
    if both:
        return Tally(1, 1, 1, 0, 0, 0)
    if sides.right or sides.left:
        return Tally(1, 1, 0, int(bool(sides.right)), int(bool(sides.left)), 0)
    return Tally(1, 1, 0, 0, 0, 1)


def _each(sides: Sides, style: str) -> Tally:
    """Joints after the first; how both sides are written decides what pairs up."""
    pairs = min(sides.right, sides.left) if style in ("two-lines", "") else 0
    twice = sides.plain // 2 if style in ("twice", "ask", "") else 0
    both = sides.fifty + pairs + twice
    right, left = sides.right - pairs, sides.left - pairs
    unstated = sides.plain - 2 * twice
    levels = both + right + left + unstated
    return Tally(levels, levels + pairs + twice, both, right, left, unstated)
