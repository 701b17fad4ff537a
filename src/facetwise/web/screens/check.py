"""Check claims: send a file or paste one, see a summary, then findings where they stand."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Form, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response, StreamingResponse

from facetwise.claim import ClaimType
from facetwise.engine.output import csv_rows, json_document
from facetwise.rules.registry import all_rules
from facetwise.web.check_view import (
    VERDICTS,
    claim_views,
    fault_views,
    gap_views,
    notes_of_claims,
    query_of,
    question_of,
)
from facetwise.web.day import day_of
from facetwise.web.frame import is_fragment, screen
from facetwise.web.jobs import Job, Jobs, Options, State
from facetwise.web.places import Places
from facetwise.web.problem import BadRequestError, FaultAt
from facetwise.web.results import INPUT, RESULTS, Filters, Results

router = APIRouter()

CLAIM_TYPES = {
    ClaimType.PRACTITIONER: "Practitioner",
    ClaimType.HOSPITAL_OUTPATIENT: "Hospital outpatient department",
    ClaimType.ASC: "Ambulatory surgery centre",
}
_A_PAGE = 50
_LONGEST_NAME = 80
_LONGEST_PASTE = 8 << 20
_PIECE = 1 << 18
_RULE = re.compile(r"[a-z0-9-]+/[a-z0-9-]+", re.ASCII)
_NOTHING = "Nothing was sent."
_GONE = "This result is not kept any more."


@router.get("/check")
async def show(request: Request) -> Response:
    """Where claims are sent."""
    largest = f"{request.app.state.settings.largest >> 20:,} MB"
    return screen(
        request, "check/check.html.j2", types=CLAIM_TYPES, largest=largest, rules=len(all_rules())
    )


@router.post("/check")
async def send(
    request: Request,
    as_of: Annotated[str, Query(max_length=10)] = "",
    claim_type: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Take a file as the body itself (as the script sends it), or a form (as browsers do)."""
    jobs: Jobs = request.app.state.jobs
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        job = await _form(request, jobs)
    else:
        name = _name(unquote(request.headers.get("x-file-name", "")))
        options = _options(as_of, claim_type, name)
        path = await jobs.spool(request.stream())
        if not path.stat().st_size:
            await jobs.discard(path)
            raise _nothing()
        job = await jobs.start(path, options)
    address = f"/check/{job.id}"
    if is_fragment(request):
        return Response(status_code=201, headers={"location": address})
    return RedirectResponse(address, 303)


async def _form(request: Request, jobs: Jobs) -> Job:
    """The form without script: a file, or pasted text."""
    async with request.form(max_files=1, max_fields=8, max_part_size=_LONGEST_PASTE) as form:
        values = {key: value for key, value in form.items() if isinstance(value, str)}
        file, text = form.get("file"), values.get("text", "")
        sent = isinstance(file, UploadFile) and file.size
        if not sent and not text.strip():
            raise _nothing()
        name = _name(file.filename or "") if isinstance(file, UploadFile) and sent else "pasted"
        options = _options(values.get("as_of", ""), values.get("claim_type", ""), name)

        async def pieces() -> AsyncIterator[bytes]:
            if not isinstance(file, UploadFile) or not sent:
                yield text.encode("utf-8", "replace")
                return
            while piece := await file.read(_PIECE):
                yield piece

        path = await jobs.spool(pieces())
    return await jobs.start(path, options)


