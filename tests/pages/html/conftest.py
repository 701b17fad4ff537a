"""A site built once for all tests of pages, and a browser where there is one."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from facetwise.pages.site import Site, build_site, checkout
from facetwise.tables.store import Store

DAY = date(2026, 11, 1)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def built(store: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    """The whole site, in memory and as files."""
    folder = tmp_path_factory.mktemp("site") / "site"
    site = build_site(store, folder, DAY, source=checkout(), base_url="https://example.org/fw/")
    return site, folder


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Headless Chromium; skips where it is absent, and fails instead where CI promises it."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium")
        pytest.skip("Chromium is not on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=list(FLAGS))
        yield opened
        opened.close()
