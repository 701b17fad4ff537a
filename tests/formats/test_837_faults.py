"""A broken 837 says what is broken and where, and its other claims are still read."""

import io
import sys
from collections.abc import Callable, Iterator

import pytest

from facetwise.claim import Claim, Fault
from facetwise.formats import read
from tests.conftest import ROOT
from tests.formats.build_837 import (
    PROVIDER,
    ClaimText,
    LineText,
    claim_segments,
    interchange,
    one_claim,
    transaction,
)

Reading = Callable[..., tuple[list[Claim], list[Fault]]]

THREE = interchange(
    transaction(
        [
            ClaimText("A1", member="MEMBER1"),
            ClaimText("A2", member="MEMBER2", last="SECOND"),
            ClaimText("A3", member="MEMBER3", last="THIRD"),
        ]
    )
)


def ids(faults: list[Fault]) -> list[str]:
    return [fault.id for fault in faults]


def swap(old: str, new: str, count: int = 1) -> bytes:
    assert old.encode() in THREE
    return THREE.replace(old.encode(), new.encode(), count)


def test_a_whole_file_has_no_faults(read_bytes: Reading) -> None:
    claims, faults = read_bytes(THREE)
    assert [claim.claim_id for claim in claims] == ["A1", "A2", "A3"]
    assert not faults


@pytest.mark.parametrize(
    ("old", "new", "expected", "element"),
    [
        ("SE*", "SE*9", "x12/count", "SE01"),
        ("SE*", "SE*X", "x12/count", "SE01"),
        ("GE*1", "GE*2", "x12/count", "GE01"),
        ("IEA*1", "IEA*3", "x12/count", "IEA01"),
        ("*0001~\nGE", "*0002~\nGE", "x12/control-number", "SE02"),
        ("GE*1*1", "GE*1*2", "x12/control-number", "GE02"),
        ("IEA*1*000000007", "IEA*1*000000008", "x12/control-number", "IEA02"),
        ("ST*837*0001*005010X222A1", "ST*837*0001*005010X222A2", "x12/version-differs", "ST03"),
        ("CLM*A1*100.00", "CLM*A1*ABC", "claim/not-an-amount", "CLM02"),
        ("*100.00*UN", "*1O0.00*UN", "claim/not-an-amount", "SV102"),
        ("*UN*1", "*UN*one", "claim/not-a-number", "SV104"),
        ("*UN*1***1", "*UN*1***A", "claim/not-a-pointer", "SV107"),
        ("D8*20260803", "D8*20260230", "claim/not-a-date", "DTP03"),
        ("SV1*HC:64493", "SV1*HC", "claim/no-code", "SV101-2"),
        ("HL*3*1*22", "HL*3*9*22", "x12/hierarchy", "HL02"),
    ],
)
def test_a_wrong_count_number_or_value_is_said_with_its_place(
    read_bytes: Reading, old: str, new: str, expected: str, element: str
) -> None:
    data = swap(old, new)
    claims, faults = read_bytes(data)
    assert [claim.claim_id for claim in claims] == ["A1", "A2", "A3"]
    assert ids(faults) == [expected]
    assert not faults[0].lost
    place = faults[0].place
    assert place.element == element
    segment = data.decode().split("~")[place.at - 1].strip()
    assert segment.startswith(element[:3].rstrip("0"))


def test_an_unreadable_amount_is_never_a_zero(read_bytes: Reading) -> None:
    for text in ("", "NaN", "1e5", "1_0", "--1", "Infinity", "\uff11"):
        claims, _ = read_bytes(swap("*100.00*UN*1", f"*{text}*UN*{text}"))
        assert claims[0].lines[0].charge is None
        assert claims[0].lines[0].units is None


def test_a_broken_line_does_not_pass_for_a_claim_without_it(read_bytes: Reading) -> None:
    claims, faults = read_bytes(swap("SV1*HC", "S1V*HC"))
    assert [claim.complete for claim in claims] == [False, True, True]
    assert ids(faults) == ["x12/segment-unknown", "x12/no-service"]
    assert len(claims[0].lines) == 1


def test_after_a_lost_level_no_claim_goes_to_the_patient_before(read_bytes: Reading) -> None:
    whole, _ = read_bytes(THREE)
    for old in ("HL*3*1*22*0", "NM1*IL*1*SECOND", "SBR*P*18*******MB"):
        cut = THREE.replace(old.encode(), b"X" + old.encode())
        claims, faults = read_bytes(cut)
        assert [claim.claim_id for claim in claims] == ["A1", "A2", "A3"]
        assert "x12/segment-unknown" in ids(faults)
        assert claims[1].patient_key in ("", whole[1].patient_key), old
        assert claims[2].patient_key in ("", whole[2].patient_key), old


def test_a_broken_billing_provider_does_not_pass_for_one_without_taxonomy(
    read_bytes: Reading,
) -> None:
    claims, faults = read_bytes(swap("PRV*BI", "RPV*BI"))
    assert ids(faults) == ["x12/segment-unknown"]
    assert [claim.complete for claim in claims] == [False, False, False]


