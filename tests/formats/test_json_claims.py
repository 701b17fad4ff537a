"""JSON claims are read as they are written, and each mistake is named by its path."""

import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.claim import Claim, Drug, Fault
from facetwise.formats import json_claims, read

Reading = Callable[..., tuple[list[Claim], list[Fault]]]

CLAIM = {
    "claim_id": "A1",
    "claim_type": "practitioner",
    "patient_id": "P1",
    "payer_name": "Medicare",
    "claim_total": "945.00",
    "billing_npi": "1234567893",
    "billing_taxonomy": "208VP0014X",
    "diagnoses": ["M47.816", "I10"],
    "lines": [
        {
            "service_date": "2026-08-03",
            "code": "64493",
            "modifiers": ["50", "KX"],
            "units": 1,
            "charge": 630.10,
            "place_of_service": "11",
            "pointers": [1, 2],
        },
        {"code": "J1010", "units": "40", "ndc": "99999000101", "drug_quantity": 1},
    ],
}


def changed(**changes: object) -> bytes:
    return json.dumps([CLAIM | changes]).encode()


def line(**changes: object) -> bytes:
    return changed(lines=[CLAIM["lines"][0] | changes])  # type: ignore[index]


def test_a_claim_is_read_with_all_it_says(read_bytes: Reading) -> None:
    (claim,), faults = read_bytes(changed())
    assert not faults
    assert claim.complete
    assert (claim.claim_id, claim.claim_total) == ("A1", Decimal("945.00"))
    assert [d.code for d in claim.diagnoses] == ["M47816", "I10"]
    assert claim.billing
    assert claim.billing.taxonomy == "208VP0014X"
    first, second = claim.lines
    assert (first.code, first.modifiers, first.pointers) == ("64493", ("50", "KX"), (1, 2))
    assert (first.units, first.charge) == (Decimal(1), Decimal("630.1"))
    assert first.service_date == date(2026, 8, 3)
    assert second.drug == Drug("99999000101", Decimal(1))
    assert second.service_date is None


def test_money_is_not_rounded_on_the_way_in(read_bytes: Reading) -> None:
    (claim,), _ = read_bytes(changed(claim_total=0).replace(b": 0,", b": 0.1000000001,"))
    assert claim.claim_total == Decimal("0.1000000001")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one, two: f"[{one},{two}]",
        lambda one, two: f'{{"claims": [{one},\n {two}]}}',
        lambda one, two: f'{{"made_by": "us", "claims": [{one},{two}]}}',
        lambda one, two: f"{one}\n{two}\n",
        lambda one, two: f"\n\n{one}\n\n{two}",
        lambda one, two: "﻿" + f"[{one},{two}]",
    ],
)
def test_claims_may_stand_in_an_array_under_claims_or_one_a_line(
    read_bytes: Reading, wrap: Callable[[str, str], str]
) -> None:
    two = json.dumps(CLAIM | {"claim_id": "A2"})
    claims, faults = read_bytes(wrap(json.dumps(CLAIM), two).encode())
    assert [claim.claim_id for claim in claims] == ["A1", "A2"]
    assert not faults


def test_one_claim_alone_may_be_spread_over_lines(read_bytes: Reading) -> None:
    claims, faults = read_bytes(json.dumps(CLAIM, indent=2).encode())
    assert len(claims) == 1
    assert not faults


def test_every_value_is_found_again_by_its_path(read_bytes: Reading) -> None:
    (claim,), _ = read_bytes(changed())
    first = claim.lines[0]
    assert str(first.where("modifiers.1")) == "f, item 1, lines[0].modifiers[1]"
    assert first.where("charge").element == "lines[0].charge"
    assert claim.where("diagnoses.1").element == "diagnoses[1]"
    assert claim.where("claim_total").element == "claim_total"
    assert claim.billing
    assert claim.billing.where("taxonomy").element == "billing_taxonomy"


