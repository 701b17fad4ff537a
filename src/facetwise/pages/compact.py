"""A page for reading: what repeats is told once. The page as data (JSON) keeps every row."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from facetwise.pages.contractors import UNKNOWN
from facetwise.pages.model import Grid, NotAvailable, Page

Row = tuple[str, ...]
Recipe = Callable[[Grid], tuple[Grid, ...]]
_FEW = 2
"""Rows from which a column that always says the same is told above the table instead."""
_NAMED = 2
"""Releases named one by one; more are named by the first and the last."""


def compact(page: Page) -> Page:
    """The page with its long tables made short; no value and no source is left out."""
    sections = tuple(
        replace(
            section,
            grids=tuple(short for grid in section.grids for short in shorter(grid)),
            not_available=_gaps(section.not_available),
        )
        for section in page.sections
    )
    return replace(page, sections=sections)


def shorter(grid: Grid) -> tuple[Grid, ...]:
    """One table as one or two that say the same in fewer rows and columns."""
    recipe = next((r for start, r in _RECIPES if grid.id.startswith(start)), _plain)
    return recipe(grid)


def _gaps(gaps: Iterable[NotAvailable]) -> tuple[NotAvailable, ...]:
    """What one file would supply, together."""
    by_file: dict[str, list[str]] = {}
    for gap in gaps:
        by_file.setdefault(gap.supplied_by, []).append(gap.what.rstrip("."))
    return tuple(NotAvailable("; ".join(what), file) for file, what in by_file.items())


def _plain(grid: Grid) -> tuple[Grid, ...]:
    return (_without_constants(grid),)


def _releases(grid: Grid) -> tuple[Grid, ...]:
    """Neighbouring releases that state the same become one row with the span of their dates."""
    groups: list[list[Row]] = []
    for row in grid.rows:
        if groups and groups[-1][0][2:] == row[2:]:
            groups[-1].append(row)
        else:
            groups.append([row])
    rows = tuple(
        (_names([row[0] for row in group]), _span([row[1] for row in group]), *group[0][2:])
        for group in groups
    )
    return (_without_constants(replace(grid, rows=rows)),)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= _NAMED else f"{names[0]} to {names[-1]}"


def _span(windows: Iterable[str]) -> str:
    """Windows that follow one another without a day between them as one."""
    spans: list[tuple[str, str]] = []
    for window in windows:
        first, _, last = window.partition("/")
        if spans and _next_day(spans[-1][1]) == first:
            spans[-1] = (spans[-1][0], last)
        elif (first, last) not in spans:
            spans.append((first, last))
    return ", ".join(f"{first}/{last}" for first, last in spans)


def _next_day(day: str) -> str:
    return day if day == ".." else (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _diagnoses(grid: Grid) -> tuple[Grid, ...]:
    """Codes that stand alike in one row."""
    return (_alike(_without_constants(grid)),)


def _alike(grid: Grid) -> Grid:
    groups: dict[Row, list[str]] = {}
    for first, *rest in grid.rows:
        groups.setdefault(tuple(rest), []).append(first)
    rows = tuple((", ".join(dict.fromkeys(firsts)), *rest) for rest, firsts in groups.items())
    return replace(grid, rows=rows)


def _pairs(grid: Grid) -> tuple[Grid, ...]:
    """The other codes of pairs that stand alike in one row, and their names in a table of names."""
    told = _alike(_beside(grid, "other codes", [row[0] for row in grid.rows]))
    names = tuple(dict.fromkeys((row[0], row[1]) for row in grid.rows))
    about = Grid("ptp-names", "The other codes by name", grid.columns[:2], names, grid.citations)
    return (told, about) if grid.rows else (told,)


def _other_pairs(grid: Grid) -> tuple[Grid, ...]:
    """How many pairs with codes of other fields stand alike."""
    told = _beside(grid, "pairs", ["" for _ in grid.rows])
    counts = Counter(row[1:] for row in told.rows)
    rows = tuple((f"{count:,}", *row) for row, count in counts.most_common())
    title = f"{grid.title}, counted; facetwise page --format json lists each"
    return (replace(told, title=title, rows=rows),)


def _beside(grid: Grid, first: str, firsts: Sequence[str]) -> Grid:
    """A row a pair: its indicators, the edition only where it is not the usual one."""
    cells: list[Sequence[str]] = [firsts]
    same: list[tuple[str, str]] = []
    for at in (4, 6):
        editions = Counter(row[at + 1] for row in grid.rows if row[at + 1])
        usual = editions.most_common(1)[0][0] if editions else ""
        cells.append([_with_edition(row[at], row[at + 1], usual) for row in grid.rows])
        if usual:
            others = ", unless named" if len(editions) > 1 else ""
            same.append((grid.columns[at + 1], usual + others))
    cells.append([_side(row) for row in grid.rows])
    columns = (first, "practitioner", "hospital", "the other code is")
    return replace(grid, columns=columns, rows=tuple(zip(*cells, strict=True)), same=tuple(same))


def _with_edition(indicator: str, edition: str, usual: str) -> str:
    return indicator if edition in ("", usual) else f"{indicator}, {edition}"


def _side(row: Row) -> str:
    """Where the other code stands, and so which of the two is the one denied (column 2)."""
    other, first = row[0], row[2]
    return "column 1" if other == first else "column 2"


def _gates(grid: Grid) -> tuple[Grid, ...]:
    """Contractors that answer a step alike in one column; those of whom nothing is known above."""
    cells = list(zip(*grid.rows, strict=True)) if grid.rows else []
    groups: dict[Row, list[str]] = {}
    for head, column in zip(grid.columns[1:], cells[1:], strict=False):
        groups.setdefault(column, []).append(head)
    if not groups:
        return (grid,)
    silent = [heads for column, heads in groups.items() if set(column) == {UNKNOWN}]
    told = {column: heads for column, heads in groups.items() if set(column) != {UNKNOWN}}
    columns = (grid.columns[0], *("; ".join(heads) for heads in told.values()))
    rows = tuple(zip(cells[0], *told, strict=True))
    same = tuple(("; ".join(heads), UNKNOWN) for heads in silent)
    return (replace(grid, columns=columns, rows=rows, same=same),)


def _worked(grid: Grid) -> tuple[Grid, ...]:
    """Rulesets that answer alike, with what their names share said once."""
    return (replace(grid, columns=tuple(_shared_once(head) for head in grid.columns)),)


def _shared_once(head: str) -> str:
    parts = [name.split(", ") for name in head.split("; ")]
    if len(parts) > 1 and all(len(part) == len(parts[0]) == _NAMED for part in parts):
        firsts, lasts = zip(*parts, strict=True)
        if len(set(lasts)) == 1:
            return f"{', '.join(firsts)}: {lasts[0]}"
        if len(set(firsts)) == 1:
            return f"{firsts[0]}: {'; '.join(lasts)}"
    return head


def _without_constants(grid: Grid) -> Grid:
    """Columns that say the same in every row are told above; the first two stay."""
    if len(grid.rows) < _FEW:
        return grid
    columns = list(zip(*grid.rows, strict=True))
    alike = {at for at, cells in enumerate(columns) if at > 1 and len(set(cells)) == 1}
    kept = [at for at in range(len(columns)) if at not in alike]
    same = tuple((grid.columns[at], columns[at][0]) for at in sorted(alike) if columns[at][0])
    return replace(
        grid,
        columns=tuple(grid.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in grid.rows),
        same=(*grid.same, *same),
    )


_RECIPES: tuple[tuple[str, Recipe], ...] = (
    ("rvu-releases", _releases),
    ("facility-releases", _releases),
    ("diagnoses-", _diagnoses),
    ("ptp-others", _other_pairs),
    ("ptp", _pairs),
    ("worked-lines", _worked),
    ("ladder-steps", _plain),
    ("ladder-", _gates),
)
"""By the start of a table's id; the first that fits."""
