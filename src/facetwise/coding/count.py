"""From targets to levels: nerves make joints, side by side, and both sides are one level."""

from collections.abc import Iterable
from typing import NamedTuple

from facetwise.anatomy import BOTH, JOINTS, LEFT, RIGHT, Kind, Question, Side, completed
from facetwise.coding import questions
from facetwise.coding.model import Step
from facetwise.coding.questions import listed
from facetwise.coding.steps import Explainer
from facetwise.procedure import Target

TON = "TON"
Levels = dict[str, frozenset[Side]]


class Counted(NamedTuple):
    """What the targets of one technique amount to.

    Attributes:
        levels: joints from above, with their sides.
        steps: how each joint was found.
    """

    levels: Levels
    steps: dict[str, tuple[Step, ...]]
    questions: list[Question]


_RIGHT, _LEFT = 1, 2
_BITS = {1: RIGHT, 2: LEFT, 3: BOTH}
_SAID = {1: "on the right", 2: "on the left", 3: "on both sides"}


def count(targets: Iterable[Target], explain: Explainer) -> Counted:
    """The joints of facet targets, with the questions that stand in the way."""
    joints: dict[str, int] = {}
    nerves: dict[str, int] = {}
    sacral: list[str] = []
    unsided: list[str] = []
    for target in targets:
        if target.kind is Kind.SACRAL:
            sacral.append(target.name)
            continue
        held = joints if target.kind is Kind.JOINT else nerves
        held[target.name] = held.get(target.name, 0) | _bits(target.sides)
        if not target.sides:
            unsided.append(target.name)
    made, lone = _made(nerves, joints)
    asked: list[Question] = []
    if unsided:
        asked.append(questions.side(list(dict.fromkeys(unsided))))
    if lone:
        asked.append(questions.lone_nerves(lone))
    everywhere = sorted(joints.keys() | made.keys(), key=_place)
    if above := [name for name in everywhere if not JOINTS[name].coded]:
        asked.append(questions.no_code(above))
    if sacral and (set(sacral) != {"S1"} or "L5 DR" not in nerves):
        asked.append(questions.sacral(sacral))
    levels: Levels = {}
    steps: dict[str, tuple[Step, ...]] = {}
    for name in everywhere:
        itself, by_nerves = joints.get(name, 0), made.get(name, 0)
        if (bits := itself | by_nerves) and JOINTS[name].coded:
            levels[name] = _BITS[bits]
            steps[name] = _how(name, itself, by_nerves, explain)
    if sacral and "L5-S1" in steps:
        text = "The S1 contribution adds no joint."
        steps["L5-S1"] += (explain.step("coding/s1-adds-nothing", text),)
    return Counted(levels, steps, asked)


def _bits(sides: frozenset[Side] | None) -> int:
    if not sides:
        return 0
    if len(sides) > 1:
        return _RIGHT | _LEFT
    return _RIGHT if sides == RIGHT else _LEFT


def _made(
    nerves: dict[str, int], joints: dict[str, int]
) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Joints that the nerves complete, with their sides, and the nerves left over.

    Nerves without a side are taken together, so that one that is alone is asked about at once.
    """
    made: dict[str, int] = {}
    lone: list[tuple[str, str]] = []
    if not nerves:
        return made, lone
    for bit, side in ((_RIGHT, "right"), (_LEFT, "left"), (0, "")):
        here = [name for name, bits in nerves.items() if (bits & bit if bit else not bits)]
        if not here:
            continue
        done = completed(here, [name for name, bits in joints.items() if not bit or bits & bit])
        for joint in done.joints:
            made[joint.name] = made.get(joint.name, 0) | bit
        lone += [(nerve.name, side) for nerve in done.lone]
    return made, lone


def _how(name: str, itself: int, by_nerves: int, explain: Explainer) -> tuple[Step, ...]:
    """The steps that found one joint: itself, by its nerves, on which sides."""
    step = explain.step
    bits = itself | by_nerves
    found: tuple[Step, ...] = ()
    if by_nerves:
        found = (_nerve_step(name, by_nerves, explain),)
        if itself & by_nerves:
            text = f"{name} is named itself and by its nerves: it counts once."
            found += (step("coding/joint-and-nerves-once", text),)
    elif bits != _RIGHT | _LEFT:
        return (step("coding/read-levels", f"{name} was treated {_SAID[bits]}."),)
    if bits == _RIGHT | _LEFT:
        found += (step("coding/both-sides-one-level", f"Both sides of {name} are one level."),)
    return found


def _nerve_step(name: str, bits: int, explain: Explainer) -> Step:
    nerves = JOINTS[name].nerves
    if nerves == (TON,):
        text = f"The third occipital nerve {_SAID[bits]} completes {name} alone."
        return explain.step("coding/third-occipital-nerve", text)
    rule = "coding/thoracic-nerves" if JOINTS[name].thoracic else "coding/nerves-to-joints"
    return explain.step(rule, f"{listed(nerves)} {_SAID[bits]} complete {name}.")


def _place(name: str) -> int:
    return JOINTS[name].at
