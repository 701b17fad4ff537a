"""Rules."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from facetwise.web.frame import screen

router = APIRouter()


@router.get("/rules")
async def show(request: Request) -> Response:
    """The screen."""
    return screen(request, "rules/rules.html.j2")
