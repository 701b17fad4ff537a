"""What stands before every request: who may ask, from where, how much and how fast.

One ASGI layer, so that nothing behind it is reached by a request that is refused. It answers with
problem+json and writes no log: neither addresses nor bodies are kept.
"""

import asyncio
import hmac
import json
import sys
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facetwise.web.defect import told
from facetwise.web.rates import Rates
from facetwise.web.settings import LOCAL_NAMES, Settings

COOKIE = "facetwise_token"
OPEN_PATHS = ("/healthz", "/sign-in")
"""Answered without a token, as are our stylesheets and scripts."""
_SIGN_IN = "/sign-in"
_FILES = ("/assets/", "/static/")
_READS = ("GET", "HEAD", "OPTIONS")
_TRIES = (0.2, 20)
"""Wrong tokens a second that one address may bring, and at once."""
_SLOWEST = 1024
"""Bytes a second that a body must come at, on the whole."""
_STALLED = 60.0
"""Seconds after which one who does not take what was asked for is given up."""
_DRAINED = 1.0
"""Seconds for which a refused body is still taken, so that the refusal is heard."""
_REPORT = "Nothing of what was sent was kept. Please report what was done, without the data."
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # under no-referrer, forms are sent with Origin: null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Refused(HTTPException):
    """A request that goes no further: status, what is wrong, what to do."""

    def __init__(self, status: int, title: str, todo: str, headers: dict[str, str] | None = None):
        super().__init__(status, title, headers)
        self.todo = todo


class Guard:
    """Host, origin, token, rate, size and pace of every request; safe headers on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._rates = Rates(settings.rate, settings.burst)
        self._tries = Rates(*_TRIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        if scope["type"] != "http":  # we speak nothing else, and say so by not answering
            return
        answer = _Answer(scope, send)
        headers = Headers(scope=scope)
        body = _Body(scope["method"], receive, self._settings)
        try:
            self._admit(scope, headers)
            if scope["method"] == "HEAD":  # as GET; the answer leaves the body out
                scope = {**scope, "method": "GET"}
            await self._app(scope, body.receive, answer.send)
        except Refused as refused:
            await _refuse(refused, scope, headers, body, answer)
        except ClientDisconnect:
            return
        except Exception as error:  # a defect of ours; its message might hold what was sent
            print(told(error), file=sys.stderr)  # noqa: T201
            refused = Refused(500, "Something went wrong here that should not.", _REPORT)
            await _refuse(refused, scope, headers, body, answer)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            print(told(error), file=sys.stderr)  # noqa: T201
            raise

    def _admit(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "")
        self._known_host(host)
        if scope["method"] not in _READS:
            _same_site(headers, host)
        address = scope["client"][0] if scope.get("client") else ""
        now = time.monotonic()
        if wait := self._rates.wait(address, now):
            raise _too_many(wait)
        self._known_asker(scope, headers, address, now)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            raise Refused(400, "The length of the body is not a number.", "Send it whole again.")
        if len(length) > 18 or int(length) > self._settings.largest:
            raise _too_large(self._settings.largest)

    def _known_host(self, host: str) -> None:
        """A page elsewhere that names us by a host of its own must not reach us."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        name = name.lower()
        if self._settings.token and not self._settings.names:
            return
        if name not in (*LOCAL_NAMES, *self._settings.names):
            raise Refused(
                421, "This server does not answer to that host name.",
                "Open it by 127.0.0.1, or start it with --name HOST.",
            )  # fmt: skip

    def _known_asker(self, scope: Scope, headers: Headers, address: str, now: float) -> None:
        """Where there is a token, it must be brought; who guesses at it is slowed down."""
        token, path = self._settings.token, scope["path"]
        if not token or path.startswith(_FILES):
            return
        if path == _SIGN_IN and scope["method"] == "POST":
            if wait := self._tries.wait(address, now):
                raise _too_many(wait)
            return
        brought = _brought(headers)
        if path in OPEN_PATHS or any(hmac.compare_digest(b, token.encode()) for b in brought):
            return
        if brought and (wait := self._tries.wait(address, now)):
            raise _too_many(wait)
        raise Refused(
            401, "This server asks for its token.",
            "Send it as `Authorization: Bearer TOKEN`, or open /sign-in in a browser.",
            {"www-authenticate": "Bearer"},
        )  # fmt: skip


