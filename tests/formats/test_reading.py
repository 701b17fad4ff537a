"""Whatever file a user has, it is read as what it is, or named and refused."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from facetwise.claim import Claim, Fault, Provider
from facetwise.formats import Format, format_of, read
from facetwise.formats.records import CLAIM_FIELDS, LINE_FIELDS
from facetwise.formats.values import money, number, written_day, written_pointers
from tests.conftest import ROOT
from tests.formats.build_837 import interchange, one_claim, transaction

EXAMPLES = ROOT / "examples" / "claims"
DOCS = ROOT / "docs" / "formats.md"
Reading = Callable[..., tuple[list[Claim], list[Fault]]]


def shared_fields(claim: Claim) -> tuple[object, ...]:
    """What all three formats can say of a claim."""

    def known(provider: Provider | None) -> tuple[str, str] | None:
        return provider and (provider.npi, provider.taxonomy)

    lines = [
        (
            *(line.number, line.code, line.modifiers, line.units, line.charge),
            *(line.place_of_service, line.pointers, line.service_date, line.last_service_date),
            *(known(line.rendering), line.control_number, line.drug),
        )
        for line in claim.lines
    ]
    return (
        *(claim.claim_id, lines, [d.code for d in claim.diagnoses], claim.claim_type),
        *(known(claim.billing), known(claim.rendering), claim.facility and claim.facility.npi),
        *(claim.provider_state, claim.payer_id, claim.payer_name, claim.filing_code),
        *(claim.place_of_service, claim.frequency_code, claim.prior_authorization),
        *(claim.original_reference, claim.claim_total, claim.file_control_number),
        *(claim.complete, claim.faults),
    )


def test_the_examples_say_the_same_in_all_three_formats() -> None:
    kinds = [list(read(EXAMPLES / f"facet.{kind}")) for kind in ("837", "csv", "json")]
    assert [len(items) for items in kinds] == [20, 20, 20]
    for one, two, three in zip(*kinds, strict=True):
        assert isinstance(one, Claim)
        assert isinstance(two, Claim)
        assert isinstance(three, Claim)
        assert shared_fields(one) == shared_fields(two) == shared_fields(three)


def test_the_example_claims_add_up() -> None:
    for claim in read(EXAMPLES / "facet.837"):
        assert isinstance(claim, Claim)
        charges = [line.charge for line in claim.lines if line.charge is not None]
        assert len(charges) == len(claim.lines)
        assert claim.claim_total == sum(charges, Decimal(0))
        assert claim.patient_key


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (one_claim(), Format.X12),
        (b"\r\n  " + one_claim(), Format.X12),
        (b"junk,junk\n" + one_claim(), Format.X12),
        (b" [", Format.JSON),
        (b"\xef\xbb\xbf{", Format.JSON),
        (b"claim_id,code\n", Format.CSV),
        (b"claim_id\tcode\n", Format.CSV),
    ],
)
def test_the_format_is_found_by_content_and_not_by_name(head: bytes, expected: Format) -> None:
    assert format_of(head) is expected


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"%PDF-1.7", "PDF"),
        ("ISA*00*".encode("utf-16"), "UTF-16"),
        ("ISA*00*".encode("utf-16-le"), "UTF-16"),
        ("ISA*00*".encode("cp037"), "EBCDIC"),
        (b"<?xml", "XML"),
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\x7fELF\0\0\0,\0", "no format"),
        (b"just words", "no format"),
    ],
)
def test_a_file_of_another_kind_is_named_and_the_user_told_what_to_do(
    read_bytes: Reading, data: bytes, word: str
) -> None:
    claims, faults = read_bytes(data)
    assert not claims
    assert [fault.id for fault in faults] == ["file/unknown-format"]
    assert word in faults[0].message
    assert faults[0].todo
    assert faults[0].lost


def test_a_file_that_is_not_there_is_a_fault_and_not_a_traceback(tmp_path: Path) -> None:
    (fault,) = read(tmp_path / "absent.837")
    assert isinstance(fault, Fault)
    assert fault.id == "input/unreadable"
    assert str(tmp_path) not in str(fault)


def test_a_stream_stays_open_for_its_owner() -> None:
    for data in (one_claim(), b"claim_id,code\nA1,64493\n", b'[{"claim_id": "A1"}]'):
        stream = io.BytesIO(data)
        assert list(read(stream, name="in"))
        assert not stream.closed


def test_claims_are_handed_on_before_the_file_is_read_to_its_end() -> None:
    class Watched(io.BytesIO):
        taken = 0

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            size = super().readinto(buffer)
            self.taken += size
            return size

    for row in (one_claim(), b"claim_id,code\n" + b"A1,64493\nA2,64494\n" * 2):
        stream = Watched(row + (b"\n" * 9_000_000))
        next(read(stream))
        assert stream.taken < 3_000_000


@pytest.mark.parametrize(
    "data", [b"claim_id,code\n", b"[]", b'{"claims": []}', interchange(transaction([]))]
)
def test_a_file_without_claims_does_not_pass_for_one_without_faults(
    read_bytes: Reading, data: bytes
) -> None:
    claims, faults = read_bytes(data)
    assert not claims
    assert [fault.id for fault in faults] == ["file/no-claims"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("$1,234.50", "1234.50"), (" 12 ", "12"), ("12,345,678", "12345678"), ("-5.00", "-5.00")],
)
def test_amounts_may_be_written_as_people_do(text: str, amount: str) -> None:
    assert money(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["12,50", "1,23,456", "1,2345", ",5", "1.234,50", "(5.00)"])
def test_a_decimal_comma_is_not_taken_for_thousands(text: str) -> None:
    assert money(text) is None


@pytest.mark.parametrize("text", ["", "NaN", "inf", "1e3", "0x1", "1 0", "--1", "1.2.3", "1" * 16])
def test_only_plain_numbers_are_numbers(text: str) -> None:
    assert number(text) is None


def test_numbers_keep_every_digit() -> None:
    assert [number(text) for text in ("1", "1.", ".5", "-0.10", "007")] == [
        Decimal(text) for text in ("1", "1", "0.5", "-0.10", "7")
    ]


@pytest.mark.parametrize(
    "text", ["2026-02-29", "13/1/2026", "1/2/26", "2026/1/2", "20261", "٢٠٢٦٠١٠١"]
)
def test_a_day_that_is_none_or_could_be_two_is_not_guessed(text: str) -> None:
    assert written_day(text) is None


@pytest.mark.parametrize("text", ["12A", "13", "0001", "M", "1.5"])
def test_pointers_that_could_mean_two_things_are_not_guessed(text: str) -> None:
    assert written_pointers(text) is None


def test_every_fault_a_user_can_meet_is_explained_in_the_docs() -> None:
    sources = (ROOT / "src" / "facetwise" / "formats").glob("*.py")
    code = "".join(path.read_text("utf-8") for path in sources)
    raised = set(re.findall(r'"((?:claim|csv|file|input|json|x12)/[a-z0-9-]+)"', code))
    listed = re.findall(r"^\| `([a-z0-9]+/[a-z0-9-]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE)
    assert set(listed) == raised
    assert len(listed) == len(raised)


def test_every_column_is_in_the_docs() -> None:
    text = DOCS.read_text("utf-8")
    for field in CLAIM_FIELDS + LINE_FIELDS:
        stem, _, number_of = field.rpartition("_")
        if not number_of.isdigit() or number_of == "1":
            assert f"`{field}`" in text, field
        else:
            assert f"`{stem}_1` to" in text, field
