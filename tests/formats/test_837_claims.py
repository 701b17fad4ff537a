"""An 837 professional claim arrives whole, under its own patient, provider and payer."""

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.claim import Claim, ClaimType, Drug, Fault, Measurement
from facetwise.formats import read
from tests.formats.build_837 import (
    PROVIDER,
    ClaimText,
    LineText,
    Marks,
    claim_segments,
    interchange,
    one_claim,
    transaction,
)

Reading = Callable[..., tuple[list[Claim], list[Fault]]]

_ST_837 = re.compile(rb"ST.837")
_PROFESSIONAL = re.compile(rb"005010X222|004010X098")
_CLM = re.compile(rb"(?:^|~)\s*CLM\*")


def test_every_public_professional_sample_gives_all_its_claims(samples: Path) -> None:
    files = 0
    for path in sorted(file for file in samples.rglob("*") if file.is_file()):
        raw = path.read_bytes()
        if not (_ST_837.search(raw) and _PROFESSIONAL.search(raw)):
            continue
        files += 1
        claims = [item for item in read(path) if isinstance(item, Claim)]
        assert len(claims) == len(_CLM.findall(raw)), path.name
        assert all(line.code for claim in claims for line in claim.lines), path.name
        assert all(claim.diagnoses and claim.patient_key for claim in claims), path.name
    assert files >= 30


def test_every_public_sample_of_another_kind_says_why_it_has_no_claims(samples: Path) -> None:
    for path in sorted(file for file in samples.rglob("*") if file.is_file()):
        raw = path.read_bytes()
        if raw[:3] != b"ISA" or _PROFESSIONAL.search(raw) or b"ST" not in raw:
            continue
        items = list(read(path))
        assert not [item for item in items if isinstance(item, Claim)], path.name
        if re.search(rb"\bST\*", raw):
            assert any(isinstance(item, Fault) and item.lost for item in items), path.name


def test_all_that_a_rule_may_ask_of_a_claim_is_read(read_bytes: Reading) -> None:
    claim = ClaimText(
        claim_id="ACC-1",
        total="642.50",
        setting="22:B:7",
        diagnoses=("M47816", "M5450"),
        more=(
            "REF*G1*AUTH9",
            "REF*F8*ICN7",
            "NM1*DN*1*REFER*A****XX*1000000004",
            "NM1*82*1*DOC*B****XX*1000000012",
            "PRV*PE*PXC*208VP0014X",
            "NM1*77*2*HOSPITAL*****XX*1000000020",
            "N3*9 ROAD",
            "N4*PHOENIX*AZ*85001",
        ),
        lines=(
            LineText("64493", ("RT", "KX"), "630.50", "1", "", ("1", "2"), control="L-1"),
            LineText(
                "j1010",
                (),
                "12",
                "40",
                "11",
                ("1",),
                more=(
                    "REF*G1*LINEAUTH",
                    "MEA*TR*R1*11.4",
                    "LIN**N4*99999000101",
                    "CTP****1.5*ML",
                    "NM1*82*1*OTHER*C****XX*1000000038",
                    "PRV*PE*PXC*2081P2900X",
                ),
            ),
        ),
    )
    (got,), faults = read_bytes(interchange(transaction([claim])))
    assert not faults
    assert got.complete
    assert (got.claim_id, got.claim_total) == ("ACC-1", Decimal("642.50"))
    assert (got.place_of_service, got.frequency_code) == ("22", "7")
    assert (got.prior_authorization, got.original_reference) == ("AUTH9", "ICN7")
    assert (got.payer_id, got.payer_name, got.filing_code) == ("15202", "MEDICARE", "MB")
    assert got.file_control_number == "000000007"
    assert got.claim_type is ClaimType.PRACTITIONER
    assert [(d.code, d.system) for d in got.diagnoses] == [
        ("M47816", "icd-10"),
        ("M5450", "icd-10"),
    ]
    assert got.billing
    assert got.rendering
    assert got.referring
    assert got.facility
    assert (got.billing.npi, got.billing.taxonomy, got.billing.state) == (
        "1234567893",
        "208VP0014X",
        "OH",
    )
    assert (got.rendering.npi, got.rendering.taxonomy) == ("1000000012", "208VP0014X")
    assert got.referring.npi == "1000000004"
    assert (got.facility.npi, got.facility.state) == ("1000000020", "AZ")
    assert got.provider_state == "AZ"
    first, second = got.lines
    assert (first.number, first.code, first.modifiers) == (1, "64493", ("RT", "KX"))
    assert (first.units, first.charge, first.unit_basis) == (Decimal(1), Decimal("630.50"), "UN")
    assert (first.place_of_service, first.pointers) == ("22", (1, 2))
    assert first.service_date == first.last_service_date == date(2026, 8, 3)
    assert first.control_number == "L-1"
    assert first.rendering == got.rendering
    assert (second.code, second.place_of_service) == ("J1010", "11")
    assert second.drug == Drug("99999000101", Decimal("1.5"), "ML")
    assert second.measurements == (Measurement("R1", Decimal("11.4")),)
    assert second.prior_authorization == "LINEAUTH"
    assert second.rendering
    assert (second.rendering.npi, second.rendering.taxonomy) == ("1000000038", "2081P2900X")


