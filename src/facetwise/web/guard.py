"""What stands before every request: who may ask, from where, how much and how fast.

One ASGI layer, so that nothing behind it is reached by a request that is refused. It answers with
problem+json and writes no log: neither addresses nor bodies are kept.
"""

import asyncio
import hmac
import json
import sys
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facetwise.web.settings import LOCAL_NAMES, Settings

COOKIE = "facetwise_token"
OPEN_PATHS = ("/healthz", "/sign-in")
"""Answered without a token, as are our stylesheets and scripts."""
_FILES = ("/assets/", "/static/")
_READS = ("GET", "HEAD", "OPTIONS")
_ADDRESSES_KEPT = 4096
_REPORT = "Nothing of what was sent was kept. Please report what was done, without the data."
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        started = False

        async def safe_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                ours = scope["path"].startswith(_FILES)
                headers.setdefault("cache-control", "no-cache" if ours else "no-store")
            await send(message)

        try:
            self._admit(scope, Headers(scope=scope))
            await self._app(scope, self._measured(scope, receive), safe_send)
        except Refused as refused:
            if not started:
                await _refuse(refused, Headers(scope=scope), safe_send)
        except ClientDisconnect:
            return
        except Exception as error:  # a defect of ours; its message might hold what was sent
            print(_where(error), file=sys.stderr)  # noqa: T201
            if started:
                raise ConnectionAbortedError from None
            refused = Refused(500, "Something went wrong here that should not.", _REPORT)
            await _refuse(refused, Headers(scope=scope), safe_send)

    def _admit(self, scope: Scope, headers: Headers) -> None:
        settings = self._settings
        host = headers.get("host", "")
        self._known_host(host)
        if scope["method"] not in _READS:
            _same_site(headers, host, scope["scheme"])
        address = scope["client"][0] if scope.get("client") else ""
        if wait := self._rates.wait(address, time.monotonic()):
            raise Refused(
                429, "Too many requests from this address.", f"Wait {wait} s and ask again.",
                {"retry-after": str(wait)},
            )  # fmt: skip
        path = scope["path"]
        shut = path not in OPEN_PATHS and not path.startswith(_FILES)
        if settings.token and shut and not _brings(headers, settings.token):
            raise Refused(
                401, "This server asks for its token.",
                "Send it as `Authorization: Bearer TOKEN`, or open /sign-in in a browser.",
                {"www-authenticate": "Bearer"},
            )  # fmt: skip
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            raise Refused(400, "The length of the body is not a number.", "Send it whole again.")
        if int(length) > settings.largest:
            raise self._too_large()

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

    def _too_large(self) -> Refused:
        most = f"{self._settings.largest / (1 << 20):,.0f} MB"
        return Refused(
            413, f"The body is larger than {most}.", "Send less at a time, or use the command line."
        )

    def _measured(self, scope: Scope, receive: Receive) -> Receive:
        """The body as it comes, stopped where it is too large or stands still."""
        seen = 0
        done = scope["method"] in ("GET", "HEAD")

        async def measured() -> Message:
            nonlocal seen, done
            if done:
                return await receive()  # waits for the end of the connection
            try:
                message = await asyncio.wait_for(receive(), self._settings.idle)
            except TimeoutError:
                raise Refused(408, "The body stopped coming.", "Send it again.") from None
            seen += len(message.get("body", b""))
            done = not message.get("more_body", False)
            if seen > self._settings.largest:
                raise self._too_large()
            return message

        return measured


class Rates:
    """A bucket of requests for each address; the oldest addresses are forgotten first."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, now: float) -> int:
        """Whole seconds to wait before the next request; 0 when it may go on."""
        left, then = self._left.pop(address, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._rate)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        if len(self._left) > _ADDRESSES_KEPT:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) / self._rate))


def _same_site(headers: Headers, host: str, scheme: str) -> None:
    """Only pages of ours, and programs that are no browser, may send."""
    origin = headers.get("origin")
    foreign = origin is not None and (
        urlsplit(origin).netloc.lower() != host.lower()
        or not origin.startswith(("http:", "https:"))
    )
    if foreign or headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
        raise Refused(403, "Another site may not send here.", "Open the workbench itself.")


def _brings(headers: Headers, token: str) -> bool:
    kind, _, given = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return True
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return False
    kept = jar[COOKIE].value if COOKIE in jar else ""
    return hmac.compare_digest(kept.encode(), token.encode())


def _where(error: Exception) -> str:
    """Kind and place of a defect, without its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        place = f" in {Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}"
    return f"facetwise: internal error, {type(error).__name__}{place}."


async def _refuse(refused: Refused, asked: Headers, send: Send) -> None:
    headers = {"connection": "close", **(refused.headers or {})}
    status, body = refused.status_code, b""
    if status == 401 and "text/html" in asked.get("accept", ""):
        status = 303
        headers["location"] = "/sign-in"
    else:
        fault = {"path": "", "message": refused.detail, "todo": refused.todo}
        told = {
            "type": "urn:facetwise:error:request",
            "title": refused.detail,
            "status": status,
            "faults": [fault],
        }
        body = json.dumps(told).encode()
        headers["content-type"] = "application/problem+json"
    headers["content-length"] = str(len(body))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
