"""What is sent to be checked is bounded, private, and gone when it should be."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.read_837 import segments
from facetwise.claim import ClaimType
from facetwise.cli.main import cli
from facetwise.web.jobs import Job, Jobs, Options, State
from facetwise.web.problem import BadRequestError
from facetwise.web.results import INPUT, RESULTS, Filters, Results
from tests.conftest import run_async

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "claims" / "facet.837"
AS_OF = date(2026, 11, 24)
_CLAIMS = 600
"""So many that a process is started for them."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything that is sent goes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 1 << 16):
        yield data[at : at + (1 << 16)]


def within(work: Callable[[Jobs], Awaitable[None]], disuse: float = 60.0) -> None:
    """Run the work with jobs that are closed at the end."""

    async def run() -> None:
        jobs = Jobs(disuse)
        try:
            await work(jobs)
        finally:
            await jobs.close()

    run_async(run())


async def ended(job: Job) -> None:
    for _ in range(1200):
        if job.state in (State.DONE, State.FAILED):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(job.state)


async def running(job: Job) -> None:
    while job.state is State.WAITING:
        await asyncio.sleep(0.02)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@cache
def large() -> bytes:
    return "".join(f"{segment}~" for segment in segments(_CLAIMS)).encode()


def workers() -> int:
    found = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            parent = f"PPid:\t{os.getpid()}\n" in (path.parent / "status").read_text()
            found += parent and b"facetwise.web.worker" in path.read_bytes()
    return found


def test_a_process_of_its_own_gives_the_answers_that_the_command_gives(tmp_path: Path) -> None:
    given = tmp_path / "many.837"
    given.write_bytes(large())
    command = ["check", str(given), "--as-of", str(AS_OF), "--format", "ndjson"]
    expected = CliRunner().invoke(cli, command).stdout

    async def work(jobs: Jobs) -> None:
        path = await jobs.spool(pieces(given.read_bytes()))
        read = [piece async for piece in jobs.answers(path, Options(AS_OF, "many.837"))]
        assert b"".join(read).decode() == expected
        assert not path.exists()

    within(work)


def test_only_the_rules_and_the_claim_type_asked_for_are_used() -> None:
    async def work(jobs: Jobs) -> None:
        path = await jobs.spool(pieces(EXAMPLE.read_bytes()))
        options = Options(AS_OF, "a.837", ClaimType.ASC, ("ncci/ptp",))
        told = b"".join([piece async for piece in jobs.answers(path, options)])
        asked = {
            rule
            for line in told.splitlines()
            for claim in [json.loads(line)]
            for rule in (
                *claim["checks"]["pass"],
                *(gap["rule"] for gap in claim["checks"]["not_checked"]),
                *(found["rule"] for found in claim["findings"]),
            )
        }
        assert asked == {"ncci/ptp"}

    within(work)


def test_answers_nobody_reads_any_more_end_the_process_and_leave_nothing(folder: Path) -> None:
    async def work(jobs: Jobs) -> None:
        path = await jobs.spool(pieces(large()))
        answers = jobs.answers(path, Options(AS_OF))
        assert await anext(answers)
        assert workers() == 1
        await answers.aclose()
        assert workers() == 0
        assert [path.name for path in files(folder)] == ["live"]

    within(work)
    assert list(folder.iterdir()) == []


def test_a_large_check_tells_how_far_it_is_and_ends_with_every_claim() -> None:
    async def work(jobs: Jobs) -> None:
        job = await jobs.start(await jobs.spool(pieces(large())), Options(AS_OF, "many.837"))
        assert job.state in (State.WAITING, State.RUNNING)
        await ended(job)
        assert job.state is State.DONE
        assert job.progress.done == job.progress.of // 500 * 500 == 500
        with Results(job.folder / RESULTS, "many.837") as results:
            summary = results.summary()
            assert summary.claims == sum(summary.worst.values()) == _CLAIMS
            assert summary.lines == 5 * _CLAIMS
            assert [results.count(Filters(verdict)) for verdict in summary.worst] == [_CLAIMS]
            assert results.count(Filters(claim="c599")) == 1
            assert [at for at, _ in results.claims(first=500, most=2)] == [501, 502]

    within(work)


def test_a_check_can_be_cancelled_and_nothing_of_it_stays(folder: Path) -> None:
    async def work(jobs: Jobs) -> None:
        job = await jobs.start(await jobs.spool(pieces(large())), Options(AS_OF))
        await running(job)
        await jobs.forget(job.id)
        assert workers() == 0
        assert jobs.get(job.id) is None
        assert [path.name for path in files(folder)] == ["live"]

    within(work)