def test_every_value_can_be_found_again_in_the_file(read_bytes: Reading) -> None:
    data = one_claim(
        more=("REF*G1*AUTH9", "NM1*82*1*DOC*B****XX*1000000012", "PRV*PE*PXC*208VP0014X"),
        lines=(LineText(modifiers=("", "RT"), control="L-1"),),
    )
    segments = [s.strip().split("*") for s in data.decode().split("~")]

    def text(at: int, element: str) -> str:
        whole = segments[at - 1][int(element[-4:-2] if "-" in element else element[-2:])]
        return whole.split(":")[int(element[-1]) - 1] if "-" in element else whole

    (claim,), _ = read_bytes(data)
    line = claim.lines[0]
    assert claim.billing
    assert claim.rendering
    expected = {
        claim.where("claim_id"): "A1",
        claim.where("claim_total"): "100.00",
        claim.where("prior_authorization"): "AUTH9",
        claim.where("payer_id"): "15202",
        claim.where("filing_code"): "MB",
        claim.where("frequency_code"): "1",
        claim.where("provider_state"): "OH",
        claim.where("file_control_number"): "000000007",
        claim.where("claim_type"): "208VP0014X",
        claim.where("diagnoses.0"): "M47816",
        claim.billing.where("npi"): "1234567893",
        claim.rendering.where("npi"): "1000000012",
        claim.rendering.where("taxonomy"): "208VP0014X",
        line.where("code"): "64493",
        line.where("modifiers.0"): "RT",
        line.where("units"): "1",
        line.where("charge"): "100.00",
        line.where("service_date"): "20260803",
        line.where("control_number"): "L-1",
        line.where("place_of_service"): "11",
        line.where("pointers"): "1",
    }
    for place, value in expected.items():
        assert text(place.at, place.element) == value, place


def test_another_payer_s_share_of_the_claim_is_not_taken_for_this_one(read_bytes: Reading) -> None:
    other = (
        "SBR*S*18*******CI",
        "AMT*D*39.15",
        "OI***Y***Y",
        "NM1*IL*1*SPOUSE*ANN****MI*OTHER1",
        "NM1*PR*2*OTHER PLAN*****PI*99999",
        "REF*G1*OTHERAUTH",
        "NM1*82*1*X*Y****XX*1000000046",
        "DTP*573*D8*20260901",
    )
    paid = ("SVD*99999*40*HC:99999**1", "CAS*CO*42*3", "DTP*472*D8*20200101", "REF*6R*NOT")
    data = one_claim(more=other, lines=(LineText(control="L-1", more=paid),))
    (claim,), faults = read_bytes(data)
    (alone,), _ = read_bytes(one_claim(lines=(LineText(control="L-1"),)))
    assert not faults
    assert claim.patient_key == alone.patient_key
    assert (claim.payer_id, claim.filing_code) == ("15202", "MB")
    assert claim.prior_authorization == ""
    assert claim.rendering is None
    assert claim.lines[0].service_date == date(2026, 8, 3)
    assert claim.lines[0].control_number == "L-1"


