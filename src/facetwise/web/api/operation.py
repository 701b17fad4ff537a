"""What an operation is: its address, what it takes, the contract it answers in, and an example."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from fastapi import Request
from starlette.responses import Response

from facetwise.web.api.body import JSON, json_of, media_of
from facetwise.web.api.query import Parameter, Values, values_of
from facetwise.web.api.shape import faults_of
from facetwise.web.problem import BadRequestError, FaultAt

LARGEST_JSON = 1 << 20
"""Bytes of a procedure or of claim lines; such a body is a page at most."""
EVERY = (400, 401, 403, 408, 413, 421, 422, 429, 500, 503)
"""What any operation may answer instead; the guard and the server see to most of them."""


class Example(NamedTuple):
    """A request that the document shows with its real answer.

    Attributes:
        path: values of the path's parameters.
        query: parameters in the order of an address.
        body: what is sent, as it is sent.
        media: type of the body.
    """

    path: Mapping[str, str] = {}
    query: tuple[tuple[str, str], ...] = ()
    body: str = ""
    media: str = ""


class Given(NamedTuple):
    """What a request asks, read: values by name, and the parsed body."""

    values: Values
    body: Any = None


class Operation(NamedTuple):
    """One operation of the API.

    Attributes:
        id: its name; unique.
        contract: name of the schema it answers in.
        path_takes: parameters in the path.
        takes: parameters of the query.
        sends: media type -> name of the schema of the body, or blank where it is no JSON.
        may: statuses besides `EVERY`.
        answer: the answer to what was given.
        read: body and media type to what `answer` takes; by default JSON of the schema's shape.
        serve: answers the request itself, where a plain answer is not enough.
    """

    id: str
    method: str
    path: str
    summary: str
    says: str
    contract: str
    answer: Callable[[Given], dict[str, Any]]
    example: Example
    path_takes: tuple[Parameter, ...] = ()
    takes: tuple[Parameter, ...] = ()
    sends: Mapping[str, str] = {}
    may: tuple[int, ...] = ()
    read: Callable[[bytes, str], Any] | None = None
    serve: Callable[[Request], Awaitable[Response]] | None = None

    async def __call__(self, request: Request) -> Response:
        """Read the request, answer it."""
        if self.serve:
            return await self.serve(request)
        values = self.values(request)
        body: Any = None
        if self.sends:
            media = media_of(request, self.sends)
            body = self.body(await whole_body(request), media)
        return answered(self.answer(Given(values, body)))

    def values(self, request: Request) -> Values:
        """The parameters of a request.

        Raises:
            BadRequestError: 422, with every fault of them.
        """
        path = [(name, str(value)) for name, value in request.path_params.items()]
        query = request.query_params.multi_items()
        return {
            **values_of(path, self.path_takes, "path"),
            **values_of(query, self.takes),
        }

    def body(self, raw: bytes, media: str) -> Any:
        """The body of a request, of the shape its schema gives.

        Raises:
            BadRequestError: 400 for what is no JSON, 422 with every fault of its shape.
        """
        if self.read:
            return self.read(raw, media)
        value = json_of(raw)
        if faults := faults_of(self.sends[media], value):
            raise BadRequestError(422, "The body is not what this operation takes.", faults)
        return value

    def shown(self) -> dict[str, Any]:
        """The real answer to the example."""
        example = self.example
        values = {
            **values_of(list(example.path.items()), self.path_takes, "path"),
            **values_of(example.query, self.takes),
        }
        body = self.body(example.body.encode(), example.media) if self.sends else None
        return self.answer(Given(values, body))


async def whole_body(request: Request, most: int = LARGEST_JSON) -> bytes:
    """The body, up to so many bytes.

    Raises:
        BadRequestError: 413, when it is larger.
    """
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > most:
            raise BadRequestError(
                413, "The body is too large.",
                [FaultAt("", f"the body is larger than {most >> 20} MB.", "Send less at a time.")],
            )  # fmt: skip
    return bytes(raw)


def answered(answer: Mapping[str, Any]) -> Response:
    """An answer in JSON; the same answer is always the same bytes."""
    return Response(as_bytes(answer), media_type=JSON)


def as_bytes(answer: Mapping[str, Any]) -> bytes:
    """Compact JSON in UTF-8; half a surrogate pair, which UTF-8 has not, is escaped."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")