def test_a_result_is_dropped_when_nobody_looks_at_it(folder: Path) -> None:
    async def work(jobs: Jobs) -> None:
        job = await jobs.start(await jobs.spool(pieces(EXAMPLE.read_bytes())), Options(AS_OF))
        await asyncio.sleep(0.2)
        assert jobs.get(job.id) is job  # which counts as use
        await asyncio.sleep(0.2)
        assert jobs.get(job.id) is job
        await asyncio.sleep(0.6)
        assert jobs.get(job.id) is None
        assert [path.name for path in files(folder)] == ["live"]

    within(work, disuse=0.35)


def test_others_on_the_machine_cannot_read_what_was_sent(folder: Path) -> None:
    async def work(jobs: Jobs) -> None:
        job = await jobs.start(await jobs.spool(pieces(EXAMPLE.read_bytes())), Options(AS_OF))
        (root,) = folder.iterdir()
        assert root.stat().st_mode & 0o777 == 0o700
        assert job.folder.stat().st_mode & 0o777 == 0o700
        assert len(job.id) >= 24

    within(work)


def test_a_check_that_ends_badly_says_where_and_not_with_what(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work(jobs: Jobs) -> None:
        path = await jobs.spool(pieces(large()))
        job = await jobs.start(path, Options(AS_OF))
        path.unlink()
        await ended(job)
        assert job.state is State.FAILED

    within(work)
    told = capfd.readouterr().err
    assert told.startswith("facetwise: internal error, FileNotFoundError in ")
    assert told.count("\n") == 1
    assert str(folder) not in told


def test_too_many_checks_are_refused_until_some_are_done() -> None:
    async def work(jobs: Jobs) -> None:
        for _ in range(16):
            await jobs.start(await jobs.spool(pieces(large())), Options(AS_OF))
        with pytest.raises(BadRequestError) as refused:
            await jobs.spool(pieces(large()))
        assert refused.value.status == 503
        assert workers() <= 4

    within(work)


def test_a_full_disk_is_told_before_it_is_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("facetwise.web.jobs._SPARE", 1 << 60)

    async def work(jobs: Jobs) -> None:
        with pytest.raises(BadRequestError) as refused:
            await jobs.spool(pieces(b"x" * (3 << 20)))
        assert refused.value.status == 507
        assert [path.name for path in files(folder)] == ["live"]

    within(work)


def test_a_broken_upload_leaves_nothing(folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"ISA*"
        raise ConnectionResetError

    async def work(jobs: Jobs) -> None:
        with pytest.raises(ConnectionResetError):
            await jobs.spool(broken())
        assert [path.name for path in files(folder)] == ["live"]

    within(work)


_KILLED = """
import asyncio, os, signal, sys, tempfile
tempfile.tempdir = sys.argv[1]
from datetime import date
from facetwise.web.jobs import Jobs, Options
async def pieces():
    yield b"ISA*00*CANARY" * 100
async def work():
    jobs = Jobs()
    await jobs.spool(pieces())
    print("spooled", flush=True)
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    await asyncio.sleep(60)
asyncio.run(work())
"""


def test_what_a_killed_server_left_is_swept_and_a_living_one_is_left_alone(folder: Path) -> None:
    def started(how: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _KILLED, str(folder), how]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "spooled\n"
        return process

    with started("lives") as living:
        before = set(folder.iterdir())
        with started("killed") as killed:
            assert killed.wait(10) == -signal.SIGKILL
        assert len(set(folder.iterdir()) - before) == 1
        Jobs().sweep()
        assert set(folder.iterdir()) == before
        assert len(files(folder)) == 2
        living.kill()


def test_a_process_that_checks_ends_when_its_server_is_gone(folder: Path) -> None:
    given = folder / INPUT
    given.write_bytes(large())
    command = [sys.executable, "-P", "-m", "facetwise.web.worker"]
    told = {
        "input": str(given), "into": "ndjson", "as_of": str(AS_OF), "name": "a", "claim_type": None,
        "only": [],
    }  # fmt: skip
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(told).encode() + b"\n")
    process.stdin.flush()
    process.stdout.read(1)  # it has begun, and will wait for a reader
    process.stdin.close()
    begun = time.monotonic()
    assert process.wait(10) == 3
    assert time.monotonic() - begun < 5
    process.stdout.close()
