"""The questions that levels and sides raise, in words a biller can take to the physician."""

from collections.abc import Sequence

from facetwise.anatomy.question import Question
from facetwise.anatomy.spine import JOINTS, SPINAL_NERVES, completed, nerve_name

_READ = "coding/read-levels"
_COUNT = "coding/nerves-to-joints"


def joints_or_nerves(text: str, joints: Sequence[str], nerves: Sequence[str]) -> Question:
    """A range that may be joints or nerves."""
    return Question(
        "joints-or-nerves",
        f"Does {text!r} name the joints or the nerves that were treated?",
        "The unit is the joint. A range of nerves makes one joint fewer than it has nerves, "
        "so the two readings are different joints and often different levels.",
        {"joints": _joints_reading(joints), "nerves": _nerves_reading(nerves)},
        _COUNT,
    )


def _joints_reading(joints: Sequence[str]) -> str:
    return f"joints {_list(joints)}: {_levels(len(joints))}"


def _nerves_reading(nerves: Sequence[str]) -> str:
    known = [nerve_name(name) for name in nerves if name in SPINAL_NERVES]
    joints = [joint.name for joint in completed(known).joints]
    said = _list([*known, *(name for name in nerves if name not in SPINAL_NERVES)])
    if "C2" in nerves:
        return (
            f"nerves {said}: name the nerve meant by C2; C2-C3 is fed by the third occipital nerve"
        )
    none = "; S1 adds no joint" if "S1" in nerves else ""
    if not joints:
        return f"nerves {said}: no joint is complete{none}"
    return f"nerves {said}: complete {_list(joints)}, {_levels(len(joints))}{none}"


def which_joint(text: str, name: str) -> Question:
    """One vertebra where a joint is needed."""
    near = [joint for joint in JOINTS if name in joint.split("-")]
    answers = {joint: f"the joint {joint} is treated" for joint in near}
    if name in SPINAL_NERVES:
        answers["nerve"] = f"{nerve_name(name)} is the nerve that was treated; write it so"
    return Question(
        "which-joint",
        f"Which joint or nerve does {text!r} stand for?",
        "A joint lies between two vertebrae; one vertebra alone names two joints and one nerve.",
        answers or {"joints": "name each joint by its two vertebrae, such as L4-L5"},
        _READ,
    )


def too_wide(text: str, reach: int) -> Question:
    """A range over more joints than one session treats."""
    return Question(
        "which-joint",
        f"Which joints does {text!r} stand for?",
        f"It reaches over {reach} joints; one end is more likely a slip than meant.",
        {"joints": "name each joint by its two vertebrae, such as L4-L5"},
        _READ,
    )


def no_such_joint(text: str) -> Question:
    """C8 named as if it were a vertebra."""
    return Question(
        "which-joint",
        f"Which joint does {text!r} stand for?",
        "C8 is a nerve and no vertebra, so no joint bears its name.",
        {"C7-T1": "the joint fed by C7 MB and C8 MB", "nerves": "C8 MB was treated as a nerve"},
        _READ,
    )


def high_nerve(text: str, name: str) -> Question:
    """C2 or above named as a medial branch."""
    return Question(
        "which-nerve",
        f"Which nerve does {name} in {text!r} stand for?",
        "No medial branch of C2 or above feeds a joint with a facet code; C2-C3 is fed by the "
        "third occipital nerve alone.",
        {
            "TON": "the third occipital nerve: completes C2-C3",
            "other": "another nerve: no facet code follows from it",
        },
        "coding/third-occipital-nerve",
    )


def transitional(text: str) -> Question:
    """L6 or S1-S2: a spine with one vertebra more or less."""
    return Question(
        "transitional-anatomy",
        f"How are the vertebrae numbered in this patient, as {text!r} is a transitional level?",
        "With a sixth lumbar vertebra or a lumbarized S1 there is a joint that the usual "
        "numbering does not name, and no source held says how it is coded.",
        {
            "usual": "the joint has a usual name, such as L5-S1: write that",
            "transitional": "the joint is an extra one: ask the payer, no code is known here",
        },
        _READ,
    )


def root(text: str) -> Question:
    """A root that has no foramen epidural codes reach."""
    return Question(
        "which-foramen",
        f"Through which foramen was {text!r} reached?",
        "A transforaminal epidural is counted by foramen.",
        {"interspace": "name the two vertebrae, such as L4-L5"},
        "coding/transforaminal-levels",
    )


def roots_or_interspaces(text: str, joints: Sequence[str]) -> Question:
    """A range of foramina or of roots."""
    return Question(
        "roots-or-interspaces",
        f"Does {text!r} name interspaces or a range of nerve roots?",
        "A transforaminal epidural is counted by foramen; the two readings differ by one.",
        {
            "interspaces": f"foramina at {_list(joints)}: {_levels(len(joints))}",
            "roots": f"the roots of each vertebra named: {_levels(len(joints) + 1)}",
        },
        "coding/transforaminal-levels",
    )


def which_interspace(text: str) -> Question:
    """An interlaminar injection without one interspace."""
    return Question(
        "which-interspace",
        f"Between which two vertebrae was the needle placed at {text!r}?",
        "An interlaminar epidural is reported by region, and the record must name the interspace.",
        {"interspace": "name the two vertebrae, such as L4-L5"},
        "coding/interlaminar-region",
    )


def landmarks() -> Question:
    """Only bones were named."""
    return Question(
        "which-nerve",
        "Which nerves were treated at the landmarks that are named?",
        "A bone landmark says where the needle was: the L3 medial branch is reached at the L4 "
        "transverse process, so the nerve bears the name of the vertebra above.",
        {
            "nerves": "name the nerves, such as L3 MB and L4 MB",
            "joints": "name the joints, such as L4-L5",
        },
        _COUNT,
    )


def sacral_ala() -> Question:
    """L5 and the sacral ala side by side."""
    return Question(
        "sacral-ala",
        "Is the sacral ala named as the place of the L5 dorsal ramus, or as a target beside L5?",
        "The L5 dorsal ramus is reached at the sacral ala. If L5 is a transverse process here, "
        "the list names places and each nerve bears the name of the vertebra above.",
        {
            "same": "one nerve, the L5 DR: leave the sacral ala out",
            "places": "the list names places: write the nerves, such as L3 MB, L4 MB and L5 DR",
        },
        _COUNT,
    )


def sides_unclear() -> Question:
    """Sides that cannot be given to their levels."""
    return Question(
        "side",
        "Which side does each level belong to?",
        "Side words stand both before and after levels, or between them, so they can be read in "
        "two ways; the side decides modifiers and counts.",
        {
            "before": "write each side before its levels: right L3-4, left L4-5",
            "one": "write one side, or bilateral, for all levels",
        },
        "coding/side",
    )


def _list(names: Sequence[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else f"{', '.join(names[:-1])} and {names[-1]}"
        if names
        else "none"
    )


def _levels(number: int) -> str:
    return f"{number} level" if number == 1 else f"{number} levels"
