"""The frame around every screen: navigation, date of service, our stylesheet and scripts."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import Request
from starlette.responses import HTMLResponse

from facetwise.pages.html.render import Shell, render
from facetwise.rules.registry import all_rules
from facetwise.web.held import held

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


class Screen(NamedTuple):
    """A place in the navigation."""

    address: str
    name: str


SCREENS = (
    Screen("/", "Spine"),
    Screen("/codes", "Codes"),
    Screen("/check", "Check"),
    Screen("/rules", "Rules"),
    Screen("/data", "Data"),
)


def screen(
    request: Request,
    template: str,
    *,
    day: date | None = None,
    here: str = "",
    **values: Any,
) -> HTMLResponse:
    """A screen, or a fragment of one, filled in.

    Args:
        template: below `templates`.
        day: date of service it speaks for; today where the screen has none.
        here: code the page is about, which needs no link to itself.
    """
    text = render(
        template,
        shell_on(day or today(), here),
        over=TEMPLATES,
        path=request.url.path,
        screens=SCREENS,
        newest="",
        **values,
    )
    return HTMLResponse(text)


def shell_on(day: date, here: str = "") -> Shell:
    """What stands around a page of a date of service; links to codes keep the date."""
    dated = "" if day == today() else f"?date={day}"
    return Shell(day, held().digest, "/", _addresses(held().digest, dated), here)


def today() -> date:
    """The day where the server stands, which is the user's own machine."""
    return date.today()  # noqa: DTZ011


def is_fragment(request: Request) -> bool:
    """Whether a script of ours asks for a part of the screen, to put in place of another."""
    return request.headers.get("x-fragment") == "1"


@lru_cache(maxsize=16)
def _addresses(_: str, dated: str) -> dict[str, str]:
    """What texts link to: every code in scope, for the date of the screen, and every rule."""
    codes = {code: f"codes/{code}{dated}" for code in held().store.scope}
    return codes | {rule_id: f"rules/{rule_id}" for rule_id in all_rules()}