@pytest.mark.parametrize(
    ("data", "path", "lost"),
    [
        (changed(claim_id=None), "claim_id", False),
        (changed(claim_id=["ZYX"]), "claim_id", False),
        (changed(claim_total=True), "claim_total", False),
        (changed(claim_total="ZYX"), "claim_total", False),
        (changed(diagnoses="ZYX"), "diagnoses", False),
        (changed(diagnoses=["M47.816", {"ZYX": 1}]), "diagnoses[1]", False),
        (changed(diagnoses=["I10"] * 13), "diagnoses", True),
        (changed(lines=[]), "lines", True),
        (changed(lines={"ZYX": 1}), "lines", True),
        (changed(lines=["ZYX"]), "lines[0]", True),
        (changed(room="ZYX"), "room", False),
        (changed(**{"ZYX name": "ZYX"}), "?", False),
        (line(units="ZYX"), "lines[0].units", False),
        (line(units=[1]), "lines[0].units", False),
        (line(units={"ZYX": 1}), "lines[0].units", False),
        (line(charge="1e5"), "lines[0].charge", False),
        (line(modifiers=["50", 1.5, None]), "lines[0].modifiers[2]", False),
        (line(modifiers=["50"] * 5), "lines[0].modifiers", True),
        (line(pointers=["ZYX"]), "lines[0].pointers", False),
        (line(service_date="03-08-2026"), "lines[0].service_date", False),
        (line(code=""), "lines[0].code", False),
    ],
)
def test_a_value_of_the_wrong_shape_is_named_by_its_path_and_not_quoted(
    read_bytes: Reading, data: bytes, path: str, lost: bool
) -> None:
    claims, faults = read_bytes(data)
    assert len(claims) == 1
    assert path in [fault.place.element for fault in faults]
    assert claims[0].complete is not lost
    assert "ZYX" not in "".join(map(str, faults))


def test_an_absent_number_is_not_zero(read_bytes: Reading) -> None:
    (claim,), faults = read_bytes(line(units=None, charge=None))
    assert (claim.lines[0].units, claim.lines[0].charge) == (None, None)
    assert not faults


def test_a_broken_line_of_ndjson_costs_that_line(read_bytes: Reading) -> None:
    good = json.dumps(CLAIM)
    claims, faults = read_bytes(f"{good}\n{good[:-9]}\n[1]\n{good}\n".encode() + b"\xff\n")
    assert len(claims) == 2
    assert [(fault.id, fault.place.at) for fault in faults] == [
        ("json/syntax", 2),
        ("json/not-a-claim", 3),
        ("json/encoding", 5),
    ]
    assert all(fault.lost for fault in faults)


def test_what_stands_before_a_mistake_in_the_document_is_read(read_bytes: Reading) -> None:
    good = json.dumps(CLAIM)
    claims, faults = read_bytes(f"[{good},\n{good[:-20]}".encode())
    assert len(claims) == 1
    assert [fault.id for fault in faults] == ["json/syntax"]
    assert faults[0].place.kind == "line"
    assert faults[0].place.at == 2
    claims, faults = read_bytes(f"[{good},\n".encode())
    assert len(claims) == 1
    assert [fault.id for fault in faults] == ["json/truncated"]


@pytest.mark.parametrize("opening", [b"[", b'{"claims":', b'[{"lines":'])
def test_nesting_without_end_is_refused(read_bytes: Reading, opening: bytes) -> None:
    claims, faults = read_bytes(opening * 100_000)
    assert not claims
    assert [fault.lost for fault in faults] == [True]


def test_a_document_too_long_to_hold_is_refused_with_the_way_out(
    read_bytes: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_claims, "LONGEST_LINE", 500)
    monkeypatch.setattr(json_claims, "LONGEST_DOCUMENT", 1000)
    claims, faults = read_bytes(b"[" + b" " * 2000 + b"]")
    assert not claims
    assert [fault.id for fault in faults] == ["json/too-long"]
    assert "NDJSON" in faults[0].todo


def test_a_number_of_a_million_digits_is_not_worked_out(read_bytes: Reading) -> None:
    data = line(units=0).replace(b'"units": 0', b'"units": ' + b"9" * 900_000)
    (claim,), faults = read_bytes(data)
    assert claim.lines[0].units is None
    assert [fault.place.element for fault in faults] == ["lines[0].units"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["claims", "lines", "code", "units", "modifiers", "diagnoses", "claim_id"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_any_json_is_answered_with_claims_or_faults(value: object) -> None:
    items = list(read(io.BytesIO(b"[" + json.dumps(value).encode() + b"]")))
    assert items


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 500))
def test_no_bytes_whatever_crash_the_reader(junk: bytes, at: int) -> None:
    data = changed()
    assert list(read(io.BytesIO(data[:at] + junk + data[at:])))


def test_a_field_given_twice_is_told_since_readers_take_either(read_bytes: Reading) -> None:
    raw = json.dumps({"claims": [CLAIM]}).replace('"units": 1', '"units": 1, "units": 5')
    claims, _ = read_bytes(raw.encode())
    assert claims[0].lines[0].units == Decimal(5)
    assert not claims[0].complete
    assert [(f.id, f.place.element) for f in claims[0].faults] == [("json/shape", "lines[0]")]
