"""What is held: the tables, and the editions each is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from facetwise.sources import Confidence, Edition, Scope, Source, Window


@dataclass(frozen=True, slots=True)
class Table:
    """A table of dated rows, as its manifest entry declares it.

    Attributes:
        key: columns that name a row within an edition.
        by: `edition` when an edition's window dates its rows, `row` when each row is dated.
        scope_columns: key columns that hold codes, for a table of scope `spine`.
        scope_needs: `all` or `any` of them must be in scope for the table to answer.
        supplied_by: pattern of the official file's name, see `naming.file_for`.
    """

    name: str
    title: str
    file: str
    key: tuple[str, ...]
    by: str
    scope: Scope
    scope_columns: tuple[str, ...]
    scope_needs: str
    supplied_by: str
    rows: int
    sha256: str
    licence: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every table, source and edition of one set of tables, named by its digest."""

    digest: str
    tables: Mapping[str, Table]
    editions: Mapping[str, Edition]
    edition_rows: Mapping[tuple[str, str], int]


def read_catalogue(entries: Iterable[tuple[str, Any]]) -> Catalogue:
    """Build the catalogue from the (kind, entry) pairs that `compile_tables` wrote."""
    by_kind: dict[str, list[Any]] = {}
    for kind, entry in entries:
        by_kind.setdefault(kind, []).append(entry)
    sources = {raw["key"]: _source(raw) for raw in by_kind["source"]}
    editions = {
        raw["id"]: read_edition(raw, sources[raw["source"]])
        for kind in ("edition", "document")
        for raw in by_kind[kind]
    }
    of_table: dict[str, list[Edition]] = {}
    edition_rows: dict[tuple[str, str], int] = {}
    for raw in by_kind["edition"]:
        of_table.setdefault(raw["table"], []).append(editions[raw["id"]])
        edition_rows[raw["table"], raw["id"]] = int(raw["rows"])
    tables = {raw["name"]: _table(raw, of_table.get(raw["name"], [])) for raw in by_kind["table"]}
    return Catalogue(str(by_kind["digest"][0]), tables, editions, edition_rows)


def _source(raw: Mapping[str, Any]) -> Source:
    return Source(raw["key"], raw["title"], raw["publisher"], raw.get("url", ""))


def read_edition(raw: Mapping[str, Any], source: Source) -> Edition:
    """An edition from its entry in a manifest or index."""
    window = Window(_day(raw.get("first")), _day(raw.get("last")))
    answers = Window(
        _day(raw["answers_first"]) if "answers_first" in raw else window.first,
        _day(raw.get("answers_last")),
    )
    return Edition(
        id=raw["id"],
        source=source,
        window=window,
        answers=answers,
        file=raw.get("file", ""),
        sha256=raw.get("sha256", ""),
        released=_day(raw.get("released")),
        scope=Scope(raw.get("scope", Scope.COMPLETE)),
        listed_by=tuple(raw.get("listed_by", ())),
        confidence=Confidence(raw.get("confidence", Confidence.PRIMARY)),
        note=raw.get("note", ""),
    )


def edition_entry(edition: Edition) -> dict[str, Any]:
    """The entry that `read_edition` reads, with the source spelled out; blanks left out."""
    window, answers, source = edition.window, edition.answers, edition.source
    days = {
        "first": window.first, "last": window.last, "answers_last": answers.last,
        "answers_first": answers.first, "released": edition.released,
    }  # fmt: skip
    entry: dict[str, Any] = {
        "id": edition.id, "source": source.key, "title": source.title,
        "publisher": source.publisher, "url": source.url, "scope": str(edition.scope),
        "confidence": str(edition.confidence),
    }  # fmt: skip
    entry |= {name: str(day) for name, day in days.items() if day}
    if edition.listed_by:
        entry["listed_by"] = list(edition.listed_by)
    return entry | ({"note": edition.note} if edition.note else {})


def newest_last(edition: Edition) -> tuple[date, date]:
    """The order of a table's editions: by first day, then by the day of release."""
    return (edition.window.first or date.min, edition.released or date.min)


def _table(raw: Mapping[str, Any], editions: list[Edition]) -> Table:
    return Table(
        name=raw["name"],
        title=raw["title"],
        file=raw["file"],
        key=tuple(raw["key"]),
        by=raw["by"],
        scope=Scope(raw["scope"]),
        scope_columns=tuple(raw.get("scope_columns", ())),
        scope_needs=raw.get("scope_needs", "all"),
        supplied_by=raw["supplied_by"],
        rows=int(raw["rows"]),
        sha256=raw["sha256"],
        licence=raw["licence"],
        editions=tuple(sorted(editions, key=newest_last)),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
