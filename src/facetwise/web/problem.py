"""What went wrong, as problem+json (RFC 9457) for programs and as a page for people.

No text of the input is ever repeated here beyond what our own errors say, which hold no patient
data.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from facetwise.errors import FacetwiseError, UnknownCodeError, UnknownFieldError, UnknownRuleError
from facetwise.web.frame import screen
from facetwise.web.guard import Refused

MEDIA = "application/problem+json"
_NOT_FOUND = (UnknownCodeError, UnknownFieldError, UnknownRuleError)
_TODO = {
    404: "Look at the list of operations in /api/v1/openapi.json.",
    405: "Use a method the operation has; see /api/v1/openapi.json.",
}


class FaultAt(NamedTuple):
    """One thing wrong with a request.

    Attributes:
        path: JSON pointer into the body, or `query/NAME`; blank for the whole of it.
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
    fault = FaultAt(error.where, error.message, error.todo)
    return problem(status, error.message, kind=error.id, faults=[fault])


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
    status = error.status_code
    title = error.detail if isinstance(error, Refused) else f"{HTTPStatus(status).phrase}."
    todo = error.todo if isinstance(error, Refused) else _TODO.get(status, "")
    headers = dict(error.headers or {})
    return answer(request, problem(status, title, faults=[FaultAt("", title, todo)]), headers)


def _is_for_people(request: Request) -> bool:
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "")
