"""The first page: what was done, clicked on a drawn spine or typed, and what becomes of it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from facetwise.coding import Coding, code, compare
from facetwise.errors import FacetwiseError
from facetwise.procedure import Procedure
from facetwise.web.frame import is_fragment, screen, today
from facetwise.web.held import held
from facetwise.web.problem import BadRequestError, FaultAt
from facetwise.web.spine_answer import Answer, answer, marks_of
from facetwise.web.spine_copies import as_csv, as_json, as_text
from facetwise.web.spine_drawing import VIEWS, Marks, pieces, view_of, whole
from facetwise.web.spine_options import controls, label_of
from facetwise.web.spine_state import Picked, address, picks_of, procedure_of, read_state, toggled

router = APIRouter()
_NOTHING = Marks(frozenset(), frozenset(), frozenset())
_COPIES = {
    "txt": ("text/plain", as_text),
    "json": ("application/json", as_json),
    "csv": ("text/csv", as_csv),
}
_EXAMPLES = (
    "bilateral L4-5, L5-S1 MBB under fluoroscopy, first diagnostic",
    "right C4, C5, C6 medial branch RFA, 80 C, fluoroscopy",
    "left L4 medial branch block, fluoroscopy",
)


@router.get("/")
async def show(request: Request) -> Response:
    """The screen, or the answer alone for a script that swaps it."""
    picked = read_state(request.query_params)
    if joint := request.query_params.get("toggle", ""):
        return RedirectResponse(f"/?{address(toggled(picked, joint))}", 303)
    wrong = done = told = None
    try:
        done = procedure_of(picked)
        picked = (picked.words and picks_of(done, picked)) or picked
        told = _answer(picked, done) if picked.anything else None
    except FacetwiseError as error:  # a level no spine has, an unknown ruleset: said in place
        wrong = error
    marks = marks_of(done) if done and picked.anything else _NOTHING
    shown: dict[str, Any] = {
        "picked": picked, "told": told, "wrong": wrong, "marks": marks, "done": done,
        "address": address(picked), "examples": _examples(picked), "named": _named(picked),
    }  # fmt: skip
    if is_fragment(request):
        return screen(request, "spine/answer.html.j2", day=picked.day, told_above=False, **shown)
    return screen(
        request,
        "spine/spine.html.j2",
        day=picked.day,
        **shown,
        typed=request.query_params.get("words", ""),
        told_above=bool(wrong and picked.words),
        controls=controls(held().store),
        views=VIEWS,
        view=view_of(picked, marks),
        whole=whole(marks),
        pieces=pieces(picked, marks),
    )


async def warm() -> None:
    """Open and compile what the first visitor would have to wait for."""
    query = f"words=left L4-5 MBB fluoroscopy&payer=medicare&place=11&date={today()}"
    for text in ("", query):
        asked: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": []}
        await show(Request({**asked, "query_string": text.encode()}))


@router.get("/spine.{kind}")
async def copy(request: Request, kind: str) -> Response:
    """The answer to take along: the ruleset that is explained, or all where none is."""
    if kind not in _COPIES:
        raise BadRequestError(404, "There is no such copy.", [FaultAt("path/kind", "", "")])
    picked = read_state(request.query_params)
    done = procedure_of(picked)
    media, write = _COPIES[kind]
    text = write(_codings(picked, done))
    return PlainTextResponse(text, media_type=media)


def _codings(picked: Picked, done: Procedure) -> list[Coding]:
    store = held().store
    one = code(done, picked.ruleset or None, store=store)
    return [one] if one.ruleset or not done.day else compare(done, store=store)


def _answer(picked: Picked, done: Procedure) -> Answer:
    return answer(held().store, held().checker(today()), picked, done)


def _examples(picked: Picked) -> list[tuple[str, str]]:
    """Procedures to try, with the address of each."""
    return [(text, address(_settings(picked)._replace(words=text))) for text in _EXAMPLES]


def _settings(picked: Picked) -> Picked:
    """Who bills where and when, without what was done."""
    return Picked(
        day=picked.day, payer=picked.payer, place=picked.place, claim_type=picked.claim_type,
        state=picked.state,
    )  # fmt: skip


def _named(picked: Picked) -> dict[str, str]:
    """What the sheet on paper says of the setting."""
    store = held().store
    said = {
        "technique": str(picked.technique or ""), "guidance": str(picked.guidance or ""),
        "purpose": str(picked.purpose or ""), "payer": picked.payer, "place": picked.place,
        "claim": str(picked.claim_type or ""), "state": picked.state,
    }  # fmt: skip
    return {name: label_of(store, name, value) for name, value in said.items()}
