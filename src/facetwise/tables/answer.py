"""What a look-up answers: rows with citations, a cited absence, or why nothing is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from facetwise.sources import Citation, Fact

Row = Mapping[str, str]
"""One row of a table: column name to text; an empty text means the file states nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and the place it was read from."""

    row: Row
    citation: Citation

    def __getitem__(self, column: str) -> str:
        """One column of the row as text."""
        return self.row[column]

    def fact(self, column: str) -> Fact[str]:
        """One column of the row as a sourced fact.

        Raises:
            KeyError: the table has no such column.
        """
        return Fact(self.row[column], (self.citation,))


@dataclass(frozen=True, slots=True)
class Held:
    """The table answers for the key and date: one entry or more."""

    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        """The first entry; the only one where the key is unique."""
        return self.entries[0]


@dataclass(frozen=True, slots=True)
class Absent:
    """An edition in force covers the key and lists no row for it: a cited absence."""

    citation: Citation
    reason: str


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Nothing can be said: no edition for the date, or the key lies outside the scope.

    Attributes:
        reason: why, in one sentence.
        supplied_by: the official file that would answer, by the name its publisher gives it.
    """

    reason: str
    supplied_by: str


Answer = Held | Absent | NotHeld
