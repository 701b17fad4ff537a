"""How the server is reached: started by a client, or over HTTP by those who may ask."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from starlette.testclient import TestClient

from facetwise.cli.mcp import command
from facetwise.errors import FacetwiseError
from facetwise.mcp import transports
from facetwise.mcp.transports import Door, http_app
from tests.mcp.conftest import COMMAND

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


def _post(address: str, body: bytes = json.dumps(HELLO).encode(), **headers: str) -> int:
    asked = urllib.request.Request(address, body, {**HEADERS, **headers})
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_only_this_machine_and_no_page_of_another_site_is_answered(
    http_server: tuple[str, Path],
) -> None:
    address, _ = http_server
    assert _post(address) == 200
    assert _post(address, host="evil.example") == 421
    assert _post(address, origin="http://evil.example") == 403
    assert _post(address, **{"content-type": "text/plain"}) == 400


def test_a_body_that_is_too_large_or_no_json_is_refused_without_a_word_in_the_log(
    http_server: tuple[str, Path],
) -> None:
    address, errors = http_server
    assert _post(address, b"[" * 100_000) == 400
    assert _post(address, b"[]") == 400
    assert _post(address, b'{"CANARYNAME') == 400
    announced = {**HEADERS, "content-length": str(5 << 20)}
    asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    asked.request("POST", "/mcp", b"", announced)
    assert asked.getresponse().status == 413
    asked.close()
    assert errors.read_text() == ""


def test_a_server_that_others_can_reach_asks_for_its_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    doors: list[Door] = []

    def keep(door: Door, listening: socket.socket) -> None:
        doors.append(door)
        listening.close()

    monkeypatch.setattr(transports, "run_http", keep)
    file = tmp_path / "token"
    options = ["--http", "--host", "0.0.0.0", "--port", "0", "--token-file", str(file)]
    command.main(options, standalone_mode=False)
    warned, secret = capsys.readouterr().err, file.read_text().strip()
    assert "can be reached by other machines" in warned
    assert secret not in warned
    with TestClient(http_app(doors[0]), base_url="http://10.0.0.7:8495") as client:
        for wrong in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {secret}"}):
            answer = client.post("/mcp", json=HELLO, headers={**HEADERS, **wrong})
            assert answer.status_code == 401
            assert "Authorization: Bearer TOKEN" in answer.json()["todo"]
        bearer = {**HEADERS, "authorization": f"Bearer {secret}"}
        assert client.post("/mcp", json=HELLO, headers=bearer).status_code == 200


def test_a_host_name_of_ones_own_is_answered_when_it_was_named() -> None:
    door = Door("0.0.0.0", "a-token-of-the-test", ("billing.example",))
    with TestClient(http_app(door), base_url="http://billing.example") as client:
        bearer = {**HEADERS, "authorization": "Bearer a-token-of-the-test"}
        assert client.post("/mcp", json=HELLO, headers=bearer).status_code == 200
        assert client.post("/mcp", json=HELLO, headers=HEADERS).status_code == 401
        other = {**bearer, "host": "evil.example"}
        assert client.post("/mcp", json=HELLO, headers=other).status_code == 421


def test_a_port_in_use_is_told_before_anything_is_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(FacetwiseError, match=rf"--port {port}: cannot listen \(.+\)"):
            command.main(["--http", "--port", port], standalone_mode=False)


def test_an_address_without_http_is_not_passed_over() -> None:
    with pytest.raises(click.UsageError, match="need --http"):
        command.main(["--port", "8495"], standalone_mode=False)


def test_without_the_extra_one_line_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['facetwise', 'mcp'];"
        "from facetwise.cli.main import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "facetwise: the MCP server is not installed. Install it: pip install 'facetwise[mcp]'.\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_a_server_that_waits_for_its_client() -> None:
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(HELLO) + "\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "facetwise"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=10)
    assert process.returncode == -signal.SIGINT
    assert told == ""