class _Body:
    """The body as it comes, given up where it is too large, stands still or drips."""

    def __init__(self, method: str, receive: Receive, settings: Settings) -> None:
        self._receive = receive
        self._settings = settings
        self._seen = 0
        self._waited = 0.0
        self.done = method in ("GET", "HEAD")

    async def receive(self) -> Message:
        """The next part of it; after its end, word that the other side has gone."""
        if self.done:
            return await self._receive()
        patience = self._settings.idle + self._seen / _SLOWEST - self._waited
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, min(self._settings.idle, patience))):
                message = await self._receive()
        except TimeoutError:
            raise Refused(408, "The body stopped coming.", "Send it again.") from None
        self._waited += time.monotonic() - began
        self._seen += len(message.get("body", b""))
        self.done = not message.get("more_body", False)
        if self._seen > self._settings.largest:
            raise _too_large(self._settings.largest)
        return message

    async def drain(self) -> None:
        """Take what is still sent, for a moment: a connection closed before that loses answers."""
        try:
            async with asyncio.timeout(_DRAINED):
                while not self.done:
                    message = await self._receive()
                    self.done = not message.get("more_body", False)
        except TimeoutError:
            return


class _Answer:
    """What is sent back, with safe headers."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._bare = scope["method"] == "HEAD"
        self._ours = scope["path"].startswith(_FILES)
        self._streams = False
        self.started = False

    async def send(self, message: Message) -> None:
        """Send it on; give up one who asked and does not take it."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("cache-control", "no-cache" if self._ours else "no-store")
        elif self._bare:
            message = {**message, "body": b""}
        self._streams = self._streams or bool(message.get("more_body"))
        if not self._streams:
            await self._send(message)
            return
        try:
            async with asyncio.timeout(_STALLED):
                await self._send(message)
        except TimeoutError:
            raise ClientDisconnect from None


def _too_many(wait: int) -> Refused:
    return Refused(
        429, "Too many requests from this address.", f"Wait {wait} s and ask again.",
        {"retry-after": str(wait)},
    )  # fmt: skip


def _too_large(most: int) -> Refused:
    title = f"The body is larger than {most / (1 << 20):,.0f} MB."
    return Refused(413, title, "Send less at a time, or use the command line.")


def _same_site(headers: Headers, host: str) -> None:
    """Only pages of ours, and programs that are no browser, may send.

    The scheme is not compared: behind a proxy that speaks TLS we do not know it.
    """
    origin = headers.get("origin")
    foreign = origin is not None and _host_of(origin) != host.lower()
    if foreign or headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise Refused(403, "Another site may not send here.", "Open the workbench itself.")


def _host_of(origin: str) -> str | None:
    """Host and port of an origin of the web; None for any other (`null`, an extension)."""
    try:
        scheme, host, *_ = urlsplit(origin)
    except ValueError:
        return None
    return host.lower() if scheme in ("http", "https") else None


def _brought(headers: Headers) -> list[bytes]:
    """The tokens that a request brings: in its header, and in the cookie of a browser."""
    kind, _, given = headers.get("authorization", "").partition(" ")
    found = [given.strip().encode()] if kind.lower() == "bearer" else []
    cookies = cookie_parser(headers.get("cookie", ""))
    return [*found, cookies[COOKIE].encode()] if COOKIE in cookies else found


async def _refuse(
    refused: Refused, scope: Scope, asked: Headers, body: _Body, answer: _Answer
) -> None:
    """Say what was refused, unless something was said already: then the answer is cut off."""
    if answer.started:
        raise ConnectionAbortedError
    headers = {"connection": "close", **(refused.headers or {})}
    status, raw = refused.status_code, b""
    reads = scope["method"] in _READS and not scope["path"].startswith("/api/")
    if status == 401 and reads and "text/html" in asked.get("accept", ""):
        status = 303
        headers["location"] = _SIGN_IN
    else:
        fault = {"path": "", "message": refused.detail, "todo": refused.todo}
        said = {
            "type": "urn:facetwise:error:request",
            "title": refused.detail,
            "status": status,
            "faults": [fault],
        }
        raw = json.dumps(said).encode()
        headers["content-type"] = "application/problem+json"
    headers["content-length"] = str(len(raw))
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await answer.send({"type": "http.response.start", "status": status, "headers": pairs})
    await answer.send({"type": "http.response.body", "body": raw, "more_body": True})
    if status != 408 and "expect" not in asked:
        await body.drain()
    await answer.send({"type": "http.response.body", "body": b"", "more_body": False})
