"""What one written level stands for: joints, nerves, foramina, interspaces, or a question."""

from collections.abc import Sequence
from enum import StrEnum

from facetwise.anatomy import ask
from facetwise.anatomy.question import Question
from facetwise.anatomy.spine import (
    SPINAL_NERVES,
    TON,
    TRANSITIONAL,
    VERTEBRAE,
    ImpossibleLevelError,
    Kind,
    nerve_name,
)
from facetwise.anatomy.words import Noun, Written

Named = list[tuple[Kind, str]]


class Manner(StrEnum):
    """What the technique is applied to, which tells how a bare level is to be read."""

    JOINT = "joint"
    NERVE = "nerve"
    FORAMEN = "foramen"
    INTERSPACE = "interspace"
    UNKNOWN = "unknown"


_WIDEST = 6
"""Joints in one range; a longer one, such as `L5-T1`, is more likely a slip at one end."""
_ORDER = {name: at for at, name in enumerate(VERTEBRAE)}
_NERVE_ORDER = [*VERTEBRAE[:8], "C8", *VERTEBRAE[8:]]


def meaning(
    written: Written, text: str, noun: Noun | None, manner: Manner, run: Sequence[tuple[str, ...]]
) -> Named | Question:
    """What a level means in its place.

    Args:
        written: the names in it.
        text: as it was written, for the words of a question.
        noun: what the text says it is a level of, when it says so.
        manner: what the technique is applied to.
        run: the names of every level listed together with it.
    """
    names = written.names
    _refuse_nothing(names, text)
    if noun is Noun.LATERAL or all(name[0] == "S" and name != "S1" for name in names):
        return _sacral(names, text)
    if TRANSITIONAL.intersection(names):
        return ask.transitional(text)
    if len(names) > 2 and not _in_a_row(names):
        return ask.which_joint(text, names[0])
    if (reach := _reach(names)) > _WIDEST:
        return ask.too_wide(text, reach)
    if manner is Manner.FORAMEN:
        return _foramina(written, text)
    if manner is Manner.INTERSPACE:
        return _interspaces(written, text)
    if noun is Noun.NERVES:
        return _of_nerves(written, text, run)
    if noun is Noun.JOINTS or (manner is Manner.JOINT and noun is not Noun.BRANCH):
        return _of_joints(written, text)
    if len(names) == 1 and (noun in (Noun.FACET, Noun.LEVELS) or manner is Manner.UNKNOWN):
        if noun is Noun.BRANCH or names == (TON,):
            return _nerves(names, text)
        return ask.which_joint(text, names[0])
    return _either(written, text)


def _refuse_nothing(names: Sequence[str], text: str) -> None:
    if len(names) > 1 and len(set(names)) == 1:
        raise ImpossibleLevelError(
            f"{text!r} names one vertebra twice.", todo="Write a joint as L4-L5."
        )


def _reach(names: Sequence[str]) -> int:
    """Joints from the highest to the lowest vertebra named."""
    places = [_ORDER[name] for name in names if name in _ORDER]
    return max(places) - min(places) if places else 0


def _in_a_row(names: Sequence[str]) -> bool:
    if any(name not in _NERVE_ORDER for name in names):
        return False
    places = [_NERVE_ORDER.index(name) for name in names]
    return places == list(range(places[0], places[0] + len(places)))


def _either(written: Written, text: str) -> Named | Question:
    """Two neighbours are a joint, one name is a nerve, and anything wider may be both."""
    if len(written.names) == 1:
        return _nerves(written.names, text)
    joints = _joints_between(written.names)
    if written.of_joints or (joints and len(joints) == 1 and len(written.names) == 2):
        return _of_joints(written, text)
    nerves = _nerves_between(written.names)
    if joints is None:
        return _nerves(nerves, text)
    return ask.joints_or_nerves(text, joints, nerves)


def _of_joints(written: Written, text: str) -> Named | Question:
    if len(written.names) == 1:
        return ask.which_joint(text, written.names[0])
    joints = _joints_between(written.names)
    if joints is None:
        return ask.no_such_joint(text)
    return [(Kind.JOINT, name) for name in joints]


def _of_nerves(written: Written, text: str, run: Sequence[tuple[str, ...]]) -> Named | Question:
    """Said to be nerves; `L3-L4 and L4-L5 medial branches` still names joints."""
    names = written.names
    joints = _joints_between(names)
    if len(names) == 1 or joints is None:
        return _nerves(_nerves_between(names), text)
    if len(joints) > 1 and not written.of_joints:
        return _nerves(_nerves_between(names), text)
    shared = [other for other in run if other != names and set(other) & set(names)]
    if written.of_joints or any(len(other) > 1 for other in shared):
        return _of_joints(written, text)
    return ask.joints_or_nerves(text, joints, _nerves_between(names))


def _nerves(names: Sequence[str], text: str) -> Named | Question:
    found: Named = []
    for name in names:
        if name == TON:
            found.append((Kind.NERVE, TON))
        elif name in SPINAL_NERVES:
            found.append((Kind.NERVE, nerve_name(name)))
        elif name == "S1":
            found.append((Kind.SACRAL, name))
        else:
            return ask.high_nerve(text, name)
    return found


def _sacral(names: Sequence[str], text: str) -> Named | Question:
    if TON in names or any(name[0] not in "SL" or name == "L6" for name in names):
        return ask.which_joint(text, names[0])
    numbers = [int(name[1:]) for name in names if name[0] == "S"]
    spread = range(min(numbers), max(numbers) + 1) if numbers else range(0)
    found: Named = [(Kind.NERVE, nerve_name(name)) for name in names if name[0] == "L"]
    return found + [(Kind.SACRAL, f"S{number}") for number in spread]


def _foramina(written: Written, text: str) -> Named | Question:
    names = written.names
    if len(names) == 1:
        return [(Kind.FORAMEN, name)] if (name := _foramen_of_root(names[0])) else ask.root(text)
    joints = _joints_between(names)
    if joints is None or (len(joints) > 1 and not written.of_joints):
        return ask.roots_or_interspaces(text, joints or [])
    return [(Kind.FORAMEN, name) for name in joints]


def _foramen_of_root(root: str) -> str | None:
    """Where a root leaves the spine: above its vertebra in the neck, below it elsewhere."""
    if root == "S1":
        return root
    if root == "C8":
        return "C7-T1"
    at = _ORDER.get(root)
    if not at:
        return None
    upper = at - 1 if root[0] == "C" else at
    name = f"{VERTEBRAE[upper]}-{VERTEBRAE[upper + 1]}"
    return name if root != "C1" else None


def _interspaces(written: Written, text: str) -> Named | Question:
    joints = _joints_between(written.names) if len(written.names) > 1 else None
    if joints is None or len(joints) > 1:
        return ask.which_interspace(text)
    return [(Kind.INTERSPACE, joints[0])]


def _joints_between(names: Sequence[str]) -> list[str] | None:
    """Joints from the first to the last vertebra; None when a name is no vertebra (C8)."""
    if any(name not in _ORDER for name in names):
        return None
    places = [_ORDER[name] for name in names]
    return [f"{VERTEBRAE[at]}-{VERTEBRAE[at + 1]}" for at in range(min(places), max(places))]


def _nerves_between(names: Sequence[str]) -> list[str]:
    """Spinal nerves from the first to the last name, those without a facet branch included."""
    if len(names) == 1:
        return list(names)
    places = [_NERVE_ORDER.index(name) for name in names]
    return _NERVE_ORDER[min(places) : max(places) + 1]
