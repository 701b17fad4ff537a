"""What a hostile neighbour, page or client can do to the server: nothing."""

import asyncio
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from facetwise.web.app import make_app
from facetwise.web.guard import COOKIE, Guard
from facetwise.web.rates import Rates
from facetwise.web.settings import Settings
from tests.conftest import ROOT, Run, run_async
from tests.web.conftest import serving

TOKEN = "a-token-of-enough-letters"
CANARY = "ZEBRAFISH"
BASE = "http://127.0.0.1:8494"


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _break(_: Request) -> Response:
    raise ValueError(CANARY)


async def _break_late(_: Request) -> Response:
    async def pieces() -> AsyncGenerator[bytes]:
        yield b"some"
        raise ValueError(CANARY)

    return StreamingResponse(pieces())


def _small(**settings: Any) -> TestClient:
    """A guard before an application that does little."""
    routes = [
        Route("/echo", _echo, methods=["POST"]),
        Route("/sign-in", _echo, methods=["GET", "POST"]),
        Route("/break", _break),
        Route("/break-late", _break_late),
        Route("/", lambda _: PlainTextResponse("here")),
    ]
    guard = Middleware(Guard, settings=Settings(**settings))
    return TestClient(
        Starlette(routes=routes, middleware=[guard]), base_url=BASE, follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Iterator[TestClient]:
    with _small() as client:
        yield client


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.", "127.0.0.1@evil", "", "[::1", "0:80",
     "127.0.0.1:80:80"],
)  # fmt: skip
def test_a_page_that_names_this_machine_by_its_own_host_is_refused(
    small: TestClient, host: str
) -> None:
    assert small.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8494", "LOCALHOST:1", "[::1]:8494"])
def test_this_machine_is_answered_by_any_name_it_gives_itself(small: TestClient, host: str) -> None:
    assert small.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8495"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://["},
        {"origin": ""},
        {"origin": "file://"},
        {"origin": "chrome-extension://127.0.0.1:8494"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "something-new"},
    ],
)
def test_a_page_of_another_site_may_not_send(small: TestClient, headers: dict[str, str]) -> None:
    assert small.post("/echo", content=b"x", headers=headers).status_code == 403


def test_our_own_pages_and_programs_may_send(small: TestClient) -> None:
    for headers in ({}, {"origin": BASE, "sec-fetch-site": "same-origin"}):
        assert small.post("/echo", content=b"abc", headers=headers).text == "3"


def test_every_answer_has_safe_headers_and_is_kept_by_no_browser(small: TestClient) -> None:
    for answer in (small.get("/"), small.get("/none"), small.get("/", headers={"host": "evil"})):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_head_is_answered_as_get_without_a_body(small: TestClient) -> None:
    answer = small.head("/")
    assert (answer.status_code, answer.headers["content-length"], answer.content) == (200, "4", b"")
    refused = small.head("/", headers={"host": "evil"})
    assert (refused.status_code, refused.content) == (421, b"")


def test_a_body_larger_than_it_may_be_is_refused_by_its_word_and_by_its_size() -> None:
    def grows() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    with _small(largest=1000) as client:
        assert client.post("/echo", content=b"x" * 1001).status_code == 413
        assert client.post("/echo", content=grows()).status_code == 413
        assert client.post("/echo", content=b"x" * 1000).text == "1000"


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "", "9" * 5000, "1, 2"])
def test_a_length_that_is_no_number_is_refused(small: TestClient, length: str) -> None:
    answer = small.get("/", headers={"content-length": length})
    assert answer.status_code in (400, 413)


# Where there is a token.


