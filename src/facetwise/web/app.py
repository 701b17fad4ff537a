"""The server: a guard in front, screens for people, `/api/v1` for programs.

Work on tables is done in the event loop, one request at a time: an answer takes milliseconds, and
one connection to the tables is enough. What takes longer (a large file of claims, an official file
to add) runs in a process of its own.
"""

from asyncio import create_task
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig

from facetwise.pages.html.render import ASSETS
from facetwise.version import __version__
from facetwise.web import doors
from facetwise.web.api import api
from facetwise.web.frame import STATIC
from facetwise.web.guard import Guard
from facetwise.web.jobs import Jobs
from facetwise.web.problem import add_handlers
from facetwise.web.screens import SCREENS, spine
from facetwise.web.settings import Settings

_NOTHING_TOLD: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""Whatever the environment says: traces leave the machine, and hold addresses and messages."""


def make_app(settings: Settings | None = None) -> FastAPI:
    """The whole server, ready to run; its settings are at `app.state.settings`."""
    settings = settings or Settings()
    app = FastAPI(
        title="Facetwise", version=__version__, openapi_url=None, docs_url=None, redoc_url=None,
        lifespan=_running, telemetry=_NOTHING_TOLD,
    )  # fmt: skip
    app.state.settings = settings
    app.state.jobs = Jobs()
    app.mount("/assets", StaticFiles(directory=ASSETS))
    app.mount("/static", StaticFiles(directory=STATIC))
    add_handlers(app)
    app.include_router(doors.router, include_in_schema=False)
    app.include_router(api, prefix="/api/v1")
    for router in SCREENS:
        app.include_router(router, include_in_schema=False)
    app.add_middleware(Guard, settings=settings)
    return app


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncGenerator[None]:
    """What a killed server left is swept at the start; at the end nothing that was sent stays."""
    jobs: Jobs = app.state.jobs
    jobs.sweep()
    warming = create_task(spine.warm())
    yield
    warming.cancel()
    await jobs.close()
