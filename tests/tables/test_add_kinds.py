"""Kinds of files no real one is held of: made up in their published layouts, and what they answer.

Amounts, codes and articles here are invented.
"""

from datetime import date
from pathlib import Path

import pytest

from facetwise.errors import BadSourceFileError
from facetwise.pages.as_markdown import page_markdown
from facetwise.pages.code_page import code_page
from facetwise.pages.facts import fact_of
from facetwise.sources import Basis, Fact
from facetwise.tables.add import add_files
from facetwise.tables.answer import Absent, Held, NotHeld
from facetwise.tables.icd10 import find_diagnosis
from facetwise.tables.period import parse_period
from facetwise.tables.reading import Asked
from facetwise.tables.store import Store, packaged
from tests.tables.made import (
    CANARY,
    made_addendum_b,
    made_codes,
    made_download,
    made_hcpcs,
    made_order,
    put,
    unchanged,
)

FALL = date(2026, 11, 1)


@pytest.fixture
def base() -> Store:
    return packaged()


def no_descriptor(folder: Path) -> bool:
    return all(CANARY.encode() not in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("name", ["october_2026_web_addendum_b.txt", "x.txt"])
def test_addendum_b_tells_how_a_hospital_is_paid_for_any_code(
    tmp_path: Path, base: Store, name: str
) -> None:
    file = put(tmp_path / name, made_addendum_b())
    (added,) = add_files([file], base, folder=tmp_path / "data")
    assert added.editions == (("opps_addendum_b", "OPPS-B-2026Q4", 10_002),)
    store = base.joined(tmp_path / "data")
    told = {
        field: fact_of(store, "64493", field, FALL)
        for field in ("opps_status", "apc", "opps_rate", "opps_copayment")
    }
    values = {name: fact.value for name, fact in told.items() if isinstance(fact, Fact)}
    assert values == {
        "opps_status": "T", "apc": "5443", "opps_rate": "987.65", "opps_copayment": None,
    }  # fmt: skip
    whole = fact_of(store, "99285", "opps_rate", FALL)
    assert isinstance(whole, Fact)
    assert whole.value == "1234.50"
    assert whole.citations[0].edition.id == "OPPS-B-2026Q4"
    assert no_descriptor(tmp_path / "data")


def test_without_addendum_b_the_rate_is_that_of_addendum_ff_and_the_status_is_asked_for(
    base: Store,
) -> None:
    rate = fact_of(base, "64493", "opps_rate", date(2026, 8, 1))
    assert isinstance(rate, Fact)
    assert rate.citations[0].edition.id == "FF-2026Q3"
    status = fact_of(base, "64493", "opps_status", date(2026, 8, 1))
    assert isinstance(status, NotHeld)
    assert status.supplied_by == "OPPS Addendum B of Jul 2026"


def test_a_quarter_is_asked_for_when_addendum_b_does_not_say_it(
    tmp_path: Path, base: Store
) -> None:
    file = put(tmp_path / "b.txt", made_addendum_b("CY 2026"))
    with pytest.raises(BadSourceFileError, match="--edition"):
        add_files([file], base, folder=tmp_path / "data")
    asked = Asked(parse_period("2026Q4"))
    (added,) = add_files([file], base, asked=asked, folder=tmp_path / "data")
    assert added.editions[0][1] == "OPPS-B-2026Q4"


def test_next_years_diagnoses_stand_beside_this_years(tmp_path: Path, base: Store) -> None:
    next_year = put(tmp_path / "icd10cm_order_2027.txt", made_order({"M54": "0", "M5499": "1"}))
    (added,) = add_files([next_year], base, folder=tmp_path / "data")
    assert added.editions == (("icd10cm", "ICD10CM-FY2027", 70_002),)
    store = base.joined(tmp_path / "data")
    new = find_diagnosis(store, "M54.99", date(2026, 10, 1))
    assert isinstance(new, Held)
    assert new.entry["kind"] == "billable"
    assert new.entry.citation.decides
    header = find_diagnosis(store, "M54", date(2026, 10, 1))
    assert isinstance(header, Held)
    assert header.entry["kind"] == "header"
    assert isinstance(find_diagnosis(store, "M54.99", date(2026, 9, 30)), Absent)
    assert isinstance(find_diagnosis(store, "M54.50", date(2026, 10, 1)), Absent)
    old = find_diagnosis(store, "M54.50", date(2026, 9, 30))
    assert isinstance(old, Held)
    assert old.entry.citation.edition.id == "ICD10CM-FY2026"
    assert no_descriptor(tmp_path / "data")


def test_a_release_of_april_speaks_for_the_half_year_that_is_left(
    tmp_path: Path, base: Store
) -> None:
    files = [
        put(tmp_path / "a/icd10cm_codes_2027.txt", made_codes({"M5451"})),
        put(tmp_path / "b/icd10cm-codes-April-2027.txt", made_codes({"M5451", "M5499"})),
    ]
    add_files(files, base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    assert isinstance(find_diagnosis(store, "M54.99", date(2027, 3, 31)), Absent)
    assert isinstance(find_diagnosis(store, "M54.99", date(2027, 4, 1)), Held)


def test_of_the_two_diagnosis_files_of_a_release_the_one_with_headers_is_read(
    tmp_path: Path, base: Store
) -> None:
    put(tmp_path / "in/icd10cm_codes_2027.txt", made_codes({"M5499"}))
    put(tmp_path / "in/icd10cm_order_2027.txt", made_order({"M54": "0", "M5499": "1"}))
    done = add_files([tmp_path / "in"], base, folder=tmp_path / "data")
    told = [(one.name, one.outcome) for one in done]
    assert told == [("icd10cm_order_2027.txt", "added"), ("icd10cm_codes_2027.txt", "twin")]


def test_a_cut_diagnosis_file_is_named(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "icd10cm_order_2027.txt", made_order({})[:-160] + "\r\n00700\r\n")
    with pytest.raises(BadSourceFileError, match=r"line \d+: the line is cut short"):
        add_files([file], base, folder=tmp_path / "data")
    assert unchanged(tmp_path / "data")


def test_the_fixed_width_hcpcs_file_gives_codes_and_modifiers(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "HCPC2026_OCT_ANWEB.txt", made_hcpcs("KX", "V9"), "latin-1")
    (added,) = add_files([file], base, folder=tmp_path / "data")
    assert added.editions == (("hcpcs_codes", "HCPCS-2026Q4", 5_002),)
    store = base.joined(tmp_path / "data")
    answer = store.find("hcpcs_codes", FALL, code="V9")
    assert isinstance(answer, Held)
    assert (answer.entry["coverage"], answer.entry["first_day"]) == ("C", "2020-01-01")
    assert no_descriptor(tmp_path / "data")


def test_billing_articles_answer_from_the_day_each_version_begins(
    tmp_path: Path, base: Store
) -> None:
    done = add_files([made_download(tmp_path)], base, folder=tmp_path / "data")
    assert [one.outcome for one in done].count("part") == 3
    (added,) = [one for one in done if one.outcome == "added"]
    assert added.editions == (("article_codes", "MCD-2026-11-19", 1_504),)
    store = base.joined(tmp_path / "data")
    find = store.find
    held = find("article_codes", FALL, article="A90001", list="covered", code="M47816")
    assert isinstance(held, Held)
    row = held.entry.row
    assert (row["lcd"], row["contractors"], row["system"]) == ("L80001", "cgs-j15", "ICD10CM")
    assert held.entry.citation.decides
    before = find("article_codes", date(2026, 9, 30), article="A90001", list="covered",
                  code="M47816")  # fmt: skip
    assert isinstance(before, NotHeld)
    unlisted = find("article_codes", FALL, article="A90001", list="covered", code="M4712")
    assert isinstance(unlisted, Absent)
    for article in ("A90002", "A90003", "A99999"):  # ended, a draft, and one that is not there
        answer = find("article_codes", FALL, article=article, list="listed", code="64493")
        assert isinstance(answer, NotHeld), article
    assert isinstance(
        find("article_codes", date(2026, 6, 30), article="A90002", list="listed", code="64493"),
        Held,
    )
    assert no_descriptor(tmp_path / "data")


def test_one_table_of_a_download_is_refused_by_name(tmp_path: Path, base: Store) -> None:
    text = "article_id,article_version,hcpc_code_id,hcpc_code_group\n90001,7,64493,1\n"
    file = put(tmp_path / "article_x_hcpc_code.csv", text)
    with pytest.raises(BadSourceFileError, match=r"read together with article\.csv"):
        add_files([file], base, folder=tmp_path / "data")
    assert unchanged(tmp_path / "data")


def test_a_schedule_issued_inside_a_quarter_answers_from_its_own_day(
    data: Path, tmp_path: Path, base: Store
) -> None:
    lines = (data / "pfs/PPRRVU2025_Oct.csv").read_text("latin-1")
    text = lines.replace("2025", "2024", 1).replace("October Release", "January Release")
    assert "2024 National" in text
    for name, factor in (("RVU24A", "32.7442"), ("RVU24AR", "33.2875")):
        file = put(
            tmp_path / name / f"PPRRVU{name[3:]}_JAN.csv",
            text.replace("32.3465", factor), "latin-1",
        )  # fmt: skip
        add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    for day, factor, edition in (
        (date(2024, 3, 8), "32.7442", "RVU24A"), (date(2024, 3, 9), "33.2875", "RVU24AR"),
    ):  # fmt: skip
        answer = store.find("rvu", day, code="99285", modifier="")
        assert isinstance(answer, Held)
        assert answer.entry["conversion_factor"] == factor
        assert answer.entry.citation.edition.id == edition
        assert answer.entry.citation.basis is Basis.IN_FORCE


def test_the_day_of_such_a_schedule_is_asked_for_when_nobody_knows_it(
    data: Path, tmp_path: Path, base: Store
) -> None:
    text = (data / "pfs/PPRRVU2026_Jul_nonQPP.csv").read_text("latin-1")
    file = put(tmp_path / "RVU26CR/PPRRVU26CR_nonQPP.csv", text, "latin-1")
    with pytest.raises(BadSourceFileError, match="the day it begins is not known"):
        add_files([file], base, folder=tmp_path / "data")
    asked = Asked(parse_period("2026-08-15"))
    (added,) = add_files([file], base, asked=asked, folder=tmp_path / "data")
    assert added.editions[0][1] == "RVU26CR"
    store = base.joined(tmp_path / "data")
    for day, edition in ((date(2026, 8, 14), "RVU26C"), (date(2026, 8, 15), "RVU26CR")):
        answer = store.find("rvu", day, code="64493", modifier="")
        assert isinstance(answer, Held)
        assert answer.entry.citation.edition.id == edition


def test_a_day_inside_a_quarter_is_refused_for_edits(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "b.txt", made_addendum_b("CY 2026"))
    asked = Asked(parse_period("2026-10-15"))
    with pytest.raises(BadSourceFileError, match="begins no quarter"):
        add_files([file], base, asked=asked, folder=tmp_path / "data")


def test_the_counties_of_earlier_years_are_read_from_the_copy(
    data: Path, tmp_path: Path, base: Store
) -> None:
    (added,) = add_files([data / "pfs/history/locco_2020_2024.parquet"], base, folder=tmp_path)
    assert [edition for _, edition, _ in added.editions] == [f"LOCCO{y}" for y in range(2020, 2025)]
    store = base.joined(tmp_path)
    answer = store.find("locality_counties", date(2022, 5, 1), contractor="01182", locality="26")
    assert isinstance(answer, Held)
    assert answer.entry["counties"] == "ORANGE"
    assert answer.entry.citation.edition.id == "LOCCO2022"


def test_the_page_says_from_addendum_b_how_a_hospital_is_paid(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "b.txt", made_addendum_b())
    add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    paid = page_markdown(code_page(store, "64493", FALL))
    assert "Hospital outpatient: $987.65 (APC 5443)" in paid
    packaged_code = page_markdown(code_page(store, "77003", FALL))
    assert "Hospital outpatient: no rate of its own (status N, addendum B)" in packaged_code
