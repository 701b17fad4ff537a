"""What a page is made of, before it is written as JSON or Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from facetwise.errors import UnsourcedFactError
from facetwise.sources import Citation, Fact
from facetwise.tables.answer import NotHeld

Value = str | int | list[str] | None
"""What a fact can hold; None means that its edition lists nothing."""

FactAnswer = Fact[Value] | NotHeld


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and the rows it rests on.

    Raises:
        UnsourcedFactError: it rests on nothing.
    """

    text: str
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise UnsourcedFactError(f"no source for the sentence {self.text!r}.")


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table of a section; every row rests on the citations of the grid.

    Attributes:
        same: columns that were left out for reading, each with what all of its rows say.

    Raises:
        UnsourcedFactError: it has rows and rests on nothing.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    citations: tuple[Citation, ...]
    same: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.rows and not self.citations:
            raise UnsourcedFactError(f"no source for the table {self.title!r}.")


@dataclass(frozen=True, slots=True)
class NotAvailable:
    """What cannot be said, and the official file that would supply it."""

    what: str
    supplied_by: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with a stable id."""

    id: str
    title: str
    statements: tuple[Statement, ...] = ()
    grids: tuple[Grid, ...] = ()
    not_available: tuple[NotAvailable, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All that the tables say of one code on one date of service."""

    code: str
    day: date
    facts: Mapping[str, FactAnswer]
    sections: tuple[Section, ...]
    tables: str
    citations: tuple[Citation, ...] = field(default=())
