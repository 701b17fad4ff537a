"""Which edition answers for a date, and what is said when none does."""

import os
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from facetwise.errors import BrokenTableError, UnknownTableError
from facetwise.sources import Basis, Confidence
from facetwise.tables import store as store_module
from facetwise.tables.answer import Absent, Held, NotHeld
from facetwise.tables.compile import compile_tables
from facetwise.tables.icd10 import find_diagnosis
from facetwise.tables.naming import file_for
from facetwise.tables.store import Store

FOLDER = Path(store_module.__file__).parent


def test_a_code_out_of_scope_is_not_answered_even_where_the_file_would_know(store: Store) -> None:
    answer = store.find("rvu", date(2026, 8, 1), code="99291", modifier="")
    assert isinstance(answer, NotHeld)
    assert "outside" in answer.reason
    assert answer.supplied_by == "PPRRVU2026_Jul (in RVU26C.zip)"


def test_a_pair_with_one_code_out_of_scope_is_not_answered(store: Store) -> None:
    answer = store.find("ptp_practitioner", date(2026, 8, 1), column_1="64493", column_2="99291")
    assert isinstance(answer, NotHeld)


def test_silence_of_the_edition_in_force_is_a_cited_absence(store: Store) -> None:
    answer = store.find("ptp_practitioner", date(2026, 8, 1), column_1="64493", column_2="64494")
    assert isinstance(answer, Absent)
    assert answer.citation.edition.id == "PTP-PRAC-2026Q3"
    assert answer.citation.basis is Basis.IN_FORCE


def test_silence_of_a_carried_edition_says_nothing(store: Store) -> None:
    answer = store.find("ptp_practitioner", date(2025, 2, 1), column_1="64493", column_2="64494")
    assert isinstance(answer, NotHeld)
    assert "ccipra-v310r0" in answer.supplied_by


def test_silence_of_a_transcript_about_a_group_it_does_not_hold_says_nothing(store: Store) -> None:
    day = date(2026, 11, 1)
    outside = store.find("ptp_hospital", day, column_1="77003", column_2="64493")
    assert isinstance(outside, NotHeld)
    inside = store.find("ptp_hospital", day, column_1="64493", column_2="64494")
    assert isinstance(inside, Absent)
    assert inside.citation.edition.id == "PTP-HOSP-2026Q4"


def test_a_carried_pair_says_when_the_next_edition_held_agrees(store: Store) -> None:
    answer = store.find("ptp_practitioner", date(2025, 2, 1), column_1="64494", column_2="77003")
    assert isinstance(answer, Held)
    assert answer.entry.citation.carried
    assert not answer.entry.citation.decides
    assert "The same in PTP-PRAC-2026Q3" in answer.entry.citation.note


def test_a_pair_deleted_before_the_date_is_not_in_force(store: Store) -> None:
    rows = list(store.all_rows("ptp_practitioner", column_1="64493"))
    deleted = [row for row in rows if row["last_day"]]
    assert deleted, "the shipped table must hold deleted pairs for this test to mean anything"
    for row in deleted:
        answer = store.find(
            "ptp_practitioner", date(2024, 8, 1), column_1="64493", column_2=row["column_2"]
        )
        active = any(r["column_2"] == row["column_2"] and not r["last_day"]
                     and r["edition"] == "PTP-PRAC-2024Q3" for r in rows)  # fmt: skip
        assert isinstance(answer, Held) == (active or row["last_day"] >= "2024-08-01")


def test_before_the_first_edition_nothing_is_known(store: Store) -> None:
    answer = store.find("ptp_practitioner", date(2024, 6, 30), column_1="64494", column_2="77003")
    assert isinstance(answer, NotHeld)
    assert "2024-07-01" in answer.reason


def test_fee_schedule_values_end_with_their_year(store: Store) -> None:
    held = store.find("rvu", date(2024, 12, 31), code="64493", modifier="")
    assert isinstance(held, Held)
    assert held.entry.citation.carried
    derived = store.find("rvu", date(2025, 1, 1), code="64493", modifier="")
    assert isinstance(derived, Held)
    assert derived.entry.citation.basis is Basis.DERIVED
    after = store.find("rvu", date(2027, 1, 1), code="64493", modifier="")
    assert isinstance(after, NotHeld)
    assert after.supplied_by == "PPRRVU2027_Jan (in RVU27A.zip)"


