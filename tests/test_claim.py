"""Claims keep their place and give nothing of a patient away."""

import pickle
from datetime import date
from decimal import Decimal

from facetwise.claim import (
    Claim,
    Diagnosis,
    Fault,
    Layout,
    Place,
    Provider,
    ServiceLine,
    patient_key,
)

LAYOUT = Layout("c.csv", "row", {"code": (0, "cpt"), "service_date": (1, "dos")})


def test_a_biller_is_told_the_file_row_and_column_of_a_value() -> None:
    line = ServiceLine(1, "64493", at=(14, 15), layout=LAYOUT)
    assert str(line.where("code")) == "c.csv, row 14, cpt"
    assert str(line.where("service_date")) == "c.csv, row 15, dos"


def test_a_value_the_file_did_not_have_points_to_its_line() -> None:
    line = ServiceLine(1, "64493", at=(14, 0), layout=LAYOUT)
    assert line.where("service_date") == Place("c.csv", "row", 14)
    assert line.where("charge") == Place("c.csv", "row", 14)


def test_a_claim_built_by_hand_has_no_place_and_does_not_invent_one() -> None:
    assert str(Claim("A").where("claim_id")) == ""
    assert Provider("1234567893").where("npi").at == 0


def test_a_diagnosis_points_to_its_own_element() -> None:
    claim = Claim("A", diagnoses=(Diagnosis("M47816", "icd-10", 9, "HI01-2"),), at=(7,))
    assert claim.where("diagnoses.0") == Place("", "file", 9, "HI01-2")
    assert claim.where("diagnoses.3").at == 7


def test_a_traceback_or_log_line_shows_nothing_of_a_patient() -> None:
    claim = Claim(
        "ACCOUNT-77",
        lines=(ServiceLine(1, "64493", service_date=date(2026, 8, 3), charge=Decimal("417.13")),),
        diagnoses=(Diagnosis("M47816"),),
        patient_key=patient_key("MEMBER77"),
    )
    shown = repr(claim) + repr(claim.lines) + repr(claim.diagnoses)
    for secret in ("ACCOUNT-77", "MEMBER77", "M47816", "2026", "417.13", claim.patient_key):
        assert secret not in shown


def test_the_same_person_written_differently_is_one_person() -> None:
    assert patient_key("1AB-23", "O'Neil", "Ann") == patient_key("1ab 23", "ONEIL", "ann ")


def test_twins_on_one_policy_are_two_people() -> None:
    assert patient_key("M1", "DOE", "ANN", "20000101") != patient_key(
        "M1", "DOE", "BEA", "20000101"
    )


def test_parts_of_a_name_do_not_run_together() -> None:
    assert patient_key("A", "BC") != patient_key("AB", "C")


def test_nobody_is_not_somebody() -> None:
    assert patient_key("", " ", "-") == ""


def test_processes_with_one_secret_agree_and_others_cannot_guess() -> None:
    assert patient_key("M1", secret=b"s") == patient_key("M1", secret=b"s")
    assert patient_key("M1", secret=b"s") != patient_key("M1", secret=b"t")
    assert patient_key("M1") != patient_key("M1", secret=b"s")


def test_claims_travel_between_processes_with_their_places() -> None:
    claim = Claim("A", (ServiceLine(1, "64493", at=(3, 4), layout=LAYOUT),), at=(2,))
    back = pickle.loads(pickle.dumps(claim))
    assert back == claim
    assert back.lines[0].where("code") == Place("c.csv", "row", 3, "cpt")


def test_a_fault_is_one_line_that_says_where_what_and_what_to_do() -> None:
    fault = Fault("csv/x", "the row is cut.", Place("c.csv", "row", 3), "Export it again.")
    assert str(fault) == "c.csv, row 3: the row is cut. Export it again."
    assert str(fault._replace(todo="")) == "c.csv, row 3: the row is cut."
