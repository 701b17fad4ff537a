"""The words of the pages: sourced, dated, and nothing of the seed page lost without a reason."""

import re
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest

import facetwise
from facetwise.coding import code
from facetwise.pages.content import PARTS, Said, cite, every
from facetwise.pages.sections_ladder import ladder
from facetwise.policies import shipped as policies
from facetwise.rules.registry import all_rules
from facetwise.sources import Confidence
from facetwise.tables.answer import Held
from facetwise.tables.store import Store
from tests.conftest import ROOT

DAY = date(2026, 11, 1)
FOUR = (date(2020, 6, 1), date(2024, 8, 20), date(2025, 11, 1), DAY)
DEEP = ("64490", "64491", "64492", "64493", "64494", "64495", "64633", "64634", "64635", "64636",
        "0213T", "0214T", "0215T", "0216T", "0217T", "0218T")  # fmt: skip
MARKS = re.compile(r" \((?:carried|derived|secondary source)(?:, (?:derived|secondary source))*\)$")
PLACES = (*PARTS, "ladder", "payers")


@cache
def page(of: str, day: date = DAY) -> dict[str, Any]:
    return facetwise.page(of, day)


def section(of: str, name: str, day: date = DAY) -> dict[str, Any]:
    return next(one for one in page(of, day)["sections"] if one["id"] == name)


def sentences(of: str, name: str, day: date = DAY) -> list[str]:
    return [MARKS.sub("", one["text"]) for one in section(of, name, day)["statements"]]


def grid(of: str, name: str, grid_id: str, day: date = DAY) -> list[list[str]]:
    tables = section(of, name, day)["tables"]
    return next((table["rows"] for table in tables if table["id"] == grid_id), [])


def words(of: str, name: str, day: date = DAY) -> str:
    """All that a section says, sentences and cells."""
    told = section(of, name, day)
    cells = [cell for table in told["tables"] for row in table["rows"] for cell in row]
    heads = [head for table in told["tables"] for head in (*table["columns"], table["title"])]
    return " | ".join([*(one["text"] for one in told["statements"]), *heads, *cells])


def row(rows: list[list[str]], first: str) -> list[str]:
    return next(one for one in rows if one[0].startswith(first))


# What every entry of the content must have


def test_every_entry_rests_on_a_source_that_can_be_shown(store: Store) -> None:
    assert len(every()) > 200
    for said in every():
        if said.kind != "worked":  # worked lines cite the steps of coding
            assert said.sources, (said.file, said.values)
        for source in said.sources:
            assert cite(store, source, DAY).edition.id == source, (said.file, source)


def test_every_sentence_has_a_place_on_the_page_and_is_a_sentence() -> None:
    for said in every():
        if said.kind == "statement":
            assert said["part"] in PLACES, said.values
            assert said["text"][0].isupper() or said["text"][0].isdigit(), said["text"]
            assert said["text"].endswith("."), said["text"]
            assert said.families, said["text"]


def test_no_sentence_is_said_of_a_code_or_family_that_does_not_exist(store: Store) -> None:
    families: dict[str, set[str]] = {}
    for one in store.scope:
        answer = store.find("code_facts", DAY, code=one, fact="family")
        assert isinstance(answer, Held)
        families.setdefault(answer.entry["value"], set()).add(one)
    for said in every():
        assert said.families <= set(families), said.values
        members = set().union(*(families[family] for family in said.families))
        assert said.codes <= members, (said.file, said.values)
        if said["part"] == "related":
            assert said["code"] in store.scope


def test_no_entry_ends_before_it_begins_or_is_said_twice_on_one_page() -> None:
    seen: set[tuple[Any, ...]] = set()
    for said in every():
        key = (said.kind, said["part"], said["text"], said["code"], said["title"],
               said["situation"], said.families, said.codes, said.window)  # fmt: skip
        assert key not in seen, said.values
        seen.add(key)


