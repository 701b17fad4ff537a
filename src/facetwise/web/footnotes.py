"""Sources beside what rests on them, as short marks, and in full at the foot of the screen."""

from collections.abc import Iterable
from typing import NamedTuple

from facetwise.pages.html.view import badges_of, source_anchor, window_text
from facetwise.sources import Citation

_SHOWN = 4


class Mark(NamedTuple):
    """An edition beside a statement; `tip` is shown when it is pointed at."""

    label: str
    anchor: str
    tip: str


class Marks(NamedTuple):
    """What stands beside one statement, and how many editions only the foot names."""

    badges: tuple[str, ...]
    marks: tuple[Mark, ...]
    hidden: int


class Note(NamedTuple):
    """An edition at the foot of the screen."""

    anchor: str
    label: str
    title: str
    publisher: str
    url: str
    window: str
    file: str
    badges: tuple[str, ...]
    note: str


def marks_of(citations: Iterable[Citation]) -> Marks:
    """The editions cited, each once; beyond a few only their number."""
    cited = tuple(citations)
    by_edition = {citation.edition.id: citation for citation in reversed(cited)}
    ordered = [by_edition[one] for one in dict.fromkeys(c.edition.id for c in cited)]
    shown = ordered if len(ordered) <= _SHOWN else ordered[: _SHOWN - 1]
    return Marks(badges_of(cited), tuple(map(_mark, shown)), len(ordered) - len(shown))


def notes_of(citations: Iterable[Citation]) -> tuple[Note, ...]:
    """Every edition cited, in order of its id."""
    by_edition: dict[str, list[Citation]] = {}
    for citation in citations:
        by_edition.setdefault(citation.edition.id, []).append(citation)
    return tuple(_note(by_edition[edition]) for edition in sorted(by_edition))


def _mark(citation: Citation) -> Mark:
    edition = citation.edition
    tip = f"{edition.source.title}; {window_text(citation.in_window)}; {citation.basis}"
    return Mark(edition.id, source_anchor(edition.id), tip)


def _note(citations: list[Citation]) -> Note:
    edition = citations[0].edition
    told = dict.fromkeys((*(c.note for c in citations), edition.note))
    return Note(
        source_anchor(edition.id),
        edition.id,
        edition.source.title,
        edition.source.publisher,
        edition.source.url,
        window_text(edition.window),
        edition.file,
        badges_of(citations),
        " ".join(note for note in told if note),
    )
