"""What may be sent to be checked: whether a body is of its type, and holds claims at all.

What is wrong with one claim is said of that claim, in the answer, and stops no other.
"""

from typing import Any, cast

from facetwise.claim import Place
from facetwise.formats import Format, format_of
from facetwise.web.api.body import JSON, json_of
from facetwise.web.problem import BadRequestError, FaultAt

Json = dict[str, Any]

NDJSON = "application/x-ndjson"
SENDS = {
    JSON: "claims",
    NDJSON: "",
    "text/csv": "",
    "application/edi-x12": "",
    "application/octet-stream": "",
}
"""Media type of a body -> its schema; the format of a file is found by content."""

_FORMATS = {
    JSON: Format.JSON,
    NDJSON: Format.JSON,
    "text/csv": Format.CSV,
    "application/edi-x12": Format.X12,
}
_SHOWN = 4096
_CLAIMS = 'Send {"claims": [...]}, an array of claims, or one claim with its `lines`.'
_NOT_TAKEN = "The body is not what this operation takes."


def refuse_other_format(raw: bytes, media: str) -> None:
    """A body must be what its media type says.

    Raises:
        BadRequestError: 422.
    """
    expected = _FORMATS.get(media)
    found = format_of(raw[:_SHOWN])
    if expected is None or found is expected:
        return
    if isinstance(found, Format):
        what, todo = f"{found.value.upper()} by its content", "Name its type, or octet-stream."
    else:
        what, todo = found
    fault = FaultAt("", f"the body is {what}; its type says {expected.value.upper()}.", todo)
    raise BadRequestError(422, _NOT_TAKEN, [fault])


def refuse_no_claims(raw: bytes) -> None:
    """A JSON body must be sound JSON that holds claims.

    Raises:
        BadRequestError: 400 for what is no JSON, 422 where no claims can be.
    """
    value = json_of(raw)
    place, claims = "", value
    if isinstance(value, dict):
        whole = cast("Json", value)
        place = "/claims" if "claims" in whole else "/lines"
        claims = whole.get(place.removeprefix("/"))
    if not isinstance(claims, list) or not claims:
        fault = FaultAt(place, "expected claims; there are none.", _CLAIMS)
        raise BadRequestError(422, _NOT_TAKEN, [fault])


def refuse_unread(faults: list[Json]) -> None:
    """Nothing at all could be read: say everything that was wrong.

    Args:
        faults: those of the contract `facetwise.check/1`.

    Raises:
        BadRequestError: 422.
    """
    told = [FaultAt(_path(fault["where"]), fault["message"], fault["todo"]) for fault in faults]
    raise BadRequestError(422, "No claim could be read.", told)


def _path(where: Json) -> str:
    """`segment 24, SV101`: the place in the body; blank for all of it."""
    return str(Place("", where["kind"], where["at"], where["element"]))
