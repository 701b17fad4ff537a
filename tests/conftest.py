"""Fixtures that every part of the tests shares."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from facetwise.tables.store import Store, shipped

ROOT = Path(__file__).parent.parent
os.environ["FACETWISE_DATA"] = str(Path(tempfile.gettempdir()) / "facetwise-tests-without-files")
SHARED = ROOT.parent / "shared"

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
