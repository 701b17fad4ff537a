"""Parameters of an operation: which it takes, what they must be, and every fault of those given."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from facetwise.web.problem import BadRequestError, FaultAt

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOT_TAKEN = "The request is not what this operation takes."

Values = Mapping[str, Any]
"""What was given, read: text, a date, or a tuple of texts for one that repeats."""


class Parameter(NamedTuple):
    """One parameter of the query or of the path.

    Attributes:
        says: what it means, for the document.
        schema: JSON Schema of one value.
        read: text to value; raises ValueError with what was expected.
        repeats: whether it may be given more than once.
    """

    name: str
    says: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    required: bool = False
    repeats: bool = False


def day(name: str, says: str, *, required: bool = False) -> Parameter:
    """A day written YYYY-MM-DD."""
    return Parameter(name, says, {"type": "string", "format": "date"}, _day, required)


def choice(name: str, says: str, choices: Iterable[str]) -> Parameter:
    """One of a few texts."""
    known = tuple(choices)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return text

    return Parameter(name, says, {"type": "string", "enum": list(known)}, read)


def word(
    name: str, says: str, pattern: str, expected: str, *, required: bool = True,
    repeats: bool = False,
) -> Parameter:  # fmt: skip
    """A text of a certain form, such as a code in the path of a request."""
    compiled = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(expected)
        return text

    schema = {"type": "string", "pattern": f"^{pattern}$"}
    return Parameter(name, says, schema, read, required, repeats)


def values_of(
    given: Sequence[tuple[str, str]], parameters: Iterable[Parameter], place: str = "query"
) -> Values:
    """The values given, by name; an optional one that was not given is None or ().

    Raises:
        BadRequestError: 422, with every parameter that is unknown, missing, given twice or not
            of its kind. No value is repeated.
    """
    known = {parameter.name: parameter for parameter in parameters}
    faults = [_unknown(known, place)] if any(name not in known for name, _ in given) else []
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        texts = [text for key, text in given if key == name]
        try:
            values[name] = _read(parameter, texts)
        except ValueError as error:
            faults.append(FaultAt(f"{place}/{name}", f"{name}: expected {error}."))
    if faults:
        raise BadRequestError(422, _NOT_TAKEN, faults)
    return values


def _read(parameter: Parameter, texts: Sequence[str]) -> Any:
    if parameter.repeats:
        return tuple(parameter.read(text) for text in texts)
    if len(texts) > 1:
        raise ValueError("one value, not several")
    if texts:
        return parameter.read(texts[0])
    if parameter.required:
        raise ValueError("a value; it was not given and is never guessed")
    return None


def _unknown(known: Mapping[str, Parameter], place: str) -> FaultAt:
    names = f"Parameters: {', '.join(known)}." if known else "It takes none."
    return FaultAt(place, "a parameter is given that this operation does not know.", names)


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("a real day written YYYY-MM-DD")
