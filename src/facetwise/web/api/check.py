"""`POST check`: every edit and rule that the claims of a body meet.

A body of ordinary size is answered at once. A large one is spooled to a private file and checked
by a process of its own; its answers are sent as they come, and the file is gone at the end.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing
from io import BytesIO
from typing import Any, NamedTuple

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from facetwise.claim import ClaimType, Fault
from facetwise.engine.answer import ClaimAnswer, fault_dict
from facetwise.engine.check import Checker
from facetwise.engine.output import head, ndjson
from facetwise.engine.run import check_all
from facetwise.formats import read
from facetwise.rules.registry import rule_by_id
from facetwise.web.api.body import JSON, media_of
from facetwise.web.api.claims_body import (
    NDJSON,
    SENDS,
    refuse_no_claims,
    refuse_other_format,
    refuse_unread,
)
from facetwise.web.api.operation import Example, Given, Operation, answered
from facetwise.web.api.query import Values, choice, day, word
from facetwise.web.held import held
from facetwise.web.jobs import Jobs, Options
from facetwise.web.problem import BadRequestError, FaultAt

AT_ONCE = 1 << 18
"""Bytes of a body that is answered in the request itself, and may be answered in one object."""
_NAME = "body"
"""What places in the answer call the body."""
_EXAMPLE = {
    "claims": [
        {
            "claim_id": "EXAMPLE-1",
            "payer_name": "MEDICARE OHIO",
            "payer_id": "15202",
            "claim_type": "practitioner",
            "provider_state": "OH",
            "diagnoses": ["M47.816"],
            "lines": [
                {
                    "service_date": "2026-08-03",
                    "code": "64493",
                    "modifiers": ["RT", "KX"],
                    "units": 1,
                    "charge": "420.00",
                    "place_of_service": "11",
                    "pointers": [1],
                },
                {
                    "service_date": "2026-08-03",
                    "code": "64495",
                    "modifiers": ["RT", "KX"],
                    "units": 2,
                    "charge": "210.00",
                    "place_of_service": "11",
                    "pointers": [1],
                },
            ],
        }
    ]
}


class _Checked(NamedTuple):
    """What `ndjson` of engine.output takes."""

    begins: dict[str, Any]
    claims: list[ClaimAnswer]
    faults: list[Fault]


def _read(raw: bytes, media: str) -> bytes:
    """A body of ordinary size that holds claims, as it was sent."""
    refuse_other_format(raw, media)
    if media == JSON:
        refuse_no_claims(raw)
    return raw


def _check(raw: bytes, values: Values) -> _Checked:
    """Check claims here and now.

    Raises:
        BadRequestError: 422, where no claim could be read.
    """
    checker = _checker(values)
    claims: list[ClaimAnswer] = []
    faults: list[Fault] = []
    items = read(BytesIO(raw), name=_NAME, claim_type=_claim_type(values))
    for answer in check_all(items, checker):
        if isinstance(answer, Fault):
            faults.append(answer)
        else:
            claims.append(answer)
    if not claims:
        refuse_unread([fault_dict(fault) for fault in faults])
    return _Checked(head(checker), claims, faults)


def _answer(given: Given) -> dict[str, Any]:
    return _document(_check(given.body, given.values))


def _document(checked: _Checked) -> dict[str, Any]:
    return {
        **checked.begins,
        "claims": [claim.as_dict() for claim in checked.claims],
        "faults": [fault_dict(fault) for fault in checked.faults],
    }


def _checker(values: Values) -> Checker:
    """A checker that has answered before; a new one where only some rules are asked."""
    only: tuple[str, ...] = values["only"]
    if not only:
        return held().checker(values["as_of"])
    rules = {rule_id: rule_by_id(rule_id) for rule_id in only}
    return Checker(held().store, as_of=values["as_of"], rules=rules)


def _claim_type(values: Values) -> ClaimType | None:
    return ClaimType(values["claim_type"]) if values["claim_type"] else None


async def _serve(request: Request) -> Response:
    values = OPERATION.values(request)
    media = media_of(request, SENDS)
    for rule_id in values["only"]:
        rule_by_id(rule_id)  # an unknown one is refused before anything is read
    by_line = NDJSON in request.headers.get("accept", "")
    raw = bytearray()
    stream = request.stream()
    async for piece in stream:
        raw += piece
        if len(raw) > AT_ONCE:
            if not by_line:
                raise _too_large_for_one_object()
            refuse_other_format(bytes(raw), media)
            return await _streamed(request, _joined(bytes(raw), stream), values)
    checked = _check(_read(bytes(raw), media), values)
    if not by_line:
        return answered(_document(checked))
    text = "".join(f"{line}\n" for line in ndjson(*checked))
    return Response(text.encode("utf-8", "backslashreplace"), media_type=NDJSON)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _streamed(request: Request, body: AsyncGenerator[bytes], values: Values) -> Response:
    """Answers from a process of its own, once it is known that there are any."""
    jobs: Jobs = request.app.state.jobs
    async with aclosing(body):
        path = await jobs.spool(body)
    options = Options(values["as_of"], _NAME, _claim_type(values), values["only"])
    answers = jobs.answers(path, options)
    try:
        first = await _unless_gone(request, _first_line(answers))
        line = json.loads(first.partition(b"\n")[0])
        if "claim_id" not in line:
            refuse_unread(line["faults"])
    except BaseException:
        await answers.aclose()
        raise
    return _Stream(first, answers)


async def _first_line(answers: AsyncGenerator[bytes]) -> bytes:
    """Pieces up to the end of the first line, which comes when all claims are read."""
    first = bytearray()
    while b"\n" not in first and (piece := await anext(answers, b"")):
        first += piece
    return bytes(first)


async def _unless_gone(request: Request, work: Coroutine[Any, Any, bytes]) -> bytes:
    """Wait for the work, or until nobody waits for it any more.

    Raises:
        ClientDisconnect: the other side has hung up.
    """
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(request.receive())  # the body is read: only its end is left
    try:
        await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, gone):
            task.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)


class _Stream(StreamingResponse):
    """Pieces of NDJSON; the process behind them ends when nobody reads them any more."""

    def __init__(self, first: bytes, answers: AsyncGenerator[bytes]) -> None:
        super().__init__(_joined(first, answers), media_type=NDJSON)
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._answers.aclose()


def _too_large_for_one_object() -> BadRequestError:
    title = "A body so large is answered claim by claim only."
    most = f"{AT_ONCE >> 10} kB"
    todo = f"Send it with Accept: {NDJSON}, or send less at a time."
    return BadRequestError(406, title, [FaultAt("", f"the body is larger than {most}.", todo)])


OPERATION = Operation(
    id="check",
    method="POST",
    path="/check",
    summary="Every edit and rule the claims meet: findings with sources, and what was not checked.",
    says=(
        "The body is claims in JSON, a claim a line (NDJSON), CSV, or an 837 professional; "
        "`application/octet-stream` leaves it to the content. Claims of one patient are read "
        "together. What is wrong with one claim is said of it and stops no other. With "
        f"`Accept: {NDJSON}` each claim is a line and the faults of the input are the last one; "
        f"bodies of more than {AT_ONCE >> 10} kB are answered so only, while they are checked. "
        "`not_checked` is not a pass: pass it on."
    ),
    contract="check",
    answer=_answer,
    example=Example(
        query=(("as_of", "2026-10-01"),), body=json.dumps(_EXAMPLE, indent=2), media=JSON
    ),
    takes=(
        day("as_of", "The day of the check: a later date is in the future.", required=True),
        choice(
            "claim_type",
            "What the claims are, whatever the body says.",
            (kind.value for kind in ClaimType if kind is not ClaimType.UNKNOWN),
        ),
        word(
            "only",
            "Ask this rule only; repeatable.",
            "[a-z0-9-]{1,40}/[a-z0-9-]{1,60}",
            "the id of a rule, such as ncci/mue",
            required=False,
            repeats=True,
        ),
    ),
    sends=SENDS,
    may=(404, 406, 415, 507),
    read=_read,
    serve=_serve,
)
