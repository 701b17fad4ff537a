"""The codes of a level named in a search: what coding says of it, for each thing done there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from facetwise.anatomy import RIGHT, Question, read_levels
from facetwise.coding import as_procedure, code
from facetwise.errors import FacetwiseError
from facetwise.procedure import Guidance, Intervention, Procedure, Technique
from facetwise.procedure.model import FACET_INJECTIONS, THERMAL_ABLATIONS
from facetwise.sources import Citation
from facetwise.tables.store import Store

_NEUTRAL = "cpt"
_DONE: Sequence[tuple[str, Technique, frozenset[Technique]]] = (
    (
        "Injection into the joint, or block of its nerves",
        Technique.MEDIAL_BRANCH_BLOCK,
        FACET_INJECTIONS,
    ),
    ("Thermal ablation of its nerves", Technique.THERMAL, THERMAL_ABLATIONS),
)
_UNDER: Sequence[tuple[str, Guidance]] = (
    ("fluoroscopy or CT", Guidance.FLUOROSCOPY),
    ("ultrasound", Guidance.ULTRASOUND),
)
_ASKED_ELSEWHERE = frozenset({"technique", "side"})
"""Left to the first page: the code of a level does not depend on the side."""


class LevelRow(NamedTuple):
    """What one thing done under one guidance is billed as, or why that cannot be told.

    Attributes:
        told: the question that stands in the way, or the reason.
    """

    done: str
    under: str
    codes: tuple[str, ...]
    told: str
    citations: tuple[Citation, ...]


class Levels(NamedTuple):
    """The levels a query names, what they are billed as, and what must be asked first."""

    named: tuple[str, ...]
    rows: tuple[LevelRow, ...]
    questions: tuple[Question, ...]
    wrong: str = ""


def levels_of(store: Store, query: str, day: date) -> Levels | None:
    """The codes of the levels a query names; None where it names none.

    A side is not asked for here: one side is taken, and modifiers are not shown.
    """
    try:
        said = as_procedure(query, day)
    except FacetwiseError as error:
        return Levels((), (), (), f"{error.message} {error.todo}".strip())
    asked = tuple(q for q in said.questions if q.id not in _ASKED_ELSEWHERE)
    first = next((one for one in said.interventions if one.targets), None)
    if first is None:
        open_levels = read_levels(query).questions
        return Levels((), (), tuple(open_levels)) if open_levels else None
    names = tuple(dict.fromkeys(target.name for target in first.targets))
    one_side = replace(first, targets=tuple(replace(t, sides=RIGHT) for t in first.targets))
    rows = tuple(
        _row(store, said, replace(one_side, technique=technique, guidance=guidance), (done, under))
        for done, technique, alike in _DONE
        if first.technique in (None, *alike)
        for under, guidance in _UNDER
        if first.guidance in (None, guidance)
    )
    return Levels(names, rows, asked)


def _row(store: Store, said: Procedure, wanted: Intervention, words: tuple[str, str]) -> LevelRow:
    coding = code(replace(said, interventions=(wanted,), questions=()), _NEUTRAL, store=store)
    told = coding.reason
    if not coding.lines and coding.questions:
        told = " ".join(dict.fromkeys(q.ask for q in coding.questions if q.blocks))
    cited = dict.fromkeys(c for line in coding.lines for step in line.steps for c in step.citations)
    return LevelRow(*words, tuple(line.code for line in coding.lines), told, tuple(cited))