def test_a_lost_line_segment_still_gives_two_lines(read_bytes: Reading) -> None:
    data = one_claim(lines=(LineText("64493"), LineText("64494"))).replace(b"LX*2~\n", b"")
    (claim,), faults = read_bytes(data)
    assert [line.code for line in claim.lines] == ["64493", "64494"]
    assert "x12/no-line-segment" in ids(faults)


@pytest.mark.parametrize("lost", ["ST*837*0001*005010X222A1~\n", "SE*", "GE*1*1~\n", "IEA*1"])
def test_a_lost_envelope_segment_loses_no_claim(read_bytes: Reading, lost: str) -> None:
    claims, faults = read_bytes(swap(lost, "" if lost.endswith("\n") else f"X{lost}"))
    assert [claim.claim_id for claim in claims] == ["A1", "A2", "A3"]
    assert faults


def test_wherever_a_file_breaks_off_the_cut_claim_is_marked_and_the_others_stand(
    read_bytes: Reading,
) -> None:
    whole, _ = read_bytes(THREE, secret=b"s")
    for end in range(THREE.index(b"CLM*A2") + 40, THREE.index(b"HL*4")):
        claims, faults = read_bytes(THREE[:end], secret=b"s")
        assert claims[0] == whole[0]
        assert [claim.complete for claim in claims] == [True, False]
        assert {"x12/claim-cut", "x12/truncated"} <= set(ids(faults))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("005010X223A3", "x12/not-professional"),
        ("005010X224A2", "x12/not-professional"),
        ("006020X323", "x12/version-unknown"),
        ("JOHN SMITH", "x12/version-unknown"),
        ("", "x12/version-unknown"),
    ],
)
def test_what_is_not_a_professional_claim_is_counted_and_not_guessed_at(
    read_bytes: Reading, version: str, expected: str
) -> None:
    other = transaction([ClaimText("B1"), ClaimText("B2")], version=version)
    claims, faults = read_bytes(interchange(other, version=version) + one_claim())
    assert [claim.claim_id for claim in claims] == ["A1"]
    assert ids(faults) == [expected]
    assert faults[0].lost
    assert "not read: 2." in faults[0].message
    assert "SMITH" not in str(faults[0])


def test_a_remittance_is_called_what_it_is(read_bytes: Reading) -> None:
    claims, faults = read_bytes(interchange(["ST*835*0001", "BPR*I*1", "SE*3*0001"]))
    assert not claims
    assert ids(faults) == ["x12/not-a-claim"]
    assert "835" in faults[0].message


def test_a_claim_without_lines_is_read_and_said(read_bytes: Reading) -> None:
    claims, faults = read_bytes(one_claim(lines=()))
    assert len(claims) == 1
    assert ids(faults) == ["claim/no-lines"]


def test_a_claim_with_endless_lines_is_cut_and_marked(read_bytes: Reading) -> None:
    claims, faults = read_bytes(one_claim(lines=(LineText(),) * 1200))
    assert len(claims[0].lines) == 1000
    assert not claims[0].complete
    assert ids(faults) == ["x12/too-many"]


def test_a_file_of_rubbish_does_not_bury_the_user_in_faults(read_bytes: Reading) -> None:
    rubbish = [f"Q{number}*X" for number in range(5000)]
    whole = ["ST*837*0001*005010X222A1", *rubbish, *PROVIDER, *claim_segments(ClaimText())]
    claims, faults = read_bytes(interchange([*whole, f"SE*{len(whole) + 1}*0001"]))
    assert len(claims) == 1
    assert len(faults) < 120
    assert any("4,900 more" in fault.message for fault in faults)


CANARIES = ("ZYXLAST", "ZYXFIRST", "ZYXMEMBER", "19471231", "ZYXACCT", "ZYXROAD", "ZYXAUTH")
CANARY = ClaimText(
    claim_id="ZYXACCT",
    member="ZYXMEMBER",
    last="ZYXLAST",
    first="ZYXFIRST",
    born="19471231",
    more=("REF*G1*ZYXAUTH", "NTE*ADD*ZYXROAD"),
)


def broken_canaries() -> Iterator[bytes]:
    """The canary claim with each of its segments spoilt in several ways."""
    whole = transaction([CANARY])
    for at in range(len(whole)):
        spoilt = whole[at]
        for new in ("", "?" + spoilt, spoilt.replace("*", "", 1), spoilt + "*", spoilt[:-2]):
            yield interchange([*whole[:at], new, *whole[at + 1 :]])
        yield interchange(whole[:at])
        yield interchange([*whole[:at], spoilt, spoilt, *whole[at + 1 :]])


def test_no_fault_and_no_repr_ever_shows_a_patient() -> None:
    shown = 0
    for data in broken_canaries():
        for item in read(io.BytesIO(data)):
            faults = item.faults if isinstance(item, Claim) else (item,)
            said = "".join(map(str, faults)) + "".join(map(repr, faults)) + repr(item)
            if isinstance(item, Claim):
                said += repr(item.lines) + repr(item.diagnoses)
            shown += len(faults)
            assert not [canary for canary in CANARIES if canary in said], said
    assert shown > 150


def test_mutated_files_keep_every_promise() -> None:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from fuzz_837 import run

    assert run(20_000, 6.0, seed=0) == 0
