"""What went wrong, as problem+json (RFC 9457) for programs and as a page for people.

No text of the input is ever repeated here beyond what our own errors say, which hold no patient
data.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from facetwise.errors import FacetwiseError, UnknownCodeError, UnknownFieldError, UnknownRuleError
from facetwise.web.frame import is_fragment, screen
from facetwise.web.guard import Refused

MEDIA = "application/problem+json"
_NOT_FOUND = (UnknownCodeError, UnknownFieldError, UnknownRuleError)
_TODO = {
    404: "Look at the list of operations in /api/v1/openapi.json.",
    405: "Use a method the operation has; see /api/v1/openapi.json.",
}


_A_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_A_PATH = re.compile(r"[a-z_]+(?:\[\d+\])*(?:\.[a-z_]+(?:\[\d+\])*)*", re.ASCII)
_A_LINE = re.compile(r"line (\d+)", re.ASCII)


class FaultAt(NamedTuple):
    """One thing wrong with a request.

    Attributes:
        path: JSON pointer into the body (RFC 6901), `query/NAME`, `path/NAME`, or the place in a
            file of claims (`segment 12, SV101`); blank for the whole of it.
        message: what was wrong.
        todo: what to do about it.
    """

    path: str
    message: str
    todo: str = ""


class BadRequestError(Exception):
    """A request that is not what the operation takes, with every fault of it."""

    def __init__(self, status: int, title: str, faults: Sequence[FaultAt] = ()) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.faults = tuple(faults)


def problem(
    status: int, title: str, *, kind: str = "", faults: Sequence[FaultAt] = ()
) -> dict[str, Any]:
    """The body: `type` names the kind of error listed in docs/errors.md."""
    return {
        "type": f"urn:facetwise:error:{kind}" if kind else "about:blank",
        "title": title,
        "status": status,
        "faults": [fault._asdict() for fault in faults],
    }


def answer(
    request: Request, body: dict[str, Any], headers: dict[str, str] | None = None
) -> Response:
    """The problem as the asker reads it: a page for a browser, JSON for a program."""
    if _is_for_people(request):
        html = screen(request, "problem.html.j2", told=body)
        return Response(html.body, body["status"], {**(headers or {})}, "text/html")
    return JSONResponse(body, body["status"], headers, MEDIA)


def add_handlers(app: FastAPI) -> None:
    """Every error of the app becomes a problem."""
    app.add_exception_handler(FacetwiseError, _ours)
    app.add_exception_handler(BadRequestError, _bad_request)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)


def of_error(error: FacetwiseError) -> dict[str, Any]:
    """One of our errors as a problem."""
    status = 404 if isinstance(error, _NOT_FOUND) else 422
    fault = FaultAt(_pointer(error.where), error.message, error.todo)
    return problem(status, error.message, kind=error.id, faults=[fault])


def step(name: str) -> str:
    """A member's name as a step of a path; `?` where it may be anything that was sent."""
    return name if _A_NAME.fullmatch(name) else "?"


def _pointer(where: str) -> str:
    """Where our readers found something (`targets[0].side`, `line 2`), as a JSON pointer."""
    if line := _A_LINE.fullmatch(where):
        return f"/lines/{int(line[1]) - 1}"
    if _A_PATH.fullmatch(where):
        return "/" + where.replace("[", "/").replace("]", "").replace(".", "/")
    return where


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, FacetwiseError)
    return answer(request, of_error(error))


async def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadRequestError)
    return answer(request, problem(error.status, error.title, kind="request", faults=error.faults))


async def _not_valid(request: Request, error: Exception) -> Response:
    """What the framework refused: the place and the reason, never the value."""
    assert isinstance(error, RequestValidationError)
    faults = [
        FaultAt("/".join(str(part) for part in fault["loc"]), f"{fault['msg']}.")
        for fault in error.errors()
    ]
    title = "The request is not what this operation takes."
    return answer(request, problem(422, title, kind="request", faults=faults))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Refused):
        raise error  # the guard answers: what is still being sent is its business
    status = error.status_code
    title = f"{HTTPStatus(status).phrase}."
    headers = dict(error.headers or {})
    fault = FaultAt("", title, _TODO.get(status, ""))
    return answer(request, problem(status, title, faults=[fault]), headers)


def _is_for_people(request: Request) -> bool:
    if request.url.path.startswith("/api/") or is_fragment(request):
        return False
    return "text/html" in request.headers.get("accept", "")
