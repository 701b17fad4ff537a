"""A site built once for all tests of pages, and a browser where there is one."""

from datetime import date
from pathlib import Path

import pytest

from facetwise.pages.site import Site, build_site, checkout
from facetwise.tables.store import Store

DAY = date(2026, 11, 1)


@pytest.fixture(scope="session")
def built(store: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    """The whole site, in memory and as files."""
    folder = tmp_path_factory.mktemp("site") / "site"
    site = build_site(store, folder, DAY, source=checkout(), base_url="https://example.org/fw/")
    return site, folder
