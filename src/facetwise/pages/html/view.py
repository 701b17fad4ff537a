"""A page as its template needs it: anchors, badges, and each citation as a short mark."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from facetwise.pages.as_markdown import said
from facetwise.pages.compact import compact
from facetwise.pages.gather import marked
from facetwise.pages.html.folds import Fold, fold_of
from facetwise.pages.html.keys import Key, key_facts
from facetwise.pages.html.labels import table_class
from facetwise.pages.model import Grid, Page, Section, Statement
from facetwise.sources import Basis, Citation, Confidence, Window

_MARKS_SHOWN = 4
"""Editions named beside a statement before the rest is counted."""
_ANCHOR_WORDS = 4
_MANY_COLUMNS = 6
_FEW_COLUMNS = 3
_PAIRED = {
    "worked-lines": "two",
    "ptp": "",
    "ptp-others": "",
    "rvu-parts": "",
    "rvu-releases": "dated",
    "facility-releases": "dated",
}
"""Tables of short cells, on a phone beside each other: two a line, or after a line of dates."""
_COMPARING = ("worked-lines", "ladder-")
"""Tables that set rulesets or contractors side by side."""
_LABELED = ("ladder-",)
"""Tables whose cells mean little without the name of their column."""
_NUMBER = re.compile(r"-?\$?[\d,]*\.?\d+|not held")
_DATES = re.compile(r"[\d/.-]*\d{4}-\d\d-\d\d[/.]*")


class Mark(NamedTuple):
    """One edition beside a statement, tied to its place in the list of sources."""

    label: str
    anchor: str


class Cited(NamedTuple):
    """What stands beside a statement or a table.

    Attributes:
        badges: `carried`, `derived`, `secondary`, as the sources stand to the date.
        hidden: how many further editions only the list of sources names.
    """

    marks: tuple[Mark, ...]
    badges: tuple[str, ...]
    hidden: int


class LineView(NamedTuple):
    """A statement with a link of its own."""

    anchor: str
    text: str
    cited: Cited


class TableView(NamedTuple):
    """A grid.

    Attributes:
        aligned: for each column `n` when it holds numbers, `w` when it holds dates, else blank.
        same: what every row says, told above them.
        form: how its rows are told on a phone: `thin` as lines, `wide` as cards in two columns
            (`paired` from the second cell on), blank as cards.
        fold: how much of it is shown before the reader asks for it.
        spans: whether a row whose columns all say the same says it once.
    """

    anchor: str
    kind: str
    title: str
    columns: tuple[str, ...]
    aligned: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cited: Cited
    same: str
    form: str
    fold: Fold
    spans: bool


class SectionView(NamedTuple):
    """A section that says something."""

    id: str
    title: str
    lines: tuple[LineView, ...]
    tables: tuple[TableView, ...]
    gaps: tuple[tuple[str, str], ...]


class Place(NamedTuple):
    """An edition's place in the list of sources."""

    anchor: str
    label: str
    window: str


class EditionView(NamedTuple):
    """Editions in the list of sources that stand alike to the date."""

    places: tuple[Place, ...]
    file: str
    badges: tuple[str, ...]
    note: str


class SourceView(NamedTuple):
    """A publication and those of its editions that the page rests on.

    Attributes:
        note: what is said of every edition alike.
    """

    title: str
    publisher: str
    url: str
    note: str
    editions: tuple[EditionView, ...]


class KeyView(NamedTuple):
    """A key fact with its marks."""

    key: Key
    cited: Cited


class PageView(NamedTuple):
    """All that the template of a code page shows."""

    code: str
    name: str
    keys: tuple[KeyView, ...]
    sections: tuple[SectionView, ...]
    sources: tuple[SourceView, ...]
    newest: str

    @property
    def editions(self) -> int:
        """How many editions the list of sources names."""
        return sum(len(alike.places) for one in self.sources for alike in one.editions)


def view_of(page: Page) -> PageView:
    """Everything of a page, sections without content left out."""
    name = page.facts.get("name")
    page = compact(page)
    return PageView(
        page.code,
        str(getattr(name, "value", "") or ""),
        tuple(KeyView(key, _cited(key.citations)) for key in key_facts(page)),
        tuple(_section(section) for section in page.sections if _says_something(section)),
        _sources(page.citations),
        newest(page.citations),
    )


def tips_of(page: Page) -> list[tuple[str, str]]:
    """For each edition of a page its anchor, and the publication, window and standing of it."""
    return [
        (
            source_anchor(c.edition.id),
            f"{c.edition.source.title}; {window_text(c.edition.window)}; {c.basis}",
        )
        for c in page.citations
    ]


def short_tips(page: Page, view: PageView) -> list[tuple[str, str]]:
    """Window and standing, of the editions that stand beside a statement; for a page on its own."""
    named = _anchors_marked(view)
    tips = (
        (source_anchor(c.edition.id), f"{window_text(c.edition.window)}; {c.basis}")
        for c in page.citations
    )
    return [tip for tip in tips if tip[0] in named]


def _anchors_marked(view: PageView) -> frozenset[str]:
    cited = [key.cited for key in view.keys]
    for section in view.sections:
        cited += [line.cited for line in section.lines]
        cited += [table.cited for table in section.tables]
    return frozenset(mark.anchor for one in cited for mark in one.marks)


def newest(citations: Iterable[Citation]) -> str:
    """The day of the newest edition cited, ISO 8601; blank when none is dated."""
    days = [c.edition.released or c.edition.window.first for c in citations]
    return max((day.isoformat() for day in days if day), default="")


def slug(text: str, words: int = 0) -> str:
    """Letters and digits joined by hyphens; the first words only, when their number is given."""
    parts = re.findall(r"[A-Za-z0-9]+", text)
    return "-".join(parts[:words] if words else parts).lower()


