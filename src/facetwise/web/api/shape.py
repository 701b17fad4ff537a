"""Does a JSON value have the shape of a published contract: every fault of it, with its path.

The schema files are the one definition; this reads the keywords that the schemas of what is sent
(`procedure`, `lines`) use, and no others. A fault never repeats a value: it may be a patient's.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from facetwise import schemas
from facetwise.web.problem import FaultAt, step

Json = dict[str, Any]

# fmt: off
KEYWORDS = frozenset([
    "type", "enum", "pattern", "format", "maxLength", "minimum", "maximum", "items", "minItems",
    "maxItems", "properties", "required", "additionalProperties", "anyOf", "oneOf", "$ref",
])
# fmt: on
"""What is understood of a schema; a test holds the schemas to it."""
MOST_FAULTS = 50
_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def faults_of(name: str, value: object) -> list[FaultAt]:
    """What is wrong with a value that should be of a contract; the first fifty.

    Args:
        name: the contract, such as `procedure`.
        value: parsed JSON.
    """
    schema = _schema(name)
    found: list[FaultAt] = []
    for fault in _Shape(schema.get("$defs", {})).faults(schema, value, ""):
        found.append(fault)
        if len(found) == MOST_FAULTS:
            break
    return found


@cache
def _schema(name: str) -> Json:
    return cast("Json", json.loads(schemas.read(name)))


class _Shape:
    def __init__(self, parts: Json) -> None:
        self._parts = parts

    def faults(self, schema: Json, value: object, path: str) -> Iterator[FaultAt]:
        """Faults of a value, outer ones first."""
        if "$ref" in schema:
            schema = {**self._parts[schema["$ref"].removeprefix("#/$defs/")], **schema}
        if not _is_of(schema, value):
            yield FaultAt(path, f"expected {_expected(schema)}.", _todo(schema))
            return
        yield from self._inside(schema, value, path)
        if "anyOf" in schema:
            yield from self._of_any(schema["anyOf"], value, path)
        if "oneOf" in schema:
            meets = [one for one in schema["oneOf"] if not any(self.faults(one, value, path))]
            if len(meets) != 1:
                yield FaultAt(path, f"expected {_expected(schema)}.", _todo(schema))

    def _inside(self, schema: Json, value: object, path: str) -> Iterator[FaultAt]:
        if isinstance(value, dict):
            yield from self._of_object(schema, cast("Json", value), path)
        elif isinstance(value, list):
            yield from self._of_array(schema, cast("list[Any]", value), path)

    def _of_object(self, schema: Json, value: Json, path: str) -> Iterator[FaultAt]:
        known: Json = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield FaultAt(path, f"`{name}` is missing.")
        for name, item in value.items():
            if name in known:
                yield from self.faults(known[name], item, f"{path}/{name}")
            elif schema.get("additionalProperties", True) is False:
                names = f"Fields: {', '.join(known)}."
                yield FaultAt(f"{path}/{step(name)}", "this field is not known here.", names)

    def _of_array(self, schema: Json, value: list[Any], path: str) -> Iterator[FaultAt]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", len(value))
        if len(value) < least:
            yield FaultAt(path, f"expected {least} or more of them.")
        if len(value) > most:
            yield FaultAt(path, f"expected at most {most} of them.")
            return
        for at, item in enumerate(value):
            yield from self.faults(schema.get("items", {}), item, f"{path}/{at}")

    def _of_any(self, choices: list[Json], value: object, path: str) -> Iterator[FaultAt]:
        """Faults of the choice that the value comes nearest to: the one of its type."""
        told = [list(self.faults(choice, value, path)) for choice in choices]
        if all(told):
            yield from min(told, key=lambda faults: (faults[0].path == path, len(faults)))


def _is_of(schema: Json, value: object) -> bool:
    """Whether a value meets what a schema says of the value itself, not of what is inside it."""
    kinds = schema.get("type")
    if kinds is not None and not any(
        _is_a(kind, value) for kind in ([kinds] if isinstance(kinds, str) else kinds)
    ):
        return False
    if "enum" in schema and not any(
        type(one) is type(value) and one == value for one in schema["enum"]
    ):
        return False
    if isinstance(value, str):
        return _is_text(schema, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    return True


def _is_a(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _is_text(schema: Json, value: str) -> bool:
    if len(value) > schema.get("maxLength", len(value)):
        return False
    pattern = schema.get("pattern")
    return pattern is None or _compiled(pattern).search(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern as JSON Schema means it: ASCII digits, and `$` as the very end."""
    return re.compile(
        pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""), re.ASCII
    )


def _expected(schema: Json) -> str:
    """In words: what the schema calls it, or else its type."""
    if "description" in schema:
        return str(schema["description"])
    kinds: str | list[str] = schema.get("type", "another value")
    return kinds if isinstance(kinds, str) else " or ".join(kinds)


def _todo(schema: Json) -> str:
    if "enum" in schema:
        return f"One of: {', '.join(json.dumps(one).strip(chr(34)) for one in schema['enum'])}."
    return ""
