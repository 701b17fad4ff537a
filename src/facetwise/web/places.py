"""A place of a finding, shown in the file that was sent: the segment, row or value, and beside it.

A place counts segments, rows or lines. To find one in a large file without reading all of it, the
start of every few thousand is kept with the answers.
"""

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from facetwise.claim import Fault, Place
from facetwise.formats import Format, format_of
from facetwise.formats.x12 import Batch, Cutter, Separators

_TABLE = """create table if not exists span (
    first integer primary key, start integer, stop integer, count integer, separators text
)"""
_HEAD = 8192
_CHUNK = 1 << 18
_LARGEST = 1 << 22
"""Bytes of a JSON document, or of one span, beyond which nothing is shown."""
_BESIDE = 2
_BESIDE_JSON = 3
_BESIDE_CELLS = 4
_LONGEST = 600
_STRETCHES_HELD = 4
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_DELIMITERS = ",;\t|"


class Part(NamedTuple):
    """Text, and whether it is the very value meant."""

    text: str
    marked: bool = False


class Row(NamedTuple):
    """A segment, cell or line with its number or name, and whether it is the one meant."""

    label: str
    parts: tuple[Part, ...]
    here: bool


class Span(NamedTuple):
    """A stretch of the file.

    Attributes:
        first: number of its first segment or line.
        start: byte where it begins.
        stop: byte after it.
        whole: segments that end it; 0 when they are counted from its beginning.
    """

    first: int
    start: int
    stop: int
    whole: int
    separators: Separators | None = None


def keep_places(db: sqlite3.Connection, path: Path) -> None:
    """Note where things stand in a file, in a table beside its answers."""
    db.execute(_TABLE)
    with path.open("rb") as stream:
        found = format_of(stream.read(_HEAD))
        stream.seek(0)
        spans = _segments(stream) if found is Format.X12 else _lines(stream, found is Format.CSV)
        rows = (
            (*span[:4], json.dumps(span.separators) if span.separators else "") for span in spans
        )
        with db:
            db.executemany("insert or ignore into span values (?, ?, ?, ?, ?)", rows)


def _segments(stream: BinaryIO) -> Iterator[Span]:
    """What the reader cuts at once; an overlong segment makes a stretch counted from its start."""
    cutter = Cutter(stream, "")
    span: Span | None = None
    done = 0
    for item in cutter:
        first = item.place.at if isinstance(item, Fault) else item.first
        if cutter.cut_to > done:
            if span:
                yield span
            span = Span(first, done, cutter.cut_to, 0)
            if isinstance(item, Batch):
                span = span._replace(whole=len(item.segments), separators=item.separators)
            done = cutter.cut_to
        elif span and isinstance(item, Batch):
            span = span._replace(whole=0, separators=item.separators)
    if span:
        yield span


def _lines(stream: BinaryIO, any_end: bool) -> Iterator[Span]:
    """Stretches of whole lines. JSON is counted by line feeds, CSV by any line end."""
    first, start, at, held = 1, 0, 0, b""
    while data := stream.read(_CHUNK):
        data = held + data
        held = b"\r" if any_end and data.endswith(b"\r") else b""
        data = data.removesuffix(held)
        ends = _LINE_ENDS.findall(data) if any_end else [b"\n"] * data.count(b"\n")
        last = max(data.rfind(b"\n"), data.rfind(b"\r") if any_end else -1)
        if ends:
            yield Span(first, start, at + last + 1, 0)
            first, start = first + len(ends), at + last + 1
        at += len(data)
    yield Span(first, start, at + len(held), 0)


