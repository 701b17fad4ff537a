"""Small charts of what a code was worth in every release held; the table beside them says all."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from html import escape
from typing import NamedTuple

from facetwise.pages.model import Grid

GRID = "rvu-releases"
"""The grid these charts are drawn from."""
_SIZE = (400, 210)
_PLOT = (44, 14, 284, 172)
"""Left, top, right and bottom of the plotted area."""
_SERIES = (
    ("Total relative values", "total office", "total facility", ""),
    ("National amount in dollars", "national amount office", "national amount facility", "$"),
)
_TICKS = 4
_CARRIED_FOR = timedelta(days=366)
"""A day this soon after the last release still stands on the axis: values may be carried to it."""
_APART = 14
"""Pixels between two labels at the end of their lines."""


class Chart(NamedTuple):
    """A chart and its title."""

    title: str
    svg: str


class _Span(NamedTuple):
    first: date
    last: date
    value: Decimal | None


def charts(grid: Grid, day: date) -> tuple[Chart, ...]:
    """Relative values and national amounts by release, office and facility, with the day marked.

    A release without a value leaves a gap. The vertical axis starts at zero.
    """
    told = (
        _chart(title, unit, _spans(grid, office), _spans(grid, facility), day)
        for title, office, facility, unit in _SERIES
    )
    return tuple(chart for chart in told if chart)


def _spans(grid: Grid, column: str) -> list[_Span]:
    window, at = grid.columns.index("window"), grid.columns.index(column)
    spans: list[_Span] = []
    for row in grid.rows:
        first, _, last = row[window].partition("/")
        if first != ".." and last != "..":
            spans.append(
                _Span(date.fromisoformat(first), date.fromisoformat(last), _number(row[at]))
            )
    return spans


def _number(cell: str) -> Decimal | None:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None


def _chart(
    title: str, unit: str, office: list[_Span], facility: list[_Span], day: date
) -> Chart | None:
    values = [span.value for span in (*office, *facility) if span.value is not None]
    if not values or not max(values):
        return None
    first, last = min(s.first for s in office), max(s.last for s in office)
    if last < day < last + _CARRIED_FOR:
        last = day
    step = _round_step(max(values) / _TICKS)
    top = step * (max(values) / step).to_integral_value(ROUND_CEILING)
    scale = _Scale(first, last, top)
    label = escape(_told(title, unit, office, facility))
    parts = [
        f'<svg class="chart" viewBox="0 0 {_SIZE[0]} {_SIZE[1]}" width="{_SIZE[0]}" '
        f'height="{_SIZE[1]}" role="img" aria-label="{label}">',
        *_grid_lines(scale, step, unit),
        *_years(scale),
        *_day_mark(scale, day),
        *_line(scale, office, "office"),
        *_line(scale, facility, "facility"),
        *_ends(scale, unit, office, facility),
        "</svg>",
    ]
    return Chart(title, "".join(parts))


class _Scale(NamedTuple):
    first: date
    last: date
    top: Decimal

    def x(self, day: date) -> float:
        left, _, right, _ = _PLOT
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(left + share * (right - left), 1)

    def y(self, value: Decimal) -> float:
        _, top, _, bottom = _PLOT
        return round(bottom - float(value / self.top) * (bottom - top), 1)


def _round_step(rough: Decimal) -> Decimal:
    """The nearest of 1, 2 or 5 times a power of ten, upwards."""
    power = Decimal(10) ** rough.adjusted()
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough)


def _grid_lines(scale: _Scale, step: Decimal, unit: str) -> Iterable[str]:
    left, _, right, _ = _PLOT
    value = Decimal(0)
    while value <= scale.top:
        y = scale.y(value)
        yield f'<path class="grid" d="M{left} {y}H{right}"/>'
        label = f"{unit}{value.normalize():f}"
        yield f'<text class="tick" x="{left - 6}" y="{y + 4}" text-anchor="end">{label}</text>'
        value += step


def _years(scale: _Scale) -> Iterable[str]:
    bottom = _PLOT[3]
    for year in range(scale.first.year, scale.last.year + 1):
        start, end = date(year, 1, 1), date(year, 12, 31)
        middle = (scale.x(max(start, scale.first)) + scale.x(min(end, scale.last))) / 2
        yield (
            f'<text class="tick" x="{middle:.1f}" y="{bottom + 18}" '
            f'text-anchor="middle">{year}</text>'
        )


def _day_mark(scale: _Scale, day: date) -> Iterable[str]:
    if scale.first <= day <= scale.last:
        x = scale.x(day)
        yield f'<path class="day" d="M{x} {_PLOT[1]}V{_PLOT[3]}"/>'
        yield f'<text class="tick" x="{x}" y="{_PLOT[3] + 34}" text-anchor="middle">{day}</text>'


def _line(scale: _Scale, spans: list[_Span], kind: str) -> Iterable[str]:
    """A step line: each value holds for its window."""
    path: list[str] = []
    drawing = False
    for span in spans:
        if span.value is None:
            drawing = False
            continue
        y = scale.y(span.value)
        path.append(f"V{y}" if drawing else f"M{scale.x(span.first)} {y}")
        path.append(f"H{scale.x(span.last)}")
        drawing = True
    if path:
        yield f'<path class="line {kind}" d="{"".join(path)}"/>'


def _ends(scale: _Scale, unit: str, office: list[_Span], facility: list[_Span]) -> Iterable[str]:
    """The last value of each line, beside its end; labels that would touch are moved apart."""
    ends = [
        (scale.y(spans[-1].value), kind, f"{kind} {unit}{spans[-1].value}")
        for kind, spans in (("office", office), ("facility", facility))
        if spans and spans[-1].value is not None
    ]
    placed = -float(_APART)
    for y, kind, label in sorted(ends):
        placed = max(y, placed + _APART)
        yield f'<text class="end {kind}" x="{_PLOT[2] + 6}" y="{placed + 4:.1f}">{label}</text>'


def _told(title: str, unit: str, office: list[_Span], facility: list[_Span]) -> str:
    """The chart in a sentence, for those who do not see it."""
    told: list[str] = []
    for kind, spans in (("office", office), ("facility", facility)):
        held = [span for span in spans if span.value is not None]
        if held:
            told.append(
                f"{kind} {unit}{held[0].value} in {held[0].first.year}, "
                f"{unit}{held[-1].value} in {held[-1].last.year}"
            )
    return f"{title}: {'; '.join(told)}."