def test_every_denial_is_a_situation_of_the_table(store: Store) -> None:
    known = {one["situation"] for one in store.all_rows("likely_denials")}
    told = {said["situation"] for said in every() if said.kind == "denial"}
    assert told == known


def test_every_worked_case_is_read_without_a_question(store: Store) -> None:
    for said in every():
        if said.kind == "worked":
            answer = code(said["procedure"], "medicare-practitioner", DAY, store=store)
            assert answer.lines, said["title"]
            assert not answer.procedure.unread, said["title"]


@pytest.mark.parametrize("of", DEEP)
def test_a_facet_page_says_what_it_is_when_it_is_done_and_what_goes_wrong(of: str) -> None:
    for name in ("scope", "image-guidance", "clinical-context", "record", "reporting", "ladder",
                 "denials", "payers"):  # fmt: skip
        assert section(of, name)["statements"], name
    said = " ".join(sentences(of, "scope"))
    assert f"{of} is " in said
    assert "It is not" in said
    assert len(section(of, "payers")["tables"]) == 2
    assert any(one[0] for one in grid(of, "related", "related"))


def test_every_relative_says_at_least_what_it_is_or_is_not(store: Store) -> None:
    for of in store.scope:
        assert sentences(of, "scope"), of


def test_a_sentence_that_follows_from_its_sources_is_marked(store: Store) -> None:
    derived = [said for said in every() if said.derived]
    assert derived
    text = next(
        one["text"]
        for one in section("64494", "reporting")["statements"]
        if one["text"].startswith("Different joints on opposite sides")
    )
    assert text.endswith("(secondary source)")


# Numbers are the policies' own


def test_the_steps_show_the_numbers_of_each_contractor_and_what_is_not_known() -> None:
    tables = {one["id"]: one for one in section("64494", "ladder")["tables"]}
    second = tables["ladder-second-diagnostic"]
    at = next(n for n, head in enumerate(second["columns"]) if head.startswith("Noridian"))
    unknown = next(n for n, head in enumerate(second["columns"]) if "Novitas" in head)
    relief = row(second["rows"], "relief after the first block")
    gap = row(second["rows"], "gap after")
    assert (relief[at], relief[unknown]) == ("at least 80 percent", "not known")
    assert gap[at] == "at least 2 weeks"
    ablation = section("64635", "ladder")["tables"]
    again = next(one for one in ablation if one["id"] == "ladder-repeat-ablation")
    ngs = next(n for n, head in enumerate(again["columns"]) if head.startswith("NGS"))
    cgs = next(n for n, head in enumerate(again["columns"]) if head.startswith("CGS"))
    assert "or source in question" in row(again["rows"], "new blocks first")[ngs]
    assert "and source in question" in row(again["rows"], "new blocks first")[cgs]
    assert row(again["rows"], "or function better")[cgs] == "asked"


@pytest.mark.parametrize(
    ("criterion", "number", "phrase"),
    [
        ("pain-duration", "3", "three months at least"),
        ("second-block-relief", "80", "its relief in percent (80 at least)"),
        ("second-block-interval", "2", "two weeks before at least"),
        ("therapeutic-repeat-relief", "50", "50 percent relief for three months"),
        ("therapeutic-repeat-duration", "3", "50 percent relief for three months"),
        ("ablation-two-blocks", "80", "each with relief of 80 percent or more"),
        ("ablation-temperature", "80", "Thermal means 80 degrees C or more"),
        ("ablation-repeat-relief", "50", "50 percent improvement for six months"),
        ("ablation-repeat-duration", "6", "50 percent improvement for six months"),
        ("ablation-rediagnose", "2", "After two years and with the source in question"),
        ("ablation-sessions", "2", "More than two sessions in a region within 12 months"),
        ("levels-per-session", "2", "covers two levels a session"),
        ("regions-per-session", "1", "allow one region a session"),
    ],
)
def test_a_number_in_our_words_is_the_number_of_every_policy_held(
    criterion: str, number: str, phrase: str
) -> None:
    held = {str(c.number) for p in policies().all for c in p.criteria if c.id == criterion}
    assert held == {number}
    assert any(phrase in said["text"] for said in every())


