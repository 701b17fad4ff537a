"""X12 bytes to segments: any legal separators, many interchanges, memory bounded by one chunk.

Knows the interchange header (ISA), which declares the separators, and nothing of what the
segments mean. Segments are counted from 1 through the whole file. A cut or overlong segment is
never handed on in part: half a charge would read as a whole one.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from facetwise.claim import Fault, Place

CHUNK = 1 << 18
LONGEST_SEGMENT = 1024
"""Characters; no segment of a claim or a remittance has more (PER, with 830, comes nearest)."""

_UNENDED = 1 << 16  # bytes without a terminator after which to stop waiting for one

_HEADER = b"ISA"
_HEADER_LENGTH = 106  # fixed by the standard: sixteen padded elements and a terminator
_HEADER_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_REPETITION_ELEMENT = 11
_LONGEST_HEADER = 320  # bytes in which a header whose elements are not padded must end
_AFTER_HEADER = (b"GS", b"TA1", b"IEA", b"ISB")
_BREAKS = b"\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Separators(NamedTuple):
    """What parts one interchange; repetition is empty in versions that have none."""

    element: str
    component: str
    repetition: str
    segment: str


class Batch(NamedTuple):
    """Consecutive segments under the same separators; `first` is the first one's ordinal."""

    separators: Separators
    first: int
    segments: list[str]


class Cutter:
    """Cuts one stream into segments.

    Iterating gives batches of segments in file order, and faults in the bytes where they stand.
    """

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self.ordinal = 1
        """Of the next segment; the last one is one less."""
        self._stream = stream
        self._file = file
        self._rest = b""
        self._read = 0
        self._separators: Separators | None = None
        self._any_header = False
        self._at_own_header = False
        self._foreign_bytes = 0
        self._skipping = False
        self._said_encoding = False

    @property
    def cut_to(self) -> int:
        """Bytes of the stream up to the end of the last batch or fault."""
        return self._read - len(self._rest)

    def __iter__(self) -> Iterator[Batch | Fault]:
        """Every batch and every fault, then what the end of the file says."""
        while data := self._stream.read(CHUNK):
            self._rest += data
            self._read += len(data)
            yield from self._cut(ended=False)
        yield from self._cut(ended=True)
        yield from self._finish()

    def _cut(self, *, ended: bool) -> Iterator[Batch | Fault]:
        """Cut all that can be cut of the bytes at hand."""
        while True:
            if self._separators is None:
                yield from self._open(ended=ended)
                if self._separators is None:
                    return
            if self._skipping:
                if not self._skip(ended=ended):
                    return
                continue
            terminator = self._separators.segment.encode()
            header, sure = self._next_header(terminator, ended=ended)
            if header is not None and sure:
                yield from self._hand_on(header)
                self._separators = None
                continue
            stop = self._rest.rfind(terminator, 0, header) + 1
            if stop:
                yield from self._hand_on(stop)
            elif len(self._rest) > _UNENDED:
                yield self._too_long()
                self._skipping = True
                continue
            return

    def _open(self, *, ended: bool) -> Iterator[Fault]:
        """Find the next header; what stands before it is not X12."""
        while len(self._rest) >= _LONGEST_HEADER or (ended and self._rest):
            at, separators = _find_header(self._rest)
            self._foreign_bytes += len(self._rest[:at].strip(_BYTE_ORDER_MARK + b"\r\n\t \0"))
            self._rest = self._rest[at:]
            if separators is None and not self._rest.startswith(_HEADER):
                continue
            if self._foreign_bytes:
                yield self._fault(
                    "x12/not-x12",
                    f"{self._foreign_bytes:,} bytes before this interchange are not X12.",
                    "Remove them, or check that the file was sent whole.",
                )
                self._foreign_bytes = 0
            if separators is not None:
                self._separators = separators
                self._any_header = self._at_own_header = True
                return
            yield self._fault(
                "x12/header-unreadable",
                "an interchange header (ISA) declares no usable separators; "
                "nothing up to the next header was read.",
                "Export the file again: the header must have 106 characters.",
            )
            self._any_header = True
            self._rest = self._rest[len(_HEADER) :]

    def _skip(self, *, ended: bool) -> bool:
        """Drop the overlong segment, up to its end or the next header; whether either was found."""
        assert self._separators is not None
        terminator = self._separators.segment.encode()
        header, sure = self._next_header(terminator, ended=ended)
        end = self._rest.find(terminator, 0, header)
        if end >= 0:
            self._rest = self._rest[end + 1 :]
        elif header is not None and sure:
            self._rest = self._rest[header:]
            self._separators = None
        else:
            self._rest = self._rest[-_LONGEST_HEADER - 1 :]
            return False
        self.ordinal += 1
        self._skipping = self._at_own_header = False
        return True

    def _next_header(self, terminator: bytes, *, ended: bool) -> tuple[int | None, bool]:
        """Where the next interchange begins, and whether enough bytes are at hand to be sure."""
        at = self._rest.find(_HEADER, self._at_own_header)
        while at >= 0:
            if not ended and len(self._rest) - at < _LONGEST_HEADER:
                return at, False
            before = self._rest[max(0, at - 4) : at].rstrip(_BREAKS.replace(terminator, b""))
            begins = not before or before.endswith(terminator)
            if begins and not self._rest[at + 3 : at + 4].isalnum():
                return at, True
            if _padded_header(self._rest, at):
                return at, True
            at = self._rest.find(_HEADER, at + 1)
        return None, True

    def _hand_on(self, stop: int) -> Iterator[Batch | Fault]:
        """The segments before `stop`; a piece without terminator is a segment cut short."""
        assert self._separators is not None
        data, self._rest = self._rest[:stop], self._rest[stop:]
        self._at_own_header = self._at_own_header and not data
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("latin-1")
            yield from self._encoding_fault()
        terminator = self._separators.segment
        for mark in "\r\n".replace(terminator, ""):
            text = text.replace(mark, "")
        *segments, cut_short = text.split(terminator)
        if segments and max(map(len, segments)) > LONGEST_SEGMENT:
            yield from self._without_too_long(segments, self._separators)
        elif segments:
            yield Batch(self._separators, self.ordinal, segments)
            self.ordinal += len(segments)
        if cut_short.strip():
            yield from self._cut_short(cut_short)

    def _without_too_long(
        self, segments: list[str], separators: Separators
    ) -> Iterator[Batch | Fault]:
        """The same segments; an overlong one, which may have swallowed others, is left out."""
        for segment in segments:
            if len(segment) > LONGEST_SEGMENT:
                yield self._too_long()
            else:
                yield Batch(separators, self.ordinal, [segment])
            self.ordinal += 1

    def _too_long(self) -> Fault:
        return self._fault(
            "x12/segment-too-long",
            f"a segment is longer than {LONGEST_SEGMENT:,} characters and was not read; "
            "it may hold others.",
            "Check that the file ends each segment with the terminator of its header.",
        )

    def _cut_short(self, text: str) -> Iterator[Batch | Fault]:
        assert self._separators is not None
        if text.lstrip().startswith("IEA"):  # the very last terminator is often left out
            yield Batch(self._separators, self.ordinal, [text.strip()])
        else:
            yield self._fault(
                "x12/cut-segment",
                "a segment is cut short and was not read.",
                "The file is not whole: export or send it again.",
            )
        self.ordinal += 1

    def _encoding_fault(self) -> Iterator[Fault]:
        if not self._said_encoding:
            yield self._fault(
                "x12/encoding",
                "some bytes from here on are not UTF-8; they were read as Latin-1.",
                "Names may look wrong; codes, dates and amounts are not affected.",
                lost=False,
            )
            self._said_encoding = True

    def _finish(self) -> Iterator[Batch | Fault]:
        if self._separators is not None and not self._skipping:
            yield from self._hand_on(len(self._rest))
        elif not self._any_header:
            yield Fault(
                "x12/no-header",
                "no interchange header (ISA) was found; nothing was read.",
                Place(self._file, "file", 0),
                "Check that this is an X12 file, saved as plain text.",
                lost=True,
            )

    def _fault(self, fault_id: str, message: str, todo: str, *, lost: bool = True) -> Fault:
        place = Place(self._file, "segment", self.ordinal)
        return Fault(fault_id, message, place, todo, lost)


