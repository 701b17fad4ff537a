"""The page a coder reads: every sentence sourced, every gap named, the contract kept."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import facetwise
from facetwise import schemas
from facetwise.errors import UnsourcedFactError
from facetwise.pages.as_markdown import page_markdown
from facetwise.pages.code_page import code_page
from facetwise.pages.model import Statement
from facetwise.tables.store import Store
from tests.conftest import ROOT

FACET_CODES = ("64490", "64491", "64492", "64493", "64494", "64495",
               "64633", "64634", "64635", "64636")  # fmt: skip
SNAPSHOTS = ROOT / "tests" / "snapshots" / "page"
DAY = date(2026, 11, 1)


def _section(page: dict[str, Any], section_id: str) -> dict[str, Any]:
    return next(section for section in page["sections"] if section["id"] == section_id)


def _text(section: dict[str, Any]) -> str:
    return " ".join(statement["text"] for statement in section["statements"])


def _snapshot(page: dict[str, Any]) -> str:
    """The page without what changes with every build of the tables."""
    stable = {name: value for name, value in page.items() if name not in ("facetwise", "tables")}
    return json.dumps(stable, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("code", FACET_CODES)
def test_a_change_in_a_facet_page_shows_as_a_diff(code: str) -> None:
    """Run with FACETWISE_SNAPSHOTS=write to accept a change after reading it."""
    import os

    path: Path = SNAPSHOTS / f"{code}.json"
    now = _snapshot(facetwise.page(code, DAY))
    if os.environ.get("FACETWISE_SNAPSHOTS") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, "utf-8", newline="\n")
    assert now == path.read_text("utf-8")


@pytest.mark.parametrize("day", [date(2019, 1, 1), date(2024, 8, 1), DAY])
def test_every_page_keeps_the_contract_and_cites_every_sentence(store: Store, day: date) -> None:
    contract = jsonschema.Draft202012Validator(json.loads(schemas.read("page")))
    for code in store.scope if day == DAY else FACET_CODES:
        page = facetwise.page(code, day)
        contract.validate(page)
        known = {source["id"] for source in page["sources"]}
        for section in page["sections"]:
            for part in (*section["statements"], *section["tables"]):
                assert part["sources"], (code, section["id"])
                assert set(part["sources"]) <= known, (code, section["id"])
        for name, fact in page["facts"].items():
            assert fact["edition"] in known, (code, name)


def test_every_page_has_the_same_sections_in_the_same_order() -> None:
    shapes = {
        tuple(section["id"] for section in facetwise.page(code, DAY)["sections"])
        for code in ("64494", "77003", "J3301", "62324")
    }
    assert len(shapes) == 1


def test_a_page_for_three_years_gives_three_values_and_names_each_edition() -> None:
    told = {}
    for day in (date(2024, 8, 1), date(2025, 11, 1), date(2026, 8, 1)):
        fact = facetwise.page("64494", day)["facts"]["rvu_total_nonfacility"]
        told[fact["edition"]] = fact["value"]
    assert told == {"RVU24C": "2.73", "RVU25D": "2.72", "RVU26C": "2.87"}


def test_a_page_before_every_edition_says_what_it_does_not_hold() -> None:
    page = facetwise.page("64494", date(2019, 3, 1))
    assert "rvu_work" not in page["facts"]
    assert "RVU20A" in page["not_held"]["rvu_work"]["reason"]
    gaps = _section(page, "relative-values")["not_available"]
    assert gaps[0]["would_be_supplied_by"] == "PPRRVU2019_Jan (in RVU19A.zip)"


def test_the_second_primary_is_told_with_its_day_and_its_reason() -> None:
    family = _section(facetwise.page("64494", DAY), "level-family")
    assert "64490, 64493" in _text(family)
    assert "From 2023-01-01 also 64490: injections at T12-L1 and L1-L2" in _text(family)


def test_carried_pairs_are_shown_as_carried_beside_held_ones() -> None:
    grid = _section(facetwise.page("64494", DAY), "edits")["tables"][0]
    row = next(row for row in grid["rows"] if row[0] == "77003")
    assert row[4:] == ["1", "PTP-PRAC-2026Q3 (carried)", "1", "PTP-HOSP-2026Q4"]


def test_the_list_of_sources_says_how_each_stands_to_the_date() -> None:
    sources = {source["id"]: source for source in facetwise.page("64494", DAY)["sources"]}
    assert sources["RVU26C"]["carried"]
    assert "PPRRVU2026_Oct" in sources["RVU26C"]["note"]
    assert sources["PTP-PRAC-2026Q3"]["carried"]
    assert sources["PTP-PRAC-2026Q3"]["confidence"] == "primary"
    assert sources["PTP-HOSP-2026Q4"]["basis"] == "in force"
    assert sources["RVU20A"]["basis"] == "of another date"


def test_a_code_an_article_does_not_cover_is_not_followed_by_covered_diagnoses() -> None:
    section = _section(facetwise.page("64495", DAY), "diagnoses")
    assert [grid["id"] for grid in section["tables"]] == ["articles"]


def test_modifiers_agree_with_the_indicators_of_the_code() -> None:
    def listed(code: str) -> set[str]:
        grid = _section(facetwise.page(code, DAY), "modifiers")["tables"][0]
        return {row[0] for row in grid["rows"]}

    assert {"50", "RT", "LT", "80", "KX"} <= listed("64493")
    assert not {"50", "RT", "LT"} & listed("62323")  # bilateral indicator 9
    assert "80" not in listed("64635")  # assistant indicator 1
    assert "26" in listed("77003")


def test_codes_without_a_pair_are_named_where_an_edition_in_force_says_so() -> None:
    in_force = _text(_section(facetwise.page("64493", date(2026, 8, 1)), "edits"))
    assert "No practitioner pair" in in_force
    assert "64494" in in_force
    carried = _section(facetwise.page("64493", DAY), "edits")
    assert "No practitioner pair" not in _text(carried)
    assert any("ccipra-v323r0" in gap["would_be_supplied_by"] for gap in carried["not_available"])


def test_a_packaged_add_on_is_said_to_be_packaged_and_not_free() -> None:
    text = _text(_section(facetwise.page("64494", DAY), "amounts"))
    assert "packaged, no separate payment (N1, AA)" in text
    assert "$95.86 = (0.98 + 1.81 + 0.08) x 33.4009" in text
    assert "$0" not in text


def test_a_contractor_priced_code_has_no_national_amount() -> None:
    page = facetwise.page("0217T", DAY)
    assert page["facts"]["amount_national_facility"]["value"] is None
    assert "no national amount (no relative values; status C)" in _text(_section(page, "amounts"))


def test_guidance_in_a_facility_has_no_global_amount() -> None:
    page = facetwise.page("77003", DAY)
    assert page["facts"]["amount_national_facility"]["value"] is None
    assert facetwise.why("77003", "amount_national_facility:26", DAY)["value"] == "28.39"


def test_a_code_that_is_not_listed_on_the_date_is_said_not_to_be_a_code() -> None:
    page = facetwise.page("64628", date(2021, 6, 1))
    assert page["facts"]["status"]["value"] is None
    assert "RVU21B does not list 64628" in _text(_section(page, "at-a-glance"))


def test_an_edition_used_past_its_window_is_carried_in_the_list_of_sources_too() -> None:
    page = facetwise.page("64494", date(2020, 6, 1))
    sources = {source["id"]: source["basis"] for source in page["sources"]}
    assert sources["PTP-PRAC-2026Q3"] == "derived"


def test_what_a_facility_is_paid_is_told_by_release_and_packaged_is_no_amount() -> None:
    def history(code: str) -> dict[str, list[str]]:
        tables = _section(facetwise.page(code, DAY), "amounts")["tables"]
        return {row[1][:4]: row for row in tables[0]["rows"]}

    paid, packaged = history("64493"), history("64494")
    assert paid["2022"][3:] == ["425.96", "5443", "840.73"]
    assert "2021" not in paid
    assert packaged["2026"][2:] == ["N1", "packaged", "", "no APC of its own"]


def test_a_secondary_source_is_marked_in_the_sentence() -> None:
    page = facetwise.page("64494", DAY)
    assert page["facts"]["name"]["confidence"] == "secondary"
    assert "(secondary source)" in _section(page, "at-a-glance")["statements"][0]["text"]


def test_markdown_holds_every_sentence_and_every_source(store: Store) -> None:
    page = code_page(store, "64494", DAY)
    text = page_markdown(page)
    for section in page.sections:
        for statement in section.statements:
            assert statement.text in text
    for citation in page.citations:
        assert f"- **{citation.edition.id}**: {citation.edition.source.title}" in text


def test_a_sentence_without_a_source_cannot_be_written() -> None:
    with pytest.raises(UnsourcedFactError, match="no source for the sentence"):
        Statement("It pays well.", ())
