"""Claims in JSON: an object a claim, in an array, under `claims`, or one a line (NDJSON).

The names are those of the CSV columns, with `lines` and `diagnoses` as arrays. NDJSON is read
line by line; any other document is held whole and may not exceed `LONGEST_DOCUMENT`.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple, cast

from facetwise.claim import Claim, ClaimType, Fault, Place
from facetwise.formats.records import (
    CLAIM_FIELDS,
    LINE_FIELDS,
    MOST_DIAGNOSES,
    MOST_MODIFIERS,
    Fields,
    Record,
    claim_of,
    fields_at,
)

LONGEST_DOCUMENT = 1 << 26
LONGEST_LINE = 1 << 20
"""Bytes; a claim with 50 lines has some 20,000."""

_MOST_LINES = 1000  # of one claim, as for 837
_MOST_FAULTS = 50  # of one claim
_CLAIM_KEYS = frozenset(CLAIM_FIELDS) - {f"diagnosis_{at}" for at in range(1, MOST_DIAGNOSES + 1)}
_LINE_KEYS = frozenset(LINE_FIELDS) - {f"modifier_{at}" for at in range(1, MOST_MODIFIERS + 1)}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_BLANK = re.compile(r"[\s,]*")
_CLAIMS = re.compile(r'\s*\{\s*"claims"\s*:\s*(?=\[)')


class Twice(dict[str, Any]):
    """A JSON object in which a name stands more than once; it holds the last value of each."""


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object, as `object_pairs_hook` gives them."""
    value = dict(pairs)
    return value if len(value) == len(pairs) else Twice(value)


# Numbers stay as they are written: nothing is rounded, and no long one is worked out.
_DECODER = json.JSONDecoder(
    object_pairs_hook=object_of, parse_float=str, parse_int=str, parse_constant=str
)


class _Options(NamedTuple):
    file: str
    kind: str
    claim_type: ClaimType | None
    secret: bytes


def read_json(
    stream: BinaryIO, file: str, *, claim_type: ClaimType | None = None, secret: bytes = b""
) -> Iterator[Claim | Fault]:
    """Claims in file order, and what is wrong with the file; arguments as for `read_837p`."""
    first = stream.readline(LONGEST_LINE)
    if _is_claim(first):
        yield from _read_lines(first, stream, _Options(file, "line", claim_type, secret))
        return
    data = first + stream.read(LONGEST_DOCUMENT - len(first) + 1)
    if len(data) > LONGEST_DOCUMENT:
        yield _fault(
            "json/too-long",
            f"the document is longer than {LONGEST_DOCUMENT >> 20} MB; nothing was read.",
            Place(file, "file", 0),
            "Write one claim a line (NDJSON): such a file may have any size.",
        )
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        place = Place(file, "file", 0)
        message = "the document is not UTF-8; nothing was read."
        yield _fault("json/encoding", message, place, "Save it as UTF-8.")
        return
    yield from _read_document(text, _Options(file, "item", claim_type, secret))


