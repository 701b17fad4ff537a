"""What was done, read from words and from files: nothing is filled in that was not said."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.anatomy import BOTH, RIGHT, ImpossibleLevelError, Kind
from facetwise.errors import FacetwiseError
from facetwise.procedure import (
    BadProcedureError,
    ClaimType,
    Guidance,
    Intervention,
    Purpose,
    Sedation,
    Target,
    Technique,
    procedure_from,
    read_procedure,
    read_text,
)
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples" / "procedures").iterdir())


def only(text: str) -> Intervention:
    (done,) = read_text(text).interventions
    return done


@pytest.mark.parametrize(
    ("words", "technique"),
    [
        ("medial branch block", Technique.MEDIAL_BRANCH_BLOCK),
        ("MBB", Technique.MEDIAL_BRANCH_BLOCK),
        ("facet joint injection", Technique.INTRA_ARTICULAR),
        ("intra-articular injection", Technique.INTRA_ARTICULAR),
        ("RFA", Technique.THERMAL),
        ("radiofrequency neurotomy", Technique.THERMAL),
        ("rhizotomy", Technique.THERMAL),
        ("pulsed RF", Technique.PULSED),
        ("cooled RFA", Technique.COOLED),
        ("phenol neurolysis", Technique.CHEMICAL),
        ("cryoablation", Technique.CRYO),
        ("facet cyst aspiration", Technique.CYST),
        ("interlaminar epidural", Technique.INTERLAMINAR),
        ("TFESI", Technique.TRANSFORAMINAL),
    ],
)
def test_the_words_of_a_technique_are_known(words: str, technique: Technique) -> None:
    assert only(f"right L4-L5 {words}, fluoroscopy").technique is technique


@pytest.mark.parametrize(
    ("words", "guidance"),
    [
        ("under fluoroscopy", Guidance.FLUOROSCOPY),
        ("fluoro", Guidance.FLUOROSCOPY),
        ("with C-arm", Guidance.FLUOROSCOPY),
        ("CT-guided", Guidance.CT),
        ("ultrasound guidance", Guidance.ULTRASOUND),
        ("US-guided", Guidance.ULTRASOUND),
        ("MRI guidance", Guidance.MRI),
        ("without image guidance", Guidance.NONE),
        ("no fluoroscopy", Guidance.NONE),
        ("not image-guided", Guidance.NONE),
        ("no ultrasound, under fluoroscopy", Guidance.FLUOROSCOPY),
        ("", None),
    ],
)
def test_guidance_is_what_is_said_and_nothing_else(words: str, guidance: Guidance | None) -> None:
    assert only(f"right L4-5 facet injection {words}").guidance is guidance


@pytest.mark.parametrize(
    ("words", "purpose"),
    [
        ("diagnostic", Purpose.DIAGNOSTIC),
        ("first diagnostic", Purpose.DIAGNOSTIC_FIRST),
        ("second diagnostic", Purpose.DIAGNOSTIC_SECOND),
        ("confirmatory", Purpose.DIAGNOSTIC_SECOND),
        ("therapeutic", Purpose.THERAPEUTIC),
        ("", None),
        ("diagnostic and therapeutic", None),
    ],
)
def test_a_purpose_is_never_assumed(words: str, purpose: Purpose | None) -> None:
    assert only(f"right L4-5 {words} medial branch block, fluoroscopy").purpose is purpose


def test_agents_temperature_sedation_and_count_are_read() -> None:
    done = read_text(
        "two levels right L4-5, L5-S1 RFA at 80 C, fluoro, 40 mg Depo-Medrol, 2 mL bupivacaine,"
        " moderate sedation"
    )
    assert [(agent.name, agent.milligrams) for agent in done.agents] == [
        ("methylprednisolone acetate", Decimal(40)),
        ("bupivacaine", None),
    ]
    assert done.interventions[0].temperature == 80
    assert done.interventions[0].levels_stated == 2
    assert done.sedation is Sedation.MODERATE


def test_two_techniques_keep_their_own_levels() -> None:
    first, second = read_text("left L4-5 RFA; right SI joint injection, fluoroscopy").interventions
    assert (first.technique, second.technique) == (Technique.THERMAL, Technique.SI_JOINT)
    assert second.targets == (Target(Kind.SI_JOINT, "SI joint", RIGHT),)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("right L4-5 MBB RFA fluoro", "technique"),
        ("right L4-5 epidural fluoro", "technique"),
        ("right SI joint fluoro", "technique"),
        ("right L4 kyphoplasty and L4-5 facet injection", "other-procedure"),
        ("right L4-5 facet injection, not done", "unclear-words"),
        ("right L4-5 or L5-S1 facet injection", "unclear-words"),
        ("right L4-5 facet injection under CT and ultrasound", "guidance"),
        ("RFA right L4-5 at 60 C and 80 C fluoro", "temperature"),
        ("L4-5 and SI joint RFA right fluoro", "levels"),
    ],
)
def test_what_the_words_leave_open_is_asked(text: str, question: str) -> None:
    assert question in [asked.id for asked in read_text(text).questions]


def test_words_that_were_passed_over_are_shown() -> None:
    assert read_text("right L4-5 facet injection fluoro, patient jolly").unread == ("jolly",)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_procedure(path: Path) -> None:
    assert read_procedure(path).day == date(2026, 10, 1)


def test_a_file_and_the_same_words_are_the_same_procedure() -> None:
    given_ = {"technique": "thermal-ablation", "guidance": "fluoroscopy", "purpose": "ablation",
              "targets": [{"joint": "L45", "side": "both"}]}  # fmt: skip
    assert (
        procedure_from(given_).interventions == read_text("bilateral L4-5 RFA fluoro").interventions
    )
    assert procedure_from(given_).interventions[0].targets[0].sides == BOTH


@pytest.mark.parametrize(
    ("given_", "where"),
    [
        ({"technique": "magic", "targets": []}, "technique"),
        ({"tecnique": "pulsed"}, "tecnique"),
        ({"text": "x", "technique": "pulsed"}, ""),
        ({}, ""),
        ({"technique": "pulsed", "targets": [{"joint": "L4-L5", "side": "up"}]}, "targets[0].side"),
        ({"technique": "pulsed", "targets": [{"side": "left"}]}, "targets[0]"),
        ({"technique": "pulsed", "targets": {}}, "targets"),
        ({"technique": "pulsed", "temperature_c": "hot"}, "temperature_c"),
        ({"technique": "pulsed", "muscles": True}, "muscles"),
        ({"technique": "pulsed", "date": "2026-02-30"}, "date"),
        ({"technique": "pulsed", "claim_type": "dentist"}, "claim_type"),
        ({"interventions": [{"technique": "x"}]}, "interventions[0].technique"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(given_: dict[str, object], where: str) -> None:
    with pytest.raises(BadProcedureError) as error:
        procedure_from(given_)
    assert error.value.where == where
    assert "\n" not in str(error.value)


def test_an_impossible_level_in_a_file_is_refused() -> None:
    with pytest.raises(ImpossibleLevelError):
        procedure_from({"technique": "pulsed", "targets": [{"joint": "L7-L8"}]})
    with pytest.raises(ImpossibleLevelError):
        procedure_from({"technique": "pulsed", "targets": [{"nerve": "C2"}]})


def test_claim_types_have_their_common_names() -> None:
    named = {
        "professional": ClaimType.PRACTITIONER,
        "opps": ClaimType.HOSPITAL,
        "ASC": ClaimType.ASC,
        "hospital_outpatient": ClaimType.HOSPITAL,
    }
    for name, wanted in named.items():
        assert procedure_from({"text": "x", "claim_type": name}).claim_type is wanted


@pytest.mark.parametrize("content", ["", "[1]", "{", '"a"', '{"text": 1}', "[" * 5000])
def test_a_broken_file_gets_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(content)
    with pytest.raises(BadProcedureError) as error:
        read_procedure(path)
    assert "\n" not in str(error.value)


@given(st.text(min_size=1, max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    refused = ""
    try:
        read_text(text)
    except FacetwiseError as error:
        refused = str(error)
    assert "\n" not in refused


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=6,
    ),
    st.sampled_from(["technique", "targets", "interventions", "text", "date", "agents"]),
)
def test_no_mapping_breaks_the_reader(value: object, key: str) -> None:
    with pytest.raises(FacetwiseError):
        procedure_from({key: value, "nonsense": 1})
    try:
        procedure_from({"technique": "pulsed", key: value} if key != "technique" else {key: value})
    except FacetwiseError:
        return
