"""A server of the workbench in this process, a real one on loopback, and pages looked at in it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from facetwise.web.app import make_app
from facetwise.web.settings import Settings
from tests.conftest import axe_finds

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
"""Each screen's main task is done in all of them."""

Opened = Callable[..., Any]


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """Asks the server without a network."""
    with TestClient(make_app(Settings()), base_url="http://127.0.0.1:8494") as asked:
        yield asked


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `facetwise serve` in a process of its own, as users run it."""
    data = tmp_path_factory.mktemp("data")
    with serving(data) as address:
        yield address


class serving:  # noqa: N801 (read as a verb)
    """`with serving(FOLDER, "--port", "0") as address`: a server that ends with the block."""

    def __init__(self, data: Path, *options: str) -> None:
        self._data = data
        self._options = options

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "facetwise", "serve", "--port", "0", *self._options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "FACETWISE_DATA": str(self._data), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stdout
        line = self.process.stdout.readline()
        if " at http://" not in line:
            self.process.kill()
            raise AssertionError(f"no server: {line} {self.process.communicate()[1]}")
        return line.split(" at ")[1].split(" ")[0].rstrip("/")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        _, self.errors = self.process.communicate(timeout=20)


@pytest.fixture
def opened(browser: Any, served: str) -> Iterator[Opened]:
    """Open a path of the served workbench in one of LOOKS.

    When the test ends, the console must have been clean and no request may have left this machine.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_page(path: str, size: str = "desktop", scheme: str = "light", **more: Any) -> Any:
        context = browser.new_context(
            viewport=SIZES[size], color_scheme=scheme, accept_downloads=True, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("request", lambda r: None if _is_ours(r.url, served) else wrong.append(r.url))
        page.goto(served + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def _is_ours(url: str, served: str) -> bool:
    return url.startswith((served, "data:", "blob:", "about:"))


def sound(page: Any) -> None:
    """Nothing that axe finds, and nothing wider than the window."""
    assert axe_finds(page) == []
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, f"{over} px too wide"