def test_this_code_is_lit_in_the_sequence_and_only_where_it_is_used() -> None:
    lit = {one[0][:2] for one in grid("64494", "ladder", "ladder-steps") if one[3]}
    assert lit == {"2.", "3.", "4a", "5a"}
    assert {one[0][:2] for one in grid("64636", "ladder", "ladder-steps") if one[3]} == {"4b", "5b"}
    assert not [one for one in grid("0217T", "ladder", "ladder-steps") if one[3]]
    assert "stands at no step" in words("0217T", "ladder")


def test_a_code_outside_the_facet_families_has_no_sequence(store: Store) -> None:
    from facetwise.pages.facts import facts_of
    from facetwise.pages.gather import Context

    context = Context(store, "64640", DAY, facts_of(store, "64640", DAY))
    assert not ladder(context).grids


def test_sacroiliac_and_epidural_codes_have_steps_and_contractors_of_their_own_subject() -> None:
    tables = {one["id"]: one for one in section("27096", "ladder")["tables"]}
    relief = row(tables["ladder-diagnostic"]["rows"], "relief while the agent works")
    at = next(n for n, head in enumerate(tables["ladder-diagnostic"]["columns"]) if "CGS" in head)
    assert relief[at].startswith("at least 75 percent")
    columns = section("64625", "payers")["tables"][1]["columns"]
    told = row(grid("64625", "payers", "payers-medicare"), "CGS")
    assert told[columns.index("denervation of the joint")] == "not reasonable and necessary"
    assert "L39383" in told[columns.index("document")]
    columns = section("62323", "payers")["tables"][1]["columns"]
    told = row(grid("62323", "payers", "payers-medicare"), "Noridian JE")
    assert told[columns.index("levels a session")] == "at most 1 level"
    assert "L38801" not in " ".join(told)


def test_no_text_on_another_joint_is_read_back_before_its_first_document() -> None:
    early = FOUR[0]
    for of in ("27096", "62323"):
        assert [one["id"] for one in section(of, "ladder", early)["tables"]] == ["ladder-steps"]
        assert "at least" not in words(of, "payers", early)


def test_a_procedure_of_which_no_payer_was_read_says_which_file_would_tell() -> None:
    assert section("62324", "payers")["not_available"]
    assert section("27096", "payers")["not_available"]


def test_each_payer_of_the_seed_has_a_row_and_unknown_cells_say_so() -> None:
    plans = grid("64494", "payers", "payers-plans")
    for payer in ("Aetna", "Anthem Blue Cross", "Blue Cross Blue Shield of", "Cigna",
                  "UnitedHealthcare"):  # fmt: skip
        assert row(plans, payer)
    contractors = grid("64494", "payers", "payers-medicare")
    told = " ".join(one[0] for one in contractors)
    for name in ("CGS", "First Coast", "NGS", "Noridian", "Novitas", "Palmetto", "WPS"):
        assert name in told
    for one in (*plans, *contractors):
        assert all(one[:-1]), one
    assert "not known" in row(contractors, "Novitas")


def test_a_third_party_summary_is_never_shown_as_primary(store: Store) -> None:
    columns = section("64494", "payers")["tables"][0]["columns"]
    sure, source = columns.index("confidence"), columns.index("source")
    for one in grid("64494", "payers", "payers-plans"):
        cited = [store.catalogue.editions.get(edition) for edition in one[source].split(", ")]
        weak = [e for e in cited if e and e.confidence is Confidence.SECONDARY]
        assert not (weak and one[sure].startswith("primary")), one


