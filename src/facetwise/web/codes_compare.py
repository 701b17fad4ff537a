"""What is different between two pages: one code on two dates, or two codes on one.

Only what differs is told, with the sources of both sides. Names of editions and how they stand to
the date (in force, carried) are no difference: a newer edition that says the same changed nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from facetwise.pages.gather import marked
from facetwise.pages.model import FactAnswer, Grid, Page, Section, Statement
from facetwise.sources import Citation
from facetwise.tables.answer import NotHeld

_CODE, _EDITION = "\N{WHITE SQUARE}", "\N{WHITE CIRCLE}"
_STANDINGS = ("in force", "carried", "derived", "read back")
_ALIKE = 0.55
"""Share of words from which two statements are taken for two versions of one."""


class Cell(NamedTuple):
    """One side of a difference.

    Attributes:
        words: what it says; blank where that side says nothing.
        gap: whether the side cannot say, for want of a file.
    """

    words: str
    citations: tuple[Citation, ...] = ()
    gap: bool = False


class Difference(NamedTuple):
    """A fact, statement or row that is not the same on both sides."""

    what: str
    before: Cell
    after: Cell


class Rows(NamedTuple):
    """The rows of one table that differ."""

    title: str
    differences: tuple[Difference, ...]


class Part(NamedTuple):
    """What differs in one section."""

    id: str
    title: str
    statements: tuple[Difference, ...]
    tables: tuple[Rows, ...]


class Comparison(NamedTuple):
    """Everything that differs."""

    facts: tuple[Difference, ...]
    parts: tuple[Part, ...]
    same_facts: int

    @property
    def many(self) -> int:
        """How many differences there are."""
        return sum(1 for _ in self.every())

    def every(self) -> Iterator[Difference]:
        """Each difference."""
        yield from self.facts
        for part in self.parts:
            yield from part.statements
            for table in part.tables:
                yield from table.differences


def compare_pages(before: Page, after: Page) -> Comparison:
    """What differs from one page to another."""
    names = dict.fromkeys((*before.facts, *after.facts))
    facts = [
        Difference(
            name.replace("_", " "), _fact(before.facts.get(name)), _fact(after.facts.get(name))
        )
        for name in names
    ]
    told = tuple(fact for fact in facts if _differs(fact, before.code, after.code))
    was = {section.id: section for section in before.sections}
    now = {section.id: section for section in after.sections}
    parts = (
        _part(_Side(before.code, was.get(name)), _Side(after.code, now.get(name)))
        for name in dict.fromkeys((*was, *now))
    )
    differing = tuple(part for part in parts if part.statements or part.tables)
    return Comparison(told, differing, len(facts) - len(told))


class _Side(NamedTuple):
    """A section of one page; None where the page has no such section."""

    code: str
    section: Section | None

    def grid(self, grid_id: str) -> Grid | None:
        return next((grid for grid in self.grids if grid.id == grid_id), None)

    @property
    def grids(self) -> tuple[Grid, ...]:
        return self.section.grids if self.section else ()

    @property
    def statements(self) -> list[tuple[str, Statement]]:
        """Statements by their words as they are compared."""
        held = self.section.statements if self.section else ()
        return [(_plain(_text(s), self.code, s.citations), s) for s in held]


def _fact(answer: FactAnswer | None) -> Cell:
    if answer is None:
        return Cell("")
    if isinstance(answer, NotHeld):
        words = f"{answer.reason} Would be supplied by: {answer.supplied_by}."
        return Cell(words, (), True)
    value = answer.value
    words = ", ".join(value) if isinstance(value, list) else str("" if value is None else value)
    return Cell(words or "nothing listed", answer.citations)


def _differs(one: Difference, code: str, other: str) -> bool:
    if one.before.gap and one.after.gap:
        return False
    return _plain(one.before.words, code) != _plain(one.after.words, other)


def _plain(text: str, code: str, citations: Iterable[Citation] = ()) -> str:
    """The words without the code, the editions and their standing, as they are compared."""
    told = text.replace(code, _CODE)
    for edition in sorted({c.edition.id for c in citations}, key=len, reverse=True):
        told = told.replace(edition, _EDITION)
    for standing in _STANDINGS:
        told = told.replace(f" ({standing})", "")
    return "" if told in _STANDINGS else told


def _text(statement: Statement) -> str:
    return statement.text.removesuffix(marked("", statement.citations))


def _part(before: _Side, after: _Side) -> Part:
    shown = before.section or after.section
    assert shown is not None
    ids = dict.fromkeys(grid.id for grid in (*before.grids, *after.grids))
    tables = (_rows(before, after, grid_id) for grid_id in ids)
    return Part(
        shown.id,
        shown.title,
        tuple(_statements(before.statements, after.statements)),
        tuple(table for table in tables if table.differences),
    )


_Said = Sequence[tuple[str, Statement]]


def _statements(before: _Said, after: _Said) -> Iterable[Difference]:
    """Statements that stand on one side only; two versions of one are told as one change."""
    mine, theirs = {words for words, _ in before}, {words for words, _ in after}
    come = [one for one in after if one[0] not in mine]
    for words, statement in before:
        if words in theirs:
            continue
        twin = max(come, key=lambda one: _likeness(words, one[0]), default=None)
        if twin and _likeness(words, twin[0]) >= _ALIKE:
            come.remove(twin)
            yield Difference("", _said(statement), _said(twin[1]))
        else:
            yield Difference("", _said(statement), Cell(""))
    for _, statement in come:
        yield Difference("", Cell(""), _said(statement))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _said(statement: Statement) -> Cell:
    return Cell(_text(statement), statement.citations)


def _rows(before: _Side, after: _Side, grid_id: str) -> Rows:
    """Rows that are not the same, matched by their first cell."""
    one, two = before.grid(grid_id), after.grid(grid_id)
    shown = one or two
    assert shown is not None
    was, now = _by_name(one, before.code), _by_name(two, after.code)
    differences: list[Difference] = []
    for name in dict.fromkeys((*was, *now)):
        mine, theirs = was.get(name), now.get(name)
        if mine and theirs:
            columns = [
                column
                for column in dict.fromkeys((*mine, *theirs))
                if mine.get(column, _BLANK).plain != theirs.get(column, _BLANK).plain
            ]
        else:
            columns = list(mine or theirs or ())[1:]
        if columns or not (mine and theirs):
            what = name.replace(_CODE, "the code")
            differences.append(
                Difference(what, _cell(one, mine, columns), _cell(two, theirs, columns))
            )
    return Rows(shown.title, tuple(differences))


class _Value(NamedTuple):
    text: str
    plain: str


_BLANK = _Value("", "")
_Row = dict[str, _Value]


def _by_name(grid: Grid | None, code: str) -> dict[str, _Row]:
    """Rows by column, named by their first cell, and by the second too where that repeats."""
    if grid is None:
        return {}
    rows = [[_Value(cell, _plain(cell, code, grid.citations)) for cell in row] for row in grid.rows]
    firsts = [row[0].text.replace(code, _CODE) for row in rows]
    named: dict[str, _Row] = {}
    for first, row in zip(firsts, rows, strict=True):
        name = first
        if firsts.count(first) > 1 and len(row) > 1:
            name = f"{first}, {row[1].text.replace(code, _CODE)}"
        while name in named:
            name = f"{name} again"
        named[name] = dict(zip(grid.columns, row, strict=True))
    return named


def _cell(grid: Grid | None, row: _Row | None, columns: Sequence[str]) -> Cell:
    """The columns that differ, each with its name."""
    if grid is None or row is None:
        return Cell("")
    told = [f"{name}: {row[name].text}" for name in columns if name in row and row[name].text]
    return Cell("; ".join(told) or "listed", grid.citations)
