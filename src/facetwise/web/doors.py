"""What is neither a screen nor an operation: whether the server is well, and signing in to it."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from facetwise.version import __version__
from facetwise.web.frame import screen
from facetwise.web.guard import COOKIE
from facetwise.web.held import held
from facetwise.web.settings import Settings

router = APIRouter()


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """Whether it answers, and from which tables."""
    return JSONResponse({"status": "ok", "facetwise": __version__, "tables": held().digest[:16]})


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Ask for the token of a server that others can reach."""
    return screen(request, "sign_in.html.j2", wrong=False)


@router.post("/sign-in")
async def signed_in(request: Request, token: Annotated[str, Form(max_length=512)]) -> Response:
    """Keep the token in a cookie of this browser, which no script can read."""
    settings: Settings = request.app.state.settings
    if not hmac.compare_digest(token.strip().encode(), settings.token.encode()):
        response: Response = screen(request, "sign_in.html.j2", wrong=True)
        response.status_code = 403
        return response
    response = RedirectResponse("/", 303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, settings.token, httponly=True, samesite="strict", secure=secure)
    return response
