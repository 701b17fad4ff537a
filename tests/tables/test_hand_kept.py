"""The tables kept by hand: what a biller loses by a row that is wrong, undated or unsourced."""

import csv
import re
import tomllib
from collections import defaultdict
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "src" / "facetwise" / "tables"
SOURCES = tomllib.loads((TABLES / "sources.toml").read_text("utf-8"))
DOCUMENTS = {document["id"]: document for document in SOURCES["document"]}
HAND_KEPT = {
    table["name"]: table["key"]
    for table in tomllib.loads((ROOT / "tools" / "tables.toml").read_text("utf-8"))["table"]
    if table.get("hand_kept")
}
TAIL = ["first_day", "last_day", "edition", "confidence"]
OFFICIAL = re.compile(r"(RVU|GPCI|ANES|AOC|PTP-|MUE-|ICD10CM-|AA-|BB-|EE-|FF-)[A-Z]*-?\d\d\w*")

FACET = "64490 64491 64492 64493 64494 64495 64633 64634 64635 64636"
SCOPE = (
    f"{FACET} 0213T 0214T 0215T 0216T 0217T 0218T "
    "62320 62321 62322 62323 62324 62325 62326 62327 64479 64480 64483 64484 "
    "27096 G0260 64451 64625 64624 64628 64629 64640 64450 20552 20553 20550 20551 "
    "20600 20604 20605 20606 20610 77001 77002 77003 77012 77021 76000 76942 "
    "99151 99152 99153 99155 99156 99157 01937 01938 01939 01940 01941 01942 01991 01992 "
    "64999 J1010 J1020 J1030 J1040 J1100 J0702 J3301 J1094 J2001 Q9966 Q9967 "
    "99202 99203 99204 99205 99211 99212 99213 99214 99215 64461 64462 64463 64510 64520"
).split()

# NCCI policy manual 2026, chapter I, section E: the complete list.
BYPASS = {
    *(f"E{eyelid}" for eyelid in range(1, 5)),
    *(f"{limb}{digit}" for limb in "FT" for digit in ("A", *range(1, 10))),
    *("LT", "RT", "LC", "LD", "RC", "LM", "RI"),
    *("24", "25", "57", "58", "78", "79"),
    *("27", "59", "91", "XE", "XS", "XP", "XU"),
}


