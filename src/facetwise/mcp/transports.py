"""How a client reaches the server: its own standard input and output, or HTTP on this machine."""

import hmac
import signal
import socket
from typing import NamedTuple

import anyio
import uvicorn
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from facetwise.mcp.server import make_server

PATH = "/mcp"
_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
_MOST_AT_ONCE = 64


class Door(NamedTuple):
    """Where the HTTP server listens, and who may ask.

    Attributes:
        token: secret every request must bring; blank only where nobody else can ask.
        names: host names answered besides those of this machine; none with a token means any.
    """

    host: str
    token: str = ""
    names: tuple[str, ...] = ()


def run_stdio() -> None:
    """Serve the client that started this process, until it closes our standard input.

    Ctrl-C ends the process at once: a pending read of standard input cannot be called off, and
    there is nothing to save.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    anyio.run(_stdio)


async def _stdio() -> None:
    server = make_server()
    async with stdio_server() as (reads, writes):
        await server.run(reads, writes, server.create_initialization_options())


def http_app(door: Door) -> ASGIApp:
    """The server as an ASGI application at `PATH`; no session is kept between requests."""
    app = make_server().streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        transport_security=_known_hosts(door),
        host=door.host,
    )
    return Token(app, door.token) if door.token else app


def run_http(door: Door, listening: socket.socket) -> None:
    """Serve over HTTP until Ctrl-C; neither addresses nor bodies are logged."""
    config = uvicorn.Config(
        http_app(door), ws="none", access_log=False, log_config=None, log_level="critical",
        server_header=False, limit_concurrency=_MOST_AT_ONCE, timeout_keep_alive=30,
        timeout_graceful_shutdown=5, proxy_headers=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


class Token:
    """Answers only requests that bring the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it before its body is read."""
        if scope["type"] == "http" and not self._brings(Headers(scope=scope)):
            told = {
                "error": "request",
                "message": "this server asks for its token.",
                "where": "authorization",
                "todo": "Send the header `Authorization: Bearer TOKEN`.",
            }
            answer = JSONResponse(told, 401, {"www-authenticate": "Bearer"})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _brings(self, headers: Headers) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._token)
        return kind.lower() == "bearer" and same


def _known_hosts(door: Door) -> TransportSecuritySettings:
    """Refuses a page elsewhere that names us by a host of its own, and pages of other sites."""
    if door.token and not door.names:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    names = (*_LOCAL_NAMES, *door.names)
    hosts = [*names, *(f"{name}:*" for name in names)]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)
