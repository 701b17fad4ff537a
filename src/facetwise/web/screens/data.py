"""Data: what is held, how old it is and what supersedes it; official files added and removed."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from facetwise.web import data_command
from facetwise.web.data_command import Told
from facetwise.web.data_view import OwnFile, own_files, policies_on, tables_on, wanted_files
from facetwise.web.day import day_of
from facetwise.web.frame import is_fragment, screen
from facetwise.web.held import held
from facetwise.web.problem import BadRequestError, FaultAt
from facetwise.web.rules_try import small_form

router = APIRouter()
MOST_FILES = 60
SETTINGS = ("practitioner", "hospital", "dme", "qpp", "nonqpp")
_ADDED = "Added. Every screen answers from it now."
_LINE = Markup('<li class="{}">{}</li>\n')


@router.get("/data")
async def show(
    request: Request, on: Annotated[str, Query(alias="date", max_length=20)] = ""
) -> Response:
    """Tables, policies and the user's own files."""
    return _screen(request, on)


@router.post("/data/add")
async def add(request: Request) -> Response:
    """Add official files; a script is told line by line, others get the whole page at the end."""
    form = await _form(request)
    options = _options(form)
    told = data_command.add(form, options)
    if is_fragment(request):
        return StreamingResponse(_lines(told), media_type="text/html; charset=utf-8")
    return _screen(request, "", said=[one async for one in told], about="add")


@router.get("/data/remove")
async def ask_removal(
    request: Request, file: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Ask before a file is removed."""
    one = _own(file)
    return screen(request, "data/remove.html.j2", file=one)


@router.post("/data/remove")
async def remove(request: Request) -> Response:
    """Remove one file of the user's own."""
    one = _own((await small_form(request)).get("file", ""))
    said = [told async for told in data_command.run("remove", "--", one.sha256)]
    return _screen(request, "", said=said, about="remove")


@router.post("/data/verify")
async def verify(request: Request) -> Response:
    """Compare every added file with the hash recorded when it was added."""
    said = [told async for told in data_command.run("verify")]
    return _screen(request, "", said=said, about="verify")


@router.get("/data/add")
@router.get("/data/verify")
async def back() -> Response:
    """A page that was posted to, asked for again."""
    return RedirectResponse("/data", 303)


async def _form(request: Request) -> FormData:
    """The form of an upload; its files wait on disk, nameless.

    Raises:
        BadRequestError: it is damaged, has no file, or too many.
    """
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=10)
    except HTTPException:
        todo = "Send the files again, or use `facetwise tables add`."
        fault = FaultAt("files", f"it is damaged, or has more than {MOST_FILES} files.", todo)
        raise BadRequestError(400, "The upload cannot be read.", [fault]) from None
    if not any(isinstance(v, UploadFile) and v.filename for _, v in form.multi_items()):
        await form.close()
        fault = FaultAt("files", "it names no file.", "Choose one or more official files.")
        raise BadRequestError(422, "No file was sent.", [fault])
    return form


def _options(form: FormData) -> list[str]:
    edition, setting = form.get("edition"), form.get("setting")
    told: list[str] = []
    if isinstance(edition, str) and edition.strip():
        told.append(f"--edition={edition.strip()[:20]}")
    if isinstance(setting, str) and setting in SETTINGS:
        told.append(f"--setting={setting}")
    return told


async def _lines(told: AsyncIterator[Told]) -> AsyncIterator[str]:
    async for one in told:
        yield _LINE.format(one.kind, one.text or _ADDED)


def _own(sha256: str) -> OwnFile:
    """One file of the user's own.

    Raises:
        BadRequestError: there is none with that hash.
    """
    for one in own_files(held().store):
        if one.sha256 == sha256:
            return one
    fault = FaultAt("file", "it may have been removed already.", "See the list on the Data screen.")
    raise BadRequestError(404, "No added file has that hash.", [fault])


def _screen(request: Request, on: str, *, said: list[Told] | None = None, about: str = "") -> Any:
    day, store = day_of(on), held().store
    tables = tables_on(store, day)
    failed = bool(said) and said[-1].kind == "failed"
    answer = screen(
        request,
        "data/held.html.j2" if is_fragment(request) else "data/data.html.j2",
        day=day,
        tables=tables,
        wanted=wanted_files(tables),
        own=own_files(store),
        policies=policies_on(store, day),
        settings=SETTINGS,
        said=said or (),
        about=about,
        added=_ADDED,
        largest=request.app.state.settings.largest,
    )
    if failed:
        answer.status_code = 422
    return answer