def read(name: str) -> list[dict[str, str]]:
    text = (TABLES / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def window(row: dict[str, str]) -> tuple[date, date]:
    return day(row["first_day"], date.min), day(row["last_day"], date.max)


@cache
def official_editions() -> frozenset[str]:
    manifest = tomllib.loads((TABLES / "manifest.toml").read_text("utf-8"))
    return frozenset(entry["id"] for entry in manifest["edition"])


def known_edition(edition: str) -> bool:
    if not (TABLES / "manifest.toml").exists():
        return edition in DOCUMENTS or bool(OFFICIAL.fullmatch(edition))
    return edition in DOCUMENTS or edition in official_editions()


every_table = pytest.mark.parametrize("name", HAND_KEPT)


@every_table
def test_every_row_names_an_edition_that_can_be_shown(name: str) -> None:
    assert [row for row in read(name) if not known_edition(row["edition"])] == []


@every_table
def test_every_row_says_how_it_was_confirmed(name: str) -> None:
    assert {row["confidence"] for row in read(name)} <= {"primary", "secondary"}


@every_table
def test_a_claim_is_never_failed_on_a_document_read_at_second_hand(name: str) -> None:
    weak = {key for key, entry in DOCUMENTS.items() if entry["confidence"] == "secondary"}
    primary = (row for row in read(name) if row["confidence"] == "primary")
    assert [row for row in primary if row["edition"] in weak] == []


@every_table
def test_a_claim_is_never_failed_on_a_date_its_document_does_not_speak_for(name: str) -> None:
    for row in read(name):
        document = DOCUMENTS.get(row["edition"], {})
        first, last = window(row)
        if row["confidence"] == "primary":
            assert first >= document.get("first", date.min), row
            assert last <= document.get("last", date.max), row


@every_table
def test_a_date_of_service_falls_in_a_window_or_outside_it_never_in_a_backward_one(
    name: str,
) -> None:
    backward = [row for row in read(name) if window(row)[0] > window(row)[1]]
    assert backward == []


@every_table
def test_a_question_about_one_key_and_one_day_has_one_answer(name: str) -> None:
    by_key: defaultdict[tuple[str, ...], list[tuple[date, date]]] = defaultdict(list)
    for row in read(name):
        by_key[tuple(row[column] for column in HAND_KEPT[name])].append(window(row))
    for key, windows in by_key.items():
        for one, two in combinations(windows, 2):
            assert one[1] < two[0] or two[1] < one[0], f"{name}: {key} has two answers on one day"


@every_table
def test_a_reviewer_sees_a_change_as_one_line_of_a_sorted_plain_file(name: str) -> None:
    raw = (TABLES / "data" / f"{name}.csv").read_bytes()
    assert b"\r" not in raw
    assert b"\n\n" not in raw
    assert raw.endswith(b"\n")
    rows = read(name)
    assert list(rows[0])[-len(TAIL) :] == TAIL
    keys = [[row[column] for column in HAND_KEPT[name]] for row in rows]
    assert keys == sorted(keys)
    assert all(None not in row and None not in row.values() for row in rows)


def test_every_document_belongs_to_a_source_that_can_be_named() -> None:
    keys = [source["key"] for source in SOURCES["source"]]
    assert len(keys) == len(set(keys))
    assert len(SOURCES["document"]) == len(DOCUMENTS)
    assert {entry["source"] for entry in DOCUMENTS.values()} <= set(keys)
    assert all(source["title"] and source["publisher"] for source in SOURCES["source"])
    assert all(source.get("url", "https://").startswith("https://") for source in SOURCES["source"])


def test_every_code_in_scope_has_a_name_a_family_a_unit_and_a_role() -> None:
    facts: defaultdict[str, set[str]] = defaultdict(set)
    for row in read("code_facts"):
        facts[row["code"]].add(row["fact"])
        assert row["value"], row
    assert set(facts) == set(SCOPE)
    wanted = {"family", "name", "level_role", "unit"}
    assert {code: wanted - held for code, held in facts.items() if wanted - held} == {}


def test_no_two_codes_carry_the_same_name() -> None:
    names = [row["value"] for row in read("code_facts") if row["fact"] == "name"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("code", "fact", "value"),
    [
        ("64492", "once_per_day", "yes"),
        ("64495", "once_per_day", "yes"),
        ("64493", "begins", "2010-01-01"),
        ("64635", "begins", "2012-01-01"),
        ("J1010", "begins", "2024-04-01"),
        ("64494", "region", "lumbar-sacral"),
        ("64490", "region", "cervical-thoracic"),
        ("64636", "unit", "joint"),
        ("64494", "unit", "level"),
        ("J1010", "unit", "1 mg"),
        ("0216T", "guidance_included", "ultrasound"),
        ("64494", "guidance_included", "fluoroscopy-or-ct"),
        ("62322", "guidance_included", "none"),
        ("20552", "guidance_included", "separate"),
    ],
)
def test_the_fact_base_is_repeated_without_a_slip(code: str, fact: str, value: str) -> None:
    rows = [row for row in read("code_facts") if (row["code"], row["fact"]) == (code, fact)]
    assert {row["value"] for row in rows} == {value}


def test_a_drug_size_nobody_confirmed_is_not_stated() -> None:
    sized = {row["code"] for row in read("code_facts") if row["fact"] == "drug_unit"}
    assert sized == {"J1010"}


def test_a_pair_is_never_denied_for_want_of_a_modifier_the_manual_accepts() -> None:
    rows = read("modifiers")
    assert {row["modifier"] for row in rows if row["bypasses_ptp"] == "yes"} == BYPASS
    assert {row["modifier"] for row in rows if row["bypasses_ptp"] == "no"}.isdisjoint(BYPASS)
    decides = {row["modifier"] for row in rows if row["confidence"] == "primary"}
    assert decides >= BYPASS


def test_the_modifiers_of_a_facet_claim_stand_in_their_classes() -> None:
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for row in read("modifiers"):
        classes[row["class"]].add(row["modifier"])
    assert classes["side"] == {"LT", "RT"}
    assert classes["bilateral"] == {"50"}
    assert classes["component"] == {"26", "TC"}
    assert classes["drug-waste"] == {"JW", "JZ"}
    assert classes["assistant"] == {"80", "81", "82", "AS"}
    assert classes["liability"] == {"GA", "GX", "GY", "GZ"}
    assert "KX" in classes["policy"]


def test_the_amount_of_the_right_setting_is_taken_for_a_place_of_service() -> None:
    setting = {row["pos"]: row["setting"] for row in read("places_of_service")}
    assert len(setting) == 99
    assert {setting[pos] for pos in ("19", "21", "22", "23", "24", "31")} == {"facility"}
    assert setting["11"] == "non-facility"
    assert set(setting.values()) == {"facility", "non-facility", ""}


def test_a_place_of_service_without_a_setting_is_said_to_be_unassigned() -> None:
    blank = {row["name"] for row in read("places_of_service") if not row["setting"]}
    assert blank == {"Not assigned"}


def test_a_likely_denial_only_names_codes_that_are_explained() -> None:
    known = {(row["kind"], row["code"]) for row in read("denial_codes")}
    for row in read("likely_denials"):
        assert ("CARC", row["carc"]) in known
        assert not row["rarc"] or ("RARC", row["rarc"]) in known
        assert row["confidence"] == "secondary"


def test_a_denial_code_is_explained_in_a_few_words_of_our_own() -> None:
    assert [row for row in read("denial_codes") if len(row["meaning"].split()) > 8] == []


def test_low_back_pain_changes_code_on_the_first_of_october_2021() -> None:
    rows = [row for row in read("diagnosis_facts") if row["code"] == "M545"]
    value = {row["fact"]: row["value"] for row in rows if row["fact"] != "kind"}
    header = next(row for row in rows if (row["fact"], row["value"]) == ("kind", "header"))
    assert value["billable_until"] == "2021-09-30"
    assert header["first_day"] == "2021-10-01"
    successors = value["replaced_by"].split()
    starts = {
        row["code"]: row["value"]
        for row in read("diagnosis_facts")
        if row["fact"] == "billable_from"
    }
    assert starts == dict.fromkeys(successors, "2021-10-01")
