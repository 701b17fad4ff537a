"""What a client sent as arguments, read one by one; what cannot be used is said, never repeated."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from facetwise.errors import BadDateError

Json = dict[str, Any]
Reader = Callable[[object, str], Any]

LONGEST_LINE = 40
"""Characters of a claim line as text: a code, four modifiers and units."""
LARGEST_PROCEDURE = 20_000
"""Characters of a procedure as JSON; one session takes a few hundred."""
MOST_LINES = 100
"""Claim lines of one session."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE_KEYS = ("code", "modifiers", "units")


class BadArgumentError(Exception):
    """An argument that a tool does not take.

    Attributes:
        where: name of the argument.
        message: what is wrong with it, without its value.
        todo: what to send instead.
    """

    def __init__(self, where: str, message: str, todo: str = "") -> None:
        super().__init__(message)
        self.where = where
        self.message = message
        self.todo = todo


class Argument(NamedTuple):
    """One argument of a tool.

    Attributes:
        schema: JSON Schema of it, with a description for the model.
        read: value and name to what the tool works with; raises BadArgumentError.
    """

    schema: Json
    read: Reader
    required: bool = False


def read_arguments(given: Mapping[str, Any], known: Mapping[str, Argument]) -> Json:
    """The arguments by name; those left out or null are absent.

    Raises:
        BadArgumentError: one is unknown, missing, or not what the tool takes.
        BadDateError: a date is not a real day.
    """
    if not given.keys() <= known.keys():
        raise BadArgumentError(
            "arguments", "an argument is not known to this tool.", f"It takes: {', '.join(known)}."
        )
    read: Json = {}
    for name, argument in known.items():
        if given.get(name) is not None:
            read[name] = argument.read(given[name], name)
        elif argument.required:
            raise BadArgumentError(
                name, "this argument is missing.", argument.schema["description"]
            )
    return read


def written_as(pattern: str, what: str) -> Reader:
    """A reader of a short text of one form, which errors further in may then repeat."""
    form = re.compile(pattern)

    def read(given: object, name: str) -> str:
        if isinstance(given, str) and form.fullmatch(given.strip()):
            return given.strip()
        raise BadArgumentError(name, f"expected {what}.")

    return read


def day(given: object, name: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        if isinstance(given, str) and _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise BadDateError(
        "the value is not a date.", where=name, todo="Write a real day as YYYY-MM-DD."
    )


def one_of(names: Iterable[str]) -> Reader:
    """A reader of one of a few names."""
    known = tuple(names)

    def read(given: object, name: str) -> str:
        if given in known:
            return str(given)
        raise BadArgumentError(name, "the value is not one of those.", f"One of: {_list(known)}.")

    return read


def some_of(names: Iterable[str]) -> Reader:
    """A reader of a list of names, all known."""
    known = tuple(names)

    def read(given: object, name: str) -> list[str]:
        listed = _items(given, name, "names", len(known))
        if listed and all(item in known for item in listed):
            return cast("list[str]", listed)
        raise BadArgumentError(name, "expected a list of known names.", f"Any of: {_list(known)}.")

    return read


def procedure(given: object, name: str) -> str | Json:
    """What was done: words, or an object with the fields of a procedure file."""
    if not isinstance(given, str | dict):
        raise BadArgumentError(name, "expected words, or an object with named fields.")
    if len(json.dumps(given)) > LARGEST_PROCEDURE:
        raise BadArgumentError(
            name, f"it is longer than {LARGEST_PROCEDURE:,} characters.", "Send one session."
        )
    return cast("str | Json", given)


def lines(given: object, name: str) -> list[str | Json]:
    """Claim lines of one session: texts, or objects with code, modifiers and units."""
    listed = _items(given, name, "claim lines", MOST_LINES)
    if not listed:
        raise BadArgumentError(name, "expected at least one claim line.")
    for at, line in enumerate(listed):
        if isinstance(line, str) and len(line) <= LONGEST_LINE:
            continue
        if not isinstance(line, dict) or not cast("Json", line).keys() <= set(_LINE_KEYS):
            raise BadArgumentError(
                f"{name}[{at}]",
                "expected a short text, or an object with nothing but its fields.",
                f"Fields: {_list(_LINE_KEYS)}.",
            )
    return cast("list[str | Json]", listed)


def _items(given: object, name: str, of: str, most: int) -> list[object]:
    if not isinstance(given, list):
        raise BadArgumentError(name, f"expected a list of {of}.")
    listed = cast("list[object]", given)
    if len(listed) > most:
        raise BadArgumentError(name, f"expected at most {most} {of}.")
    return listed


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