@pytest.fixture
def shut() -> Iterator[TestClient]:
    with _small(token=TOKEN) as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": f"Bearer {TOKEN[:-1]}"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": f"Bearer {TOKEN} {TOKEN}"},
        {"cookie": f"{COOKIE}={TOKEN[:-1]}"},
        {"cookie": f"other={TOKEN}"},
        {"cookie": "=;;=;" * 500},
        {"cookie": b"\xff\xfe"},
        {"x-forwarded-for": "127.0.0.1"},
    ],
)
def test_nobody_gets_in_without_the_token(shut: TestClient, headers: Any) -> None:
    answer = shut.get("/", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in answer.text


def test_the_token_opens_by_header_and_by_cookie(shut: TestClient) -> None:
    for headers in (
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": f"bearer  {TOKEN} "},
        {"cookie": f"a=b; {COOKIE}={TOKEN}"},
        {"authorization": "Basic of-a-proxy", "cookie": f"{COOKIE}={TOKEN}"},
    ):
        assert shut.get("/", headers=headers).status_code == 200


def test_a_browser_is_led_to_sign_in_and_a_program_is_told(shut: TestClient) -> None:
    page = {"accept": "text/html"}
    answer = shut.get("/", headers=page)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert shut.get("/api/v1/rules", headers=page).status_code == 401
    assert shut.post("/echo", content=b"x", headers=page).status_code == 401
    assert shut.get("/").json()["faults"][0]["todo"]


def test_paths_that_only_look_open_are_not(shut: TestClient) -> None:
    for path in ("/static", "/healthz/", "/sign-in/x", "//healthz", "/%73tatic", "/x/static/"):
        assert shut.get(path).status_code == 401, path


def test_who_guesses_at_the_token_is_slowed_down_and_who_has_it_is_not(shut: TestClient) -> None:
    wrong = {"authorization": "Bearer not-the-token-at-all"}
    seen = [shut.get("/", headers=wrong).status_code for _ in range(30)]
    assert seen[0] == 401
    assert seen[-1] == 429
    assert shut.get("/", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_signing_in_cannot_be_tried_without_end(shut: TestClient) -> None:
    seen = [shut.post("/sign-in", content=b"x").status_code for _ in range(30)]
    assert (seen[0], seen[-1]) == (200, 429)


def test_signing_in_gives_a_cookie_that_no_script_reads_and_no_other_site_sends() -> None:
    app = make_app(Settings(token=TOKEN))
    with TestClient(app, base_url="https://127.0.0.1:8494", follow_redirects=False) as client:
        wrong = client.post("/sign-in", data={"token": "wrong"})
        assert wrong.status_code == 403
        assert "set-cookie" not in wrong.headers
        answer = client.post("/sign-in", data={"token": TOKEN})
        kept = answer.headers["set-cookie"].lower()
        assert all(part in kept for part in ("httponly", "samesite=strict", "secure"))
        assert client.get("/api/v1/rules").status_code == 200


def test_one_address_may_not_ask_without_end() -> None:
    with _small(rate=1.0, burst=3) as client:
        answers = [client.get("/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "1"


def test_addresses_of_one_ipv6_network_are_one_and_others_are_not_held_up() -> None:
    rates = Rates(1.0, 1)
    assert rates.wait("2001:db8::1", 0.0) == 0
    assert rates.wait("2001:db8::2", 0.0) == 1
    assert rates.wait("2001:db8:1::2", 0.0) == 0
    assert rates.wait("fe80::1%eth0", 0.0) == 0
    assert rates.wait("192.0.2.1", 0.0) == rates.wait("192.0.2.2", 0.0) == 0
    assert rates.wait("2001:db8::1", 1.5) == 0
    for at in range(10_000):
        rates.wait(f"10.0.{at // 250}.{at % 250}", 2.0)
    assert len(rates._left) <= 4096


# Defects of ours say nothing of what was sent.


def test_a_defect_is_told_without_its_message(
    small: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = small.get("/break")
    assert answer.status_code == 500
    assert CANARY not in answer.text
    said = capsys.readouterr().err
    assert said.startswith("facetwise: internal error, ValueError in test_guard.py, line ")
    assert CANARY not in said


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(small: TestClient) -> None:
    async def run() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http", "method": "GET", "path": "/break-late", "raw_path": b"/break-late",
            "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 1), "scheme": "http", "root_path": "", "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(3600)
            return {}

        async def send(message: Any) -> None:
            sent.append(message)

        with pytest.raises(ConnectionAbortedError):
            await small.app(scope, receive, send)  # type: ignore[arg-type]
        return sent

    sent = run_async(run())
    assert sent[0]["status"] == 200
    assert all(message.get("more_body") for message in sent[1:])


# A real server, and clients that do not play by the rules.


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A server of little patience."""
    code = (
        "import sys, uvicorn\n"
        "from facetwise.cli.listening import listen\n"
        "from facetwise.web.app import make_app\n"
        "from facetwise.web.heads import PromptHeads\n"
        "from facetwise.web.settings import Settings\n"
        "PromptHeads.patience = 0.6\n"
        "sock = listen('127.0.0.1', 0)\n"
        "app = make_app(Settings(idle=0.5, largest=1 << 20))\n"
        "config = uvicorn.Config(app, http=PromptHeads, log_config=None, log_level='critical',\n"
        "    timeout_keep_alive=1)\n"
        "print(sock.getsockname()[1], flush=True)\n"
        "uvicorn.Server(config).run(sockets=[sock])\n"
    )
    env = {**os.environ, "FACETWISE_DATA": str(tmp_path_factory.mktemp("none"))}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=env,
    )  # fmt: skip
    assert process.stdout
    yield "127.0.0.1", int(process.stdout.readline())
    process.terminate()
    _, said = process.communicate(timeout=20)
    assert said == ""  # none of what these clients do is worth a line


def _talk(where: tuple[str, int], *parts: bytes, pause: float = 0.0, most: float = 8.0) -> bytes:
    """Send the parts, and give back all that is answered until the server closes."""
    with socket.create_connection(where, timeout=most) as line:
        try:
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
            heard = b""
            while more := line.recv(65536):
                heard += more
        except (ConnectionResetError, BrokenPipeError):
            return heard if "heard" in locals() else b"reset"
        return heard


_POST = b"POST /api/v1/code HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def test_a_client_that_sends_nothing_or_half_a_head_is_let_go(quick: tuple[str, int]) -> None:
    began = time.monotonic()
    assert _talk(quick) == b""
    assert _talk(quick, b"GET / HTTP/1.1\r\nHost: 127") == b""
    assert time.monotonic() - began < 5


def test_a_head_that_drips_is_given_up_also_on_a_line_that_was_used_before(
    quick: tuple[str, int],
) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    drips = [bytes([letter]) for letter in b"GET /healthz HTTP/1.1\r\nHo"]
    heard = _talk(quick, whole, *drips, pause=0.1)
    assert heard.count(b"HTTP/1.1 200") <= 1


def test_a_body_that_stands_still_is_408(quick: tuple[str, int]) -> None:
    heard = _talk(quick, _POST + b"Content-Length: 100\r\n\r\n{")
    assert heard.startswith(b"HTTP/1.1 408")


def test_a_body_that_drips_is_given_up(quick: tuple[str, int]) -> None:
    drips = [b"1\r\n \r\n"] * 20
    heard = _talk(quick, _POST + b"Transfer-Encoding: chunked\r\n\r\n", *drips, pause=0.1)
    assert b"408" in heard[:20] or heard == b"reset"


def test_a_body_of_two_gigabytes_is_refused_at_once_and_the_client_hears_it(
    quick: tuple[str, int],
) -> None:
    began = time.monotonic()
    heard = _talk(quick, _POST + b"Content-Length: 2147483648\r\n\r\n", b"x" * 500_000)
    assert heard.startswith(b"HTTP/1.1 413")
    assert b"larger than 1 MB" in heard
    assert time.monotonic() - began < 5


def test_a_chunked_body_that_grows_past_the_limit_is_refused_and_the_client_hears_it(
    quick: tuple[str, int],
) -> None:
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    heard = _talk(quick, _POST + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 24)
    assert heard.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: -1\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Bad Header: x\r\n",
        b"X: " + b"x" * 100_000 + b"\r\n",
        b"".join(b"X%d: y\r\n" % at for at in range(20_000)),
    ],
)
def test_heads_that_cheat_or_flood_are_refused(quick: tuple[str, int], head: bytes) -> None:
    heard = _talk(quick, _POST + head + b"\r\n")
    assert heard[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 501") or heard == b"reset"


def test_a_length_that_lies_does_not_begin_another_request(quick: tuple[str, int]) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    heard = _talk(quick, _POST + b"Content-Length: 2\r\n\r\n{}", hidden)
    assert heard.startswith(b"HTTP/1.1 422")
    assert b"421" in heard  # what follows is a request of its own, with its own guard


def test_a_socket_upgrade_is_no_way_past_the_guard(quick: tuple[str, int]) -> None:
    head = b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
    heard = _talk(quick, head + b"Sec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 421")


# Starting it.


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "no-such-host.invalid"), "cannot listen"),
        (("--host", "203.0.113.77"), "cannot listen"),
        (("--token-file", "/"), "the token file cannot be used"),
        (("--behind", "0.0.0.0/0"), "--behind"),
        (("--behind", "proxy"), "--behind"),
    ],
)
def test_a_server_that_cannot_start_says_why_in_one_line(
    facetwise: Run, options: tuple[str, ...], said: str
) -> None:
    done = facetwise("serve", "--port", "0", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_token_that_others_can_read_or_guess_is_refused(facetwise: Run, tmp_path: Path) -> None:
    file = tmp_path / "token"
    for text, mode, said in [
        ("short", 0o600, "16 to 512"), (TOKEN, 0o644, "others can read"), ("ä" * 20, 0o600, "16"),
    ]:  # fmt: skip
        file.write_text(text, "utf-8")
        file.chmod(mode)
        done = facetwise("serve", "--port", "0", "--token-file", str(file))
        assert (done.returncode, said in done.stderr) == (2, True)
        assert text not in done.stderr


def test_a_server_of_a_team_asks_for_its_token_and_believes_only_its_proxy(
    facetwise: Run, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    options = ("--token-file", str(file), "--name", "facets.example", "--behind", "127.0.0.1")
    server = serving(tmp_path, *options)
    with server as address:
        where = urlsplit(address)
        assert where.hostname
        assert where.port
        token = file.read_text("utf-8").strip()
        assert len(token) >= 32
        assert file.stat().st_mode & 0o777 == 0o600
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
        asked = {"Host": "facets.example", "Authorization": f"Bearer {token}"}
        body = json.dumps({"text": f"left L4-5 MBB {CANARY}"})
        for headers, status in [
            ({"Host": "facets.example"}, 401),
            (asked, 200),
            ({**asked, "Origin": "https://facets.example", "X-Forwarded-Proto": "https"}, 200),
            ({**asked, "Origin": "https://evil.example"}, 403),
        ]:
            line.request(
                "POST", "/api/v1/code", body, {"Content-Type": "application/json", **headers}
            )
            answer = line.getresponse()
            answer.read()
            assert answer.status == status
        second = facetwise("serve", "--port", str(where.port))
        assert (second.returncode, len(second.stderr.splitlines())) == (2, 1)
        assert "already in use" in second.stderr
    assert CANARY not in server.errors
    assert token not in server.errors


def test_an_internal_error_of_a_running_server_never_writes_what_was_sent(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from facetwise.web.api import check\n"
        "def broken(raw, values): raise ValueError(raw.decode())\n"
        "check._check = broken\n"
        "sys.argv = ['facetwise', 'serve', '--port', '0']\n"
        "from facetwise.cli.main import main\n"
        "main()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "FACETWISE_DATA": str(tmp_path)},
    )  # fmt: skip
    assert process.stdout
    where = urlsplit(process.stdout.readline().split(" at ")[1].split(" ")[0])
    assert where.hostname
    line = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
    claims = json.loads((ROOT / "examples" / "claims" / "facet.json").read_text("utf-8"))
    claims["claims"][0]["patient_id"] = CANARY
    line.request(
        "POST", "/api/v1/check?as_of=2026-10-01", json.dumps(claims),
        {"Content-Type": "application/json"},
    )  # fmt: skip
    answer = line.getresponse()
    heard = answer.read().decode()
    process.terminate()
    out, said = process.communicate(timeout=20)
    assert answer.status == 500
    assert CANARY not in heard + out + said
    assert said.splitlines()[0].startswith("facetwise: internal error, ValueError")
    assert len(said.splitlines()) == 1