class Places:
    """Looks up places of one file."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path
        self._cut: dict[Span, list[str]] = {}

    def at(self, place: Place) -> tuple[Row, ...]:
        """What stands there and beside it; nothing where it cannot be shown."""
        match place.kind:
            case "segment":
                return self._segment(place)
            case "row":
                return self._csv_row(place)
            case "line":
                return self._json_line(place)
            case "item" if 0 < place.at <= len(self._items):
                return _json_rows(self._items[place.at - 1], place.element)
            case _:
                return ()

    def _segment(self, place: Place) -> tuple[Row, ...]:
        rows: list[Row] = []
        for at in range(max(1, place.at - _BESIDE), place.at + _BESIDE + 1):
            separators, text = self._segment_at(at)
            if separators is None:
                continue
            here = at == place.at
            marked = _marked(text, place.element, separators) if here else (Part(_cut(text)),)
            rows.append(Row(str(at), marked, here))
        return tuple(rows) if any(row.here for row in rows) else ()

    def _segment_at(self, at: int) -> tuple[Separators | None, str]:
        span = self._span(at)
        if span is None or span.separators is None:
            return None, ""
        pieces = self._pieces(span)
        index = at - span.first
        return (span.separators, pieces[index]) if index < len(pieces) else (None, "")

    def _csv_row(self, place: Place) -> tuple[Row, ...]:
        header = self._line(1).lstrip("\ufeff")
        delimiter = max(_DELIMITERS, key=header.count)
        names, cells = (
            next(csv.reader([text], delimiter=delimiter), list[str]())
            for text in (header, self._line(place.at))
        )
        if place.at == 1:
            names = [f"column {at}" for at in range(1, len(cells) + 1)]
        rows: list[Row] = []
        marked = 0
        for at, cell in enumerate(cells):
            name = names[at].strip() if at < len(names) else f"column {at + 1}"
            here = bool(place.element) and name == place.element
            if here:
                marked = len(rows)
            if cell.strip() or here:
                rows.append(Row(name, (Part(_cut(cell.strip()), here),), here))
        return tuple(rows[max(0, marked - _BESIDE_CELLS) : marked + _BESIDE_CELLS + 1])

    def _json_line(self, place: Place) -> tuple[Row, ...]:
        text = self._line(place.at)
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return (Row(str(place.at), (Part(_cut(text)),), True),) if text else ()
        return _json_rows(value, place.element)

    @cached_property
    def _items(self) -> list[Any]:
        """The claims of a JSON document that is not too large."""
        if self._path.stat().st_size > _LARGEST:
            return []
        try:
            value = json.loads(self._path.read_text("utf-8-sig"))
        except (ValueError, RecursionError):
            return []
        if isinstance(value, dict):
            value = cast("dict[str, Any]", value).get("claims", value)
        return cast("list[Any]", value) if isinstance(value, list) else [value]

    def _line(self, at: int) -> str:
        span = self._span(at)
        pieces = self._pieces(span) if span else []
        return pieces[at - span.first] if span and at - span.first < len(pieces) else ""

    def _span(self, at: int) -> Span | None:
        row = self._db.execute(
            "select * from span where first <= ? order by first desc limit 1", (at,)
        ).fetchone()
        if row is None:
            return None
        separators = Separators(*json.loads(row[4])) if row[4] else None
        first, start, stop, whole = row[:4]
        return Span(first, start, stop, whole, separators)

    def _pieces(self, span: Span) -> list[str]:
        """The segments or lines of a stretch; those of the last few are at hand."""
        if span not in self._cut:
            if len(self._cut) >= _STRETCHES_HELD:
                del self._cut[next(iter(self._cut))]
            with self._path.open("rb") as file:
                file.seek(span.start)
                data = file.read(min(span.stop - span.start, _LARGEST))
            self._cut[span] = _segments_of(data, span) if span.separators else _lines_of(data)
        return self._cut[span]


def _segments_of(data: bytes, span: Span) -> list[str]:
    assert span.separators
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    for mark in "\r\n".replace(span.separators.segment, ""):
        text = text.replace(mark, "")
    pieces = text.split(span.separators.segment)
    pieces = pieces if pieces[-1].strip() else pieces[:-1]
    return pieces[-span.whole :] if span.whole else pieces


def _lines_of(data: bytes) -> list[str]:
    return [line.decode("utf-8", "replace") for line in _LINE_ENDS.split(data)]


def _marked(text: str, element: str, separators: Separators) -> tuple[Part, ...]:
    """A segment in parts, the element or component marked; one that is not there is empty."""
    name, _, component = element.partition("-")
    elements = text.split(separators.element)
    number = name.removeprefix(elements[0].strip())
    if not element or number == name or not number.isdecimal():
        return (Part(_cut(text), not element),)
    at = int(number)
    elements += [""] * (at + 1 - len(elements))
    before = separators.element.join(elements[:at]) + separators.element
    after = "".join(separators.element + other for other in elements[at + 1 :])
    value = elements[at]
    if component.isdecimal():
        parts = value.split(separators.component)
        inner = int(component) - 1
        parts += [""] * (inner + 1 - len(parts))
        before += "".join(part + separators.component for part in parts[:inner])
        after = "".join(separators.component + part for part in parts[inner + 1 :]) + after
        value = parts[inner]
    return (Part(_cut(before)), Part(_cut(value), True), Part(_cut(after)))


def _json_rows(value: Any, path: str) -> tuple[Row, ...]:
    """The lines of a claim around a path such as `lines[0].modifiers[1]`."""
    lines = list(_printed(value, ""))
    paths = [where for where, _ in lines]
    while path and path not in paths:  # what is not there is shown where it would stand
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    at = paths.index(path) if path else 0
    first = max(0, at - _BESIDE_JSON)
    marked = at - first if path else -1
    lines = lines[first : at + _BESIDE_JSON + 1]
    rows: list[Row] = []
    for at, (_, text) in enumerate(lines):
        value = text.lstrip()
        parts = (Part(text[: len(text) - len(value)]), Part(_cut(value), at == marked))
        rows.append(Row("", parts, at == marked))
    return tuple(rows)


def _printed(value: Any, path: str, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """JSON line by line, each with the path of the value that begins on it."""
    begins = "  " * depth + (f"{json.dumps(name, ensure_ascii=False)}: " if name else "")
    if isinstance(value, dict) and value:
        yield path, begins + "{"
        for key, item in cast("dict[str, Any]", value).items():
            yield from _printed(item, f"{path}.{key}" if path else key, key, depth + 1)
        yield "", "  " * depth + "}"
    elif isinstance(value, list) and value:
        yield path, begins + "["
        for at, item in enumerate(cast("list[Any]", value)):
            yield from _printed(item, f"{path}[{at}]", "", depth + 1)
        yield "", "  " * depth + "]"
    else:
        yield path, begins + json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