def test_worked_lines_are_those_of_coding_by_ruleset() -> None:
    two = row(grid("64494", "reporting", "worked-lines"), "Two joints, both sides")
    assert two[1:] == [
        "64493-50, 64494 x2",
        "64493-50, 64494-50",
        "64493-RT, 64493-LT, 64494-RT, 64494-LT",
        "ask the payer",
    ]
    three = row(grid("64636", "reporting", "worked-lines"), "Three joints, right")
    assert three[1].startswith("64635-RT, 64636-RT x2")


def test_the_rules_shown_are_rules_that_exist_and_fit_the_code() -> None:
    shown = {one[0] for one in grid("64494", "denials", "rules")}
    assert shown <= set(all_rules())
    assert {"ncci/add-on-without-primary", "ncci/mue", "ncci/ptp"} <= shown
    assert "ncci/add-on-without-primary" not in {
        one[0] for one in grid("64493", "denials", "rules")
    }


def test_what_was_read_of_payers_is_shown_and_never_decides_a_claim() -> None:
    for rule in all_rules().values():
        assert "payer_reading" not in (rule.trigger.table, *rule.needs, *rule.uses), rule.id


# The seed page, one fact at a time


class Seed(NamedTuple):
    """A fact or section of the seed, where it is now, and why it was corrected if it was."""

    says: str
    section: str
    shows: str
    corrected: str = ""


