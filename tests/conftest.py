"""Fixtures that every part of the tests shares."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from facetwise.tables.store import Store, shipped

ROOT = Path(__file__).parent.parent
os.environ["FACETWISE_DATA"] = str(Path(tempfile.gettempdir()) / "facetwise-tests-without-files")
SHARED = ROOT.parent / "shared"

CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""Nothing but the page under test speaks to anyone."""

Run = Callable[..., subprocess.CompletedProcess[str]]


def need(path: Path, what: str) -> Path:
    """The path; skips where it is absent, and fails instead where CI promises it."""
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must have {what}: {path}")
        pytest.skip(f"{what} is not on this machine")
    return path


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of official files; tests that use it skip where it is absent."""
    return need(SHARED / "data", "the shared data")


@pytest.fixture(scope="session")
def store() -> Store:
    """The shipped tables."""
    return shipped()


@pytest.fixture(scope="session")
def facetwise() -> Run:
    """Run the command line in a process of its own, as a user would."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "facetwise", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False, **options
        )  # type: ignore[call-overload]

    return run


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium; skips where it is absent, and fails instead where CI promises it."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium")
        pytest.skip("Chromium is not on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=list(CHROMIUM))
        yield opened
        opened.close()


def run_async(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end in a thread of its own: the browser keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def axe_finds(page: Any) -> list[tuple[str, str]]:
    """What axe finds on a page: the rule and the start of the first element."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:150]) for v in found]