def test_an_add_on_edit_counts_from_its_own_day_and_may_decide(store: Store) -> None:
    before = store.find("add_on_edits", date(2022, 12, 31), add_on="64494", primary="64490")
    assert isinstance(before, NotHeld), "before its date a pair is no answer"
    after = store.find("add_on_edits", date(2023, 1, 1), add_on="64494", primary="64490")
    assert isinstance(after, Held)
    assert after.entry.citation.decides
    later = store.find("add_on_edits", date(2027, 5, 1), add_on="64494", primary="64493")
    assert isinstance(later, Held)
    assert later.entry.citation.decides


def test_silence_of_the_add_on_file_decides_only_in_its_own_quarter(store: Store) -> None:
    for day, decides in ((date(2026, 5, 1), True), (date(2028, 1, 1), False)):
        answer = store.find("add_on_edits", day, add_on="64493")
        assert isinstance(answer, Absent)
        assert answer.citation.decides is decides


def test_a_zip_names_its_own_line_of_the_file(store: Store) -> None:
    answer = store.find("zip_localities", date(2025, 11, 1), zip="77030")
    assert isinstance(answer, Held)
    assert answer.entry.citation.row == 36560  # line of ZIP5_OCT2025.txt


def test_every_answer_names_the_row_of_the_official_file(store: Store) -> None:
    answer = store.find("rvu", date(2026, 8, 1), code="64494", modifier="")
    assert isinstance(answer, Held)
    assert answer.entry.citation.row == 7078  # line of PPRRVU2026_Jul_nonQPP.csv
    assert answer.entry.citation.edition.file.endswith("PPRRVU2026_Jul_nonQPP.csv")


@pytest.mark.parametrize(
    ("code", "day", "kind"),
    [
        ("M47816", date(2026, 8, 1), "billable"),
        ("M4781", date(2026, 8, 1), "header"),
        ("M545", date(2021, 9, 30), "billable"),
        ("M545", date(2024, 1, 1), "header"),
        ("M5450", date(2022, 5, 1), "billable"),
        ("M545", date(2022, 5, 1), "header"),
        ("m47.816", date(2026, 8, 1), "billable"),
        ("M47816", date(2022, 5, 1), "billable"),
        ("M47816", date(2026, 11, 1), "billable"),
    ],
)
def test_a_diagnosis_is_judged_by_its_own_fiscal_year(
    store: Store, code: str, day: date, kind: str
) -> None:
    answer = find_diagnosis(store, code, day)
    assert isinstance(answer, Held)
    assert answer.entry.row["kind"] == kind


def test_a_diagnosis_between_two_releases_is_derived_and_after_the_last_carried(
    store: Store,
) -> None:
    between = find_diagnosis(store, "M47816", date(2022, 5, 1))
    assert isinstance(between, Held)
    assert between.entry.citation.basis is Basis.DERIVED
    assert between.entry.citation.confidence is Confidence.SECONDARY
    after = find_diagnosis(store, "M47816", date(2026, 10, 1))
    assert isinstance(after, Held)
    assert after.entry.citation.carried


def test_a_code_that_is_no_diagnosis_is_absent_in_force_and_unknown_when_carried(
    store: Store,
) -> None:
    assert isinstance(find_diagnosis(store, "M99Z99", date(2026, 8, 1)), Absent)
    assert isinstance(find_diagnosis(store, "M99Z99", date(2026, 10, 1)), NotHeld)
    assert isinstance(find_diagnosis(store, "M99Z99", date(2022, 8, 1)), NotHeld)
    assert isinstance(find_diagnosis(store, "M47816", date(2019, 8, 1)), NotHeld)
    headers_between = find_diagnosis(store, "M4781", date(2022, 8, 1))
    assert isinstance(headers_between, NotHeld)


def test_a_zip_code_finds_its_locality_inside_a_run(store: Store) -> None:
    answer = store.find("zip_localities", date(2025, 11, 1), zip="43215")
    assert isinstance(answer, Held)
    assert (answer.entry.row["contractor"], answer.entry.row["locality"]) == ("15202", "00")
    nowhere = store.find("zip_localities", date(2025, 11, 1), zip="00000")
    assert isinstance(nowhere, Absent)


def test_a_wage_area_that_the_file_lists_twice_keeps_both_values(store: Store) -> None:
    answer = store.find("asc_wage_index", date(2025, 5, 1), area="01")
    assert isinstance(answer, Held)
    assert [entry.row["index"] for entry in answer.entries] == ["0.6471", "0.7158"]