SEED = (
    Seed("lumbar or sacral, second level, image-guided", "at-a-glance",
         r"Lumbar or sacral facet joint injection, second level, fluoroscopy or CT"),
    Seed("diagnostic or therapeutic", "scope", r"\(diagnostic\), or treats it \(therapeutic\)"),
    Seed("facet (zygapophyseal) joint or the nerves serving it", "scope",
         r"facet \(zygapophyseal\) joint of the spine, or at the nerves that feed"),
    Seed("billed in addition to the primary level", "level-family",
         r"a claim needs one of its primaries"),
    Seed("the primary is that of the first level", "level-family", r"64490, 64493",
         "the seed names no primary; 64494 takes 64493 or 64490"),
    Seed("anesthetic or steroid", "scope", r"a local anesthetic, a steroid, or both"),
    Seed("axial and radicular low back pain", "clinical-context",
         r"mainly axial .*Not for untreated radicular pain",
         "untreated radicular pain fails the facet policies"),
    Seed("fluoroscopy or CT", "image-guidance", r"Fluoroscopy or CT is part of the code"),
    Seed("image guidance requirements", "image-guidance", r"cover CT or fluoroscopy only"),
    Seed("accurate coding of levels matters nationally", "scope", r"66 of 120 sampled sessions"),
    Seed("payer: Aetna", "payers", r"Aetna, commercial"),
    Seed("payer: Blue Cross Blue Shield", "payers", r"Blue Cross Blue Shield of Alabama",
         "not one payer: each plan has its own policy and row"),
    Seed("payer: Cigna Health", "payers", r"Cigna, commercial"),
    Seed("payer: UnitedHealthcare", "payers", r"UnitedHealthcare, commercial"),
    Seed("payer: Medicare", "payers", r"Medicare contractor .*Noridian",
         "Medicare's contractors decide; each has its own row"),
    Seed("authorization workflows", "payers", r"yes, for a hospital outpatient claim"),
    Seed("site: office", "sites", r"Office"),
    Seed("site: outpatient hospital", "sites", r"Hospital outpatient, on campus"),
    Seed("site: others", "sites", r"Ambulatory surgical center",
         "a surgical center is a usual site and was missing"),
    Seed("setting equipped for fluoroscopy or CT", "clinical-context",
         r"office, surgical center or hospital with fluoroscopy"),
    Seed("common associated diagnoses", "diagnoses", r"M47\.816.*covered"),
    Seed("low back pain as a diagnosis", "denials", r"has no M54 code on it",
         "low back pain codes are on no covered list held"),
    Seed("related codes: single, bilateral and additional levels", "related",
         r"64493.*64495", ),
    Seed("related codes: other guidance and next procedures", "related", r"0217T.*64635"),
    Seed("bilateral reporting", "reporting", r"64493-50, 64494-50"),
    Seed("additional levels", "reporting", r"64493-RT, 64494-RT, 64495-RT"),
    Seed("pain management, interventional spine", "taxonomies", r"Interventional pain|Pain"),
    Seed("typical clinical indications", "clinical-context", r"moderate to severe pain"),
    Seed("where it fits in the sequence", "ladder", r"64494 is used at: 2\. First diagnostic"),
    Seed("data not available is noted", "not-available", r""),
    Seed("a level is a joint", "scope", r"One level is one joint, or the two medial branch"),
    Seed("case: patient in the fifties", "clinical-context", r"A patient of 56"),
    Seed("case: chronic axial low back pain", "clinical-context", r"low back pain across"),
    Seed("case: intermittent radicular symptoms", "clinical-context",
         r"No pain, numbness or weakness runs into a leg.*Changed against the case often told",
         "with untreated radicular symptoms the case would be denied"),
    Seed("case: physical therapy, oral analgesics, activity", "clinical-context",
         r"Physical therapy for eight weeks, oral analgesics and changed activity"),
    Seed("case: MRI with facet arthropathy and worn discs", "clinical-context",
         r"MRI shows facet arthropathy at several levels and worn discs.*proves nothing",
         "arthropathy on MRI proves nothing; imaging rules out other causes"),
    Seed("case: joint or medial branch nerves", "clinical-context",
         r"first diagnostic block of the nerves of L4-L5 and L5-S1"),
    Seed("case: consent", "clinical-context", r"consent"),
    Seed("case: sterile preparation", "clinical-context", r"sterile preparation"),
    Seed("case: localization on the image", "clinical-context", r"each level localized on the"),
    Seed("case: contrast confirms the needle", "clinical-context", r"contrast to confirm"),
    Seed("case: anesthetic or corticosteroid", "clinical-context",
         r"local anesthetic \(a therapeutic session may add a steroid\)"),
    Seed("case: monitoring and response", "clinical-context", r"Afterwards the patient is watched"),
    Seed("modifier 50: both sides of one level", "modifiers", r"50 \| Both sides, one line"),
    Seed("modifier 50: in addition to the primary code", "reporting",
         r"modifier 50 on the same line, one unit.*not a second code beside the primary",
         "50 is appended to the line itself"),
    Seed("modifiers: only 50", "modifiers", r"KX .*RT",
         "KX on diagnostic lines and RT and LT were missing"),
    Seed("taxonomy 207L00000X", "taxonomies", r"207L00000X"),
    Seed("taxonomies: one only", "taxonomies", r"208VP0014X",
         "the copy is cut after the first; pain medicine and others belong there"),
    Seed("dates and sources", "relative-values", r"RVU20A.*RVU26C",
         "the seed has neither; every statement here has both"),
)  # fmt: skip


@pytest.mark.parametrize("fact", SEED, ids=[fact.says for fact in SEED])
def test_each_fact_of_the_seed_is_on_the_page_or_corrected(fact: Seed) -> None:
    assert re.search(fact.shows, words("64494", fact.section), re.DOTALL), fact
    if fact.section == "not-available":
        assert section("64494", fact.section)["not_available"]


def test_what_the_seed_says_wrong_is_nowhere_on_the_page() -> None:
    told = " ".join(words("64494", one["id"]) for one in page("64494")["sections"])
    assert "in addition to the primary procedure code" not in told
    assert "axial and radicular" not in told


# The questions of a coder


