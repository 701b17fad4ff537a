"""Check claims."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from facetwise.web.frame import screen

router = APIRouter()


@router.get("/check")
async def show(request: Request) -> Response:
    """The screen."""
    return screen(request, "check/check.html.j2")