def dependent(first: str, born: str, level: int = 3) -> list[str]:
    return [
        f"HL*{level}*2*23*0",
        "PAT*19",
        f"NM1*QC*1*LASTNAME*{first}",
        f"DMG*D8*{born}*F",
        *claim_segments(ClaimText(claim_id=first))[7:],
    ]


def test_children_on_one_policy_are_patients_of_their_own(read_bytes: Reading) -> None:
    subscriber = claim_segments(ClaimText())
    body = [*PROVIDER, *subscriber, *dependent("ANN", "20100101"), *dependent("BEA", "20100101", 4)]
    whole = ["ST*837*0001*005010X222A1", *body, f"SE*{len(body) + 2}*0001"]
    claims, faults = read_bytes(interchange(whole))
    assert not faults
    assert len({claim.patient_key for claim in claims}) == 3
    again, _ = read_bytes(one_claim())
    assert again[0].patient_key == claims[0].patient_key


def test_a_second_billing_provider_does_not_inherit_from_the_first(read_bytes: Reading) -> None:
    second = ["HL*3**20*1", "NM1*85*2*OTHER*****XX*1000000053", "N4*AUSTIN*TX*78701"]
    body = [*PROVIDER, *claim_segments(ClaimText()), *second]
    body += [s.replace("HL*2*1", "HL*4*3") for s in claim_segments(ClaimText(claim_id="A2"))]
    whole = ["ST*837*0001*005010X222A1", *body, f"SE*{len(body) + 2}*0001"]
    claims, faults = read_bytes(interchange(whole))
    assert not faults
    assert claims[1].billing
    assert (claims[1].billing.npi, claims[1].billing.taxonomy) == ("1000000053", "")
    assert claims[1].provider_state == "TX"


@pytest.mark.parametrize(
    ("taxonomy", "place", "expected"),
    [
        ("261QA1903X", "24", ClaimType.ASC),
        ("208VP0014X", "24", ClaimType.PRACTITIONER),
        ("208VP0014X", "11", ClaimType.PRACTITIONER),
        ("", "11", ClaimType.PRACTITIONER),
        ("", "24", ClaimType.UNKNOWN),
    ],
)
def test_a_surgery_centre_claim_is_told_from_its_surgeon_s(
    read_bytes: Reading, taxonomy: str, place: str, expected: ClaimType
) -> None:
    provider = [s.replace("208VP0014X", taxonomy) for s in PROVIDER if taxonomy or s[:3] != "PRV"]
    claim = ClaimText(setting=f"{place}:B:1")
    (got,), _ = read_bytes(interchange(transaction([claim], provider)))
    assert got.claim_type is expected


def test_place_24_on_one_line_alone_is_already_a_question(read_bytes: Reading) -> None:
    provider = [s for s in PROVIDER if s[:3] != "PRV"]
    claim = ClaimText(lines=(LineText(), LineText(place="24")))
    (got,), _ = read_bytes(interchange(transaction([claim], provider)))
    assert got.claim_type is ClaimType.UNKNOWN


def test_what_the_caller_knows_of_the_claim_type_wins(read_bytes: Reading) -> None:
    (got,), _ = read_bytes(one_claim(), ClaimType.HOSPITAL_OUTPATIENT)
    assert got.claim_type is ClaimType.HOSPITAL_OUTPATIENT


@pytest.mark.parametrize("version", ["005010X222", "005010X222A1", "005010X222A2"])
def test_the_three_current_versions_are_one_layout(read_bytes: Reading, version: str) -> None:
    claims, faults = read_bytes(
        interchange(transaction([ClaimText()], version=version), version=version)
    )
    assert len(claims) == 1
    assert not faults


@pytest.mark.parametrize("version", ["004010X098", "004010X098A1"])
def test_a_retired_version_is_read_and_said_to_be_retired(
    read_bytes: Reading, version: str
) -> None:
    claim = ClaimText(diagnoses=())._replace(more=("HI*BK:72252*BF:7213",))
    claims, faults = read_bytes(interchange(transaction([claim], version=""), version=version))
    assert [(d.code, d.system) for d in claims[0].diagnoses] == [
        ("72252", "icd-9"),
        ("7213", "icd-9"),
    ]
    assert [(fault.id, fault.lost) for fault in faults] == [("x12/version-retired", False)]


