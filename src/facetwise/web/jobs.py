"""Checks of what was sent: spooled to a private folder, checked in a process of its own.

A job is a folder with what was sent and, when it is done, the answers beside it. Nothing of it
outlives the server: it is dropped when the user says so, after a time of disuse, and at the end;
what a killed server left is swept when the next one starts.

    path = await jobs.spool(request.stream())
    async for piece in jobs.answers(path, Options(as_of)):   # the file is gone at the end
        ...
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import ExitStack
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from facetwise.claim import ClaimType
from facetwise.tables.folder import is_live, workshop
from facetwise.web.held import held
from facetwise.web.problem import BadRequestError, FaultAt
from facetwise.web.results import INPUT, RESULTS, Given, Progress, check_into

DISUSE = 30 * 60.0
"""Seconds after which a result that nobody looks at is dropped."""
_AT_ONCE = max(2, min(4, (os.cpu_count() or 2) // 2))
"""Processes; two at least, so that a long check does not hold up a short one."""
_MOST_KEPT = 40
_MOST_UNFINISHED = 16
_AT_ONCE_IN_LOOP = 1 << 16
"""Bytes; what is smaller is answered sooner than a process can be started."""
_WRITE = 1 << 20
_PIECE = 1 << 16
_SPARE = 256 << 20
"""Bytes of the disk that are left to others."""
_PREFIX = "facetwise-check-"
_YOUNG = 60.0
_TO_LOCK = 0.05
"""Seconds that another server may need to lock the folder it has just made."""


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Options(NamedTuple):
    """How to check.

    Attributes:
        as_of: the day of the check.
        name: what places call the file; never used as a path.
        claim_type: what the claims are, whatever the file says.
        only: ids of the rules to ask; all when empty.
    """

    as_of: date
    name: str = "input"
    claim_type: ClaimType | None = None
    only: tuple[str, ...] = ()


class Job:
    """One check and where it stands."""

    def __init__(self, folder: Path, options: Options, size: int) -> None:
        self.id = folder.name
        self.folder = folder
        self.options = options
        self.size = size
        self.state = State.WAITING
        self.progress = Progress()
        self.work: asyncio.Task[None] | None = None
        self.drop: asyncio.TimerHandle | None = None


class Jobs:
    """Every job of one server."""

    def __init__(self, disuse: float = DISUSE) -> None:
        self._disuse = disuse
        self._kept: dict[str, Job] = {}
        self._open = ExitStack()
        self._root: Path | None = None
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._forgetting: asyncio.Future[None] | None = None  # held, or it might be dropped

    def sweep(self) -> None:
        """Remove the folders that killed servers of this user left."""
        for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                state = place.lstat()
                if hasattr(os, "getuid") and state.st_uid != os.getuid():
                    continue
                if time.time() - state.st_mtime < _YOUNG:
                    time.sleep(_TO_LOCK)
                if not is_live(place):
                    shutil.rmtree(place, ignore_errors=True)

    async def close(self) -> None:
        """Stop all work and remove everything."""
        for job in list(self._kept.values()):
            await self.forget(job.id)
        self._open.close()
        self._root = None

    async def spool(self, stream: AsyncIterable[bytes]) -> Path:
        """Write what is sent to a file that only this user can read.

        Raises:
            BadRequestError: there is no room for it, or too much waits already (507, 503).
        """
        unfinished = sum(job.state in (State.WAITING, State.RUNNING) for job in self._kept.values())
        if unfinished >= _MOST_UNFINISHED:
            raise _refused(503, "Too many checks are waiting.", "Send it again in a while.")
        folder = self._new_folder()
        try:
            with (folder / INPUT).open("wb") as file:
                held_back = bytearray()
                async for piece in stream:
                    held_back += piece
                    if len(held_back) >= _WRITE:
                        self._make_room(folder)
                        await asyncio.to_thread(file.write, bytes(held_back))
                        held_back.clear()
                file.write(held_back)
        except BaseException:
            await self.discard(folder / INPUT)
            raise
        return folder / INPUT

    async def discard(self, path: Path) -> None:
        """Remove what was spooled."""
        await asyncio.to_thread(shutil.rmtree, path.parent, True)

    async def start(self, path: Path, options: Options) -> Job:
        """Check a spooled file; a small one is done when this returns."""
        job = Job(path.parent, options, path.stat().st_size)
        while len(self._kept) >= _MOST_KEPT:
            finished = (j.id for j in self._kept.values() if j.state in (State.DONE, State.FAILED))
            await self.forget(next(finished, next(iter(self._kept))))
        self._kept[job.id] = job
        self._used(job)
        if job.size > _AT_ONCE_IN_LOOP or options.only:
            job.work = asyncio.create_task(self._run(job))
            return job
        try:
            given = Given(path, options.name, options.claim_type)
            check_into(job.folder / RESULTS, given, held().checker(options.as_of))
        except BaseException:
            await self.forget(job.id)
            raise
        job.state = State.DONE
        self._used(job)
        return job

    def get(self, job_id: str) -> Job | None:
        """A job that is still kept; asking for it counts as use."""
        job = self._kept.get(job_id)
        if job:
            self._used(job)
        return job

    async def forget(self, job_id: str) -> None:
        """Stop a job and remove all of it."""
        job = self._kept.pop(job_id, None)
        if job is None:
            return
        if job.drop:
            job.drop.cancel()
        if job.work:
            job.work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job.work
        await asyncio.to_thread(shutil.rmtree, job.folder, True)

    async def answers(self, path: Path, options: Options) -> AsyncGenerator[bytes]:
        """The answers about a spooled file as NDJSON, in pieces that need not end with a line.

        They are the lines of `facetwise check --format ndjson`. The process waits while nobody
        reads them, ends when this is closed, and the file is removed either way.

        Raises:
            WorkerEndedError: the process ended before all was answered.
        """
        try:
            async with self._turn, _Worker(path, options, "ndjson") as worker:
                while piece := await worker.read():
                    yield piece
                await worker.finished()
        finally:
            await self.discard(path)

    async def _run(self, job: Job) -> None:
        try:
            async with self._turn:
                job.state = State.RUNNING
                path = job.folder / INPUT
                async with _Worker(path, job.options, "results") as worker:
                    while line := await worker.line():
                        job.progress = Progress(*json.loads(line))
                    await worker.finished()
                job.state = State.DONE
        except (WorkerEndedError, OSError):
            job.state = State.FAILED

    def _used(self, job: Job) -> None:
        if job.drop:
            job.drop.cancel()
        loop = asyncio.get_running_loop()
        job.drop = loop.call_later(self._disuse, self._disused, job.id)

    def _disused(self, job_id: str) -> None:
        job = self._kept[job_id]
        if job.state in (State.WAITING, State.RUNNING):
            self._used(job)
            return
        self._forgetting = asyncio.ensure_future(self.forget(job_id))

    def _new_folder(self) -> Path:
        if self._root is None:
            place = workshop(Path(tempfile.gettempdir()), _PREFIX)
            self._root = self._open.enter_context(place)
        folder = self._root / secrets.token_urlsafe(18)
        folder.mkdir(mode=0o700)
        return folder

    def _make_room(self, folder: Path) -> None:
        if shutil.disk_usage(folder).free < _SPARE:
            raise _refused(507, "The disk of this machine is almost full.", "Free some of it.")


class WorkerEndedError(Exception):
    """The process that checks ended before its work was done."""


class _Worker:
    """`with` block around a process that checks one file; it ends with the block."""

    def __init__(self, path: Path, options: Options, into: str) -> None:
        self._path = path
        self._told = {
            "input": str(path),
            "into": into,
            "as_of": options.as_of.isoformat(),
            "name": options.name,
            "claim_type": options.claim_type,
            "only": options.only,
        }

    async def __aenter__(self) -> "_Worker":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "facetwise.web.worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_PIECE,
            env={**os.environ, "TMPDIR": str(self._path.parent)},
        )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._out = self._process.stdout
        self._process.stdin.write(json.dumps(self._told).encode() + b"\n")
        return self  # its input stays open: when it closes, this server is gone

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()

    async def read(self) -> bytes:
        """Some of what it writes; nothing at the end."""
        return await self._out.read(_PIECE)

    async def line(self) -> bytes:
        """The next line; nothing at the end."""
        return await self._out.readline()

    async def finished(self) -> None:
        """Wait for its end.

        Raises:
            WorkerEndedError: it did not end well.
        """
        if await self._process.wait():
            raise WorkerEndedError


def _refused(status: int, title: str, todo: str) -> BadRequestError:
    return BadRequestError(status, title, [FaultAt("", title, todo)])