def source_anchor(edition_id: str) -> str:
    """The anchor of an edition in the list of sources."""
    return "s-" + re.sub(r"[^A-Za-z0-9-]", "_", edition_id)


def window_text(window: Window) -> str:
    """A window in words, days in ISO 8601."""
    match window.first, window.last:
        case None, None:
            return "no dates stated"
        case first, None:
            return f"from {first}"
        case None, last:
            return f"until {last}"
        case first, last:
            return f"{first} to {last}"


def badges_of(citations: Iterable[Citation]) -> tuple[str, ...]:
    """How the sources stand, as short words: carried, derived, secondary."""
    cited = tuple(citations)
    bases = {citation.basis for citation in cited}
    weak = any(citation.confidence is Confidence.SECONDARY for citation in cited)
    told = [str(basis) for basis in (Basis.CARRIED, Basis.DERIVED) if basis in bases]
    return tuple([*told, "secondary"] if weak else told)


def _says_something(section: Section) -> bool:
    return bool(section.statements or section.grids or section.not_available)


def _section(section: Section) -> SectionView:
    taken: set[str] = {section.id}
    return SectionView(
        section.id,
        section.title,
        tuple(_line(section.id, s, taken) for s in section.statements),
        tuple(_table(section.id, g, taken) for g in section.grids if g.rows),
        tuple((gap.what.rstrip("."), gap.supplied_by) for gap in section.not_available),
    )


def _line(section: str, said: Statement, taken: set[str]) -> LineView:
    """A statement; its anchor is made of its words, so that it outlives its neighbours.

    Digits are left out: a link to the unit limit still holds when the limit changes.
    """
    text = said.text.removesuffix(marked("", said.citations))
    words = slug(re.sub(r"\S*\d\S*", "", text), _ANCHOR_WORDS) or "statement"
    return LineView(_free(f"{section}.{words}", taken), text, _cited(said.citations))


def _table(section: str, grid: Grid, taken: set[str]) -> TableView:
    cells = zip(*grid.rows, strict=True)
    return TableView(
        _free(f"{section}.{slug(grid.id)}", taken),
        table_class(grid.columns),
        grid.title,
        grid.columns,
        tuple(_alignment(column) for column in cells),
        grid.rows,
        _cited(grid.citations),
        said(grid),
        _form(grid),
        fold_of(grid),
        grid.id.startswith(_COMPARING),
    )


def _form(grid: Grid) -> str:
    if grid.id in _PAIRED:
        return f"wide paired {_PAIRED[grid.id]}".strip()
    if len(grid.columns) > _MANY_COLUMNS:
        return "wide"
    thin = len(grid.columns) <= _FEW_COLUMNS and not grid.id.startswith(_LABELED)
    return "thin" if thin else ""


def names_its_cells(grid: Grid) -> bool:
    """Whether a cell needs the name of its column beside it on a phone."""
    return _form(grid) != "thin" and not fold_of(grid).each


def _alignment(cells: Iterable[str]) -> str:
    told = [cell for cell in cells if cell]
    if told and all(_DATES.fullmatch(cell) for cell in told):
        return "w"
    numbers = all(_NUMBER.fullmatch(cell) for cell in told)
    return "n" if numbers and any("." in cell for cell in told) else ""


def _free(wanted: str, taken: set[str]) -> str:
    anchor, at = wanted, 2
    while anchor in taken:
        anchor, at = f"{wanted}-{at}", at + 1
    taken.add(anchor)
    return anchor


def _cited(citations: tuple[Citation, ...]) -> Cited:
    """One mark an edition; beyond a few, the first ones and the last."""
    by_edition = {citation.edition.id: citation for citation in reversed(citations)}
    ordered = [by_edition[e] for e in dict.fromkeys(c.edition.id for c in citations)]
    shown = ordered
    if len(ordered) > _MARKS_SHOWN:
        shown = [*ordered[: _MARKS_SHOWN - 2], ordered[-1]]
    marks = tuple(Mark(c.edition.id, source_anchor(c.edition.id)) for c in shown)
    return Cited(marks, badges_of(citations), len(ordered) - len(shown))


def _sources(citations: Iterable[Citation]) -> tuple[SourceView, ...]:
    """Editions by publication; a note that all of a publication share is told once."""
    by_source: dict[str, list[Citation]] = {}
    for citation in citations:
        by_source.setdefault(citation.edition.source.key, []).append(citation)
    return tuple(_source(held) for held in by_source.values())


def _source(held: list[Citation]) -> SourceView:
    source = held[0].edition.source
    notes = {citation.edition.note for citation in held}
    shared = notes.pop() if len(notes) == 1 and len(held) > 1 else ""
    alike: dict[tuple[str, tuple[str, ...], str], list[Place]] = {}
    for citation in held:
        alike.setdefault(_stands(citation, shared), []).append(_place(citation))
    editions = tuple(EditionView(tuple(places), *how) for how, places in alike.items())
    return SourceView(source.title, source.publisher, source.url, shared, editions)


def _place(citation: Citation) -> Place:
    edition = citation.edition
    return Place(source_anchor(edition.id), edition.id, window_text(edition.window))


def _stands(citation: Citation, shared: str) -> tuple[str, tuple[str, ...], str]:
    """File, badges and notes; that an edition was the last one held is told by its badge."""
    edition = citation.edition
    elsewhere = ("of another date",) if citation.basis is Basis.ELSEWHERE else ()
    own = "" if edition.note == shared else edition.note
    told = citation.note.removeprefix(f"Last held: {edition.id}, until {edition.window.last}. ")
    notes = " ".join(dict.fromkeys(note for note in (told, own) if note))
    return edition.file, (*badges_of((citation,)), *elsewhere), notes
