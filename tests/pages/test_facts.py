"""Every fact of the fact base, asked as `facetwise why` asks: value, edition, carried or not."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from facetwise.errors import UnknownCodeError, UnknownFieldError
from facetwise.pages.facts import FACTS, fact_of, facts_of
from facetwise.tables.answer import NotHeld
from facetwise.tables.store import Store

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent.parent / "cases" / "facts.toml").read_text("utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_the_fact_base_is_answered(store: Store, case: dict[str, Any]) -> None:
    editions, carried = case.get("edition", {}), case.get("carried", [])
    for name, expected in case["facts"].items():
        fact = fact_of(store, case["code"], name, case["date"])
        assert not isinstance(fact, NotHeld), f"{name}: {fact}"
        assert fact.value == (None if expected == "null" else expected), name
        if name in editions:
            assert fact.citations[0].edition.id == editions[name], name
        assert fact.citations[0].carried == (name in carried) or name not in editions, name
    for name in case.get("not_held", []):
        fact = fact_of(store, case["code"], name, case["date"])
        assert isinstance(fact, NotHeld), f"{name}: {fact}"
        assert fact.reason
        assert fact.supplied_by


def test_a_missing_edition_is_named_with_the_file_that_would_answer(store: Store) -> None:
    fact = fact_of(store, "64494", "rvu_work", date(2019, 5, 1))
    assert isinstance(fact, NotHeld)
    assert "RVU19B" in fact.supplied_by


@pytest.mark.parametrize("code", ["99999", "banana", "", "6449", "9" * 100_000])
def test_an_unknown_code_is_refused_with_near_matches(store: Store, code: str) -> None:
    with pytest.raises(UnknownCodeError, match=r"near matches: .*PPRRVU"):
        fact_of(store, code, "rvu_work", date(2026, 8, 1))


def test_codes_and_parts_are_taken_as_people_type_them(store: Store) -> None:
    day = date(2026, 8, 1)
    for asked, exact in (
        ("rvu_work:tc", "rvu_work:TC"),
        ("ptp_hospital:g0260", "ptp_hospital:G0260"),
    ):
        assert fact_of(store, " 77003", asked, day) == fact_of(store, "77003", exact, day)


def test_an_amount_whose_release_lost_its_na_marks_is_not_held(store: Store) -> None:
    """77003 is not given whole in a facility: 2025 and 2026 say so, the copy of 2024 lost it."""
    for code, setting in (("77003", "facility"), ("64628", "nonfacility")):
        fact = fact_of(store, code, f"amount_national_{setting}", date(2024, 8, 1))
        assert isinstance(fact, NotHeld)
        assert "lost its NA marks" in fact.reason
    part = fact_of(store, "77003", "amount_national_facility:26", date(2024, 8, 1))
    assert not isinstance(part, NotHeld)


@pytest.mark.parametrize(
    "name", ["rvu_work:xx", "rvu", "rvu_work2", "bilateral:26", "ptp_practitioner"]
)
def test_an_unknown_field_is_refused_with_what_to_ask(store: Store, name: str) -> None:
    with pytest.raises(UnknownFieldError, match=r"Did you mean|Ask for"):
        fact_of(store, "64494", name, date(2026, 8, 1))


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2022, 2, 2), date(2026, 11, 24)])
def test_every_code_in_scope_answers_every_fact_with_a_source_or_a_reason(
    store: Store, day: date
) -> None:
    for code in store.scope:
        for name, fact in facts_of(store, code, day).items():
            if isinstance(fact, NotHeld):
                assert fact.reason, (code, name)
                assert fact.supplied_by, (code, name)
            else:
                assert fact.citations, (code, name)
    assert len(FACTS) > 40
