"""Bytes become segments whatever the separators, and nothing is lost without a word."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.claim import Fault
from facetwise.formats import x12
from facetwise.formats.x12 import Batch, Cutter
from tests.formats.build_837 import ClaimText, Marks, interchange, one_claim, transaction

FILE = interchange(transaction([ClaimText()]))


def segments_of(data: bytes) -> tuple[list[str], list[Fault]]:
    items = list(Cutter(io.BytesIO(data), "f"))
    batches = [item for item in items if isinstance(item, Batch)]
    return (
        [segment for batch in batches for segment in batch.segments],
        [item for item in items if isinstance(item, Fault)],
    )


@pytest.mark.parametrize("after", ["", "\n", "\r\n", "\r"])
def test_line_ends_between_segments_make_no_difference(after: str) -> None:
    segments, faults = segments_of(
        interchange(transaction([ClaimText()]), marks=Marks(after=after))
    )
    assert segments == segments_of(FILE)[0]
    assert not faults


@pytest.mark.parametrize(("segment", "after"), [("\n", ""), ("\r", "\n"), ("\r", ""), ("\x1c", "")])
def test_a_line_end_may_itself_be_the_terminator(segment: str, after: str) -> None:
    marks = Marks(segment=segment, after=after)
    segments, faults = segments_of(interchange(transaction([ClaimText()]), marks=marks))
    assert segments == segments_of(FILE)[0]
    assert not faults


def test_a_file_wrapped_at_eighty_columns_is_read_as_if_it_were_not() -> None:
    plain = FILE.replace(b"\n", b"")
    wrapped = b"\r\n".join(plain[at : at + 80] for at in range(0, len(plain), 80))
    assert segments_of(wrapped) == segments_of(FILE)


def test_each_interchange_keeps_its_own_separators() -> None:
    other = interchange(transaction([ClaimText()]), marks=Marks("|", ">", "!", "'", ""))
    batches = [item for item in Cutter(io.BytesIO(FILE + other), "f") if isinstance(item, Batch)]
    assert [batch.separators for batch in batches] == [
        x12.Separators("*", ":", "^", "~"),
        x12.Separators("|", ">", "!", "'"),
    ]
    assert batches[1].first == len(batches[0].segments) + 1


def test_segments_are_whole_wherever_a_chunk_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    other = interchange(transaction([ClaimText()]), marks=Marks("|", ">", "!", "'", ""))
    expected = segments_of(FILE + other + FILE)
    for size in (1, 7, 106, 321, 500):
        monkeypatch.setattr(x12, "CHUNK", size)
        assert segments_of(FILE + other + FILE) == expected


def test_words_that_hold_isa_are_not_taken_for_a_header() -> None:
    data = one_claim(last="LISA", first="ISA")
    segments, faults = segments_of(data)
    assert "NM1*IL*1*LISA*ISA****MI*MEMBER1" in segments
    assert not faults


def test_a_header_without_padding_is_understood() -> None:
    loose = FILE.replace(b"          ", b"").replace(b"SENDER         ", b"SENDER")
    segments, faults = segments_of(loose)
    assert segments[1:] == segments_of(FILE)[0][1:]
    assert not faults


def test_mail_headers_before_the_interchange_are_said_and_passed_over() -> None:
    segments, faults = segments_of(b"From: a clearing house\r\n\r\n" + FILE)
    assert segments == segments_of(FILE)[0]
    assert [fault.id for fault in faults] == ["x12/not-x12"]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert segments_of(b"\xef\xbb\xbf" + FILE) == segments_of(FILE)


def test_half_a_charge_is_never_read_as_a_whole_one() -> None:
    cut = FILE[: FILE.index(b"100.00*UN") + 2]
    segments, faults = segments_of(cut)
    assert not [segment for segment in segments if segment.startswith("SV1")]
    assert [(fault.id, fault.lost) for fault in faults] == [("x12/cut-segment", True)]
    assert faults[0].place.at == len(segments) + 1


def test_a_missing_last_terminator_is_not_a_truncated_file() -> None:
    segments, faults = segments_of(FILE.rstrip(b"~\n"))
    assert segments == segments_of(FILE)[0]
    assert not faults


def test_the_next_interchange_is_found_after_one_that_breaks_off() -> None:
    cut = FILE[: FILE.index(b"UN*1")]
    segments, faults = segments_of(cut + FILE)
    assert segments[-len(segments_of(FILE)[0]) :] == segments_of(FILE)[0]
    assert [fault.id for fault in faults] == ["x12/cut-segment"]


def test_a_segment_that_swallowed_others_is_not_handed_on_as_one() -> None:
    swallowed = FILE.replace(b"N3*1 ROAD~", b"N3*1 ROAD" + b"X" * 2000 + b"~", 1)
    segments, faults = segments_of(swallowed)
    assert max(map(len, segments)) <= x12.LONGEST_SEGMENT
    assert [fault.id for fault in faults] == ["x12/segment-too-long"]
    assert len(segments) == len(segments_of(FILE)[0]) - 1


def test_bytes_that_are_not_utf8_are_said_once_and_do_not_stop_the_file() -> None:
    segments, faults = segments_of(FILE.replace(b"LASTNAME", b"M\xdcLLER"))
    assert len(segments) == len(segments_of(FILE)[0])
    assert [(fault.id, fault.lost) for fault in faults] == [("x12/encoding", False)]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"IS", b"hello, world", b"ISA", b"\0" * 500])
def test_what_is_no_interchange_is_called_so(data: bytes) -> None:
    segments, faults = segments_of(data)
    assert not segments
    assert faults
    assert all(fault.lost for fault in faults)


def test_a_header_whose_separators_are_letters_is_refused() -> None:
    segments, faults = segments_of(FILE.replace(b"T*:~", b"T*A~", 1))
    assert not segments
    assert [fault.id for fault in faults] == ["x12/header-unreadable"]


class Endless(io.RawIOBase):
    """A header, then one byte again and again, `size` bytes in all."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left = head, size

    def read(self, size: int = -1) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        given = min(size, self.left)
        self.left -= given
        return b"A" * given


def test_a_file_that_is_one_endless_line_is_refused_in_little_memory() -> None:
    def items() -> Iterator[Batch | Fault]:
        return iter(Cutter(Endless(FILE[:400], 200_000_000), "f"))  # type: ignore[arg-type]

    tracemalloc.start()
    faults = [item for item in items() if isinstance(item, Fault)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [fault.id for fault in faults] == ["x12/segment-too-long"]
    assert peak < 4_000_000


LEGAL = [chr(code) for code in (*range(0x1C, 0x20), *range(0x21, 0x7F)) if not chr(code).isalnum()]


@given(st.lists(st.sampled_from(LEGAL), min_size=4, max_size=4, unique=True))
def test_any_separators_that_an_interchange_may_declare_are_understood(marks: list[str]) -> None:
    element, component, repetition, segment = marks
    data = interchange(
        transaction([ClaimText()]), marks=Marks(element, component, repetition, segment)
    )
    segments, faults = segments_of(data)
    if not set(marks) & set(". "):  # amounts hold a dot, names a blank
        assert [len(s.split(element)) for s in segments] == [
            len(s.split("*")) for s in segments_of(FILE)[0]
        ]
        assert not faults
