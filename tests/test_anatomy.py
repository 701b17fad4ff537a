"""Which joint a biller can count, and how a level may be written."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.anatomy import (
    BOTH,
    JOINTS,
    LEFT,
    NERVES,
    RIGHT,
    ImpossibleLevelError,
    Kind,
    Manner,
    Region,
    Side,
    completed,
    nerve_named,
    read_levels,
)

CODED = [joint for joint in JOINTS.values() if joint.coded]
NERVE_NAMES = list(NERVES)


def names(text: str, manner: Manner = Manner.JOINT) -> list[str]:
    return [mention.name for mention in read_levels(text, manner).mentions]


def asked(text: str, manner: Manner = Manner.NERVE) -> list[str]:
    return [question.id for question in read_levels(text, manner).questions]


def test_every_joint_from_c2_to_the_sacrum_can_be_counted_and_the_two_above_cannot() -> None:
    assert [CODED[0].name, CODED[-1].name, len(CODED)] == ["C2-C3", "L5-S1", 23]
    assert [j.name for j in JOINTS.values() if not j.coded] == ["C0-C1", "C1-C2"]


@pytest.mark.parametrize(
    ("joint", "nerves", "region"),
    [
        ("C2-C3", ("TON",), Region.CERVICAL_THORACIC),
        ("C4-C5", ("C4 MB", "C5 MB"), Region.CERVICAL_THORACIC),
        ("C7-T1", ("C7 MB", "C8 MB"), Region.CERVICAL_THORACIC),
        ("T1-T2", ("C8 MB", "T1 MB"), Region.CERVICAL_THORACIC),
        ("T6-T7", ("T5 MB", "T6 MB"), Region.CERVICAL_THORACIC),
        ("T12-L1", ("T11 MB", "T12 MB"), Region.CERVICAL_THORACIC),
        ("L1-L2", ("T12 MB", "L1 MB"), Region.LUMBAR_SACRAL),
        ("L4-L5", ("L3 MB", "L4 MB"), Region.LUMBAR_SACRAL),
        ("L5-S1", ("L4 MB", "L5 DR"), Region.LUMBAR_SACRAL),
    ],
)
def test_a_joint_is_fed_by_the_nerves_the_sources_name(
    joint: str, nerves: tuple[str, ...], region: Region
) -> None:
    assert JOINTS[joint].nerves == nerves
    assert JOINTS[joint].region is region


@given(st.integers(1, len(NERVE_NAMES) - 2), st.integers(2, 6))
def test_n_neighbouring_nerves_are_never_billed_as_n_levels(start: int, size: int) -> None:
    run = NERVE_NAMES[start : start + size]
    done = completed(run)
    assert len(done.joints) == len(run) - 1
    assert bool(done.lone) == (len(run) == 1)


@given(st.sets(st.sampled_from(NERVE_NAMES)))
def test_a_nerve_is_in_a_counted_joint_or_is_asked_about(nerves: set[str]) -> None:
    done = completed(nerves)
    fed = {nerve for joint in done.joints for nerve in joint.nerves}
    assert fed | {nerve.name for nerve in done.lone} == nerves
    assert not fed & {nerve.name for nerve in done.lone}


def test_a_nerve_beside_its_own_treated_joint_is_not_asked_about() -> None:
    assert not completed(["L3 MB"], ["L4-L5"]).lone
    assert completed(["L3 MB"], ["L5-S1"]).lone


@pytest.mark.parametrize("joint", CODED, ids=lambda joint: joint.name)
@pytest.mark.parametrize(
    "form", ["{a}-{b}", "{a}/{b}", "{a}{b}", "{a}-{n}", "{a}/{n}", "{a} to {b}"]
)
def test_every_spelling_of_a_joint_is_the_same_joint(joint: object, form: str) -> None:
    name: str = joint.name  # type: ignore[attr-defined]
    upper, lower = name.split("-")
    text = form.format(a=upper, b=lower, n=lower[1:])
    for said in (text, text.lower(), f"right {text} facet", text.replace("-", " - ")):
        assert names(said) == [name], said


@pytest.mark.parametrize(
    ("text", "joint"),
    [
        ("L45", "L4-L5"),
        ("C56", "C5-C6"),
        ("T23", "T2-T3"),
        ("T910", "T9-T10"),
        ("T1112", "T11-T12"),
    ],
)
def test_compact_levels_are_read(text: str, joint: str) -> None:
    assert names(text) == [joint]


@pytest.mark.parametrize(
    "text", ["L7", "L0", "T13", "C1-C9", "S7", "L13", "L4-L4", "L4-L9", "T12-L8", "C99"]
)
def test_a_level_no_spine_has_is_refused_and_named(text: str) -> None:
    with pytest.raises(ImpossibleLevelError) as error:
        read_levels(f"right {text} facet injection")
    assert "\n" not in str(error.value)
    assert error.value.todo


@pytest.mark.parametrize(
    "text",
    ["L4-S1 RFA", "L3-L5 MBB", "C3-C6 medial branch block", "L3-L4-L5 RFA", "T5-T8 RFA",
     "L4-L5 medial branches", "L3 through L5 ablation"],
)  # fmt: skip
def test_a_range_that_may_be_joints_or_nerves_is_asked(text: str) -> None:
    reading = read_levels(text, Manner.NERVE)
    assert not reading.mentions
    (question,) = reading.questions
    assert question.id == "joints-or-nerves"
    assert set(question.answers) == {"joints", "nerves"}
    assert "level" in question.answers["joints"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("L3, L4 and L5 medial branches", ["L3 MB", "L4 MB", "L5 DR"]),
        ("L3,4,5 medial branch block", ["L3 MB", "L4 MB", "L5 DR"]),
        ("L3-L5 medial branches", ["L3 MB", "L4 MB", "L5 DR"]),
        ("L3 MB, L4 MB, L5 DR", ["L3 MB", "L4 MB", "L5 DR"]),
        (
            "L3 and L4 medial branches and L5 dorsal ramus at sacral ala",
            ["L3 MB", "L4 MB", "L5 DR"],
        ),
        ("L3, L4, sacral ala", ["L3 MB", "L4 MB", "L5 DR"]),
        ("C6-C8 MBB", ["C6 MB", "C7 MB", "C8 MB"]),
        ("TON, C3, C4", ["TON", "C3 MB", "C4 MB"]),
        ("third occipital nerve", ["TON"]),
        ("T12, L1", ["T12 MB", "L1 MB"]),
    ],
)
def test_nerves_are_read_as_nerves(text: str, wanted: list[str]) -> None:
    assert names(text, Manner.NERVE) == wanted
    assert not asked(text)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("L4 facet", "which-joint"),
        ("MBB at L3, L4 and L5 levels", "which-joint"),
        ("L4 and L5 transverse processes", "which-nerve"),
        ("L4, L5 and sacral ala", "sacral-ala"),
        ("C2, C3 medial branches", "which-nerve"),
        ("L5-L6", "transitional-anatomy"),
        ("S1-S2", "transitional-anatomy"),
    ],
)
def test_what_names_no_joint_or_nerve_is_asked(text: str, question: str) -> None:
    assert question in asked(text)


def test_doses_and_counts_are_not_levels() -> None:
    reading = read_levels("L4-5, 2 mL lidocaine 1%, 40 mg, 80 C, 22 gauge, x2, two levels")
    assert [mention.name for mention in reading.mentions] == ["L4-L5"]
    assert reading.stated == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("right L3-4, L4-5", [RIGHT, RIGHT]),
        ("L3-4, L4-5 left", [LEFT, LEFT]),
        ("bilateral L3-4, L4-5", [BOTH, BOTH]),
        ("B/L L3-4 L4-5", [BOTH, BOTH]),
        ("right and left L3-4, L4-5", [BOTH, BOTH]),
        ("R L3-4, L L4-5", [RIGHT, LEFT]),
        ("L3-4 rt, L4-5 lt", [RIGHT, LEFT]),
        ("right L3-4 and bilateral L4-5", [RIGHT, BOTH]),
        ("L3-4 (right), L4-5 (left)", [RIGHT, LEFT]),
        ("L3-4, L4-5", [None, None]),
        ("L 4-5 L, L 5-S1 R", [LEFT, RIGHT]),
    ],
)
def test_a_side_goes_to_the_levels_it_stands_with(
    text: str, wanted: list[frozenset[Side] | None]
) -> None:
    assert [mention.sides for mention in read_levels(text, Manner.JOINT).mentions] == wanted


@pytest.mark.parametrize("text", ["right L3-4, L4-5 left", "L3-4 right, L4-5", "L3-4, right L4-5"])
def test_a_side_that_could_go_two_ways_is_asked(text: str) -> None:
    assert asked(text, Manner.JOINT) == ["side"]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        reading = read_levels(text, Manner.NERVE)
    except ImpossibleLevelError:
        return
    for mention in reading.mentions:
        assert mention.name in JOINTS or mention.name in NERVES or mention.kind is Kind.SACRAL


@given(
    st.lists(st.sampled_from(CODED), min_size=1, max_size=4, unique=True),
    st.sampled_from(["right", "left", "bilateral"]),
)
def test_joints_written_out_are_read_back(joints: list[object], side: str) -> None:
    wanted = [joint.name for joint in joints]  # type: ignore[attr-defined]
    assert names(f"{side} {', '.join(wanted)} facet joint injections") == wanted


def test_a_nerve_may_be_named_without_its_kind() -> None:
    assert [nerve_named(n).name for n in ("L3", "l5", "C8 MB", "ton")] == [
        "L3 MB",
        "L5 DR",
        "C8 MB",
        "TON",
    ]
    with pytest.raises(ImpossibleLevelError):
        nerve_named("C2")


def test_neighbouring_joints_share_a_nerve_so_a_missing_one_costs_two_levels() -> None:
    for upper, lower in pairwise(CODED[1:]):
        assert set(upper.nerves) & set(lower.nerves)
