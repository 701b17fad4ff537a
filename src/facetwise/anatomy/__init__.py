"""Joints, nerves and sides of the spine, and how people write them.

Every other part names anatomy with these words: a joint is `L4-L5`, a nerve `L3 MB`, `L5 DR` or
`TON`. Which nerve feeds which joint is anatomy and lives here; which code a joint belongs to is
a dated fact and does not.
"""

from typing import TYPE_CHECKING, Any

from facetwise.anatomy.question import Question
from facetwise.anatomy.spine import (
    BOTH,
    JOINTS,
    LEFT,
    NERVES,
    RIGHT,
    Completed,
    ImpossibleLevelError,
    Joint,
    Kind,
    Nerve,
    Region,
    Side,
    completed,
    joint_named,
    nerve_named,
)

if TYPE_CHECKING:
    from facetwise.anatomy.levels import Manner, Mention, Reading, read_levels

__all__ = [
    "BOTH",
    "Completed",
    "ImpossibleLevelError",
    "JOINTS",
    "Joint",
    "Kind",
    "LEFT",
    "Manner",
    "Mention",
    "NERVES",
    "Nerve",
    "Question",
    "RIGHT",
    "Reading",
    "Region",
    "Side",
    "completed",
    "joint_named",
    "nerve_named",
    "read_levels",
]

_OF_LEVELS = frozenset({"Manner", "Mention", "Reading", "read_levels"})
"""The reader of levels, imported when it is called for: a check of claims needs none of it."""


def __getattr__(name: str) -> Any:
    if name not in _OF_LEVELS:
        raise AttributeError(name)
    from facetwise.anatomy import levels

    return getattr(levels, name)
