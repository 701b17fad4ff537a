"""The Data screen: what a practice sees of its tables, and what a file dropped there can do."""

import contextlib
import io
import json
import os
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from facetwise.web.app import make_app
from facetwise.web.data_command import safe_name
from facetwise.web.settings import Settings
from tests.tables.test_add import made_mue, made_ptp
from tests.web.conftest import LOOKS, serving, sound

MUE = "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"
"""The name tells the edition; the rows are synthetic."""
EDITION = "MUE-PRAC-2026Q4"
FRAGMENT = {"x-fragment": "1", "accept": "text/html"}

Sent = Callable[..., Any]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("FACETWISE_DATA", str(folder))
    return folder


@pytest.fixture
def asked(own: Path) -> Iterator[TestClient]:
    with TestClient(make_app(Settings()), base_url="http://127.0.0.1:8494") as client:
        yield client


def files(*named: tuple[str, str | bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [
        ("files", (name, text if isinstance(text, bytes) else text.encode()))
        for name, text in named
    ]


def entries(folder: Path) -> list[dict[str, Any]]:
    index = folder / "index.json"
    return json.loads(index.read_text("utf-8"))["files"] if index.exists() else []


def left_over(folder: Path) -> set[str]:
    """What a failed import left besides the lock and the index."""
    if not folder.exists():
        return set()
    return {p.name for p in folder.iterdir()} - {"lock", "index.json"}


def test_every_table_names_its_editions_age_and_the_file_that_is_missing(
    client: TestClient,
) -> None:
    page = client.get("/data?date=2026-11-24").text
    for words in (
        "RVU26C",
        "carried",
        "PPRRVU2026_Oct",
        "Its window ended 55 days ago",
        "Superseded by",
    ):
        assert words in page
    for words in ("L38773", "Medicare", "HCPCS level II codes and modifiers", "not held"):
        assert words in page


def test_a_date_that_is_none_is_said_to_be_none(client: TestClient) -> None:
    answer = client.get("/data?date=2026-02-30", headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert "Write a real day" in answer.text


def test_a_file_added_is_answered_from_at_the_next_request_until_it_is_removed(
    asked: TestClient, own: Path
) -> None:
    told = asked.post("/data/add", files=files((MUE, made_mue({"64493": "7"}))))
    assert told.status_code == 200
    assert f"{MUE}: added: {EDITION} (10,001 rows)" in told.text
    assert ">yours</b>" in told.text
    assert EDITION in asked.get("/codes/64493?date=2026-11-24").text
    (entry,) = entries(own)
    question = asked.get("/data/remove", params={"file": entry["sha256"]}).text
    assert f"Remove {MUE}?" in question
    assert len(entries(own)) == 1
    told = asked.post("/data/verify").text
    assert f"{MUE}: as added" in told
    told = asked.post("/data/remove", data={"file": entry["sha256"]}).text
    assert f"{MUE}: removed" in told
    assert entries(own) == []
    assert ">yours</b>" not in asked.get("/data").text


def test_several_files_are_told_line_by_line_with_what_the_user_says_of_them(
    asked: TestClient, own: Path
) -> None:
    sent = files(("download.csv", made_mue()), ("download.csv", made_mue({"64493": "3"})))
    asked_for = {"edition": "2025Q2", "setting": "practitioner"}
    lines = asked.post("/data/add", files=sent[:1], data=asked_for, headers=FRAGMENT).text
    assert '<li class="line">download.csv: added: MUE-PRAC-2025Q2 (10,001 rows)</li>' in lines
    assert lines.rstrip().endswith("</li>")
    assert 'class="done"' in lines
    assert [one["name"] for one in entries(own)] == ["download.csv"]


def test_an_edition_nobody_can_read_is_named_as_the_command_names_it(asked: TestClient) -> None:
    sent = files(("download.csv", made_mue()))
    lines = asked.post("/data/add", files=sent, data={"edition": "<b>"}, headers=FRAGMENT).text
    assert "is not an edition. Write it as 2026Q3" in lines
    assert "<b>" not in lines


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("claims.csv", "claim_id,patient\n1,CANARY PATIENT\n", "no official file of a kind"),
        ("RVU26D.zip", "<!doctype html><title>Sign in</title>", "this is a web page"),
        ("RVU26D.zip", b"PK\x03\x04 cut short", "the archive is damaged or cut short"),
        (MUE, made_mue().replace("64493,1", "64493,none"), "64493"),
        (MUE, made_mue()[:3000], MUE),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_the_words_of_the_command_and_leaves_nothing(
    asked: TestClient, own: Path, capfd: pytest.CaptureFixture[str], name: str,
    content: str | bytes, says: str,
) -> None:  # fmt: skip
    answer = asked.post("/data/add", files=files((name, content)), headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'class="failed"' in answer.text
    assert "Traceback" not in answer.text
    assert entries(own) == []
    assert left_over(own) == set()
    out, errors = capfd.readouterr()
    assert (out, errors) == ("", "")


def test_one_wrong_file_among_several_leaves_all_of_them_out(asked: TestClient, own: Path) -> None:
    sent = files((MUE, made_mue()), ("other.csv", "nothing\n"))
    assert asked.post("/data/add", files=sent).status_code == 422
    assert entries(own) == []
    assert left_over(own) == set()


def test_a_zip_bomb_is_stopped_before_it_fills_the_disk(asked: TestClient, own: Path) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("PPRRVU2026_Oct.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(120):
            member.write(b"0" * (1 << 20))
    answer = asked.post("/data/add", files=files(("RVU26D.zip", packed.getvalue())))
    assert answer.status_code == 422
    assert "no official file does" in answer.text
    assert left_over(own) == set()


def test_a_name_that_leads_elsewhere_keeps_its_last_part_only(
    asked: TestClient, own: Path, tmp_path: Path
) -> None:
    told = asked.post("/data/add", files=files((f"../../../{MUE}", made_mue()))).text
    assert f"<b>{MUE}</b>" in told
    assert [path.name for path in tmp_path.rglob("MCR*")] == []
    assert entries(own)[0]["name"] == MUE


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\RVU26C.zip", "RVU26C.zip"),
        ("/etc/..", "file"), (".hidden", "hidden"), ("-rf", "-rf"), ("", "file"),
        ("a\0b\n<script>.csv", "a_b__script_.csv"), (f"{'a' * 300}.csv", f"{'a' * 116}.csv"),
        ("ccipra-v323r0-f1.TXT", "ccipra-v323r0-f1.TXT"),
        ("October 2026 (1).zip", "October 2026 (1).zip"),
    ],
)  # fmt: skip
def test_the_name_of_an_upload_becomes_a_plain_one(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_an_upload_of_nothing_is_asked_for_again(asked: TestClient) -> None:
    for sent in ({"files": ("", b"")}, None):
        answer = asked.post("/data/add", files=sent, data={"edition": ""})
        assert answer.status_code == 422
        assert answer.json()["faults"][0]["todo"] == "Choose one or more official files."
    many = [("files", (f"{at}.csv", b"x")) for at in range(70)]
    assert asked.post("/data/add", files=many).status_code == 400


@pytest.mark.parametrize("path", ["/data/add", "/data/remove", "/data/verify"])
@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_another_site_can_neither_add_nor_remove(
    asked: TestClient, own: Path, path: str, headers: dict[str, str]
) -> None:
    answer = asked.post(path, files=files((MUE, made_mue())), headers=headers)
    assert answer.status_code == 403
    assert entries(own) == []


def test_removing_what_is_not_there_is_said_and_changes_nothing(asked: TestClient) -> None:
    for name in ("", "x" * 64, "-h", "../index.json"):
        assert asked.post("/data/remove", data={"file": name}).status_code == 404


@pytest.mark.skipif(sys.platform != "linux", reason="it finds the import in /proc")
def test_a_server_killed_during_an_import_leaves_what_was_held(tmp_path: Path) -> None:
    server = serving(tmp_path)
    with server as address:
        httpx.post(f"{address}/data/add", files=files((MUE, made_mue())), timeout=30)
        before = (tmp_path / "index.json").read_bytes()
        pairs = files(("ccipra-v323r0-f1.TXT", made_ptp("B", 150_000)))
        sender = Thread(target=_send, args=(f"{address}/data/add", pairs))
        sender.start()
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob("import-*/*.sqlite")):
            assert time.monotonic() < deadline, "the import never began to write"
            time.sleep(0.005)
        pid = server.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        server.process.kill()
        sender.join(20)
    assert (tmp_path / "index.json").read_bytes() == before
    with serving(tmp_path) as address:
        assert EDITION in httpx.get(f"{address}/data", timeout=30).text
        added = files((MUE.replace("10-01-2026", "10-01-2025"), made_mue({"64493": "3"})))
        assert "added" in httpx.post(f"{address}/data/add", files=added, timeout=30).text
    assert left_over(tmp_path) == {e["database"] for e in entries(tmp_path)}


def _send(address: str, sent: list[Any]) -> None:
    with contextlib.suppress(httpx.TransportError):
        httpx.post(address, files=sent, timeout=60)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_file_is_added_seen_and_removed_in_the_browser(
    opened: Sent, tmp_path: Path, size: str, scheme: str
) -> None:
    quarter = f"{LOOKS.index((size, scheme)) * 3 + 1:02d}"
    name = f"MCR_MUE_PractitionerServices_Eff_{quarter}-01-2025.csv"
    (tmp_path / name).write_text(made_mue(), "utf-8")
    (tmp_path / "notes.csv").write_text("nothing of ours\n", "utf-8")
    page = opened("/data", size, scheme)
    page.set_input_files("#files", tmp_path / "notes.csv")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector(".said .failed")
    page.set_input_files("#files", tmp_path / name)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector(".said .done")
    page.locator(".own li", has_text=name).first.wait_for()
    page.locator("#tables summary").nth(6).click()
    sound(page)
    page.get_by_role("link", name=f"Remove {name}").click()
    sound(page)
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text(f"{name}: removed").wait_for()
    assert page.locator(".own li", has_text=name).count() == 0


def test_files_are_dropped_and_the_form_works_by_keyboard(opened: Sent, tmp_path: Path) -> None:
    page = opened("/data")
    page.evaluate(
        """(text) => {
          const held = new DataTransfer();
          held.items.add(new File([text], "MCR_MUE_PractitionerServices_Eff_01-01-2023.csv"));
          document.getElementById("drop").dispatchEvent(
            new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        made_mue(),
    )
    page.wait_for_selector(".said .done")
    page.locator(".own .button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/remove**")
    page.get_by_role("button", name="Remove it").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".said .done")
