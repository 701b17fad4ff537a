"""Claims of one patient meet across a whole input, whatever its size, and leave nothing behind."""

import stat
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from facetwise.claim import Claim, ClaimType
from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.engine.encounters import Patients, encounters
from facetwise.engine.run import check_all
from facetwise.formats import read
from facetwise.rules.subject import line_of
from facetwise.tables.store import Store
from tests.conftest import ROOT
from tests.rules.claims import claim_of

DAY = date(2026, 8, 3)
EXAMPLES = sorted((ROOT / "examples" / "claims").iterdir())


def _claim(claim_id: str, *codes: str, **case: Any) -> Claim:
    lines = [{"code": code} for code in codes or ("64493",)]
    return claim_of({"date": DAY, "lines": lines} | case, claim_id)


def _beside(claim: Claim, *patient: Claim) -> list[tuple[str, str]]:
    """Claim and code of every line that one claim is checked with."""
    lines = tuple(line_of(claim, item) for item in claim.lines)
    found = encounters(claim, lines, patient)
    return [(line.claim.claim_id, line.code) for line in found[DAY].lines]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


# Spill


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_claims_that_were_spilled_come_back_as_they_were(path: Path, folder: Path) -> None:
    claims = [item for item in read(path, secret=b"s") if isinstance(item, Claim)]
    assert len(claims) == 20
    with Patients(claims, hold=2) as spilled, Patients(claims) as held:
        assert list(folder.iterdir())
        both = list(zip(spilled, held, strict=True))
    for (claim, patient), (same, others) in both:
        assert claim == same
        assert patient == others
        assert claim.where("claim_total") == same.where("claim_total")
        assert [d.code for d in claim.diagnoses] == [d.code for d in same.diagnoses]
        assert any(other is claim for other in patient)


def test_every_claim_meets_all_claims_of_its_patient_in_order(folder: Path) -> None:
    claims = [_claim(f"T{at}", patient=f"p{at % 3}") for at in range(9)]
    for hold in (2, 100):
        with Patients(iter(claims), hold=hold) as patients:
            assert len(patients) == 9
            met = {claim.claim_id: [o.claim_id for o in others] for claim, others in patients}
        assert met["T4"] == ["T1", "T4", "T7"]


def test_claims_without_a_patient_are_alone(folder: Path) -> None:
    for hold in (1, 100):
        with Patients([_claim("A", patient=""), _claim("B", patient="")], hold=hold) as patients:
            met = [[other.claim_id for other in others] for _, others in patients]
        assert met == [["A"], ["B"]]


def test_answers_are_the_same_whether_claims_were_spilled(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [_claim(f"T{at}", code, patient=f"p{at % 2}")
              for at, code in enumerate(("64493", "64494", "64493", "77003", "64635"))]  # fmt: skip

    def answers() -> list[ClaimAnswer]:
        checker = Checker(store, as_of=date(2026, 11, 24))
        return [a for a in check_all(claims, checker) if isinstance(a, ClaimAnswer)]

    held = answers()
    monkeypatch.setattr(Patients.__init__, "__defaults__", (1,))
    spilled = answers()
    assert [a.as_dict() for a in held] == [a.as_dict() for a in spilled]


def test_spilled_claims_are_for_their_owner_only_and_are_removed(folder: Path) -> None:
    with Patients([_claim(f"T{at}") for at in range(4)], hold=2):
        (file,) = folder.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(folder.iterdir())


def test_they_are_removed_when_the_work_breaks_off(folder: Path) -> None:
    with pytest.raises(RuntimeError), Patients([_claim("A"), _claim("B")], hold=1):
        raise RuntimeError
    assert not list(folder.iterdir())


def test_they_are_removed_when_the_input_breaks_off(folder: Path) -> None:
    def broken() -> Iterator[Claim]:
        yield _claim("A")
        yield _claim("B")
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        Patients(broken(), hold=1)
    assert not list(folder.iterdir())


def test_a_small_input_never_touches_the_disk(folder: Path) -> None:
    with Patients([_claim("A"), _claim("B")], hold=2) as patients:
        assert len(list(patients)) == 2
        assert not list(folder.iterdir())


# Replacements and voids


def test_a_replacement_stands_for_its_original() -> None:
    old, new, third = (
        _claim("A"), _claim("A", "64493", "64494", frequency="7"), _claim("C", "64495"),
    )  # fmt: skip
    for patient in ([old, new, third], [new, old, third]):
        assert _beside(third, *patient) == [("A", "64493"), ("A", "64494"), ("C", "64495")]
        assert _beside(old, *patient) == [("A", "64493"), ("C", "64495")]
        assert ("A", "64494") in _beside(new, *patient)
        assert len(_beside(new, *patient)) == 3


def test_of_two_replacements_the_last_stands() -> None:
    old = _claim("A")
    one, two = _claim("A", "64494", frequency="7"), _claim("A", "64495", frequency="7")
    third = _claim("C", "99213")
    assert _beside(third, old, one, two, third) == [("A", "64495"), ("C", "99213")]
    assert _beside(two, old, one, two, third) == [("A", "64495"), ("C", "99213")]


def test_a_replacement_under_another_id_stands_for_the_claim_of_the_same_service() -> None:
    old, new, third = _claim("A"), _claim("B", frequency="7"), _claim("C", "99213")
    assert _beside(third, old, new, third) == [("B", "64493"), ("C", "99213")]
    assert _beside(new, old, new, third) == [("B", "64493"), ("C", "99213")]
    assert _beside(old, old, new, third) == [("A", "64493"), ("C", "99213")]


def test_a_replacement_of_something_else_stands_beside_other_services() -> None:
    primary, add_on = _claim("A", "64493"), _claim("B", "64494", frequency="7")
    assert _beside(add_on, primary, add_on) == [("A", "64493"), ("B", "64494")]


def test_a_void_bills_nothing_beside_others() -> None:
    old, void, third = _claim("A"), _claim("A", frequency="8"), _claim("C", "99213")
    assert _beside(third, old, void, third) == [("C", "99213")]
    assert _beside(void, old, void, third) == [("A", "64493")]


def test_what_is_billed_anew_after_a_void_stands() -> None:
    void, new, third = _claim("A", frequency="8"), _claim("A"), _claim("C", "64494")
    assert _beside(third, void, new, third) == [("A", "64493"), ("C", "64494")]


# Who is compared


def test_a_facility_and_a_practitioner_are_not_compared_and_an_unknown_biller_is() -> None:
    doctor, center = _claim("A"), _claim("B", claim_type=ClaimType.ASC)
    unknown = _claim("C", claim_type=ClaimType.UNKNOWN)
    assert _beside(doctor, doctor, center, unknown) == [("A", "64493"), ("C", "64493")]
    assert _beside(unknown, doctor, center, unknown) == [
        ("A", "64493"), ("B", "64493"), ("C", "64493"),
    ]  # fmt: skip


def test_lines_of_other_days_are_another_encounter() -> None:
    claim = claim_of(
        {"date": DAY, "lines": [{"code": "64493"}, {"code": "64494", "date": date(2026, 8, 4)}]}
    )
    assert _beside(claim, claim) == [("T1", "64493")]


def test_a_line_without_a_date_meets_no_other_claim() -> None:
    claim = claim_of({"date": DAY, "lines": [{"code": "64493", "date": ""}]})
    other = claim_of({"date": DAY, "lines": [{"code": "64494", "date": ""}]}, "T2")
    lines = tuple(line_of(claim, item) for item in claim.lines)
    assert encounters(claim, lines, [claim, other])[None].lines == lines
