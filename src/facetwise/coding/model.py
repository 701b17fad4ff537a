"""What coding answers: lines with their steps, levels, questions and a verdict."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from facetwise.anatomy import Question, Side
from facetwise.errors import FacetwiseError
from facetwise.finding import Verdict
from facetwise.procedure import Procedure
from facetwise.sources import Citation


class UnknownRulesetError(FacetwiseError):
    """A ruleset name that none of the ruleset files bears."""

    id = "ruleset/unknown"


class BadLineError(FacetwiseError):
    """A claim line that cannot be read: code, modifiers or units."""

    id = "line/unreadable"


class Step(NamedTuple):
    """One step from the procedure to a line.

    Attributes:
        rule: id of the step, declared in `steps.toml`.
        derived: whether it follows from what sources say, rather than being said by one.
    """

    text: str
    rule: str
    citations: tuple[Citation, ...]
    derived: bool


class Line(NamedTuple):
    """A claim line.

    Attributes:
        joints: what it stands for, by name.
        diagnoses: pointers, 1-based places in the list of diagnoses.
    """

    code: str
    modifiers: tuple[str, ...]
    units: int
    steps: tuple[Step, ...]
    joints: tuple[str, ...] = ()
    diagnoses: tuple[int, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether any of its steps is derived."""
        return any(step.derived for step in self.steps)


class Level(NamedTuple):
    """A treated joint, foramen or interspace, and its sides."""

    joint: str
    sides: frozenset[Side]


class Coding(NamedTuple):
    """The answer for one procedure, ruleset and date.

    Attributes:
        ruleset: None when the question of whose rules apply is open.
        questions: what stands in the way or should be known; see `Question.blocks`.
        reason: why nothing could be said, for the verdict `not_checked`.
        supplied_by: the official file that would answer then.
    """

    ruleset: str | None
    day: date | None
    lines: tuple[Line, ...]
    levels: tuple[Level, ...]
    questions: tuple[Question, ...]
    verdict: Verdict
    procedure: Procedure
    tables: str
    reason: str = ""
    supplied_by: str = ""


class Words(NamedTuple):
    """A declared step: its id, its question, and who answers it."""

    id: str
    question: str
    derived: bool
    sources: tuple[str, ...]


Answers = Mapping[str, str]