def test_a_modifier_that_is_not_in_the_list_is_not_called_invalid(store: Store) -> None:
    assert isinstance(store.find("modifiers", date(2026, 8, 1), modifier="ZZ"), NotHeld)


def test_an_unknown_table_is_named(store: Store) -> None:
    with pytest.raises(UnknownTableError, match="rvus"):
        store.find("rvus", date(2026, 8, 1), code="64494")


@pytest.mark.parametrize(
    ("pattern", "day", "name"),
    [
        ("ccipra-v{ncci}r0", date(2026, 8, 1), "ccipra-v322r0"),
        ("ccipra-v{ncci}r0", date(2024, 7, 1), "ccipra-v302r0"),
        ("_Eff_{starts}", date(2026, 6, 30), "_Eff_04-01-2026"),
        ("{fy}", date(2026, 10, 1), "2027"),
        ("RVU{yy}{letter}", date(2026, 12, 31), "RVU26D"),
    ],
)
def test_a_missing_file_is_asked_for_by_the_name_cms_gives_it(
    pattern: str, day: date, name: str
) -> None:
    assert file_for(pattern, day) == name


@pytest.mark.parametrize("cache", ["/proc/nowhere", "/dev/null", ""])
def test_tables_open_where_the_cache_cannot_be_written(cache: str, tmp_path: Path) -> None:
    """A container without a home or a writable cache still answers."""
    code = (
        "from pathlib import Path; import facetwise.tables.store as s;"
        "s._opened = lambda path, digest: None;"  # as if nothing were compiled yet
        "print(len(s.shipped().scope))"
    )
    environment = {**os.environ, "FACETWISE_CACHE": cache, "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "93\n", done.stderr


def test_a_damaged_compiled_file_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "tables.sqlite"
    compile_tables(FOLDER, path)
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 4
    raw[middle : len(raw) - 40960] = bytes(len(raw) - 40960 - middle)
    path.write_bytes(raw)

    def read_all() -> None:
        store = Store(path)
        for name in store.catalogue.tables:
            list(store.all_rows(name))

    with pytest.raises((BrokenTableError, sqlite3.DatabaseError, ValueError, KeyError)):
        read_all()


def test_an_altered_table_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    (folder / "data").mkdir(parents=True)
    for name in ("manifest.toml", "sources.toml"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    for path in (FOLDER / "data").glob("*.csv"):
        (folder / "data" / path.name).write_bytes(path.read_bytes())
    mue = folder / "data" / "mue_practitioner.csv"
    mue.write_text(mue.read_text("utf-8").replace("64494,1,2", "64494,4,2"), "utf-8")
    with pytest.raises(BrokenTableError, match=r"mue_practitioner\.csv"):
        compile_tables(folder, tmp_path / "out.sqlite")
    assert not list(tmp_path.glob("*.part")), "a failed compilation leaves nothing behind"
    assert not (tmp_path / "out.sqlite").exists()


TOGETHER = [
    ("rvu", [{"code": code, "modifier": ""} for code in ("64493", "99291", "64494", "99999")]),
    ("code_facts", [{"code": code} for code in ("64493", "J1010", "99999")]),
    ("mue_practitioner", [{"code": code} for code in ("64493", "64494", "99999")]),
    ("add_on_edits", [{"add_on": code} for code in ("64493", "64494", "64495")]),
    ("modifiers", [{"modifier": mark} for mark in ("50", "RT", "ZZ")]),
    ("ptp_practitioner", [{"column_1": one, "column_2": two} for one in ("64493", "64494", "77003")
                          for two in ("64493", "77003", "99999")]),
]  # fmt: skip


@pytest.mark.parametrize(
    "day", ["2012-01-03", "2024-03-12", "2025-02-01", "2026-08-03", "2026-11-01"]
)
@pytest.mark.parametrize(("name", "keys"), TOGETHER, ids=[name for name, _ in TOGETHER])
def test_keys_read_together_are_answered_as_each_alone(
    store: Store, name: str, keys: list[dict[str, str]], day: str
) -> None:
    on = date.fromisoformat(day)
    alone = [store.find(name, on, **key) for key in keys]
    assert list(store.find_each(name, on, keys)) == alone


def test_more_keys_than_one_statement_binds_are_all_answered(store: Store) -> None:
    keys = [{"code": f"X{at:04}"} for at in range(1_000)] + [{"code": "64493"}]
    answers = list(store.find_each("mue_practitioner", date(2026, 8, 3), keys))
    assert len(answers) == len(keys)
    assert isinstance(answers[-1], Held)
