"""The spine from the skull to the sacrum: joints, the nerves that feed them, regions and order.

Sources for the nerve map: local coverage texts and published coding answers (see
`coding/steps.toml`, rules `coding/nerves-to-joints`, `coding/thoracic-nerves` and
`coding/third-occipital-nerve`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from facetwise.errors import FacetwiseError


class ImpossibleLevelError(FacetwiseError):
    """A vertebra, joint or nerve that no spine has."""

    id = "level/impossible"


class Region(StrEnum):
    """The two regions codes are divided into."""

    CERVICAL_THORACIC = "cervical-thoracic"
    LUMBAR_SACRAL = "lumbar-sacral"


class Side(StrEnum):
    """One side of the body."""

    RIGHT = "right"
    LEFT = "left"


RIGHT = frozenset({Side.RIGHT})
LEFT = frozenset({Side.LEFT})
BOTH = frozenset({Side.RIGHT, Side.LEFT})


class Kind(StrEnum):
    """What a level name stands for."""

    JOINT = "joint"
    NERVE = "nerve"
    FORAMEN = "foramen"
    INTERSPACE = "interspace"
    SI_JOINT = "sacroiliac joint"
    SACRAL = "sacral branch"
    """A lateral branch of S1 to S3, or the S1 contribution: it feeds no facet joint."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A facet joint, named by its two vertebrae.

    Attributes:
        at: place in the order from the skull down, counted from 0.
        nerves: names of the nerves that feed it; empty for the two joints without a code here.
    """

    name: str
    at: int
    region: Region
    nerves: tuple[str, ...]

    @property
    def coded(self) -> bool:
        """Whether facet codes reach it (C2-C3 to L5-S1)."""
        return bool(self.nerves)

    @property
    def thoracic(self) -> bool:
        """Whether its nerves follow the thoracic pattern, one level higher than the cervical."""
        return self.name.startswith("T") and self.name != "T12-L1"


@dataclass(frozen=True, slots=True)
class Nerve:
    """A medial branch, the L5 dorsal ramus, or the third occipital nerve.

    Attributes:
        at: place in the order from the skull down; the third occipital nerve is 0.
        joints: names of the joints it feeds, from above.
    """

    name: str
    at: int
    joints: tuple[str, ...]


VERTEBRAE = (
    "C0",
    *(f"C{n}" for n in range(1, 8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
)
"""In order; C0 is the occiput."""

TON = "TON"
_SPINAL = (
    *(f"C{n}" for n in range(3, 9)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
)
TRANSITIONAL = frozenset({"L6", "S2"})
"""Vertebrae that make facet joints only in a transitional spine."""


def nerve_name(spinal: str) -> str:
    """`L3` to `L3 MB`, `L5` to `L5 DR`."""
    return f"{spinal} DR" if spinal == "L5" else f"{spinal} MB"


def _joints() -> dict[str, Joint]:
    joints: dict[str, Joint] = {}
    for at, (upper, lower) in enumerate(pairwise(VERTEBRAE)):
        name = f"{upper}-{lower}"
        region = Region.LUMBAR_SACRAL if upper[0] == "L" else Region.CERVICAL_THORACIC
        joints[name] = Joint(name, at, region, _nerves_of(upper, lower))
    return joints


def _nerves_of(upper: str, lower: str) -> tuple[str, ...]:
    """C3-C4 is fed by C3 and C4; from there down each joint takes the next neighbouring pair."""
    if upper in ("C0", "C1"):
        return ()
    if upper == "C2":
        return (TON,)
    first = VERTEBRAE.index(upper) - VERTEBRAE.index("C3")
    return nerve_name(_SPINAL[first]), nerve_name(_SPINAL[first + 1])


JOINTS: Mapping[str, Joint] = _joints()
"""Every facet joint by name, from the skull down."""

NERVES: Mapping[str, Nerve] = {
    name: Nerve(name, at, tuple(j.name for j in JOINTS.values() if name in j.nerves))
    for at, name in enumerate((TON, *(nerve_name(spinal) for spinal in _SPINAL)))
}
"""Every nerve that feeds a facet joint by name, from the skull down."""

SPINAL_NERVES = frozenset(_SPINAL)
"""Names under which people write the nerves: `C8` is one though no vertebra bears the name."""


class Completed(NamedTuple):
    """What a set of nerves on one side amounts to.

    Attributes:
        joints: joints of which every nerve is there, from above.
        lone: nerves that complete no joint, from above.
    """

    joints: tuple[Joint, ...]
    lone: tuple[Nerve, ...]


def completed(nerves: Iterable[str], joints: Iterable[str] = ()) -> Completed:
    """Which joints the nerves of one side complete, and which nerves are left over.

    Args:
        nerves: names of nerves on one side.
        joints: joints treated themselves on that side; a nerve that feeds one of them is not
            left over, because a joint and its own nerves count once.
    """
    given = set(nerves)
    near = {joint for name in given for joint in NERVES[name].joints}
    whole = {name for name in near if given.issuperset(JOINTS[name].nerves)}
    known = whole.union(joints)
    lone = [NERVES[name] for name in given if known.isdisjoint(NERVES[name].joints)]
    return Completed(
        tuple(sorted((JOINTS[name] for name in whole), key=_place)),
        tuple(sorted(lone, key=_place)),
    )


def _place(thing: Joint | Nerve) -> int:
    return thing.at


def joint_named(name: str) -> Joint:
    """A joint by its exact name.

    Raises:
        ImpossibleLevelError: no spine has it.
    """
    try:
        return JOINTS[name]
    except KeyError:
        raise ImpossibleLevelError(
            f"{name!r} is not a facet joint.", todo="Joints run from C0-C1 to L5-S1, such as L4-L5."
        ) from None


def nerve_named(name: str) -> Nerve:
    """A nerve by its name, with or without `MB` or `DR`.

    Raises:
        ImpossibleLevelError: no such nerve feeds a facet joint.
    """
    bare = name.upper().strip()
    full = bare if bare in NERVES else nerve_name(bare.split(" ")[0])
    try:
        return NERVES[full]
    except KeyError:
        raise ImpossibleLevelError(
            f"{name!r} is not a nerve of a facet joint.",
            todo="They are TON, C3 to C8 MB, T1 to T12 MB, L1 to L4 MB and L5 DR.",
        ) from None
