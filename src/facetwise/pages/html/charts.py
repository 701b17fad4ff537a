"""Small charts of what a code was worth in every release held; the table beside them says all."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from html import escape
from typing import NamedTuple

from facetwise.pages.model import Grid

GRID = "rvu-releases"
"""The grid that the charts of relative values and of a physician's amounts are drawn from."""
FACILITY_GRID = "facility-releases"
"""The grid that the chart of what a facility is paid is drawn from."""
_SIZE = (400, 210)
_PLOT = (44, 14, 276, 172)
"""Left, top, right and bottom of the plotted area."""
_VALUES_PANEL = (
    "Total relative values",
    "",
    (("office", "total office"), ("facility", "total facility")),
)
_PHYSICIAN_PANEL = (
    "Physician: national amount in dollars",
    "$",
    (("office", "national amount office"), ("facility", "national amount facility")),
)
_FACILITY_PANEL = (
    "Facility: national rate in dollars",
    "$",
    (("ASC", "ASC rate"), ("hospital", "hospital rate")),
)
_TICKS = 4
_CARRIED_FOR = timedelta(days=366)
"""A day this soon after the last release still stands on the axis: values may be carried to it."""
_APART = 14
"""Pixels between two labels at the end of their lines."""
_A_DAY = timedelta(days=1)


class Chart(NamedTuple):
    """A chart and its title."""

    title: str
    svg: str


class _Span(NamedTuple):
    """A value and the days it holds for; without a value, what the release says instead."""

    first: date
    last: date
    value: Decimal | None
    words: str


class _Series(NamedTuple):
    kind: str
    spans: list[_Span]


def value_charts(grid: Grid, day: date) -> tuple[Chart, ...]:
    """Relative values by release, office and facility, with the day marked.

    A release without a value, and one that is not held, leave a gap. The vertical axis starts at
    zero.
    """
    return _drawn(_VALUES_PANEL, grid, day, None)


def physician_charts(grid: Grid, day: date) -> tuple[Chart, ...]:
    """A physician's national amounts by release, office and facility."""
    return _drawn(_PHYSICIAN_PANEL, grid, day, None)


def facility_charts(grid: Grid, day: date, since: date | None) -> tuple[Chart, ...]:
    """What an ASC and a hospital are paid by release; a packaged service is said to be packaged.

    Args:
        since: the first day of the axis, so that it is that of the charts beside it.
    """
    return _drawn(_FACILITY_PANEL, grid, day, since)


def first_day(grid: Grid) -> date | None:
    """The first day of the first release of a grid."""
    spans = _spans(grid, grid.columns[-1])
    return min((span.first for span in spans), default=None)


def _drawn(
    panel: tuple[str, str, tuple[tuple[str, str], ...]], grid: Grid, day: date, since: date | None
) -> tuple[Chart, ...]:
    title, unit, columns = panel
    series = [_Series(kind, _spans(grid, column)) for kind, column in columns]
    drawn = _chart(title, unit, series, day, since)
    return (drawn,) if drawn else ()


def _spans(grid: Grid, column: str) -> list[_Span]:
    window, at = grid.columns.index("window"), grid.columns.index(column)
    spans: list[_Span] = []
    for row in grid.rows:
        first, _, last = row[window].partition("/")
        if first != ".." and last != "..":
            value = _number(row[at])
            words = "" if value is not None else row[at]
            spans.append(_Span(date.fromisoformat(first), date.fromisoformat(last), value, words))
    return spans


def _number(cell: str) -> Decimal | None:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return None


