"""A spreadsheet of claims is read as its owner meant it, or says where it could not be."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.claim import Claim, ClaimType, Fault, Place
from facetwise.formats import csv_rows
from facetwise.formats.records import CLAIM_FIELDS, LINE_FIELDS
from facetwise.formats.tabular import match_columns

Reading = Callable[..., tuple[list[Claim], list[Fault]]]

HEAD = (
    "claim_id,line_no,patient_id,payer_id,payer_name,line_of_business,claim_type,provider_state,"
    "service_date,code,modifier_1,modifier_2,units,charge,claim_total,place_of_service,"
    "diagnosis_1,diagnosis_2,pointers,rendering_npi,billing_npi,rendering_taxonomy,"
    "frequency_code,prior_authorization,file_control_number\n"
)
ROW = (
    "A1,1,P1,15202,Medicare,medicare,practitioner,OH,2026-08-03,64493,50,KX,1,630.00,945.00,11,"
    "M47.816,M54.50,1 2,1000000012,1234567893,208VP0014X,1,UTN1,000000007\n"
)
SMALL = "claim_id,code,units\n"


def rows(*lines: str, head: str = SMALL) -> bytes:
    return (head + "".join(line + "\n" for line in lines)).encode()


def test_every_column_of_the_contract_reaches_the_claim(read_bytes: Reading) -> None:
    (claim,), faults = read_bytes((HEAD + ROW).encode())
    assert not faults
    assert claim.complete
    assert (claim.claim_id, claim.payer_id, claim.payer_name) == ("A1", "15202", "Medicare")
    assert (claim.line_of_business, claim.claim_type) == ("medicare", ClaimType.PRACTITIONER)
    assert (claim.provider_state, claim.claim_total) == ("OH", Decimal("945.00"))
    assert (claim.frequency_code, claim.prior_authorization) == ("1", "UTN1")
    assert claim.file_control_number == "000000007"
    assert [d.code for d in claim.diagnoses] == ["M47816", "M5450"]
    assert claim.billing
    assert claim.billing.npi == "1234567893"
    line = claim.lines[0]
    assert (line.code, line.modifiers, line.pointers) == ("64493", ("50", "KX"), (1, 2))
    assert (line.units, line.charge) == (Decimal(1), Decimal("630.00"))
    assert (line.place_of_service, line.service_date) == ("11", date(2026, 8, 3))
    assert line.rendering
    assert (line.rendering.npi, line.rendering.taxonomy) == ("1000000012", "208VP0014X")
    assert claim.patient_key
    assert "P1" not in claim.patient_key


def test_order_case_and_synonyms_of_columns_make_no_difference(read_bytes: Reading) -> None:
    head = "DOS;CPT;Mod 1;Claim Number;Qty;POS;Dx1;Billed Amount;ICD-10 2\n"
    row = "8/3/2026;64493;50;A1;1;11;M47.816;$1,630.00;I10"
    (claim,), faults = read_bytes(rows(row, head=head))
    assert not faults
    line = claim.lines[0]
    assert (line.code, line.modifiers, line.units) == ("64493", ("50",), Decimal(1))
    assert (line.service_date, line.charge) == (date(2026, 8, 3), Decimal("1630.00"))
    assert [d.code for d in claim.diagnoses] == ["M47816", "I10"]


def test_every_field_name_finds_its_own_column() -> None:
    fields = list(CLAIM_FIELDS + LINE_FIELDS)
    columns, unknown = match_columns([field.upper().replace("_", " ") for field in fields])
    assert columns == {field: at for at, field in enumerate(fields)}
    assert not unknown


def test_an_unknown_column_is_named_once_and_not_dropped_in_silence(read_bytes: Reading) -> None:
    head = "claim_id,code,units,Room,Room\n"
    claims, faults = read_bytes(rows("A1,64493,1,7,8", "A2,64493,1,7,8", head=head))
    assert len(claims) == 2
    assert [fault.id for fault in faults] == ["csv/unknown-columns"]
    assert faults[0].message.endswith("Room, Room.")


def test_rows_of_one_claim_are_its_lines(read_bytes: Reading) -> None:
    claims, faults = read_bytes(rows("A1,64493,1", "A1,64494,1", "A2,64490,1"))
    assert [[line.code for line in claim.lines] for claim in claims] == [
        ["64493", "64494"],
        ["64490"],
    ]
    assert [line.number for line in claims[0].lines] == [1, 2]
    assert not faults


def test_the_user_s_own_line_numbers_are_kept(read_bytes: Reading) -> None:
    head = "claim_id,line_no,code\n"
    (claim,), faults = read_bytes(rows("A1,1,64493", "A1,3,64494", head=head))
    assert [line.number for line in claim.lines] == [1, 3]
    assert not faults
    (claim,), faults = read_bytes(rows("A1,1,64493", "A1,1,64494", head=head))
    assert [line.number for line in claim.lines] == [1, 2]
    assert [fault.id for fault in faults] == ["claim/line-numbers"]


def test_a_claim_whose_rows_stand_apart_is_not_taken_for_two_whole_ones(
    read_bytes: Reading,
) -> None:
    claims, faults = read_bytes(rows("A1,64493,1", "A2,64490,1", "A1,64494,1"))
    assert [claim.claim_id for claim in claims] == ["A1", "A2", "A1"]
    assert not claims[2].complete
    assert [fault.id for fault in faults] == ["csv/claim-split"]


def test_a_row_without_claim_id_is_still_checked(read_bytes: Reading) -> None:
    claims, faults = read_bytes(rows(",64493,1", ",64494,1"))
    assert len(claims) == 2
    assert [fault.id for fault in faults] == ["csv/no-claim-id"] * 2
    assert not any(claim.complete for claim in claims)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("units", "one"),
        ("units", "NaN"),
        ("charge", "12,50"),
        ("claim_total", "about 9"),
        ("service_date", "2026-13-01"),
        ("service_date", "3.8.2026"),
        ("pointers", "123"),
        ("claim_type", "facility"),
        ("last_service_date", "soon"),
    ],
)
def test_a_value_that_cannot_be_read_is_never_a_default(
    read_bytes: Reading, column: str, text: str
) -> None:
    head = f"claim_id,code,{column}\n"
    (claim,), faults = read_bytes(rows(f'A1,64493,"{text}"', head=head))
    assert [fault.place for fault in faults] == [Place("f", "row", 2, column)]
    assert column in faults[0].message
    assert text not in str(faults[0])
    line = claim.lines[0]
    assert (line.units, line.charge, line.service_date) == (None, None, None)
    assert (line.pointers, claim.claim_total) == ((), None)
    assert claim.claim_type is ClaimType.UNKNOWN


def test_a_blank_is_absent_and_no_fault(read_bytes: Reading) -> None:
    (claim,), faults = read_bytes((HEAD + "A1" + "," * 8 + ",64493" + "," * 15 + "\n").encode())
    assert not faults
    line = claim.lines[0]
    assert (line.units, line.charge, line.service_date, line.modifiers) == (None, None, None, ())
    assert claim.patient_key == ""
    assert claim.claim_type is ClaimType.UNKNOWN


@pytest.mark.parametrize("cell", ["50 KX", "50,KX", "50-KX", "50|KX", "50/kx"])
def test_modifiers_may_share_a_cell(read_bytes: Reading, cell: str) -> None:
    (claim,), faults = read_bytes(rows(f'A1,64493,"{cell}"', head="claim_id,code,modifiers\n"))
    assert claim.lines[0].modifiers == ("50", "KX")
    assert not faults


@pytest.mark.parametrize("cell", ["1 2", "1,2", "A,B", "ab", "1:2"])
def test_pointers_may_be_numbers_or_letters(read_bytes: Reading, cell: str) -> None:
    (claim,), faults = read_bytes(rows(f'A1,64493,"{cell}"', head="claim_id,code,pointers\n"))
    assert claim.lines[0].pointers == (1, 2)
    assert not faults


def test_a_modifier_after_a_blank_one_points_to_its_own_column(read_bytes: Reading) -> None:
    head = "claim_id,code,modifier_1,modifier_2\n"
    (claim,), _ = read_bytes(rows("A1,64493,,RT", head=head))
    line = claim.lines[0]
    assert line.modifiers == ("RT",)
    assert line.where("modifiers.0") == Place("f", "row", 2, "modifier_2")


def test_a_blank_diagnosis_keeps_the_numbers_of_those_after_it(read_bytes: Reading) -> None:
    head = "claim_id,code,diagnosis_1,diagnosis_2,pointers\n"
    (claim,), _ = read_bytes(rows("A1,64493,,M47.816,2", head=head))
    assert claim.diagnoses[1].code == "M47816"
    assert claim.where("diagnoses.1") == Place("f", "row", 2, "diagnosis_2")


def test_numbers_that_a_spreadsheet_made_decimal_are_whole_again(read_bytes: Reading) -> None:
    head = "claim_id,code,pos,rendering_npi,units,modifier_1\n"
    (claim,), faults = read_bytes(rows("A1,64493.0,11.0,1000000012.0,1.0,50.0", head=head))
    line = claim.lines[0]
    assert (line.code, line.place_of_service, line.modifiers) == ("64493", "11", ("50",))
    assert line.rendering
    assert line.rendering.npi == "1000000012"
    assert line.units == 1
    assert not faults


def test_rows_that_disagree_on_their_claim_are_said(read_bytes: Reading) -> None:
    head = "claim_id,code,claim_total\n"
    (claim,), faults = read_bytes(rows("A1,64493,100", "A1,64494,200", head=head))
    assert claim.claim_total == 100
    assert [fault.place for fault in faults] == [Place("f", "row", 3, "claim_total")]


def test_an_open_quotation_mark_costs_one_row_and_not_the_file(read_bytes: Reading) -> None:
    broken = rows("A1,64493,1", 'A2,"64494,1', *(f"B{at},64490,1" for at in range(50)))
    claims, faults = read_bytes(broken)
    assert [claim.claim_id for claim in claims] == ["A1", *(f"B{at}" for at in range(50))]
    assert {(fault.id, fault.place.at) for fault in faults} == {("csv/row-unreadable", 3)}
    assert [claim.complete for claim in claims[:3]] == [False, False, True]


def test_an_open_quotation_mark_in_the_last_row_is_said(read_bytes: Reading) -> None:
    claims, faults = read_bytes(rows("A1,64493,1", 'A2,"64494,1'))
    assert [claim.claim_id for claim in claims] == ["A1"]
    assert [fault.id for fault in faults] == ["csv/row-unreadable"]


def test_a_cell_may_hold_line_ends_and_the_delimiter(read_bytes: Reading) -> None:
    head = "claim_id,payer_name,code\n"
    claims, faults = read_bytes(
        rows('A1,"Plan, of\nOhio",64493', "A2,X,64490", head=head).replace(b"\n", b"\r\n")
    )
    assert not faults
    assert claims[0].payer_name.split() == ["Plan,", "of", "Ohio"]
    assert claims[1].lines[0].where().at == 4


def test_one_endless_row_is_refused_and_the_next_is_read(
    read_bytes: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "LONGEST_LINE", 200)
    claims, faults = read_bytes(rows("A1,64493,1", "A2," + "9" * 5000, "A3,64490,1"))
    assert [claim.claim_id for claim in claims] == ["A1", "A3"]
    assert {fault.id for fault in faults} == {"csv/row-too-long"}


def test_a_file_saved_by_an_old_spreadsheet_is_read_and_said(read_bytes: Reading) -> None:
    data = "claim_id,code,payer_name\nA1,64493,Compañía\n".encode("cp1252")
    (claim,), faults = read_bytes(data)
    assert claim.payer_name == "Compañía"
    assert [fault.id for fault in faults] == ["csv/encoding"]


def test_a_byte_order_mark_is_not_part_of_the_first_column(read_bytes: Reading) -> None:
    claims, faults = read_bytes(b"\xef\xbb\xbf" + rows("A1,64493,1"))
    assert claims[0].claim_id == "A1"
    assert not faults


def test_data_without_a_header_is_refused_without_being_quoted(read_bytes: Reading) -> None:
    claims, faults = read_bytes(b"JOHN SMITH,M12345,64493\nANN DOE,M12346,64494\n")
    assert not claims
    assert [fault.id for fault in faults] == ["csv/no-columns"]
    assert "SMITH" not in str(faults)


def test_a_shifted_column_does_not_put_a_name_into_an_error(read_bytes: Reading) -> None:
    cells = ["ZYXNAME"] * HEAD.count(",")
    _, faults = read_bytes((HEAD + ",".join(cells) + "\n").encode())
    assert len(faults) >= 4
    assert "ZYXNAME" not in str([str(fault) for fault in faults])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200))
def test_no_bytes_whatever_crash_the_reader_or_lose_the_rows_before_them(
    junk: bytes, at: int
) -> None:
    import io

    from facetwise.formats import read

    data = rows(*(f"C{number},64493,1" for number in range(20)))
    items = list(read(io.BytesIO(data[: 20 + at] + junk + data[20 + at :])))
    before = data[: 20 + at].count(b"\n") - 2
    claims = [item for item in items if isinstance(item, Claim)]
    assert [claim.claim_id for claim in claims[: max(0, before)]] == [
        f"C{number}" for number in range(before)
    ]
