"""A claim must not get the answers of another one that differs in anything a rule can read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from facetwise.claim import Claim, ClaimType, Diagnosis, Drug, Provider
from facetwise.engine.alike import signature
from facetwise.engine.check import Checker
from facetwise.tables.store import Store
from tests.rules.claims import claim_of

AS_OF = date(2026, 11, 24)
CASE: dict[str, Any] = {
    "date": date(2026, 8, 3),
    "lines": [
        {"code": "64493", "modifiers": "50 KX", "units": 2},
        {"code": "64494", "modifiers": "ZZ"},
        {"code": "77003"},
    ],
}
CLAIM_CHANGES: dict[str, Any] = {
    "claim_type": ClaimType.ASC,
    "diagnoses": (Diagnosis("M5450", "icd-10"),),
    "billing": Provider(npi="1000000111"),
    "rendering": None,
    "provider_state": "CA",
    "payer_name": "AETNA",
    "filing_code": "CI",
    "line_of_business": "commercial",
    "place_of_service": "22",
    "frequency_code": "8",
    "prior_authorization": "A1",
    "original_reference": "R1",
    "complete": False,
}
LINE_CHANGES: dict[str, Any] = {
    "code": "64490",
    "modifiers": ("RT",),
    "units": Decimal(1),
    "charge": Decimal(0),
    "place_of_service": "24",
    "pointers": (2,),
    "service_date": date(2024, 8, 5),
    "last_service_date": date(2026, 8, 4),
    "rendering": Provider(npi="1000000111"),
    "unit_basis": "MJ",
    "drug": Drug("00009307301", Decimal(40), "ME"),
}


def _told(checker: Checker, claim: Claim) -> object:
    return checker.check(claim).as_dict()


@pytest.mark.parametrize("name", CLAIM_CHANGES)
def test_a_claim_that_differs_gets_its_own_answer(store: Store, name: str) -> None:
    claim = claim_of(CASE)
    other = claim._replace(**{name: CLAIM_CHANGES[name]})
    assert signature(claim) != signature(other)
    warm = Checker(store, as_of=AS_OF)
    warm.check(claim)
    assert _told(warm, other) == _told(Checker(store, as_of=AS_OF), other)


@pytest.mark.parametrize("name", LINE_CHANGES)
def test_a_line_that_differs_gets_its_own_answer(store: Store, name: str) -> None:
    claim = claim_of(CASE)
    first, *rest = claim.lines
    other = claim._replace(lines=(first._replace(**{name: LINE_CHANGES[name]}), *rest))
    assert signature(claim) != signature(other)
    warm = Checker(store, as_of=AS_OF)
    warm.check(claim)
    assert _told(warm, other) == _told(Checker(store, as_of=AS_OF), other)


def test_a_claim_that_reads_alike_keeps_its_own_id_and_places(store: Store) -> None:
    warm = Checker(store, as_of=AS_OF)
    first = warm.check(claim_of(CASE, "A"))
    calls = warm.calls
    second = warm.check(claim_of(CASE, "B"))
    assert second.claim_id == "B"
    assert second.findings == first.findings
    assert warm.calls - calls < calls / 2, "the lines are not asked again"


def test_every_field_of_a_claim_and_line_is_weighed(store: Store) -> None:
    """A field added to the nouns must be put into the signature, or be named here as nothing."""
    claim_nothing = {
        "claim_id", "lines", "patient_key", "claim_total", "file_control_number", "faults", "at",
        "layout", "payer_id", "referring", "facility", "statement_first", "statement_last",
    }  # fmt: skip
    assert set(Claim._fields) == claim_nothing | set(CLAIM_CHANGES)
    line_nothing = {
        "number", "code_set", "control_number", "prior_authorization", "measurements", "at",
        "layout",
    }  # fmt: skip
    line = claim_of(CASE).lines[0]
    assert set(type(line)._fields) == line_nothing | set(LINE_CHANGES)
