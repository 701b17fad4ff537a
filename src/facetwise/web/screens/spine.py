"""What was done."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from facetwise.web.frame import screen

router = APIRouter()


@router.get("/")
async def show(request: Request) -> Response:
    """The screen."""
    return screen(request, "spine/spine.html.j2")
