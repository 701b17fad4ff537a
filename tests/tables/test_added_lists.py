"""A list that a user adds answers in the rules for what it holds, and never more than that."""

from datetime import date
from pathlib import Path

import pytest

from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.tables.add import add_files
from facetwise.tables.store import Store, packaged
from tests.rules.claims import claim_of
from tests.tables.made import made_hcpcs, put

DAY = date(2026, 11, 2)
UNKNOWN = "V9"
"""A modifier of the HCPCS set that our own list of this field does not hold."""


@pytest.fixture
def base() -> Store:
    return packaged()


def told(store: Store, rule: str, **line: str) -> list[str]:
    claim = claim_of({"date": DAY, "lines": [{"code": "64493", **line}]})
    answer = Checker(store, as_of=DAY).check(claim)
    assert isinstance(answer, ClaimAnswer)
    return [finding.message for finding in answer.findings if finding.rule == rule]


def test_a_modifier_of_an_added_hcpcs_file_is_known_while_it_runs(
    tmp_path: Path, base: Store
) -> None:
    assert told(base, "modifiers/known", modifiers=UNKNOWN) == ["V9 is not a modifier we know."]
    for name, ended, expected in (
        ("runs", "", []),
        ("ended", "20251231", ["V9 is not a modifier we know."]),
    ):
        file = put(tmp_path / name / "HCPC2026_OCT_ANWEB.txt", made_hcpcs(UNKNOWN, ended=ended))
        add_files([file], base, folder=tmp_path / name / "data")
        store = base.joined(tmp_path / name / "data")
        assert told(store, "modifiers/known", modifiers=UNKNOWN) == expected
        assert told(store, "modifiers/known", modifiers="A0001"), "no code of five is a modifier"


def test_what_our_own_list_says_of_a_modifier_stands_beside_an_added_file(
    tmp_path: Path, base: Store
) -> None:
    file = put(tmp_path / "HCPC2026_OCT_ANWEB.txt", made_hcpcs("LT", "RT", UNKNOWN))
    add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    conflict = told(store, "modifiers/side-conflict", modifiers="LT RT")
    assert conflict == told(base, "modifiers/side-conflict", modifiers="LT RT") != []


def test_a_place_that_an_added_list_leaves_unassigned_is_looked_at(
    tmp_path: Path, base: Store
) -> None:
    rows = [f"{at:02d},{'Unassigned' if at == 67 else 'Facility'},x,x" for at in range(1, 100)]
    file = put(
        tmp_path / "pos.csv", "\n".join(["pos_code,pos_type,pos_name,pos_description", *rows])
    )
    add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    assert told(base, "form/place-of-service", pos="67") == []
    assert told(store, "form/place-of-service", pos="11") == []
    assert told(store, "form/place-of-service", pos="67") == [
        "The place of service 67 is not assigned in the list added."
    ]
