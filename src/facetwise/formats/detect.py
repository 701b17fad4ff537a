"""What a file is, by its content, and the claims in it."""

import io
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, cast

from facetwise.claim import Claim, ClaimType, Fault, Place
from facetwise.formats.x12 import has_header

_HEAD = 8192
_MOST_ALIKE = 100  # faults with the same id in one file; the rest are counted
_SPACE = b"\xef\xbb\xbf\r\n\t \0"
_OTHERS = {
    b"PK\x03\x04": ("a ZIP archive or an Excel workbook", "Unpack it, or save it as CSV UTF-8."),
    b"\x1f\x8b": ("compressed (gzip)", "Unpack it first."),
    b"%PDF": ("a PDF", "Export the claims as 837, CSV or JSON."),
    b"PAR1": ("a Parquet file", "Export the claims as 837, CSV or JSON."),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "Save it as CSV UTF-8."),
    b"\xff\xfe": ("UTF-16 text", "Save it as UTF-8."),
    b"\xfe\xff": ("UTF-16 text", "Save it as UTF-8."),
    b"I\0S\0A\0": ("UTF-16 text", "Save it as plain ASCII or UTF-8."),
    b"\xc9\xe2\xc1": ("X12 in EBCDIC", "Transfer it as text, so that it becomes ASCII."),
    b"<": ("XML or HTML", "Export the claims as 837, CSV or JSON."),
}


class Format(StrEnum):
    """The claim formats that are read."""

    X12 = "x12"
    JSON = "json"
    CSV = "csv"


_Reader = Callable[..., Iterator[Claim | Fault]]


def _reader(found: Format) -> _Reader:
    """The reader of a format; a cold start pays for no other."""
    match found:
        case Format.X12:
            from facetwise.formats.x12_837p import read_837p

            return read_837p
        case Format.JSON:
            from facetwise.formats.json_claims import read_json

            return read_json
        case Format.CSV:
            from facetwise.formats.tabular import read_csv

            return read_csv


def format_of(head: bytes) -> Format | tuple[str, str]:
    """The format of a file that begins so; else what it is instead, and what to do about it.

    Args:
        head: the first bytes, up to a few thousand.
    """
    for mark, other in _OTHERS.items():
        if head.startswith(mark):
            return other
    text = head.lstrip(_SPACE)
    if not text:
        return ("empty", "Check that this is the right file.")
    if text.startswith(b"ISA") or has_header(head):
        return Format.X12
    if text[:1] in (b"{", b"["):
        return Format.JSON
    first = text.splitlines()[0]
    if b"\0" in first or not any(mark in first for mark in (b",", b";", b"\t", b"|")):
        return ("of no format we read", "Give an 837 professional, CSV or JSON file.")
    return Format.CSV


def read(
    source: str | Path | BinaryIO,
    *,
    name: str = "",
    claim_type: ClaimType | None = None,
    secret: bytes = b"",
) -> Iterator[Claim | Fault]:
    """Claims of a file or binary stream, in order, one in memory at a time.

    Args:
        source: path, or binary stream, which stays open.
        name: what places call the file; by default its own name, or `input` for a stream.
        claim_type: what the caller knows the claims to be, whatever the file says.
        secret: key of the patient keys; see `patient_key`.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        file = name or path.name
        try:
            stream = path.open("rb")
        except OSError as error:
            message = f"the file could not be opened: {error.strerror or 'unknown reason'}."
            yield Fault("input/unreadable", message, Place(file, "file", 0), lost=True)
            return
        with stream:
            yield from _read(stream, file, claim_type, secret)
        return
    buffered = io.BufferedReader(cast("io.RawIOBase", source), _HEAD)
    try:
        yield from _read(buffered, name or "input", claim_type, secret)
    finally:
        buffered.detach()


def _read(
    stream: "io.BufferedReader[Any]", file: str, claim_type: ClaimType | None, secret: bytes
) -> Iterator[Claim | Fault]:
    found = format_of(stream.peek(_HEAD))
    if not isinstance(found, Format):
        what, todo = found
        place = Place(file, "file", 0)
        yield Fault("file/unknown-format", f"the file is {what}.", place, todo, lost=True)
        return
    items = _reader(found)(stream, file, claim_type=claim_type, secret=secret)
    anything = False
    for item in _limited(items):
        anything = True
        yield item
    if not anything:
        place = Place(file, "file", 0)
        yield Fault("file/no-claims", "the file holds no claim.", place, "Is it the right file?")


def _limited(items: Iterator[Claim | Fault]) -> Iterator[Claim | Fault]:
    """The first faults of each kind, and at the end how many more there were."""
    seen: dict[str, int] = {}
    last: dict[str, Fault] = {}
    for item in items:
        if isinstance(item, Fault):
            seen[item.id] = seen.get(item.id, 0) + 1
            if seen[item.id] > _MOST_ALIKE:
                last[item.id] = item
                continue
        yield item
    for fault_id, fault in last.items():
        more = seen[fault_id] - _MOST_ALIKE
        yield fault._replace(
            message=f"{more:,} more like the last of these; this is the final one."
        )