def _is_claim(line: bytes) -> bool:
    """Whether a line is a whole JSON object, and not one that holds all claims."""
    try:
        value = _DECODER.decode(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "claims" not in value


def _read_lines(first: bytes, stream: BinaryIO, options: _Options) -> Iterator[Claim | Fault]:
    """One claim a line; a line that cannot be read does not stop the others."""
    at, line = 1, first
    while line:
        place = Place(options.file, "line", at)
        if len(line) >= LONGEST_LINE and not line.endswith(b"\n"):
            message = f"the line is longer than {LONGEST_LINE:,} bytes and was not read."
            yield _fault("json/line-too-long", message, place, "Write one claim a line.")
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
        elif line.strip():
            yield from _read_line(line, place, options)
        at += 1
        line = stream.readline(LONGEST_LINE)


def _read_line(line: bytes, place: Place, options: _Options) -> Iterator[Claim | Fault]:
    try:
        value = _DECODER.decode(line.decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        message = "the line is not UTF-8 and was not read."
        yield _fault("json/encoding", message, place, "Save the file as UTF-8.")
    except json.JSONDecodeError as error:
        column = place._replace(element=f"column {error.colno}")
        yield _fault("json/syntax", f"not JSON ({error.msg}); the line was not read.", column, "")
    except RecursionError:
        yield _fault("json/too-deep", "nested too deep; the line was not read.", place, "")
    else:
        yield _claim(value, place.at, options)


def _read_document(text: str, options: _Options) -> Iterator[Claim | Fault]:
    """Values one after the other; the items of an array are decoded one by one.

    What stands before a mistake in the JSON is read; what follows it cannot be.
    """
    wrapped = _CLAIMS.match(text)
    at = _end(_BLANK.match(text, wrapped.end() if wrapped else 0))
    in_array = text.startswith("[", at)
    position = _end(_BLANK.match(text, at + 1)) if in_array else at
    ordinal = 0
    while position < len(text) and not (in_array and text[position] == "]"):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except json.JSONDecodeError as error:
            message = f"not JSON ({error.msg}); nothing from here on was read."
            place = Place(options.file, "line", error.lineno, f"column {error.colno}")
            yield _fault("json/syntax", message, place, "Check the document with a JSON tool.")
            return
        except RecursionError:
            message = "nested too deep; nothing from here on was read."
            yield _fault("json/too-deep", message, Place(options.file, "item", ordinal + 1), "")
            return
        position = _end(_BLANK.match(text, position))
        for item in _items(value):
            ordinal += 1
            yield _claim(item, ordinal, options)
    if in_array and position >= len(text):
        message = "the document ends inside the array of claims; some may be missing."
        yield _fault("json/truncated", message, Place(options.file, "item", ordinal), "")


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def _items(value: object) -> list[object]:
    """The claims of a value: those under `claims`, or the value itself."""
    if isinstance(value, dict):
        claims = cast("dict[str, object]", value).get("claims")
        if isinstance(claims, list):
            return cast("list[object]", claims)
    return [value]


def _claim(value: object, at: int, options: _Options) -> Claim | Fault:
    """The claim of a JSON value; a fault when it is no object."""
    place = Place(options.file, options.kind, at)
    if not isinstance(value, dict):
        return _fault("json/not-a-claim", "a claim must be an object; it was not read.", place, "")
    shape = _Shape(place)
    claim = cast("dict[str, Any]", value)
    common = shape.texts(claim, _CLAIM_KEYS, {"lines", "diagnoses"}, "")
    codes = shape.texts_of_list(claim.get("diagnoses"), "diagnoses", MOST_DIAGNOSES)
    common |= {f"diagnosis_{number}": code for number, code in enumerate(codes, 1)}
    given = claim.get("lines")
    lines = cast("list[object]", given) if isinstance(given, list) else []
    if not lines:
        shape.say("lines", "there must be at least one service line.", lost=True)
        nothing: dict[str, object] = {}
        lines = [nothing]
    if len(lines) > _MOST_LINES:
        shape.say("lines", f"only the first {_MOST_LINES:,} lines were read.", lost=True)
    records = [
        Record(
            common | shape.line(line, index), at, _line_fields(options.file, options.kind, index)
        )
        for index, line in enumerate(lines[:_MOST_LINES])
    ]
    if not common.get("claim_id"):
        shape.say("claim_id", "the claim has no id.")
    return claim_of(
        records,
        shape.faults,
        claim_fields=_claim_fields(options.file, options.kind),
        claim_type=options.claim_type,
        secret=options.secret,
    )


class _Shape:
    """Reads the values of one claim as text, and gathers those of another shape by their path."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.faults: list[Fault] = []

    def line(self, value: object, index: int) -> dict[str, str]:
        """The fields of a service line."""
        path = f"lines[{index}]"
        if not isinstance(value, dict):
            self.say(path, "a service line must be an object; it was not read.", lost=True)
            return {}
        line = cast("dict[str, Any]", value)
        arrays = {"modifiers", "pointers"} & {
            key for key, item in line.items() if isinstance(item, list)
        }
        found = self.texts(line, _LINE_KEYS, arrays, f"{path}.")
        if "modifiers" in arrays:
            texts = self.texts_of_list(line["modifiers"], f"{path}.modifiers", MOST_MODIFIERS)
            found |= {f"modifier_{number}": text for number, text in enumerate(texts, 1)}
        if "pointers" in arrays:
            texts = self.texts_of_list(line["pointers"], f"{path}.pointers", MOST_DIAGNOSES)
            found["pointers"] = " ".join(texts)
        return found

    def texts(
        self, value: dict[str, Any], known: frozenset[str], elsewhere: set[str], prefix: str
    ) -> dict[str, str]:
        """The known fields that hold text or a number; null is absent."""
        found: dict[str, str] = {}
        if isinstance(value, Twice):
            message = "a field is given more than once; the last one was read."
            self.say(prefix.removesuffix("."), message, lost=True)
        for key, item in value.items():
            if key in elsewhere or item is None:
                continue
            if key not in known:
                named = key if _NAME.fullmatch(key) else "a field"
                self.say(prefix + (key if named == key else "?"), f"{named} is not known here.")
            elif isinstance(item, str):
                found[key] = _printable(item)
            else:
                self.say(prefix + key, f"{key} must be text or a number.")
        return found

    def texts_of_list(self, value: object, path: str, most: int) -> list[str]:
        """The items of an array of texts; one of another shape is blank and keeps its place."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.say(path, "must be an array of texts.")
            return []
        items = cast("list[object]", value)
        if len(items) > most:
            self.say(path, f"only the first {most} were read.", lost=True)
        texts: list[str] = []
        for index, item in enumerate(items[:most]):
            if not isinstance(item, str):
                self.say(f"{path}[{index}]", "must be text.")
            texts.append(_printable(item) if isinstance(item, str) else "")
        return texts

    def say(self, path: str, message: str, *, lost: bool = False) -> None:
        """A value of another shape than it should have."""
        if len(self.faults) < _MOST_FAULTS or lost:
            place = self.place._replace(element=path)
            self.faults.append(Fault("json/shape", message, place, lost=lost))


def _printable(text: str) -> str:
    """Text that any output can encode."""
    return text.strip() if text.isascii() else text.strip().encode("utf-8", "replace").decode()


@lru_cache(maxsize=16)
def _claim_fields(file: str, kind: str) -> Fields:
    paths = {field: field for field in CLAIM_FIELDS}
    paths |= {f"diagnosis_{at}": f"diagnoses[{at - 1}]" for at in range(1, MOST_DIAGNOSES + 1)}
    return fields_at(file, kind, paths)


@lru_cache(maxsize=128)
def _line_fields(file: str, kind: str, index: int) -> Fields:
    paths = {field: f"lines[{index}].{field}" for field in LINE_FIELDS}
    for at in range(1, MOST_MODIFIERS + 1):
        paths[f"modifier_{at}"] = f"lines[{index}].modifiers[{at - 1}]"
    return fields_at(file, kind, paths)


def _fault(fault_id: str, message: str, place: Place, todo: str) -> Fault:
    return Fault(fault_id, message, place, todo, lost=True)
