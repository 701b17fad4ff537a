"""What is picked on the Spine screen: an address to a state, a state to a Procedure, and back.

The address is all there is: a link reproduces the screen, and nothing in it is of a patient.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from facetwise.anatomy import JOINTS, NERVES, Kind, Side, joint_named, nerve_named
from facetwise.coding.questions import wrong_target
from facetwise.errors import BadDateError
from facetwise.procedure import (
    BadProcedureError,
    ClaimType,
    Guidance,
    Intervention,
    Procedure,
    Purpose,
    Target,
    Technique,
    read_text,
)
from facetwise.procedure.model import ABLATIONS

E = TypeVar("E", bound=StrEnum)
Spot = tuple[str, Side]
"""A joint or nerve and one side of it."""

SACROILIAC = frozenset({Technique.SI_JOINT, Technique.SI_NERVE_BLOCK, Technique.SI_NERVE_ABLATION})
EPIDURAL: Mapping[Technique | None, Kind] = {
    Technique.INTERLAMINAR: Kind.INTERSPACE,
    Technique.TRANSFORAMINAL: Kind.FORAMEN,
}
"""What a picked level means where it is no joint."""
_ABLATE = ABLATIONS | {Technique.SI_NERVE_ABLATION}
_MOST_MUSCLES = 99


class Picked(NamedTuple):
    """Everything the address says; None and blank are not said yet.

    Attributes:
        joints: levels by side; an epidural is given between or beside the same vertebrae.
        sacroiliac: sides of the sacroiliac joint.
        words: what was typed instead of picked.
        ruleset: whose lines are explained; blank where payer and setting decide.
        view: the region that is drawn large.
    """

    joints: frozenset[Spot] = frozenset()
    nerves: frozenset[Spot] = frozenset()
    sacroiliac: frozenset[Side] = frozenset()
    technique: Technique | None = None
    purpose: Purpose | None = None
    guidance: Guidance | None = None
    temperature: Decimal | None = None
    muscles: int | None = None
    words: str = ""
    day: date | None = None
    payer: str = ""
    place: str = ""
    claim_type: ClaimType | None = None
    state: str = ""
    ruleset: str = ""
    view: str = ""

    @property
    def anything(self) -> bool:
        """Whether anything was said of what was done."""
        where = self.joints or self.nerves or self.sacroiliac
        return bool(where or self.words or self.technique)


def read_state(query: QueryParams) -> Picked:
    """The state an address stands for.

    Raises:
        ImpossibleLevelError: a joint or nerve no spine has.
        BadProcedureError: any other value its field does not take.
        BadDateError: a date that is none.
    """
    return Picked(
        frozenset(_spot(text, "joint") for text in query.getlist("joint")),
        frozenset(_spot(text, "nerve") for text in query.getlist("nerve")),
        frozenset(_one_of(Side, text, "si") for text in query.getlist("si") if text),
        _maybe(Technique, query, "technique"),
        _maybe(Purpose, query, "purpose"),
        _maybe(Guidance, query, "guidance"),
        _temperature(query.get("temperature", "")),
        _muscles(query.get("muscles", "")),
        query.get("words", "").strip(),
        _day(query.get("date", "")),
        query.get("payer", "").strip(),
        query.get("place", "").strip(),
        _maybe(ClaimType, query, "claim"),
        query.get("state", "").strip(),
        query.get("ruleset", "").strip(),
        query.get("view", "").strip(),
    )


def address(picked: Picked, **changed: object) -> str:
    """The address of a state, blanks left out; always the same for the same state."""
    now = picked._replace(**changed)
    pairs = [("words", now.words)] if now.words else _what(now)
    pairs += [
        ("date", now.day.isoformat() if now.day else ""),
        ("payer", now.payer),
        ("place", now.place),
        ("claim", str(now.claim_type or "")),
        ("state", now.state),
        ("ruleset", now.ruleset),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def _what(picked: Picked) -> list[tuple[str, str]]:
    pairs = [("joint", f"{name}:{side}") for name, side in ordered(picked.joints)]
    pairs += [("nerve", f"{name}:{side}") for name, side in ordered(picked.nerves)]
    pairs += [("si", str(side)) for side in sorted(picked.sacroiliac)]
    return [
        *pairs,
        ("technique", str(picked.technique or "")),
        ("purpose", str(picked.purpose or "")),
        ("guidance", str(picked.guidance or "")),
        ("temperature", str(picked.temperature or "")),
        ("muscles", str(picked.muscles or "")),
    ]


def ordered(spots: Iterable[Spot]) -> list[Spot]:
    """From the skull down, left before right."""
    return sorted(spots, key=lambda spot: (_place(spot[0]), spot[1]))


def _place(name: str) -> int:
    return JOINTS[name].at if name in JOINTS else NERVES[name].at


def toggled(picked: Picked, joint: str) -> Picked:
    """Both sides of a joint chosen, or neither where both were.

    Raises:
        ImpossibleLevelError: no spine has the joint.
    """
    both = frozenset((joint_named(joint).name, side) for side in Side)
    joints = picked.joints - both if both <= picked.joints else picked.joints | both
    return picked._replace(joints=joints)


def procedure_of(picked: Picked) -> Procedure:
    """What was done, as far as it is said.

    Raises:
        BadProcedureError: the words are too long to be a procedure.
        ImpossibleLevelError: the words name a level no spine has.
    """
    done = read_text(picked.words) if picked.words else _of_picks(picked)
    return replace(
        done,
        day=picked.day,
        payer=picked.payer,
        place_of_service=picked.place,
        claim_type=picked.claim_type,
    )


def _of_picks(picked: Picked) -> Procedure:
    technique = picked.technique
    purpose = Purpose.ABLATION if technique in _ABLATE else picked.purpose
    targets = _targets(picked)
    done = Intervention(
        technique, targets, purpose, picked.guidance,
        picked.temperature if technique in _ABLATE else None, picked.muscles,
    )  # fmt: skip
    beside = _beside(technique, targets)
    questions = (wrong_target(beside, str(technique)),) if beside else ()
    return Procedure((done,), picked.day, questions=questions)


def _targets(picked: Picked) -> tuple[Target, ...]:
    kind = EPIDURAL.get(picked.technique, Kind.JOINT)
    joints = _by_name(picked.joints)
    targets = [
        Target(kind, name, None if kind is Kind.INTERSPACE else sides)
        for name, sides in joints.items()
    ]
    targets += [Target(Kind.NERVE, name, sides) for name, sides in _by_name(picked.nerves).items()]
    if picked.sacroiliac or picked.technique in SACROILIAC:
        targets.append(Target(Kind.SI_JOINT, "SI joint", picked.sacroiliac or None))
    return tuple(targets)


def _by_name(spots: Iterable[Spot]) -> dict[str, frozenset[Side]]:
    found: dict[str, frozenset[Side]] = {}
    for name, side in ordered(spots):
        found[name] = found.get(name, frozenset()) | {side}
    return found


def _beside(technique: Technique | None, targets: Sequence[Target]) -> list[str]:
    """Targets that the relatives of facet procedures do not have."""
    if technique in SACROILIAC:
        return [t.name for t in targets if t.kind is not Kind.SI_JOINT]
    if technique is Technique.TRIGGER_POINT:
        return [t.name for t in targets]
    if technique in EPIDURAL:
        return [t.name for t in targets if t.kind is not EPIDURAL[technique]]
    return []


def picks_of(done: Procedure, picked: Picked) -> Picked | None:
    """The picks that say the same as words; None where only words can say it."""
    if len(done.interventions) != 1 or done.agents or done.questions or done.sedation:
        return None
    item = done.interventions[0]
    if item.catheter or item.levels_stated:
        return None
    said = picked._replace(
        words="",
        technique=item.technique,
        purpose=None if item.purpose is Purpose.ABLATION else item.purpose,
        guidance=item.guidance,
        temperature=item.temperature,
        muscles=item.muscles,
        joints=_spots(item.targets, EPIDURAL.get(item.technique, Kind.JOINT)),
        nerves=_spots(item.targets, Kind.NERVE),
        sacroiliac=frozenset(
            side for t in item.targets if t.kind is Kind.SI_JOINT for side in t.sides or ()
        ),
    )  # fmt: skip
    return said if _shape(_of_picks(said)) == _shape(done) else None


def _spots(targets: Iterable[Target], kind: Kind) -> frozenset[Spot]:
    return frozenset(
        (target.name, side)
        for target in targets
        if target.kind is kind and _is_drawn(target.name)
        for side in (Side if kind is Kind.INTERSPACE else target.sides or ())
    )


def _is_drawn(name: str) -> bool:
    return name in NERVES or (name in JOINTS and JOINTS[name].coded)


def _shape(done: Procedure) -> tuple[object, ...]:
    item = done.interventions[0]
    targets = {
        (t.kind, t.name, side)
        for t in item.targets
        for side in ((None,) if t.kind is Kind.INTERSPACE else t.sides or (None,))
    }
    return (
        item.technique, item.purpose, item.guidance, item.temperature, item.muscles,
        frozenset(targets), done.questions,
    )  # fmt: skip


def _spot(text: str, field: str) -> Spot:
    name, _, side = text.rpartition(":")
    found = joint_named(name).name if field == "joint" else nerve_named(name).name
    if not _is_drawn(found):
        raise BadProcedureError(
            f"{found} has no facet code and is not drawn.", where=field, todo="Say it in words."
        )
    return found, _one_of(Side, side, field)


def _maybe(kind: type[E], query: Mapping[str, str], field: str) -> E | None:
    text = query.get(field, "").strip()
    return _one_of(kind, text, field) if text else None


def _one_of(kind: type[E], text: str, field: str) -> E:
    try:
        return kind(text)
    except ValueError:
        raise BadProcedureError(
            "that is none of its values.", where=field, todo=f"They are {', '.join(kind)}."
        ) from None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadDateError("that is not a date.", where="date", todo="Write a real day as YYYY-MM-DD.")


def _temperature(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        degrees = Decimal(text)
    except InvalidOperation:
        degrees = Decimal("NaN")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", text.strip()) is None or not degrees.is_finite():
        raise BadProcedureError(
            "that is not a temperature.", where="temperature", todo="Give degrees Celsius."
        )
    return degrees


def _muscles(text: str) -> int | None:
    if not text.strip():
        return None
    number = int(text) if re.fullmatch(r"[0-9]{1,2}", text.strip()) else 0
    if not 1 <= number <= _MOST_MUSCLES:
        raise BadProcedureError(
            "that is not a number of muscles.", where="muscles", todo="Give 1 or more."
        )
    return number
