"""The Check screen: send claims, see what was found where it stands, and keep nothing."""

import io
import json
import os
import re
import signal
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner
from starlette.testclient import TestClient

from benchmarks.fuzz_837 import mutant
from benchmarks.read_837 import segments
from facetwise.cli.main import cli
from facetwise.web.app import make_app
from facetwise.web.settings import Settings
from tests.formats.build_837 import ClaimText, LineText, interchange, transaction
from tests.web.conftest import LOOKS, Opened, serving, sound

CLAIMS = Path(__file__).parents[2] / "examples" / "claims"
EXAMPLE = CLAIMS / "facet.837"
AS_OF = "2026-11-24"
_MUTANTS = 25


def sent(client: TestClient, data: bytes, name: str = "a.837", **query: str) -> Any:
    """Send a file as the script does, and open its result."""
    answer = client.post(
        "/check",
        params={"as_of": AS_OF, **query},
        content=data,
        headers={"x-fragment": "1", "x-file-name": name},
    )
    assert answer.status_code == 201, answer.text
    return client.get(answer.headers["location"])


def file_of(*claims: ClaimText) -> bytes:
    return interchange(transaction(claims))


# What a biller does on the screen


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_biller_sends_a_file_and_sees_what_fails_and_where(
    opened: Opened, size: str, scheme: str
) -> None:
    page = opened("/check", size, scheme)
    sound(page)
    page.set_input_files("#file", EXAMPLE)
    assert "facet.837" in page.inner_text("#drop")
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector("#claims")
    assert "20 claims, 34 lines" in page.inner_text("main")
    assert page.locator(".verdicts .value").all_inner_texts() == ["2", "9", "8", "1"]
    page.get_by_label("Verdict").select_option("fail")
    page.locator("#shown [role=status]", has_text="2 claims.").wait_for()
    assert page.locator("article.claim").count() == 2
    assert page.url.endswith("?verdict=fail")
    finding = page.locator("#shown .finding.fail").first
    assert finding.locator(".spot mark").inner_text() == "64494"
    assert "Do:" in finding.inner_text()
    assert "AOC" in finding.inner_text()
    finding.locator("summary").click()
    assert "DTP*472*D8*20260806" in finding.locator(".segments").inner_text()
    sound(page)


