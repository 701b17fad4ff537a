"""Procedure files: JSON or TOML, and the mappings they hold, to a Procedure.

Every key is known or refused, so that a mistyped one is not passed over.
"""

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

from facetwise.anatomy import BOTH, LEFT, RIGHT, Kind, Side, joint_named, nerve_named
from facetwise.anatomy.words import spell
from facetwise.procedure.model import (
    Agent,
    BadProcedureError,
    ClaimType,
    Guidance,
    Intervention,
    Procedure,
    Purpose,
    Sedation,
    Target,
    Technique,
)
from facetwise.procedure.text import read_text

LARGEST = 1_000_000
"""Bytes; a procedure file is a page at most."""

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_SIDES = {"right": RIGHT, "left": LEFT, "both": BOTH, "bilateral": BOTH, "r": RIGHT, "l": LEFT}
_SESSION = (
    "date", "text", "interventions", "agents", "sedation", "place_of_service", "payer",
    "line_of_business", "claim_type", "diagnoses",
)  # fmt: skip
_INTERVENTION = (
    "technique", "targets", "purpose", "guidance", "temperature_c", "muscles", "catheter",
)  # fmt: skip
_TARGETS = ("joint", "nerve", "foramen", "interspace", "si_joint")


def read_procedure(path: Path) -> Procedure:
    """Read a `.json` or `.toml` procedure file.

    Raises:
        BadProcedureError: it cannot be read, or does not have the shape of a procedure.
        ImpossibleLevelError: it names a level no spine has.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadProcedureError("the file cannot be read.", where=path.name) from error
    if len(raw) > LARGEST:
        raise BadProcedureError("the file is too large for a procedure.", where=path.name)
    try:
        text = raw.decode("utf-8-sig")
        parsed: object = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        raise BadProcedureError(
            f"the file is not {kind} in UTF-8.", where=path.name, todo="Check its punctuation."
        ) from error
    if not isinstance(parsed, dict):
        raise BadProcedureError("a procedure is an object with named fields.", where=path.name)
    return procedure_from(cast("Mapping[str, Any]", parsed))


def procedure_from(given: Mapping[str, Any]) -> Procedure:
    """Build a Procedure from a mapping with the keys of a procedure file.

    Either `text`, or `interventions`, or the fields of a single intervention at the top.

    Raises:
        BadProcedureError: a key is unknown or a value is not one its key takes.
        ImpossibleLevelError: it names a level no spine has.
    """
    single = [key for key in _INTERVENTION if key in given]
    _known(given, (*_SESSION, *_INTERVENTION), "")
    ways = [bool(single), "text" in given, "interventions" in given]
    if sum(ways) != 1:
        raise BadProcedureError(
            "say what was done in exactly one way.",
            todo="Give `text`, or `interventions`, or `technique` with `targets`.",
        )
    day = _day(given.get("date"))
    read = None
    if "text" in given:
        read = read_text(_text(given["text"], "text"), day)
        interventions = read.interventions
    elif single:
        interventions = (_intervention({key: given[key] for key in single}, ""),)
    else:
        interventions = tuple(
            _intervention(item, f"interventions[{at}].")
            for at, item in enumerate(_list(given["interventions"], "interventions"))
        )
    agents = tuple(
        _agent(item, f"agents[{at}].")
        for at, item in enumerate(_list(given.get("agents", []), "agents"))
    )
    return Procedure(
        interventions,
        day,
        agents=agents or (read.agents if read else ()),
        sedation=_one_of(Sedation, given.get("sedation"), "sedation")
        or (read.sedation if read else None),
        place_of_service=_text(given.get("place_of_service", ""), "place_of_service"),
        payer=_text(given.get("payer", ""), "payer"),
        line_of_business=_text(given.get("line_of_business", ""), "line_of_business"),
        claim_type=claim_type_of(given.get("claim_type")),
        diagnoses=tuple(
            _text(code, f"diagnoses[{at}]").replace(".", "").upper()
            for at, code in enumerate(_list(given.get("diagnoses", []), "diagnoses"))
        ),
        questions=read.questions if read else (),
        unread=read.unread if read else (),
    )


def claim_type_of(given: object) -> ClaimType | None:
    """A claim type by its name or a common synonym; None for None.

    Raises:
        BadProcedureError: the name is none of them.
    """
    common = {
        "professional": ClaimType.PRACTITIONER,
        "physician": ClaimType.PRACTITIONER,
        "hospital": ClaimType.HOSPITAL,
        "outpatient": ClaimType.HOSPITAL,
        "opps": ClaimType.HOSPITAL,
        "hopd": ClaimType.HOSPITAL,
    }
    name = given.strip().lower().replace("_", "-") if isinstance(given, str) else given
    if isinstance(name, str) and name in common:
        return common[name]
    return _one_of(ClaimType, name, "claim_type")


def _intervention(given: object, where: str) -> Intervention:
    fields = _mapping(given, where.removesuffix("."))
    _known(fields, _INTERVENTION, where)
    temperature = fields.get("temperature_c")
    return Intervention(
        _one_of(Technique, fields.get("technique"), f"{where}technique"),
        tuple(
            _target(item, f"{where}targets[{at}].")
            for at, item in enumerate(_list(fields.get("targets", []), f"{where}targets"))
        ),
        _one_of(Purpose, fields.get("purpose"), f"{where}purpose"),
        _one_of(Guidance, fields.get("guidance"), f"{where}guidance"),
        None if temperature is None else _decimal(temperature, f"{where}temperature_c"),
        _whole(fields.get("muscles"), f"{where}muscles"),
        catheter=_flag(fields.get("catheter", False), f"{where}catheter"),
    )


def _target(given: object, where: str) -> Target:
    fields = _mapping(given, where.removesuffix("."))
    _known(fields, (*_TARGETS, "side"), where)
    kinds = [key for key in _TARGETS if key in fields]
    if len(kinds) != 1:
        raise BadProcedureError(
            f"a target is one of {', '.join(_TARGETS)}.", where=where.removesuffix(".")
        )
    sides = _side(fields.get("side"), f"{where}side")
    kind = kinds[0]
    if kind == "si_joint":
        return Target(Kind.SI_JOINT, "SI joint", sides)
    name = _text(fields[kind], f"{where}{kind}")
    match kind:
        case "joint":
            return Target(Kind.JOINT, joint_named(_spelled(name)).name, sides)
        case "nerve" if name.upper().startswith("S"):
            return Target(Kind.SACRAL, _spelled(name.split(" ")[0]), sides)
        case "nerve":
            return Target(Kind.NERVE, nerve_named(name).name, sides)
        case "foramen":
            spelled = _spelled(name)
            return Target(
                Kind.FORAMEN, spelled if spelled == "S1" else joint_named(spelled).name, sides
            )
        case _:
            spelled = name.lower() if name.lower() == "caudal" else joint_named(_spelled(name)).name
            return Target(Kind.INTERSPACE, spelled, sides)


def _spelled(name: str) -> str:
    """`L45` and `L4/5` to `L4-L5`."""
    if not any(letter.isdigit() for letter in name):
        return name
    return "-".join(spell(name)[0].names)


def _agent(given: object, where: str) -> Agent:
    fields = _mapping(given, where.removesuffix("."))
    _known(fields, ("name", "mg"), where)
    amount = fields.get("mg")
    name = _text(fields.get("name"), f"{where}name")
    return Agent(name.lower(), None if amount is None else _decimal(amount, f"{where}mg"))


def _known(given: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in keys:
            raise BadProcedureError(
                f"{key!r} is not a field here.",
                where=f"{where}{key}",
                todo=f"Fields: {', '.join(keys)}.",
            )


def _one_of(kind: type[E], given: object, where: str) -> E | None:
    if given is None or given == "unknown":
        return None
    try:
        return kind(given)
    except ValueError:
        names = ", ".join(member.value for member in kind)
        raise BadProcedureError(
            f"{given!r} is not known.", where=where, todo=f"One of: {names}."
        ) from None


def _side(given: object, where: str) -> frozenset[Side] | None:
    if given is None or given == "unknown":
        return None
    if isinstance(given, str) and given.lower() in _SIDES:
        return _SIDES[given.lower()]
    raise BadProcedureError(f"{given!r} is not a side.", where=where, todo="right, left or both.")


def _day(given: object) -> date | None:
    if given is None or type(given) is date:
        return given
    try:
        return date.fromisoformat(given) if isinstance(given, str) else _refuse("a date", "date")
    except ValueError:
        return _refuse("a day written YYYY-MM-DD", "date")


def _text(given: object, where: str) -> str:
    return given.strip() if isinstance(given, str) else _refuse("a text", where)


def _whole(given: object, where: str) -> int | None:
    if given is None or (type(given) is int and given > 0):
        return given
    return _refuse("a whole number of 1 or more", where)


def _flag(given: object, where: str) -> bool:
    return given if isinstance(given, bool) else _refuse("true or false", where)


def _decimal(given: object, where: str) -> Decimal:
    if isinstance(given, int | float | str) and not isinstance(given, bool):
        try:
            amount = Decimal(str(given))
        except InvalidOperation:
            return _refuse("a number", where)
        if amount.is_finite() and amount >= 0:
            return amount
    return _refuse("a number of 0 or more", where)


def _list(given: object, where: str) -> list[Any]:
    return cast("list[Any]", given) if isinstance(given, list) else _refuse("a list", where)


def _mapping(given: object, where: str) -> Mapping[str, Any]:
    if isinstance(given, Mapping):
        return cast("Mapping[str, Any]", given)
    return _refuse("an object with named fields", where)


def _refuse(expected: str, where: str) -> Any:
    raise BadProcedureError(f"expected {expected}.", where=where)
