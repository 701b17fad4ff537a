"""Which tables are folded up until the reader asks, and what is told of them before that."""

from typing import NamedTuple

from facetwise.pages.contractors import UNKNOWN
from facetwise.pages.model import Grid

_LONG = 12
"""A table with more rows is folded up."""
_FOLDED = ("ladder-", "modifiers", "family", "rules", "rvu-releases", "facility-releases",
           "ptp-names", "taxonomies", "add-on-", "articles", "indicators")  # fmt: skip
_OPEN = ("worked-lines", "ptp")
_BY_ROW = {
    "payers-plans": ("document", "authorization", "confidence"),
    "payers-medicare": ("states", "document", "authorization"),
    "denials": ("how to prevent it",),
}
"""Tables whose rows are each folded up by themselves, and the cells told beside their name."""
_PLAIN = ("document", "states", "confidence", "how to prevent it")
"""Columns whose cells need no name before them."""
_USUAL = "primary"
"""The confidence that goes without saying."""
_FEW_ROWS = 2
"""So few rows are never folded up."""
_STEPS = "ladder-steps"
"""The table of what a figure beside it shows."""
_SIDES = ("bilateral", "side")


class Fold(NamedTuple):
    """How a table is folded up.

    Attributes:
        closed: whether the whole table is.
        each: whether each row is.
        told: positions of the cells that a folded row shows.
        headline: what the table says, in a line above it.
    """

    closed: bool = False
    each: bool = False
    told: tuple[int, ...] = ()
    headline: str = ""

    def beside(self, row: tuple[str, ...], columns: tuple[str, ...]) -> list[str]:
        """What stands beside the name of a folded row."""
        told = [(columns[at], row[at]) for at in self.told]
        return [
            cell if column in _PLAIN else f"{column}: {cell}"
            for column, cell in told
            if cell not in ("", _USUAL) and not (column in _PLAIN and cell == UNKNOWN)
        ]

    def known(self, row: tuple[str, ...]) -> list[int]:
        """Positions of the cells of a row that say something, after the first."""
        return [at for at, cell in enumerate(row) if at and cell not in ("", UNKNOWN)]

    def unknown(self, row: tuple[str, ...], columns: tuple[str, ...]) -> str:
        """The columns of which a row says that nothing is known."""
        unsaid = (at for at, cell in enumerate(row) if cell == UNKNOWN and at not in self.told)
        return ", ".join(columns[at] for at in unsaid)


def fold_of(grid: Grid) -> Fold:
    """How a table of a page is shown."""
    if grid.id in _BY_ROW:
        told = tuple(grid.columns.index(c) for c in _BY_ROW[grid.id] if c in grid.columns)
        return Fold(each=True, told=told)
    wanted = grid.id.startswith(_FOLDED) or len(grid.rows) > _LONG
    if grid.id.startswith("ladder-") and grid.id != _STEPS:
        return Fold(closed=True, headline=_numbers(grid))
    if grid.id in _OPEN or not wanted or len(grid.rows) <= _FEW_ROWS:
        return Fold()
    return Fold(closed=True, headline=_sides(grid) if grid.id == "modifiers" else "")


def _numbers(grid: Grid) -> str:
    """The limits that the first group of contractors sets; the others stand in the table."""
    limits = [f"{row[0]} {row[1]}" for row in grid.rows if any(c.isdigit() for c in row[1])]
    return f"{grid.columns[1]}: {'; '.join(limits)}." if limits else f"{grid.columns[1]}."


def _sides(grid: Grid) -> str:
    """The modifiers asked for most: those that tell sides, and those that pass a pair edit."""
    sides = [row[0] for row in grid.rows if any(c in row[2].split(", ") for c in _SIDES)]
    passing = [row[0] for row in grid.rows if row[-1] == "yes"]
    told = (("For sides", sides), ("Past a pair edit of indicator 1", passing))
    return " ".join(f"{what}: {', '.join(codes)}." for what, codes in told if codes)
