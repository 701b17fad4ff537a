"""What a request carries: its media type, and JSON that means the same to every reader of it."""

import json
import math
from collections.abc import Iterable
from typing import Any, NoReturn, cast

from fastapi import Request

from facetwise.formats.json_claims import Twice, object_of
from facetwise.web.problem import BadRequestError, FaultAt, step

JSON = "application/json"
DEEPEST = 40
"""Levels of nesting; our contracts have seven."""
_MOST_DIGITS = 30
_NOT_JSON = "The body is not JSON that can be read in one way only."


def media_of(request: Request, known: Iterable[str]) -> str:
    """The media type of the body, which must be one that the operation takes.

    Raises:
        BadRequestError: 415, with the types it takes.
    """
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    todo = f"Send it with Content-Type {' or '.join(known)}, in UTF-8, not compressed."
    if media not in known:
        named = "names no media type" if not media else "is of a media type that is not read here"
        raise BadRequestError(
            415, "The body is of another type than this operation takes.",
            [FaultAt("", f"the body {named}.", todo)],
        )  # fmt: skip
    charset = parameters.lower().replace('"', "").replace(" ", "")
    coding = request.headers.get("content-encoding", "identity").lower()
    if ("charset=" in charset and "charset=utf-8" not in charset) or coding != "identity":
        raise BadRequestError(
            415, "The body is encoded in a way that is not read here.",
            [FaultAt("", "the body is compressed, or not in UTF-8.", todo)],
        )  # fmt: skip
    return media


def json_of(raw: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        BadRequestError: 400, when it is no JSON, is nested deeper than `DEEPEST`, names a member
            of an object twice, or holds a number or text that readers may take differently.
    """
    if not raw.strip():
        _refuse([FaultAt("", "the body is empty.", "Send a JSON value.")])
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(
            text, object_pairs_hook=object_of, parse_int=_whole, parse_float=_finite,
            parse_constant=_constant,
        )  # fmt: skip
    except UnicodeDecodeError:
        _refuse([FaultAt("", "the body is not UTF-8.", "Encode it as UTF-8.")])
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        _refuse([FaultAt("", f"not JSON at {place} ({error.msg}).", "Check it with a JSON tool.")])
    except ValueError:
        _refuse([FaultAt("", "a number is not finite or has too many digits.")])
    except RecursionError:
        _refuse([_too_deep("")])
    if faults := _faults(value):
        _refuse(faults)
    return value


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError
    return value


def _constant(_: str) -> NoReturn:
    raise ValueError


def _faults(value: Any) -> list[FaultAt]:
    """Everything in a value that is not read in one way only."""
    faults: list[FaultAt] = []
    left: list[tuple[str, Any, int]] = [("", value, 1)]
    while left:
        path, item, depth = left.pop()
        if depth > DEEPEST:
            return [_too_deep(path)]
        if isinstance(item, str):
            if "\0" in item or not (item.isascii() or _is_sound(item)):
                faults.append(FaultAt(path, "the text holds a character that is none."))
        elif isinstance(item, dict):
            if isinstance(item, Twice):
                faults.append(FaultAt(path, "a field is given more than once.", "Give it once."))
            members = cast("dict[str, Any]", item)
            left += [(f"{path}/{step(name)}", i, depth + 1) for name, i in members.items()]
        elif isinstance(item, list):
            items = cast("list[Any]", item)
            left += [(f"{path}/{at}", i, depth + 1) for at, i in enumerate(items)]
    return faults[:50]


def _is_sound(text: str) -> bool:
    """Whether a text is made of characters, without halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_deep(path: str) -> FaultAt:
    return FaultAt(path, f"nested deeper than {DEEPEST} levels.")


def _refuse(faults: list[FaultAt]) -> NoReturn:
    raise BadRequestError(400, _NOT_JSON, faults)
