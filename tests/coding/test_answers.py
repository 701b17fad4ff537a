"""What a biller and a program get back: contracts, explanations, questions, dates, the drawing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise import schemas
from facetwise.anatomy import JOINTS, NERVES, Kind, Side, completed
from facetwise.cli.code import command as code_command
from facetwise.cli.decode import command as decode_command
from facetwise.coding import (
    BadLineError,
    Coding,
    UnknownRulesetError,
    code,
    compare,
    declared,
    decode,
    rulesets,
)
from facetwise.coding.as_json import code_json, compare_json, decode_json
from facetwise.coding.as_text import code_text, compare_text, decode_text
from facetwise.coding.cite import cite
from facetwise.coding.codebook import codebook
from facetwise.coding.drawing import spine_svg
from facetwise.coding.rulesets import rules_on
from facetwise.errors import FacetwiseError
from facetwise.finding import Verdict
from facetwise.procedure import (
    Guidance,
    Intervention,
    Procedure,
    Purpose,
    Target,
    Technique,
    read_procedure,
)
from facetwise.tables.store import Store
from tests.conftest import ROOT

DAY = date(2026, 10, 1)
MEDICARE = "medicare-practitioner"
EXAMPLES = sorted((ROOT / "examples" / "procedures").iterdir())

DAYS = st.dates(date(2009, 6, 1), date(2028, 12, 31))
SIDES = st.sampled_from([frozenset({Side.RIGHT}), frozenset({Side.LEFT}), frozenset(Side), None])
TARGETS = st.one_of(
    st.builds(Target, st.just(Kind.JOINT), st.sampled_from(list(JOINTS)), SIDES),
    st.builds(Target, st.just(Kind.NERVE), st.sampled_from(list(NERVES)), SIDES),
    st.builds(Target, st.just(Kind.SACRAL), st.sampled_from(["S1", "S2"]), SIDES),
    st.builds(Target, st.just(Kind.FORAMEN), st.sampled_from([*JOINTS, "S1"]), SIDES),
    st.builds(Target, st.just(Kind.INTERSPACE), st.sampled_from([*JOINTS, "caudal"]), SIDES),
    st.builds(Target, st.just(Kind.SI_JOINT), st.just("SI joint"), SIDES),
)
INTERVENTIONS = st.builds(
    Intervention,
    st.none() | st.sampled_from(Technique),
    st.lists(TARGETS, max_size=6).map(tuple),
    st.none() | st.sampled_from(Purpose),
    st.none() | st.sampled_from(Guidance),
    muscles=st.none() | st.integers(1, 9),
)
PROCEDURES = st.builds(Procedure, st.lists(INTERVENTIONS, max_size=3).map(tuple), DAYS)

CONTRACTS = {
    name: jsonschema.Draft202012Validator(json.loads(schemas.read(name)))
    for name in ("code", "decode")
}


def check(answer: object, name: str) -> None:
    CONTRACTS[name].validate(answer)


@settings(max_examples=150, deadline=None)
@given(PROCEDURES, st.sampled_from([None, *rulesets()]))
def test_any_procedure_gets_lines_a_question_or_a_reason(
    procedure: Procedure, ruleset: str | None
) -> None:
    coding = code(procedure, ruleset)
    check(code_json(coding), "code")
    ElementTree.fromstring(spine_svg(coding))
    assert code_text(coding)
    if coding.verdict is Verdict.NOT_CHECKED:
        assert coding.reason
        assert not coding.lines
    elif not coding.lines:
        assert any(question.blocks for question in coding.questions) or not procedure.interventions
    if any(question.blocks for question in coding.questions):
        assert not coding.lines
        assert coding.verdict is Verdict.REVIEW


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_gives_an_answer_that_keeps_the_contract(path: Path) -> None:
    coding = code(read_procedure(path))
    check(code_json(coding), "code")
    assert bool(coding.lines) == (path.name != "open_question.toml")


def test_the_same_question_twice_gives_the_same_bytes() -> None:
    text = "bilateral L3-4, L4-5 MBB, fluoroscopy"
    one, two = (json.dumps(code_json(code(text, MEDICARE, DAY))) for _ in range(2))
    assert one == two


def test_every_step_is_declared_and_names_a_source() -> None:
    texts = (
        "bilateral C2-3, C3-4, C4-5 diagnostic facet injection, fluoroscopy",
        "right T11, T12, L1 RFA fluoro",
        "pulsed RF right L3, L4 medial branches",
    )
    for text in texts:
        for name in rulesets():
            for line in code(text, name, DAY).lines:
                assert line.steps
                for step in line.steps:
                    assert step.rule in declared()
                    assert step.citations
                    assert step.text.endswith(".")


def test_every_declared_source_exists(store: Store) -> None:
    for step in declared().values():
        assert step.question.endswith("?")
        assert [cite(store, source, DAY) for source in step.sources]
    for held in rulesets().values():
        for _, _, _, switch in held.switches:
            assert [cite(store, source, DAY) for source in switch.sources]
        for _, note in held.notes:
            assert note.rule in declared()


@pytest.mark.parametrize(
    ("text", "derived"),
    [
        ("right L3-4, L4-5 facet injection", set()),
        ("right L3-4, left L4-5 facet injection", {"64493", "64494"}),
        ("right L3-4, bilateral L4-5 facet injection", {"64493", "64494"}),
        ("right C5-6, left L4-5 facet injection", set()),
        ("right T12-L1 facet injection", {"64490"}),
        ("right T12-L1, L1-2 facet injection", set()),
        ("right T12-L1, left L1-2 facet injection", {"64490", "64494"}),
        ("right T12-L1, L1-2, L2-3 facet injection", {"64495"}),
        ("right T11-12, T12-L1, L1-2 facet injection", {"64491", "64494"}),
    ],
)
def test_a_biller_sees_which_lines_no_source_works(text: str, derived: set[str]) -> None:
    answer = code(f"{text}, therapeutic, fluoroscopy", MEDICARE, DAY)
    assert {line.code for line in answer.lines if line.derived} == derived


def test_a_step_before_its_sources_speak_is_marked_derived() -> None:
    text = "bilateral L3-4, L4-5 facet injection, therapeutic, fluoroscopy"
    now = code(text, MEDICARE, DAY)
    then = code(text, MEDICARE, "2021-06-01")
    assert not any(line.derived for line in now.lines)
    assert any(line.derived for line in then.lines)


def test_the_explanation_leads_from_nerves_to_units() -> None:
    coding = code("right L3, L4, L5 RFA, fluoroscopy", MEDICARE, DAY)
    rules = [step.rule for step in coding.lines[1].steps]
    assert rules[:4] == [
        "coding/nerves-to-joints",
        "coding/each-additional-joint",
        "coding/guidance-chooses-family",
        "coding/side",
    ]
    assert "L4 MB and L5 DR on the right complete L5-S1" in code_text(coding)


def test_a_third_level_on_medicare_says_what_to_expect() -> None:
    coding = code("right L2-3, L3-4, L4-5 therapeutic facet injection, fluoro", MEDICARE, DAY)
    assert "coding/third-level-coverage" in [step.rule for step in coding.lines[-1].steps]
    earlier = code(
        "right L2-3, L3-4, L4-5 therapeutic facet injection, fluoro", MEDICARE, "2023-01-05"
    )
    assert "coding/third-level-coverage" not in [step.rule for step in earlier.lines[-1].steps]


def test_t12_l1_with_l1_l2_is_not_called_two_regions() -> None:
    def rules(text: str) -> set[str]:
        return {step.rule for line in code(text, MEDICARE, DAY).lines for step in line.steps}

    assert "coding/two-regions-coverage" in rules(
        "right C5-6, L4-5 therapeutic facet injection fluoro"
    )
    junction = rules("right T12-L1, L1-2 therapeutic facet injection fluoro")
    assert "coding/two-regions-coverage" not in junction


def test_without_a_date_nothing_is_written() -> None:
    coding = code("right L4-5 facet injection fluoro", "cpt")
    assert [question.id for question in coding.questions] == ["date"]


def test_all_that_is_missing_is_asked_at_once() -> None:
    coding = code("L4-S1 RFA", None, DAY)
    assert {"ruleset", "joints-or-nerves", "guidance"} <= {q.id for q in coding.questions}
    coding = code("L4-5 facet injection", MEDICARE, DAY)
    assert [q.id for q in coding.questions] == ["side", "guidance"]


def test_an_unknown_ruleset_is_refused_with_the_names_there_are() -> None:
    for day in (DAY, None):
        with pytest.raises(UnknownRulesetError) as error:
            code("right L4-5 facet injection fluoro", "medicare-practicioner", day)
        assert "medicare-practitioner" in error.value.todo


def test_compare_shows_every_ruleset() -> None:
    codings = compare("bilateral L3-4, L4-5 MBB, fluoroscopy", DAY)
    assert [coding.ruleset for coding in codings] == list(rulesets())
    check(compare_json(codings), "code")
    assert "medicare-asc" in compare_text(codings)


def test_diagnoses_are_pointed_to_where_it_is_plain() -> None:
    def pointed(text: str, *diagnoses: str) -> Coding:
        return code({"text": text, "diagnoses": list(diagnoses)}, "cpt", DAY)

    one = pointed("right L4-5, L5-S1 facet injection fluoro", "M47.816", "M47817")
    assert [line.diagnoses for line in one.lines] == [(1, 2), (1, 2)]
    two = pointed("right C5-6, L5-S1 facet injection fluoro", "M47.812", "M47.816")
    assert [line.diagnoses for line in two.lines] == [(), ()]
    assert [question.id for question in two.questions] == ["diagnosis-pointers"]


@pytest.mark.parametrize(
    ("lines", "ruleset", "levels", "sides"),
    [
        (["64493-50", "64494-50"], MEDICARE, 2, (2, 0, 0)),
        (["64493-50", "64494 x2"], "cpt", 2, (2, 0, 0)),
        (["64493-RT", "64493-LT", "64494-RT", "64494-LT"], "medicare-asc", 2, (2, 0, 0)),
        (["64635-50", "64636-50 x2"], MEDICARE, 3, (3, 0, 0)),
        (["64635-RT", "64636-RT x2"], MEDICARE, 3, (0, 3, 0)),
        (["64635-50", "64636 x4"], "cpt", 3, (3, 0, 0)),
        (["64493-RT", "64494-LT"], MEDICARE, 2, (0, 1, 1)),
    ],
)
def test_lines_tell_levels_and_sides(
    lines: list[str], ruleset: str, levels: int, sides: tuple[int, int, int]
) -> None:
    back = decode(lines, ruleset, DAY)
    (claimed,) = back.claimed
    assert back.possible
    assert claimed.levels == levels
    assert (claimed.both, claimed.right, claimed.left) == sides


@pytest.mark.parametrize(
    ("lines", "ruleset", "rule"),
    [
        (["64494-50"], MEDICARE, "coding/decode-add-on"),
        (["64493", "64495"], "cpt", "coding/decode-add-on"),
        (["64633", "64636"], "cpt", "coding/decode-add-on"),
        (["64493-50 x2"], MEDICARE, "coding/decode-units"),
        (["64493 x5"], "cpt", "coding/decode-units"),
        (["64493-50", "64493-RT"], MEDICARE, "coding/decode-units"),
        (["64493-RT", "64493"], MEDICARE, "coding/decode-units"),
        (["64493-RT x2"], MEDICARE, "coding/decode-units"),
        (["64493-50", "64494 x2"], MEDICARE, "coding/decode-units"),
        (["64635-RT", "64636-RT x7"], MEDICARE, "coding/decode-units"),
        (["64493-50-LT-RT"], MEDICARE, "coding/decode-modifiers"),
        (["62323-50"], MEDICARE, "coding/decode-modifiers"),
        (["64493-50"], "medicare-asc", "coding/bilateral"),
    ],
)
def test_lines_no_procedure_makes_are_named(lines: list[str], ruleset: str, rule: str) -> None:
    back = decode(lines, ruleset, DAY)
    assert back.possible is False
    assert rule in [problem.rule for problem in back.problems]
    check(decode_json(back), "decode")
    assert "No procedure could" in decode_text(back)


JOINT_SETS = st.dictionaries(
    st.sampled_from([joint.name for joint in JOINTS.values() if joint.coded]),
    st.sampled_from([frozenset({Side.RIGHT}), frozenset({Side.LEFT}), frozenset(Side)]),
    min_size=1,
    max_size=7,
)


@settings(max_examples=400, deadline=None)
@given(
    JOINT_SETS,
    st.sampled_from(list(rulesets())),
    st.sampled_from([Technique.THERMAL, Technique.INTRA_ARTICULAR]),
)
def test_lines_of_any_joints_read_back_as_those_levels_and_sides(
    joints: dict[str, frozenset[Side]], ruleset: str, technique: Technique
) -> None:
    targets = tuple(Target(Kind.JOINT, name, sides) for name, sides in joints.items())
    done = Intervention(technique, targets, Purpose.THERAPEUTIC, Guidance.FLUOROSCOPY)
    coding = code(Procedure((done,), DAY), ruleset)
    back = decode(coding.lines, ruleset, DAY)
    assert not back.problems
    for claimed in back.claimed:
        here = {n: s for n, s in joints.items() if JOINTS[n].region == claimed.region}
        assert claimed.levels <= len(here) <= claimed.at_most
        if claimed.at_most == claimed.levels:
            sides = list(here.values())
            assert claimed.both == sides.count(frozenset(Side))
            assert claimed.right == sides.count(frozenset({Side.RIGHT}))


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(list(NERVES)), min_size=1), st.sampled_from(list(rulesets())))
def test_nerves_and_the_joints_they_complete_are_billed_alike(
    nerves: set[str], ruleset: str
) -> None:
    side = frozenset({Side.LEFT})
    by_nerve = tuple(Target(Kind.NERVE, name, side) for name in sorted(nerves))
    done = completed(nerves)
    by_joint = tuple(Target(Kind.JOINT, joint.name, side) for joint in done.joints)

    def lines(targets: tuple[Target, ...]) -> list[tuple[str, tuple[str, ...], int]]:
        item = Intervention(Technique.THERMAL, targets, Purpose.ABLATION, Guidance.CT)
        return [
            (x.code, x.modifiers, x.units) for x in code(Procedure((item,), DAY), ruleset).lines
        ]

    assert lines(by_nerve) == ([] if done.lone else lines(by_joint))


def test_64490_with_64494_is_a_reading_and_no_error() -> None:
    back = decode(["64490", "64494"], MEDICARE, DAY)
    assert back.possible
    assert [note.rule for note in back.notes] == ["coding/t12-l1"]


def test_what_cannot_be_decoded_is_said() -> None:
    back = decode(["64496", "77003"], "cpt", DAY)
    assert back.verdict is Verdict.NOT_CHECKED
    assert [line.code for line in back.beside] == ["64496", "77003"]
    check(decode_json(back), "decode")


@pytest.mark.parametrize(
    "line", ["6449", "64494-50-KX-RT-LT-XS", "64494 x0", "", "L4-L5", "64494 50 50 50 50 50"]
)
def test_a_line_that_is_none_is_refused(line: str) -> None:
    with pytest.raises(BadLineError) as error:
        decode([line])
    assert error.value.where == "line 1"


@pytest.mark.parametrize(
    "line",
    [
        {"code": "64494", "units": 0}, {"code": 64494}, {"code": "64494", "modifiers": "50"}, {},
        64494, None, ["64494"],
    ],
)  # fmt: skip
def test_a_line_object_that_is_none_is_refused(line: Any) -> None:
    with pytest.raises(BadLineError):
        decode([line])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda code_, marks, units: {"code": code_, "modifiers": marks, "units": units},
            st.sampled_from(["64490", "64491", "64492", "64493", "64494", "64495", "64633", "64634",
                             "64635", "64636", "0213T", "0217T", "62323", "64483", "64484", "27096",
                             "G0260", "77003", "99213"]),
            st.lists(st.sampled_from(["50", "RT", "LT", "KX", "59"]), max_size=4),
            st.integers(1, 9),
        ),
        min_size=1, max_size=6,
    ),
    st.sampled_from([None, *rulesets()]),
)  # fmt: skip
def test_any_claim_is_decoded_within_what_a_spine_has(
    lines: list[dict[str, object]], ruleset: str | None
) -> None:
    back = decode(lines, ruleset, DAY)
    check(decode_json(back), "decode")
    for claimed in back.claimed:
        assert claimed.levels <= claimed.at_most
        assert claimed.both + claimed.right + claimed.left + claimed.unstated == claimed.levels


def test_no_code_of_the_books_is_out_of_reach(store: Store) -> None:
    book = codebook(store)
    for family in ("facet-injection", "facet-injection-ultrasound", "facet-ablation"):
        regions = {c.region for c in book.codes.values() if c.family == family}
        assert regions == {"cervical-thoracic", "lumbar-sacral"}


def test_every_switch_a_ruleset_needs_is_set_or_asked() -> None:
    for name in rulesets():
        rules = rules_on(name, DAY)
        for switch in ("bilateral-first", "bilateral-add-on", "t12-l1-injection", "t12-l1-ablation",
                       "si-joint-code", "si-joint-bilateral", "thermal-from-celsius"):  # fmt: skip
            assert (switch, "") in rules.switches, (name, switch)


def lit(svg: str) -> int:
    root = ElementTree.fromstring(svg)
    return sum(1 for element in root.iter() if element.get("class") == "lit")


def test_the_drawing_lights_what_was_treated_and_nothing_else() -> None:
    coding = code("bilateral L4-5 and right C5-6 facet injection fluoro therapeutic", MEDICARE, DAY)
    svg = spine_svg(coding)
    assert lit(svg) == 3
    assert "64493-50" in svg
    assert "prefers-color-scheme:dark" in svg
    assert "href" not in svg
    assert lit(spine_svg(code("L4-S1 RFA", MEDICARE, DAY))) == 0


def test_a_lone_nerve_stays_unlit_but_is_drawn() -> None:
    svg = spine_svg(code("right L4 medial branch block fluoro", MEDICARE, DAY))
    assert lit(svg) == 0
    assert "L4 MB" in svg


def test_the_drawing_says_in_words_what_it_shows() -> None:
    svg = spine_svg(code("left L4-5 RFA fluoro", MEDICARE, DAY))
    root = ElementTree.fromstring(svg)
    (described,) = root.iter("{http://www.w3.org/2000/svg}desc")
    assert described.text == "Treated: L4-L5 left. Lines: 64635-LT."


Ask = Callable[..., str]


def ask(command: click.Command, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_line_gives_the_lines_of_the_issue() -> None:
    out = ask(code_command, "bilateral L3-L4, L4-L5 medial branch block, fluoroscopy", "--payer",
              "medicare", "--pos", "11", "--date", "2026-10-01", "--format", "json")  # fmt: skip
    answer = json.loads(out)
    check(answer, "code")
    assert answer["ruleset"] == MEDICARE
    assert [(x["code"], x["modifiers"], x["units"]) for x in answer["lines"]] == [
        ("64493", ["50"], 1),
        ("64494", ["50"], 1),
    ]
    assert answer["levels"][0] == {"joint": "L3-L4", "sides": ["left", "right"]}


def test_the_command_line_reads_a_file_compares_and_draws(tmp_path: Path) -> None:
    path = str(ROOT / "examples" / "procedures" / "bilateral_mbb.toml")
    assert "64494" in ask(code_command, path)
    assert "cigna" in ask(code_command, path, "--compare")
    target = tmp_path / "spine.svg"
    ask(code_command, path, "--format", "svg", "-o", str(target))
    assert lit(target.read_text("utf-8")) == 4


def test_the_date_of_a_file_stands_unless_another_is_asked_for() -> None:
    path = str(ROOT / "examples" / "procedures" / "bilateral_mbb.toml")
    assert json.loads(ask(code_command, path, "--format", "json"))["date"] == "2026-10-01"
    later = ask(code_command, path, "--date", "2009-05-01", "--format", "json")
    assert json.loads(later)["verdict"] == "not_checked"


def test_the_way_back_on_the_command_line() -> None:
    out = ask(decode_command, "64493-50", "64494 x2", "--ruleset", "cpt", "--date", "2026-10-01",
              "--format", "json")  # fmt: skip
    answer = json.loads(out)
    check(answer, "decode")
    assert answer["claimed"][0]["levels"] == 2
    assert "2 levels" in ask(decode_command, "64493-50", "64494-50", "--date", "2026-10-01")


@pytest.mark.parametrize(
    "arguments",
    [
        ("right L7 facet injection",),
        ("C1-C9 MBB",),
        ("right L4-5 MBB", "--ruleset", "nobody"),
        ("right L4-5 MBB", "--claim-type", "dentist"),
        ("no/such/file.toml",),
        ("right L4-5 MBB", "--date", "2026-13-01"),
    ],
)
def test_wrong_input_is_one_clear_line(arguments: tuple[str, ...]) -> None:
    with pytest.raises(FacetwiseError) as error:
        CliRunner().invoke(code_command, arguments, catch_exceptions=False)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) > 10


def test_a_procedure_keeps_its_own_date() -> None:
    done = replace(read_procedure(EXAMPLES[0]), day=date(2025, 3, 1))
    assert code(done).day == date(2025, 3, 1)
    assert code(done, date="2026-01-05").day == date(2026, 1, 5)
