"""Data."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from facetwise.web.frame import screen

router = APIRouter()


@router.get("/data")
async def show(request: Request) -> Response:
    """The screen."""
    return screen(request, "data/data.html.j2")