def test_pasted_claims_are_checked_by_keyboard_alone(opened: Opened) -> None:
    page = opened("/check")

    def tab_to(selector: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement?.matches(s)", selector):
                return
        raise AssertionError(f"no way to {selector} by keyboard")

    tab_to("#paste summary")
    page.keyboard.press("Enter")
    tab_to("#text")
    page.keyboard.insert_text(file_of(ClaimText("KEYS1", lines=(LineText("64494"),))).decode())
    tab_to("#send button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#claims")
    assert "KEYS1" in page.inner_text("#claims")
    tab_to("#verdict")
    page.keyboard.type("fail")
    page.wait_for_url("**?verdict=fail")
    tab_to(".finding summary")
    page.keyboard.press("Enter")
    assert "LX*1" in page.inner_text(".finding .segments")


def test_a_long_check_shows_how_far_it_is_and_is_cancelled(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "long.837"
    path.write_text("".join(f"{segment}~" for segment in segments(20_000)))
    page = opened("/check", "phone", "dark")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector("#progress progress")
    sound(page)
    page.locator("#progress", has_text=re.compile("Reading|Checking")).wait_for()
    address = page.url
    other = page.context.new_page()
    other.goto(address.replace(page.url.partition("/check")[2], ""))
    assert other.get_by_role("heading", name="Check claims").is_visible()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("#send")
    assert other.context.request.get(address).status == 404


def test_a_claim_of_sixty_lines_fits_a_phone(opened: Opened, tmp_path: Path) -> None:
    lines = tuple(
        LineText(code, ("RT", "LT"), day=f"202608{3 + at % 20:02}")
        for at in range(15)
        for code in ("64493", "64494", "77003", "64495")
    )
    path = tmp_path / f"{'a-very-long-name-' * 4}.837"
    path.write_bytes(file_of(ClaimText("SIXTY" * 6, lines=lines)))
    page = opened("/check", "phone", "light")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector("#claims")
    assert "60 lines" in page.inner_text("main")
    assert page.locator(".of-line").count() >= 40
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_wrong_file_is_told_beside_the_form_or_on_its_own_page(opened: Opened) -> None:
    page = opened("/check", "phone", "dark")
    file = {"name": "remit.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector("main > .told")
    assert "The file is a PDF." in page.inner_text("main")
    assert "Export the claims as 837, CSV or JSON." in page.inner_text("main")
    sound(page)


# Without script, and as files


def test_the_form_works_without_script(client: TestClient) -> None:
    with EXAMPLE.open("rb") as file:
        fields = {"as_of": AS_OF, "claim_type": "", "text": ""}
        page = client.post("/check", data=fields, files={"file": ("facet.837", file)})
    assert page.status_code == 200
    assert "20 claims, 34 lines" in page.text
    job = page.url.path
    found = client.post(job, data={"verdict": "fail", "rule": "", "claim": ""})
    assert found.url.query == b"verdict=fail"
    assert found.text.count('<article class="claim"') == 2
    pasted = client.post(
        "/check", data={"as_of": AS_OF, "text": EXAMPLE.read_text()}, files={"file": ("", b"")}
    )
    assert "20 claims, 34 lines" in pasted.text


def test_the_claim_id_never_stands_in_an_address(client: TestClient) -> None:
    page = sent(client, EXAMPLE.read_bytes())
    found = client.post(page.url.path, data={"claim": "fw008"})
    assert found.status_code == 200
    assert not found.history
    assert found.text.count('<article class="claim"') == 1
    addresses = re.findall(r'(?:href|action)="([^"]*)"', found.text)
    assert addresses
    assert not any("fw008" in address.lower() for address in addresses)


@pytest.mark.parametrize("name", ["facet.837", "facet.csv", "facet.json"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_downloads_are_what_the_command_writes(client: TestClient, name: str, form: str) -> None:
    path = CLAIMS / name
    page = sent(client, path.read_bytes(), name)
    told = client.get(f"{page.url.path}/answers.{form}")
    command = ["check", str(path), "--as-of", AS_OF, "--format", form]
    assert told.text == CliRunner().invoke(cli, command).stdout
    assert told.headers["content-disposition"] == f'attachment; filename="facetwise-check.{form}"'
    assert told.headers["cache-control"] == "no-store"


def test_filters_leave_the_claims_they_name(client: TestClient) -> None:
    page = sent(client, EXAMPLE.read_bytes())
    answers = client.get(f"{page.url.path}/answers.json").json()["claims"]

    def shown(**query: str) -> set[str]:
        text = client.get(page.url.path, params=query).text
        return set(re.findall(r'<span class="quiet">Claim</span> (FW\d+)', text))

    for verdict in ("fail", "review"):
        assert shown(verdict=verdict) == {
            claim["claim_id"]
            for claim in answers
            if any(found["verdict"] == verdict for found in claim["findings"])
        }
    open_ = {claim["claim_id"] for claim in answers if claim["checks"]["not_checked"]}
    assert shown(verdict="not_checked") == open_
    assert shown(verdict="pass") == {
        claim["claim_id"]
        for claim in answers
        if not claim["findings"] and not claim["checks"]["not_checked"]
    }
    for rule in ("ncci/mue", "diagnosis/covered"):
        assert shown(rule=rule) == {
            claim["claim_id"] for claim in answers if f'"{rule}"' in json.dumps(_said(claim))
        }


def _said(claim: dict[str, Any]) -> list[Any]:
    return [claim["findings"], claim["checks"]["not_checked"]]


def test_what_was_not_checked_names_the_file_that_would_answer(client: TestClient) -> None:
    text = sent(client, EXAMPLE.read_bytes()).text
    summary = text.partition('id="not-checked"')[2].partition('id="claims"')[0]
    assert "A58364 in current_article.zip of the Medicare Coverage Database" in summary
    assert "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv" in summary


def test_who_bills_is_used_when_the_user_says_it(client: TestClient) -> None:
    page = sent(client, EXAMPLE.read_bytes(), claim_type="asc")
    assert "as claims of type asc" in page.text


def test_many_claims_come_in_pages(client: TestClient) -> None:
    claims = [ClaimText(f"P{at:03}", member=f"M{at}") for at in range(120)]
    page = sent(client, file_of(*claims))
    assert "120 claims, 1 to 50 shown." in page.text
    last = client.get(page.url.path, params={"page": "3"})
    assert "120 claims, 101 to 120 shown." in last.text
    assert "P119" in last.text
    beyond = client.get(page.url.path, params={"page": "900"})
    assert "101 to 120 shown" in beyond.text


# What is not a file of claims, or not meant well


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("claims.837", b"ISA*" + b"0" * (50 << 20))
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7 claims", "The file is a PDF."),
        (b"  \n ", "The file is empty."),
        (b"<!doctype html><p>ISA", "The file is XML or HTML."),
        (bomb(), "The file is a ZIP archive or an Excel workbook."),
        (b"\x1f\x8b" + b"0" * 99, "The file is compressed (gzip)."),
        (EXAMPLE.read_text().encode("utf-16"), "The file is UTF-16 text."),
        (b"\xff\xd8\xff\xe0 picture", "The file is of no format we read."),
        (b"[]", "The file holds no claim."),
        (b'{"claims": ' + b"[" * 50_000, "Nested too deep"),
        (b"a,b\n1,2\n", "The first row does not name the columns"),
    ],
)
def test_a_file_that_is_not_of_claims_is_told_what_it_is(
    client: TestClient, data: bytes, told: str
) -> None:
    page = sent(client, data, "thing")
    assert page.status_code == 200
    assert told in page.text


def test_nothing_sent_is_told_as_such(client: TestClient) -> None:
    empty = client.post(f"/check?as_of={AS_OF}", content=b"", headers={"x-fragment": "1"})
    assert empty.status_code == 422
    assert empty.json()["title"] == "Nothing was sent."
    form = client.post("/check", data={"as_of": AS_OF}, files={"file": ("", b"")})
    assert form.status_code == 422
    bad = client.post("/check?as_of=2026-02-30", content=b"x")
    assert bad.status_code == 422
    assert "that is not a day." in bad.text


def test_script_in_a_name_is_shown_and_never_run(client: TestClient) -> None:
    script = "<script>alert(1)</script>"
    claim = ClaimText(script, last=script, lines=(LineText("64494", (), "100.00", "1", script),))
    data = file_of(claim).replace(b"MEDICARE", script.encode())
    page = sent(client, data, "%3Cscript%3Ealert(1)%3C/script%3E.837")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    as_csv = f"claim_id,patient_id,payer_name,code\n{script},{script},{script},64494\n"
    assert "<script>alert" not in sent(client, as_csv.encode(), "a.csv").text


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("..%2F..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("C%3A%5CUsers%5Cme%5Cclaims.837", "claims.837"),
        ("%2e%2e", "input"),
        ("a%00b%0d%0aset-cookie: x.837", "abset-cookie: x.837"),
        ("x" * 500, "x" * 80),
    ],
)
def test_a_file_name_is_a_label_and_never_a_path(
    client: TestClient, name: str, called: str
) -> None:
    page = sent(client, EXAMPLE.read_bytes(), name)
    assert f'<h1 class="file">{called}</h1>' in page.text
    answers = client.get(f"{page.url.path}/answers.json").json()
    assert {claim["findings"][0]["where"]["file"] for claim in answers["claims"]
            if claim["findings"]} == {called}  # fmt: skip


def test_a_result_is_gone_when_the_user_says_so(client: TestClient) -> None:
    page = sent(client, EXAMPLE.read_bytes())
    again = client.post(f"{page.url.path}/forget")
    assert again.url.path == "/check"
    for path in ("", "/answers.csv", "/answers.json"):
        gone = client.get(page.url.path + path, headers={"accept": "text/html"})
        assert gone.status_code == 404
        assert "This result is not kept any more." in gone.text
    assert client.get("/check/..%2F..%2Fetc%2Fpasswd").status_code == 404


def test_a_page_elsewhere_cannot_send_here(client: TestClient) -> None:
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post(f"/check?as_of={AS_OF}", content=b"ISA", headers=headers)
        assert answer.status_code == 403


def test_a_broken_file_never_breaks_the_server(client: TestClient) -> None:
    for seed in range(_MUTANTS):
        page = sent(client, mutant(seed))
        assert page.status_code == 200
        for part in ("?verdict=review", "/answers.csv", "/answers.json"):
            assert client.get(page.url.path + part).status_code == 200
        client.post(f"{page.url.path}/forget")


# A real server: bodies that do not end, and a server that is killed


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that waits 0.3 s for a body and takes 100 kB."""
    app = make_app(Settings(idle=0.3, largest=100_000))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    listening = socket.create_server(("127.0.0.1", 0))
    port: int = listening.getsockname()[1]
    app.state.settings = app.state.settings._replace(port=port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield port
    server.should_exit = True
    thread.join(20)
    listening.close()


def raw(port: int, head: str, body: bytes = b"", *, limit: float = 10) -> bytes:
    """What a server answers to bytes of one's own."""
    with socket.create_connection(("127.0.0.1", port), timeout=limit) as connection:
        text = f"POST /check?as_of={AS_OF} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{head}\r\n"
        connection.sendall(text.encode() + body)
        return connection.recv(4096)


def test_two_gigabytes_are_refused_before_they_are_sent(impatient: int) -> None:
    assert b" 413 " in raw(impatient, f"content-length: {2 << 30}\r\n")


def test_a_body_that_grows_past_the_limit_is_refused(impatient: int) -> None:
    piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    assert b" 413 " in raw(impatient, "transfer-encoding: chunked\r\n", piece * 4)


def test_a_body_that_stands_still_is_given_up(impatient: int) -> None:
    begun = time.monotonic()
    assert b" 408 " in raw(impatient, "content-length: 1000\r\n", b"ISA*")
    assert time.monotonic() - begun < 5


def test_a_killed_server_loses_nothing_held_and_its_leftovers_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, temporary = tmp_path / "data", tmp_path / "tmp"
    data.mkdir()
    temporary.mkdir()
    (data / "mine.txt").write_text("held before")
    monkeypatch.setenv("TMPDIR", str(temporary))
    server = serving(data, "--port", "0")
    port = int(server.__enter__().rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        text = f"POST /check?as_of={AS_OF} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
        connection.sendall(f"{text}content-length: 9000000\r\n\r\nISA*CANARY".encode())
        for _ in range(100):
            if list(temporary.glob("facetwise-check-*/*/input")):
                break
            time.sleep(0.05)
        server.process.send_signal(signal.SIGKILL)
        server.process.communicate(timeout=10)
    left = list(temporary.glob("facetwise-check-*"))
    assert left
    with serving(data, "--port", "0"):
        for _ in range(200):
            if not any(path.exists() for path in left):
                break
            time.sleep(0.05)
        assert not any(path.exists() for path in left)
    assert not list(temporary.glob("facetwise-check-*"))
    assert (data / "mine.txt").read_text() == "held before"


def test_no_patient_is_named_in_what_the_server_writes(tmp_path: Path) -> None:
    canary = "CANARYPATIENT"
    line = LineText(canary, (canary,), canary, canary, day="20269999")
    claim = ClaimText(canary, canary, canary, canary, total="1e9", lines=(line,))
    server = serving(tmp_path, "--port", "0")
    with server as address:
        port = int(address.rpartition(":")[2])
        for data in (
            file_of(claim),
            file_of(claim)[:-40],
            f"claim_id,code,units\n{canary},{canary},{canary}\n".encode(),
            json.dumps({"claims": [{"claim_id": canary, "lines": [{"code": canary}]}]}).encode(),
            canary.encode(),
        ):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                head = f"POST /check?as_of={AS_OF} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
                length = f"content-length: {len(data)}\r\nconnection: close\r\n\r\n"
                connection.sendall((head + length).encode() + data)
                answer = connection.makefile("rb").read()
            assert b" 303 " in answer
            assert canary.encode() not in answer
        assert server.process.stdout
        os.set_blocking(server.process.stdout.fileno(), False)
    assert canary not in server.errors
    assert server.errors == ""