def _questions() -> list[list[str]]:
    lines = (ROOT / "docs" / "ten-questions.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "?" in line]
    return [one for one in cells if len(one) == 4]


def test_a_coder_finds_ten_answers_where_the_list_says_they_stand() -> None:
    asked = _questions()
    assert len(asked) == 10
    for question, of, where, answer in asked:
        quoted = re.search(r"`(.+)`", answer)
        assert quoted, question
        assert quoted[1] in words(of, where), question


# Four dates


def _shown(of: str, day: date) -> set[str]:
    return {
        MARKS.sub("", one["text"])
        for part in page(of, day)["sections"]
        for one in part["statements"]
    }


@pytest.mark.parametrize("of", DEEP)
def test_sentences_differ_between_dates_only_where_their_own_dates_say_so(of: str) -> None:
    def speaks(said: Said) -> bool:
        return said.kind == "statement" and said["part"] != "related"

    mine = [
        said
        for said in every()
        if speaks(said) and (not said.codes or of in said.codes) and said["text"] in _all(of)
    ]
    assert mine
    for day in FOUR:
        wanted = {said["text"] for said in mine if day in said.window}
        never = {said["text"] for said in mine if day not in said.window} - wanted
        assert wanted <= _shown(of, day)
        assert not never & _shown(of, day)


@cache
def _all(of: str) -> frozenset[str]:
    return frozenset().union(*(_shown(of, day) for day in FOUR))


def test_the_third_level_is_told_as_each_year_had_it() -> None:
    appeal, refused = "considered on appeal only", "not covered since the revisions of 2024"
    told = {day.year: words("64495", "denials", day) for day in (*FOUR, date(2022, 6, 1))}
    assert appeal not in told[2020]
    assert refused not in told[2020]
    assert appeal in told[2022]
    assert refused not in told[2022]
    for year in (2024, 2025, 2026):
        assert refused in told[year]
        assert appeal not in told[year]


def test_t12_l1_is_asked_in_2020_and_coded_since() -> None:
    cells = {
        day.year: row(grid("64494", "reporting", "worked-lines", day), "T12-L1 and L1-L2, right")
        for day in FOUR
    }
    assert cells[2020][1:] == ["ask the payer"] * 4
    assert "64490-RT, 64494-RT (derived)" in cells[2024]
    assert "64490-RT, 64494-RT" in cells[2026]
    said = "T12-L1 is 64490 and L1-L2 is 64494"
    assert [any(said in text for text in _shown("64494", day)) for day in FOUR] == [
        False, False, True, True,
    ]  # fmt: skip


def test_kx_and_hospital_authorization_appear_when_they_began() -> None:
    def kx(day: date) -> bool:
        return "KX" in " ".join(row(grid("64494", "reporting", "worked-lines", day), "Two joints,"))

    assert [kx(day) for day in FOUR] == [False, True, True, True]
    columns = section("64494", "payers")["tables"][1]["columns"]
    at = columns.index("authorization")
    told = [row(grid("64494", "payers", "payers-medicare", day), "CGS")[at] for day in FOUR]
    assert told[0].startswith("not listed")
    assert [one.startswith("yes") for one in told] == [False, True, True, True]
    third = row(grid("64495", "payers", "payers-medicare"), "CGS")[at]
    assert third.startswith("not listed")


def test_no_policy_of_2026_is_read_back_to_a_year_before_any_of_them() -> None:
    early = FOUR[0]
    assert [one["id"] for one in section("64494", "ladder", early)["tables"]] == ["ladder-steps"]
    assert section("64494", "ladder", early)["not_available"]
    assert section("64494", "clinical-context", early)["not_available"]
    for one in grid("64494", "payers", "payers-medicare", early):
        assert "at least" not in " ".join(one)


def test_amounts_and_values_differ_by_year_and_the_joint_does_not() -> None:
    assert len({words("64494", "amounts", day) for day in FOUR}) == len(FOUR)
    joint = "One level is one joint, or the two medial branch nerves that feed it."
    for day in FOUR:
        assert any(text.startswith(joint) for text in _shown("64494", day))
