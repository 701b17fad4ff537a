"""`facetwise tables` run for the Data screen, in a process of its own: its checks, its words.

A file is imported by the command itself, so that an import that is killed, or a server that is,
leaves what was held before. Its words are passed on line by line.
"""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from facetwise.tables.folder import data_folder, workshop

_LONGEST_NAME = 120
_KEPT = re.compile(r"[^A-Za-z0-9._() +-]")
_REFUSED = 2
"""Exit code of the command when it did not understand or accept something."""
_BROKEN = "Something went wrong here that should not; nothing was changed."
_ONE_AT_A_TIME = asyncio.Lock()


class Told(NamedTuple):
    """A line of the command, or its end.

    Attributes:
        kind: `line`, `remark` (about the line before), `done` or `failed`.
    """

    kind: str
    text: str


def safe_name(given: str) -> str:
    """The name of an uploaded file, fit to be a file of ours: its last part, plain characters.

    The name matters: CMS writes edition and setting into it.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    name = _KEPT.sub("_", last).lstrip(". ").strip()
    stem, dot, suffix = name.rpartition(".")
    if len(name) > _LONGEST_NAME:
        name = f"{stem[: _LONGEST_NAME - len(suffix) - 1]}{dot}{suffix}"[:_LONGEST_NAME]
    return name or "file"


async def add(form: FormData, options: Sequence[str]) -> AsyncIterator[Told]:
    """Add the files of a form, all of them or none; the form is closed at the end.

    Args:
        options: of the command, such as `--edition=2026Q3`.
    """
    with contextlib.ExitStack() as stack:
        try:
            place = stack.enter_context(workshop(data_folder()))
            paths = [
                await _put(upload, place) for _, upload in form.multi_items()
                if isinstance(upload, UploadFile) and upload.filename
            ]  # fmt: skip
        except OSError as error:
            why = error.strerror or "unknown reason"
            yield Told("failed", f"The upload cannot be stored ({why}); nothing was added.")
            return
        finally:
            await form.close()
        async for told in run("add", *options, "--", *map(str, paths)):
            yield told


async def _put(upload: UploadFile, place: Path) -> Path:
    """One file under its own name; a second of the same name in a folder of its own."""
    name = safe_name(upload.filename or "")
    folder = place / "given"
    while (folder / name).exists():
        folder = folder.with_name(f"{folder.name}-again")
    folder.mkdir(exist_ok=True)
    path = folder / name
    await run_in_threadpool(_copy, upload, path)
    return path


def _copy(upload: UploadFile, path: Path) -> None:
    with path.open("xb") as file:
        while chunk := upload.file.read(1 << 20):
            file.write(chunk)


async def run(*arguments: str) -> AsyncIterator[Told]:
    """The lines of `facetwise tables ...` as they come, and how it ended.

    A caller that stops listening ends the command.
    """
    command = (sys.executable, "-m", "facetwise", "tables", *arguments)
    async with _ONE_AT_A_TIME:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        try:
            assert process.stdout
            assert process.stderr
            errors = asyncio.create_task(process.stderr.read())
            async for raw in process.stdout:
                line = raw.decode("utf-8", "replace").rstrip()
                yield Told("remark" if line.startswith("  ") else "line", line.strip())
            code = await process.wait()
            yield _end(code, (await errors).decode("utf-8", "replace"))
        finally:
            if process.returncode is None:
                process.kill()


def _end(code: int, errors: str) -> Told:
    """Exit codes 0 and 1 are answers; what a defect says is not shown, it might hold a record."""
    if code in (0, 1):
        return Told("done", "")
    said = [line for line in errors.splitlines() if line.startswith("facetwise: ")]
    if code == _REFUSED and said:
        return Told("failed", said[-1].removeprefix("facetwise: "))
    return Told("failed", _BROKEN)
