"""Codes: find one, read its page for a date of service, and compare two dates or two codes."""

from datetime import date
from difflib import get_close_matches
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from facetwise.errors import BadDateError, UnknownCodeError
from facetwise.web.codes_compare import Comparison, compare_pages
from facetwise.web.codes_level import levels_of
from facetwise.web.codes_page import body_of, families, labels_of, missing_of, name_of, page_of
from facetwise.web.codes_search import LONGEST, search
from facetwise.web.day import day_of
from facetwise.web.footnotes import marks_of, notes_of
from facetwise.web.frame import is_fragment, screen, shell_on, today
from facetwise.web.held import held

router = APIRouter()
Day = Annotated[str, Query(alias="date", max_length=20)]
Words = Annotated[str, Query(max_length=LONGEST)]
Code = Annotated[str, Query(max_length=20)]
_NEAR = 6


@router.get("/codes")
async def find(request: Request, q: Words = "", on: Day = "") -> Response:
    """Codes by family, or what a search finds; a code alone leads to its page."""
    day, store = day_of(on), held().store
    asked = " ".join(q.split())
    listing = families(store, day)
    if store.knows(asked.upper()) and not is_fragment(request):
        return RedirectResponse(f"/codes/{asked.upper()}{_dated(day)}", 303)
    levels = levels_of(store, asked, day) if asked else None
    cited = [c for row in levels.rows for c in row.citations] if levels else []
    return screen(
        request,
        "codes/found.html.j2" if is_fragment(request) else "codes/codes.html.j2",
        day=day,
        q=asked,
        dated=_dated(day),
        families=listing,
        found=search(store, listing, asked, day) if asked else None,
        levels=levels,
        notes=notes_of(cited),
        marks_of=marks_of,
    )


@router.get("/codes/compare")
async def compare(
    request: Request,
    code: Code = "",
    other: Code = "",
    on: Day = "",
    then: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What differs: one code on two dates, or two codes."""
    code, other = code.strip().upper(), other.strip().upper()
    before, after = _days(on, then, two=not other or other == code)
    store = held().store
    told: Comparison | None = None
    wrong = ""
    if code:
        try:
            told = compare_pages(page_of(store, code, before), page_of(store, other or code, after))
        except UnknownCodeError as error:
            wrong = error.message
    every = told.every() if told else ()
    cited = [c for one in every for cell in (one.before, one.after) for c in cell.citations]
    answer = screen(
        request,
        "codes/compare.html.j2",
        day=before,
        code=code,
        other=other or code,
        before=before,
        after=after,
        told=told,
        wrong=wrong,
        scope=store.scope,
        notes=notes_of(cited),
        marks_of=marks_of,
    )
    answer.status_code = 404 if wrong else 200
    return answer


def _days(on: str, then: str, *, two: bool) -> tuple[date, date]:
    """The date of each side; two codes are compared on one date unless two are given."""
    before = day_of(on)
    if then.strip():
        return before, day_of(then, "then")
    return before, today() if two else before


@router.get("/codes/{code}/labels.css")
async def labels(code: str, on: Day = "") -> Response:
    """Tips of the sources of one code page, and its column names on a phone."""
    text = labels_of(page_of(held().store, code.upper(), day_of(on)))
    return Response(text, media_type="text/css")


@router.get("/codes/{code}")
async def show(request: Request, code: str, on: Day = "") -> Response:
    """The page of a code for a date of service."""
    store = held().store
    code = code.strip().upper()
    try:
        day, wrong = day_of(on), ""
    except BadDateError as error:
        day, wrong = today(), f"The date was not read: {error.message} {error.todo}"
    try:
        page = page_of(store, code, day)
    except UnknownCodeError as error:
        return _unknown(request, code, day, error)
    answer = screen(
        request,
        "codes/code.html.j2",
        day=day,
        here=code,
        dated=_dated(day),
        wrong=wrong,
        today=today(),
        missing=missing_of(page),
        facts=len(page.facts),
        code=code,
        name=name_of(page),
        body=body_of(store, page, shell_on(day, code)),
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _unknown(request: Request, code: str, day: date, error: UnknownCodeError) -> Response:
    """No table knows it: what that means, the codes nearest to it, and what would answer."""
    scope = held().store.scope
    near = get_close_matches(code[:20], scope, _NEAR, 0.5)
    entries = {e.title: e for group in families(held().store, day).groups for e in group.entries}
    answer = screen(
        request,
        "codes/unknown.html.j2",
        day=day,
        code=code[:20],
        error=error,
        dated=_dated(day),
        near=[entries[one] for one in near],
    )
    answer.status_code = 404
    return answer


def _dated(day: date) -> str:
    """What follows the address of a code, so that the date is kept; nothing for today."""
    return "" if day == today() else f"?date={day}"
