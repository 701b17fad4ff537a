"""Rules that read what the short form of the cases does not write: drugs, charges, numbers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from facetwise.claim import Claim, Drug
from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.finding import Verdict
from facetwise.rules.registry import all_rules
from facetwise.tables.store import Store
from tests.rules.claims import claim_of

DAY = date(2026, 8, 3)


def _claim(**line: Any) -> Claim:
    claim = claim_of({"date": DAY, "lines": [{"code": "J1010", "units": 40}]})
    return claim._replace(lines=(claim.lines[0]._replace(**line),))


def _answer(store: Store, rule_id: str, *claims: Claim) -> ClaimAnswer:
    checker = Checker(store, as_of=date(2026, 11, 24), rules={rule_id: all_rules()[rule_id]})
    return checker.check(claims[0], claims)


@pytest.mark.parametrize(
    ("quantity", "unit", "units", "told"),
    [
        ("40", "ME", "40", 0),
        ("40", "ME", "1", 1),
        ("80", "ME", "40", 1),
        ("40.0", "ME", "40", 0),
        ("1", "ML", "40", 0),  # a volume says nothing of the weight
        (None, "ME", "40", 0),
        ("1", "ML", "1", 1),  # and one milligram is still no dose
    ],
)
def test_units_are_compared_with_the_milligrams_a_line_states(
    store: Store, quantity: str | None, unit: str, units: str, told: int
) -> None:
    drug = Drug("00000000000", Decimal(quantity) if quantity else None, unit)
    claim = _claim(drug=drug, units=Decimal(units))
    answer = _answer(store, "drugs/milligrams", claim)
    assert len(answer.findings) == told
    if told and unit == "ME":
        assert f"the line states {quantity} mg" in answer.findings[0].message


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_that_names_the_first_claim_is_right(store: Store, frequency: str) -> None:
    claim = _claim()._replace(frequency_code=frequency, original_reference="2026001")
    assert _answer(store, "form/replaced-claim", claim).passes == ("form/replaced-claim",)


def test_a_charge_that_is_missing_is_not_a_charge_of_nothing(store: Store) -> None:
    answer = _answer(store, "form/charge", _claim(charge=None))
    assert not answer.findings
    assert [gap.supplied_by for gap in answer.not_checked] == ["charges"]


def test_units_that_are_missing_are_told_and_are_not_zero(store: Store) -> None:
    answer = _answer(store, "form/units", _claim(units=None))
    assert [found.message for found in answer.findings] == ["The line has no readable units."]


def test_who_is_told_to_have_given_anesthesia_does_not_depend_on_the_order_of_claims(
    store: Store,
) -> None:
    lines: list[dict[str, Any]] = [{"code": "01992"}]
    anesthesia = claim_of({"date": DAY, "lines": lines})
    done = claim_of({"date": DAY, "lines": [{"code": "64635", "modifiers": "RT"}]}, "T2")
    group = claim_of(
        {"date": DAY, "lines": [{"code": "64633", "modifiers": "RT"}], "npi": ""}, "T3"
    )
    for order in ((anesthesia, done, group), (anesthesia, group, done)):
        answer = _answer(store, "people/operator-anesthesia", *order)
        assert answer.worst is Verdict.FAIL
        assert "64635" in answer.findings[0].message


def test_anesthesia_is_not_denied_when_only_a_group_names_itself(store: Store) -> None:
    lines: list[dict[str, Any]] = [{"code": "01992"}, {"code": "64635", "modifiers": "RT"}]
    claim = claim_of({"date": DAY, "lines": lines, "npi": ""})
    answer = _answer(store, "people/operator-anesthesia", claim)
    assert answer.worst is Verdict.REVIEW
