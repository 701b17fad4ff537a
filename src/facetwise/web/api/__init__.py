"""Operations for programs: the published JSON contracts, one module each.

What is sent is read by our own readers and held to the published schemas; what is answered is what
`facetwise ... --format json` prints.
"""

from collections.abc import Iterator
from functools import lru_cache

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from facetwise.web.api import check, code, decode, page, rules, tables, why
from facetwise.web.api.body import JSON
from facetwise.web.held import held
from facetwise.web.openapi import document

OPERATIONS = (
    code.OPERATION,
    decode.OPERATION,
    check.OPERATION,
    page.OPERATION,
    why.OPERATION,
    rules.ALL,
    rules.ONE,
    tables.OPERATION,
)


@lru_cache(maxsize=1)
def _document(tables: str) -> bytes:
    return document(OPERATIONS, tables)


async def _openapi(_: Request) -> Response:
    return Response(_document(held().digest), media_type=JSON)


def _routes() -> Iterator[Route]:
    for operation in OPERATIONS:
        yield Route(operation.path, operation.__call__, methods=[operation.method])
    yield Route("/openapi.json", _openapi, methods=["GET"])


api = APIRouter(routes=list(_routes()))
