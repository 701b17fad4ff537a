"""Who says so: sources, their editions, the dates they speak for, and citations of them."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from facetwise.errors import BadWindowError, UnsourcedFactError

T_co = TypeVar("T_co", covariant=True)


class Confidence(StrEnum):
    """How a fact was confirmed. Secondary facts can ask for review and never deny.

    Unverified facts have no value here: they are not loaded at all.
    """

    PRIMARY = "primary"
    SECONDARY = "secondary"


class Basis(StrEnum):
    """How an edition stands to the date it was asked about."""

    IN_FORCE = "in force"
    """The date lies in the edition's own window."""
    CARRIED = "carried"
    """The date lies after the window and no later edition is held."""
    DERIVED = "derived"
    """The date lies before the window; the edition is read back to it."""
    ELSEWHERE = "of another date"
    """Shown for its own window, not for the date asked about."""


class Scope(StrEnum):
    """What part of the world a table covers; nothing outside it is ever answered."""

    COMPLETE = "complete"
    """Every key of the official file."""
    SPINE = "spine"
    """The codes of image-guided spine procedures and what they are billed with."""
    LISTED = "listed"
    """Only the keys the edition itself lists: silence about another key says nothing."""


@dataclass(frozen=True, slots=True)
class Window:
    """Dates of service, both ends included; an end of None is open.

    Raises:
        BadWindowError: the last day lies before the first.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise BadWindowError(f"the window ends on {self.last}, before {self.first}.")

    def __contains__(self, day: date) -> bool:
        """Whether the day lies inside, both ends included."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        """ISO 8601 interval; `..` stands for an open end."""
        return f"{self.first or '..'}/{self.last or '..'}"


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that speaks for facts: a file series, a manual, a policy, a notice.

    Raises:
        UnsourcedFactError: key or title is blank.
    """

    key: str
    title: str
    publisher: str
    url: str = ""

    def __post_init__(self) -> None:
        if not self.key.strip() or not self.title.strip():
            raise UnsourcedFactError("a source needs a key and a title.")


@dataclass(frozen=True, slots=True)
class Edition:
    """One release of a source and the dates of service it speaks for.

    Attributes:
        window: the release's own window.
        answers: the wider window in which it may be used, as carried or derived.
        file: the official file's name; empty for a document quoted by hand.
        sha256: of that file, as hexadecimal; empty for a document.
        listed_by: for scope `listed`, the key columns that bound what it lists.
    """

    id: str
    source: Source
    window: Window
    answers: Window
    file: str = ""
    sha256: str = ""
    released: date | None = None
    scope: Scope = Scope.COMPLETE
    listed_by: tuple[str, ...] = ()
    confidence: Confidence = Confidence.PRIMARY
    note: str = ""

    def basis_on(self, day: date) -> Basis | None:
        """How this edition stands to a date of service; None when it may not be used."""
        if day in self.window:
            return Basis.IN_FORCE
        if day not in self.answers:
            return None
        before = self.window.first is not None and day < self.window.first
        return Basis.DERIVED if before else Basis.CARRIED


@dataclass(frozen=True, slots=True)
class Citation:
    """The place a value was read: edition, row of its file, and how the edition stands.

    Attributes:
        row: line or record number in the official file, counted from 1; None for a document.
        note: what a reader must know before relying on it (never empty when carried).
    """

    edition: Edition
    basis: Basis = Basis.IN_FORCE
    row: int | None = None
    window: Window | None = None
    confidence: Confidence = Confidence.PRIMARY
    note: str = ""

    @property
    def carried(self) -> bool:
        """Whether the edition is used after its own window."""
        return self.basis is Basis.CARRIED

    @property
    def decides(self) -> bool:
        """Whether a `fail` may rest on it: primary, and in force on the date."""
        return self.basis is Basis.IN_FORCE and self.confidence is Confidence.PRIMARY

    @property
    def in_window(self) -> Window:
        """The dates the cited row speaks for: its own when it states them, else its edition's."""
        return self.window or self.edition.window


@dataclass(frozen=True, slots=True)
class Fact(Generic[T_co]):
    """A value and everything it rests on; it cannot be built without a citation.

    Attributes:
        how: how the value follows from the cited rows; empty when it was read as it stands.

    Raises:
        UnsourcedFactError: no citation was given.
    """

    value: T_co
    citations: tuple[Citation, ...] = field(default=())
    how: str = ""

    def __post_init__(self) -> None:
        if not self.citations:
            raise UnsourcedFactError(f"no source for the value {self.value!r}.")

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence among the citations."""
        weak = any(c.confidence is Confidence.SECONDARY for c in self.citations)
        return Confidence.SECONDARY if weak else Confidence.PRIMARY