def test_a_service_of_several_days_keeps_both_ends(read_bytes: Reading) -> None:
    data = one_claim().replace(b"DTP*472*D8*20260803", b"DTP*472*RD8*20260803-20260805")
    (claim,), faults = read_bytes(data)
    assert not faults
    line = claim.lines[0]
    assert (line.service_date, line.last_service_date) == (date(2026, 8, 3), date(2026, 8, 5))


def test_composites_parted_by_an_undeclared_character_are_read_and_said(
    read_bytes: Reading,
) -> None:
    data = one_claim(lines=(LineText(modifiers=("50", "KX")),)).replace(b":", b">")
    data = data.replace(b"T*>", b"T*:")
    (claim,), faults = read_bytes(data)
    assert (claim.lines[0].code, claim.lines[0].modifiers) == ("64493", ("50", "KX"))
    assert claim.diagnoses[0].code == "M47816"
    assert [fault.id for fault in faults] == ["x12/component-separator"]


def test_files_of_two_senders_in_one_are_read_with_their_own_control_numbers(
    read_bytes: Reading,
) -> None:
    second = one_claim(claim_id="B1").replace(b"000000007", b"000000008")
    claims, faults = read_bytes(one_claim() + second)
    assert [(c.claim_id, c.file_control_number) for c in claims] == [
        ("A1", "000000007"),
        ("B1", "000000008"),
    ]
    assert not faults


WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
AMOUNT = st.decimals(0, 99999, places=2).map(str)
LINES = st.builds(
    lambda **said: LineText(**said),
    code=st.sampled_from(["64493", "64494", "0216T", "J1010"]),
    modifiers=st.lists(st.sampled_from(["50", "RT", "LT", "KX", "59"]), max_size=4).map(tuple),
    charge=AMOUNT,
    units=st.integers(1, 200).map(str),
    place=st.sampled_from(["", "11", "22", "24"]),
    pointers=st.lists(st.sampled_from("1234"), min_size=1, max_size=4).map(tuple),
    day=st.dates(date(2000, 1, 1), date(2030, 1, 1)).map("{:%Y%m%d}".format),
    control=st.one_of(st.just(""), WORD),
)
CLAIMS = st.builds(
    lambda **said: ClaimText(**said),
    claim_id=WORD,
    member=WORD,
    last=WORD,
    first=WORD,
    total=AMOUNT,
    diagnoses=st.lists(st.sampled_from(["M47816", "M47812", "M5450"]), min_size=1, max_size=12).map(
        tuple
    ),
    lines=st.lists(LINES, min_size=1, max_size=6).map(tuple),
)
MARKS = st.builds(
    lambda four, after: Marks(*four, after),
    st.lists(
        st.sampled_from("*:^~|>!'#%&+;<=?@_`{}\x1c\x1d\x1e\x1f"),
        min_size=4,
        max_size=4,
        unique=True,
    ),
    st.sampled_from(["", "\n", "\r\n"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CLAIMS, min_size=1, max_size=4), MARKS)
def test_what_was_written_is_what_is_read_whatever_the_separators(
    written: list[ClaimText], marks: Marks
) -> None:
    items = list(read(io.BytesIO(interchange(transaction(written), marks=marks))))
    assert [item for item in items if isinstance(item, Fault)] == []
    claims = [item for item in items if isinstance(item, Claim)]
    assert [claim.claim_id for claim in claims] == [text.claim_id for text in written]
    for claim, text in zip(claims, written, strict=True):
        assert not claim.faults
        assert claim.claim_total == Decimal(text.total)
        assert tuple(d.code for d in claim.diagnoses) == text.diagnoses
        for line, line_text in zip(claim.lines, text.lines, strict=True):
            assert (line.code, line.modifiers) == (line_text.code, line_text.modifiers)
            assert (str(line.charge), str(line.units)) == (line_text.charge, line_text.units)
            assert line.place_of_service == (line_text.place or "11")
            assert line.pointers == tuple(map(int, line_text.pointers))
            assert f"{line.service_date:%Y%m%d}" == line_text.day
            assert line.control_number == line_text.control
