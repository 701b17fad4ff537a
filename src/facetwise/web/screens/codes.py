"""Codes."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from facetwise.web.frame import screen

router = APIRouter()


@router.get("/codes")
async def show(request: Request) -> Response:
    """The screen."""
    return screen(request, "codes/codes.html.j2")