@router.get("/check/{job_id}")
async def result(
    request: Request,
    job_id: str,
    verdict: Annotated[str, Query(max_length=20)] = "",
    rule: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """What came of a check, or how far it is."""
    job = _job(request, job_id)
    if job.state is not State.DONE:
        template = "check/progress.html.j2" if is_fragment(request) else "check/running.html.j2"
        return screen(request, template, job=job, progress=job.progress)
    return await _shown(request, job, _filters(verdict, rule), page)


@router.post("/check/{job_id}")
async def find(
    request: Request,
    job_id: str,
    verdict: Annotated[str, Form(max_length=20)] = "",
    rule: Annotated[str, Form(max_length=80)] = "",
    claim: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Narrow down; the claim id comes in the body, since addresses are remembered."""
    job = _job(request, job_id)
    filters = _filters(verdict, rule)._replace(claim=claim.strip())
    if not filters.claim and not is_fragment(request):
        return RedirectResponse(f"/check/{job.id}{query_of(filters)}", 303)
    return await _shown(request, job, filters, 1)


@router.post("/check/{job_id}/forget")
async def forget(request: Request, job_id: str) -> Response:
    """Stop it, and remove what was sent and what was answered."""
    jobs: Jobs = request.app.state.jobs
    await jobs.forget(job_id)
    return RedirectResponse("/check", 303)


@router.get("/check/{job_id}/answers.{form}")
async def download(request: Request, job_id: str, form: str) -> Response:
    """Every answer, as `facetwise check --format csv|json` writes it."""
    job = _job(request, job_id)
    if job.state is not State.DONE or form not in ("csv", "json"):
        raise _gone()
    kind = "text/csv" if form == "csv" else "application/json"
    named = {"content-disposition": f'attachment; filename="facetwise-check.{form}"'}
    return StreamingResponse(_written(job, form), 200, named, f"{kind}; charset=utf-8")


def _written(job: Job, form: str) -> Iterator[bytes]:
    with Results(job.folder / RESULTS, job.options.name) as results:
        summary = results.summary()
        claims = (answer for _, answer in results.claims())
        pieces = (
            csv_rows(claims, summary.faults)
            if form == "csv"
            else json_document(summary.head, claims, summary.faults)
        )
        held: list[str] = []
        for at, piece in enumerate(pieces, 1):
            held.append(piece)
            if at % 200 == 0:
                yield "".join(held).encode()
                held.clear()
        yield "".join(held).encode()


async def _shown(request: Request, job: Job, filters: Filters, page: int) -> Response:
    part = is_fragment(request)
    values = await asyncio.to_thread(_read, job, filters, page)
    template = "check/claims.html.j2" if part else "check/result.html.j2"
    return screen(
        request, template, job=job, filters=filters, verdicts=VERDICTS, question_of=question_of,
        query=query_of, **values,
    )  # fmt: skip


def _read(job: Job, filters: Filters, page: int) -> dict[str, Any]:
    """What the screen shows, read in a thread: counting the claims of a large file takes time."""
    with Results(job.folder / RESULTS, job.options.name) as results:
        places = Places(results.db, job.folder / INPUT)
        summary = results.summary()
        number = results.count(filters)
        pages = max(1, -(-number // _A_PAGE))
        page = min(page, pages)
        claims = claim_views(results.claims(filters, (page - 1) * _A_PAGE, _A_PAGE), places)
        return {
            "summary": summary,
            "rule_ids": sorted({rule.rule for rule in (*summary.rules, *summary.unanswered)}),
            "gaps": gap_views(summary),
            "faults": fault_views(summary.faults, places),
            "claims": claims,
            "notes": notes_of_claims(claims),
            "number": number,
            "page": page,
            "pages": pages,
            "first": (page - 1) * _A_PAGE + 1,
        }


def _job(request: Request, job_id: str) -> Job:
    jobs: Jobs = request.app.state.jobs
    job = jobs.get(job_id)
    if job is None:
        raise _gone()
    return job


def _filters(verdict: str, rule: str) -> Filters:
    """What is known of the filters; anything else is none."""
    return Filters(verdict if verdict in VERDICTS else "", rule if _RULE.fullmatch(rule) else "")


def _options(as_of: str, claim_type: str, name: str) -> Options:
    kind = ClaimType(claim_type) if claim_type in list(CLAIM_TYPES) else None
    return Options(_as_of(as_of), name, kind)


def _as_of(text: str) -> date:
    return day_of(text, "as_of")


def _name(given: str) -> str:
    """What a file is called, without its folder or anything that a page or terminal would obey."""
    last = PurePosixPath(PureWindowsPath(given).name).name
    kept: Callable[[str], bool] = str.isprintable
    return "".join(filter(kept, last)).strip(". ")[:_LONGEST_NAME] or "input"


def _nothing() -> BadRequestError:
    fault = FaultAt("", _NOTHING, "Choose a file, or paste claims.")
    return BadRequestError(422, _NOTHING, [fault])


def _gone() -> BadRequestError:
    todo = "Results are dropped after half an hour of disuse and when the server ends; check again."
    return BadRequestError(404, _GONE, [FaultAt("", _GONE, todo)])