def _chart(
    title: str, unit: str, series: list[_Series], day: date, since: date | None
) -> Chart | None:
    spans = [span for one in series for span in one.spans]
    top = max((span.value for span in spans if span.value is not None), default=Decimal(0))
    words = [(one.kind, one.spans[-1].words) for one in series if one.spans and not _values(one)]
    if not top and not any(said for _, said in words):
        return None
    first, last = min(s.first for s in spans), max(s.last for s in spans)
    axis_first = min(first, since) if since else first
    if last < day < last + _CARRIED_FOR:
        last = day
    step = _round_step(top / _TICKS) if top else Decimal(1)
    scale = _Scale(axis_first, last, step * (top / step).to_integral_value(ROUND_CEILING) or step)
    label = escape(_told(title, unit, series, axis_first, first))
    parts = [
        f'<svg class="chart" viewBox="0 0 {_SIZE[0]} {_SIZE[1]}" width="{_SIZE[0]}" '
        f'height="{_SIZE[1]}" role="img" aria-label="{label}">',
        *_not_held(scale, first),
        *(_grid_lines(scale, step, unit) if top else ()),
        *_years(scale),
        *_day_mark(scale, day),
        *(part for one in series for part in _line(scale, one)),
        *_ends(scale, unit, series),
        *_words(scale, first, words),
        "</svg>",
    ]
    return Chart(title, "".join(parts))


def _values(series: _Series) -> list[_Span]:
    return [span for span in series.spans if span.value is not None]


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


def _not_held(scale: _Scale, first: date) -> Iterable[str]:
    """The years before the first release held, shaded and said to be missing."""
    left, right = scale.x(scale.first), scale.x(first)
    if right > left:
        _, top, _, bottom = _PLOT
        width = f"{right - left:.1f}"
        yield f'<rect class="none" x="{left}" y="{top}" width="{width}" height="{bottom - top}"/>'
        middle = (left + right) / 2
        yield f'<text class="tick" x="{middle:.1f}" y="93" text-anchor="middle">not held</text>'


def _words(scale: _Scale, first: date, words: list[tuple[str, str]]) -> Iterable[str]:
    """What is said of a series without any amount, such as that it is packaged."""
    middle = (scale.x(first) + _SIZE[0]) / 2
    for at, (kind, said) in enumerate(pair for pair in words if pair[1]):
        y = 76 + 2 * _APART * at
        yield f'<text class="end {kind}" x="{middle:.1f}" y="{y}" text-anchor="middle">'
        yield f"{escape(kind)}: {escape(said)}</text>"


def _line(scale: _Scale, series: _Series) -> Iterable[str]:
    """A step line: each value holds for its window; what is not held between two is left out."""
    path: list[str] = []
    before: _Span | None = None
    for span in series.spans:
        if span.value is None:
            before = None
            continue
        y = scale.y(span.value)
        joined = before is not None and before.last + _A_DAY >= span.first
        path.append(f"V{y}" if joined else f"M{scale.x(span.first)} {y}")
        path.append(f"H{scale.x(span.last)}")
        before = span
    if path:
        yield f'<path class="line {series.kind}" d="{"".join(path)}"/>'


def _ends(scale: _Scale, unit: str, series: list[_Series]) -> Iterable[str]:
    """The last value of each line, beside its end; labels that would touch are moved apart."""
    ends = [
        (scale.y(last.value), one.kind, f"{one.kind} {unit}{last.value}")
        for one in series
        if one.spans and (last := one.spans[-1]).value is not None
    ]
    placed = -float(_APART)
    for y, kind, label in sorted(ends):
        placed = max(y, placed + _APART)
        yield f'<text class="end {kind}" x="{_PLOT[2] + 6}" y="{placed + 4:.1f}">{label}</text>'


def _told(title: str, unit: str, series: list[_Series], since: date, first: date) -> str:
    """The chart in a sentence, for those who do not see it."""
    told: list[str] = []
    for one in series:
        held = _values(one)
        if held:
            told.append(
                f"{one.kind} {unit}{held[0].value} in {held[0].first.year}, "
                f"{unit}{held[-1].value} in {held[-1].last.year}"
            )
        elif one.spans and one.spans[-1].words:
            told.append(f"{one.kind}: {one.spans[-1].words}")
    if since < first:
        told.append(f"nothing is held of {since.year} to {(first - _A_DAY).year}")
    return f"{title}: {'; '.join(told)}."