def has_header(data: bytes) -> bool:
    """Whether an interchange header of the standard's widths stands anywhere in these bytes."""
    at = data.find(_HEADER)
    while at >= 0 and not _padded_header(data, at):
        at = data.find(_HEADER, at + 1)
    return at >= 0


def _find_header(data: bytes) -> tuple[int, Separators | None]:
    """Where a header stands and what it declares; else how many bytes hold no header."""
    start = len(data) - len(data.lstrip(_BYTE_ORDER_MARK + b"\r\n\t \0"))
    if data.startswith(_HEADER, start) and not data[start + 3 : start + 4].isalnum():
        return start, _declared(data, start)
    at = data.find(_HEADER)
    while at >= 0:
        if _padded_header(data, at):
            return at, _declared(data, at)
        at = data.find(_HEADER, at + 1)
    return max(1, len(data) - _LONGEST_HEADER + 1), None


def _padded_header(data: bytes, at: int) -> bool:
    """Whether a header with elements of the standard's widths begins here."""
    if len(data) - at < _HEADER_LENGTH:
        return False
    separator = data[at + 3]
    return all(data[at + place] == separator for place in _HEADER_SEPARATORS)


def _declared(data: bytes, at: int) -> Separators | None:
    """The separators of a header; None when they cannot separate."""
    element = data[at + 3 : at + 4]
    if not element:
        return None
    parts = data[at : at + _LONGEST_HEADER].split(element, len(_HEADER_SEPARATORS))
    last = parts[-1]
    if len(parts) <= len(_HEADER_SEPARATORS) or len(last) < 2:
        return None
    if not _padded_header(data, at) and not last[2:].lstrip(_BREAKS).startswith(_AFTER_HEADER):
        return None
    component, terminator = last[0:1], last[1:2]
    needed = (element, component, terminator)
    if len(set(needed)) < len(needed) or not all(map(_separates, needed)):
        return None
    repetition = parts[_REPETITION_ELEMENT]
    if len(repetition) != 1 or repetition in needed or not _separates(repetition):
        repetition = b""
    return Separators(*(part.decode() for part in (element, component, repetition, terminator)))


def _separates(byte: bytes) -> bool:
    return byte.isascii() and not byte.isalnum() and byte != b" "
