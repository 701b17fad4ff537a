"""The coverage register: nobody may take the silence of a rule for approval."""

import os
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from facetwise.engine.check import Checker
from facetwise.finding import Verdict
from facetwise.pages.coverage import Covered, Standing, as_markdown, coverage
from facetwise.policies import shipped as policies
from facetwise.rules.registry import all_rules
from facetwise.tables.store import Store
from tests.conftest import ROOT
from tests.rules.claims import claim_of

PAGE = ROOT / "docs" / "coverage.md"


@pytest.fixture(scope="module")
def rows(store: Store) -> tuple[Covered, ...]:
    return coverage(all_rules(), store, policies())


def _on(rows: tuple[Covered, ...], rule: str, payer: str, day: date) -> Covered:
    found = [r for r in rows if (r.rule, r.payer) == (rule, payer) and day in r.window]
    assert len(found) == 1
    return found[0]


def test_the_page_says_what_is_held_now(rows: tuple[Covered, ...]) -> None:
    """Write it again with FACETWISE_SNAPSHOTS=write."""
    text = as_markdown(rows)
    if os.environ.get("FACETWISE_SNAPSHOTS") == "write":
        PAGE.write_text(text, "utf-8")
    assert PAGE.read_text("utf-8") == text


def test_every_rule_is_in_it_and_every_date_is_told_once(rows: tuple[Covered, ...]) -> None:
    assert {row.rule for row in rows} == set(all_rules())
    windows: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        windows[row.rule, row.payer].append(row.window)
    for held in windows.values():
        assert held[0].first is None
        assert held[-1].last is None
        for one, two in pairwise(held):
            assert two.first == one.last + timedelta(days=1)


def test_a_rule_that_never_denies_decides_nothing(rows: tuple[Covered, ...]) -> None:
    deciding = {row.rule for row in rows if row.standing is Standing.DECIDE}
    assert deciding <= {n for n, one in all_rules().items() if Verdict.FAIL in one.verdicts}
    assert {"ncci/ptp", "ncci/mue", "ncci/add-on-without-primary", "dates/code-life"} <= deciding


def test_national_edits_decide_for_nobody_but_medicare(rows: tuple[Covered, ...]) -> None:
    bound = {name for name, one in all_rules().items() if one.binds == "medicare"}
    others = [row for row in rows if row.rule in bound and row.payer.startswith("any other payer")]
    assert others
    assert all(row.standing is not Standing.DECIDE for row in others)


def test_what_cannot_be_said_names_the_file_that_would_say_it(rows: tuple[Covered, ...]) -> None:
    assert all(row.because for row in rows)
    assert all(row.supplied_by for row in rows if row.standing is Standing.CANNOT)


CHECKED = [
    ("ncci/mue", {"code": "64493", "units": 2}, date(2024, 8, 5)),
    ("ncci/mue", {"code": "64493", "units": 2}, date(2023, 8, 7)),
    ("ncci/mue", {"code": "64493", "units": 2}, date(2025, 8, 4)),
    ("modifiers/bilateral-indicator", {"code": "62323", "modifiers": "50"}, date(2024, 8, 5)),
    ("modifiers/bilateral-indicator", {"code": "62323", "modifiers": "50"}, date(2019, 8, 5)),
    ("modifiers/bilateral-indicator", {"code": "62323", "modifiers": "50"}, date(2026, 5, 4)),
    ("modifiers/bilateral-indicator", {"code": "62323", "modifiers": "50"}, date(2027, 2, 1)),
    ("drugs/discontinued", {"code": "J1030"}, date(2024, 5, 6)),
    ("drugs/discontinued", {"code": "J1030"}, date(2019, 5, 6)),
]
ANSWERED = {
    Standing.DECIDE: Verdict.FAIL,
    Standing.ASK: Verdict.REVIEW,
    Standing.CANNOT: Verdict.NOT_CHECKED,
}


@pytest.mark.parametrize(("rule", "line", "day"), CHECKED)
def test_the_checker_answers_as_the_register_says(
    store: Store, rows: tuple[Covered, ...], rule: str, line: dict[str, Any], day: date
) -> None:
    checker = Checker(store, as_of=date(2026, 11, 24), rules={rule: all_rules()[rule]})
    answer = checker.check(claim_of({"date": day, "lines": [line]}))
    payers = ("Medicare", "every payer", "Medicare, practitioner and ASC claims")
    payer = next(row.payer for row in rows if row.rule == rule and row.payer in payers)
    assert answer.worst is ANSWERED[_on(rows, rule, payer, day).standing]


@pytest.mark.parametrize(
    ("payer", "day", "standing"),
    [
        ("Medicare, Noridian JE, facet", date(2026, 8, 3), Standing.ASK),
        ("Medicare, CGS J15, facet", date(2024, 8, 5), Standing.ASK),
        ("Medicare, Novitas JH, facet", date(2026, 8, 3), Standing.CANNOT),
        ("Medicare, First Coast JN, facet", date(2026, 8, 3), Standing.CANNOT),
        ("any other payer", date(2026, 8, 3), Standing.CANNOT),
    ],
)
def test_a_contractor_whose_text_is_not_held_is_not_spoken_for(
    rows: tuple[Covered, ...], payer: str, day: date, standing: Standing
) -> None:
    assert _on(rows, "coverage/third-level", payer, day).standing is standing


def test_only_the_contractor_whose_list_is_held_is_asked_about_diagnoses(
    rows: tuple[Covered, ...],
) -> None:
    day = date(2026, 8, 3)
    held = _on(rows, "diagnosis/covered", "Medicare, Noridian JE, facet", day)
    assert "A58403 v27 in force" in held.because
    lacking = _on(rows, "diagnosis/covered", "Medicare, CGS J15, facet", day)
    assert lacking.standing is Standing.CANNOT
    assert "A58364" in lacking.supplied_by
