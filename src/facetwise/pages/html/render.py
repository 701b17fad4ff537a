"""Write a page as HTML: with links to its neighbours in a site, or on its own in one file."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from facetwise.pages.compact import compact
from facetwise.pages.html import charts, ladder
from facetwise.pages.html.labels import labels_css
from facetwise.pages.html.level_map import LevelMap, level_maps
from facetwise.pages.html.view import names_its_cells, short_tips, view_of
from facetwise.pages.model import Grid, Page
from facetwise.tables.store import Store
from facetwise.version import NOTICE, __version__

_FOLDER = Path(__file__).parent
ASSETS = _FOLDER / "assets"
_WORD = re.compile(
    r"(?<![\w.$/-])(?:[a-z]+/[a-z-]+|[AL]\d{5}|[0-9A-Z]{5}|[a-z]+(?:-[a-z0-9]+)+)(?![\w/]|\.\d)"
)
"""What may name a page: a five-character code, a rule id, or the id of a payer's document."""
_MAP_OF = "level-family"
_PAID = "amounts"
Figure = LevelMap | charts.Chart | ladder.Ladder


class Shell(NamedTuple):
    """What stands around every page.

    Attributes:
        day: the date of service it speaks for.
        tables: digest of the tables.
        root: the way to the top of the site from this page; None for a page on its own.
        pages: what can be linked to: a code, a rule id or a document to its address from the top.
        here: the code this page is about, which needs no link to itself.
    """

    day: date
    tables: str
    root: str | None = None
    pages: Mapping[str, str] = {}
    here: str = ""

    def link(self, name: str) -> str:
        """The address of a code or rule from this page; blank where there is none."""
        if name not in self.pages or name == self.here:
            return ""
        address = self.pages[name]
        near = self.pages.get(self.here, "").rpartition("/")[0]
        if near and address.startswith(f"{near}/"):
            return address.removeprefix(f"{near}/")
        return f"{self.root}{address}"


def page_html(store: Store, page: Page, shell: Shell | None = None) -> str:
    """A code page. Without a shell it is one file that needs nothing beside it."""
    shell = (shell or Shell(page.day, page.tables))._replace(here=page.code)
    grids = {grid.id: (section.id, grid) for section in page.sections for grid in section.grids}
    figures: dict[str, tuple[Figure, ...]] = {
        _MAP_OF: level_maps(store, page.code, page.day, shell.link)
    }
    figures |= _charts(grids, page.day)
    if ladder.GRID in grids:
        section, grid = grids[ladder.GRID]
        figures[section] = ladder.ladder(grid)
    view = view_of(page)
    labels = "" if shell.root is not None else labels_css(short_tips(page, view), columns_of(page))
    return render(
        "code.html.j2", shell, labels=labels, newest=view.newest, page=view, figures=figures
    )


def _charts(grids: Mapping[str, tuple[str, Grid]], day: date) -> dict[str, tuple[Figure, ...]]:
    """Values beside the values, and what the physician and the facility are paid side by side."""
    drawn: dict[str, tuple[Figure, ...]] = {}
    paid: tuple[Figure, ...] = ()
    since: date | None = None
    if charts.GRID in grids:
        section, grid = grids[charts.GRID]
        drawn[section] = charts.value_charts(grid, day)
        paid, since = charts.physician_charts(grid, day), charts.first_day(grid)
    if charts.FACILITY_GRID in grids:
        paid += charts.facility_charts(grids[charts.FACILITY_GRID][1], day, since)
    return drawn | ({_PAID: paid} if paid else {})


def columns_of(page: Page) -> Iterable[tuple[str, ...]]:
    """The column names of every table of a page that shows them beside its cells on a phone."""
    grids = (grid for section in compact(page).sections for grid in section.grids)
    return (grid.columns for grid in grids if names_its_cells(grid))


def render(
    template: str, shell: Shell, labels: str = "", over: Path | None = None, **values: Any
) -> str:
    """Fill a template; every one gets the shell, and `linked`, which ties names to pages.

    Args:
        labels: rules of `labels_css` for a page on its own.
        over: a folder whose templates are taken before those here; its `base.html.j2` puts
            another frame around the same pages.
    """
    linker = _Linker(shell)
    style = (
        "" if shell.root is not None else _compact((ASSETS / "facetwise.css").read_text("utf-8"))
    )
    return (
        _environment(over)
        .get_template(template)
        .render(
            shell=shell,
            linked=linker.text,
            linked_row=linker.row,
            style=Markup(style + labels),  # noqa: S704 (our own rules, strings escaped)
            notice=NOTICE,
            version=__version__,
            **values,
        )
    )


def _compact(css: str) -> str:
    """A stylesheet for a page on its own: no rules for the site, comments or line breaks."""
    own = re.sub(r"/\* site only.*?/\* end of site only \*/", "", css, flags=re.S)
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", own, flags=re.S))


@cache
def _environment(over: Path | None) -> Environment:
    own = _FOLDER / "templates"
    environment = Environment(
        loader=FileSystemLoader([over, own] if over else [own]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = _svg
    environment.filters["day"] = _long_day
    return environment


def _svg(drawn: str) -> Markup:
    """A figure of ours, whose texts were escaped when it was drawn."""
    return Markup(drawn)  # noqa: S704


def _long_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


class _Linker:
    """Escape texts, and link the codes and rules in them that have a page, once in each text."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def text(self, text: str) -> Markup:
        """One text."""
        return self._tied(text, set())

    def row(self, cells: Iterable[str]) -> list[Markup]:
        """The cells of a row: a name is linked in the first of them only."""
        seen: set[str] = set()
        return [self._tied(cell, seen) for cell in cells]

    def _tied(self, text: str, seen: set[str]) -> Markup:
        parts: list[str] = []
        at = 0
        for found in _WORD.finditer(text) if self._shell.pages else ():
            name = found[0]
            address = "" if name in seen else self._shell.link(name)
            if address:
                seen.add(name)
                before = escape(text[at : found.start()])
                parts.append(f'{before}<a href="{escape(address)}">{escape(name)}</a>')
                at = found.end()
        return Markup("".join([*parts, escape(text[at:])]))  # noqa: S704 (every part is escaped)
