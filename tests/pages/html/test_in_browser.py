"""Pages in headless Chromium, opened from files with no network: quiet, accessible, in bounds."""

from pathlib import Path
from typing import Any

import pytest

from facetwise.pages.site import Site
from tests.conftest import axe_finds

Built = tuple[Site, Path]
PAGES = ("code/64494.html", "index.html", "rules/ncci/ptp.html", "by-payer.html",
         "policies/L38801.html", "docs/formats.html", "search.html?q=64494")  # fmt: skip
_PHONE = 390
_TALLEST = 20_500
"""Pixels of a code's page on a phone before anything is unfolded: 24 screens."""
VIEWS = [
    pytest.param("light", 1280, PAGES, id="light-desktop"),
    pytest.param("dark", 390, PAGES, id="dark-phone"),
    pytest.param("light", 390, PAGES[:1], id="light-phone"),
    pytest.param("dark", 1280, PAGES[:1], id="dark-desktop"),
]


@pytest.mark.parametrize(("scheme", "width", "names"), VIEWS)
def test_a_page_is_quiet_accessible_and_fits(
    built: Built, browser: Any, scheme: str, width: int, names: tuple[str, ...]
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    for name in names:
        said: list[str] = []
        asked: list[str] = []
        page = context.new_page()
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{built[1].as_uri()}/{name}")
        assert said == [], name
        assert all(address.startswith("file:") for address in asked), name
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name} is {over} px too wide"
        if width == _PHONE and name.startswith("code/"):
            tall = page.evaluate("document.documentElement.scrollHeight")
            assert tall < _TALLEST, f"{name} is {tall} px tall"
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name}, unfolded, is {over} px too wide"
        assert axe_finds(page) == [], name
        page.close()
    context.close()


def test_the_search_finds_a_code_without_a_server(built: Built, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{(built[1] / 'index.html').as_uri()}")
    page.fill("#q", "64494")
    page.press("#q", "Enter")
    page.wait_for_selector("#results li")
    first = page.locator("#results a").first
    assert first.inner_text() == "64494"
    first.click()
    assert page.url.endswith("code/64494.html")
    page.close()


def test_a_source_is_told_on_focus_and_the_contents_stand_open(built: Built, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((built[1] / "code" / "64494.html").as_uri())
    assert page.locator(".contents ol a").first.is_visible()
    page.locator(".lines .by a").first.focus()
    tip = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
    assert "Facetwise" in tip or "window" in tip or ";" in tip
    page.close()


def test_a_source_folded_up_opens_when_a_mark_leads_to_it(built: Built, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((built[1] / "code" / "64494.html").as_uri())
    assert not page.locator(".sources").is_visible()
    page.locator(".lines .by a").first.click()
    page.wait_for_function("document.querySelector('.list').open")
    page.close()


def test_what_is_folded_up_is_open_on_paper(built: Built, browser: Any) -> None:
    page = browser.new_page()
    page.goto((built[1] / "code" / "64494.html").as_uri())
    height = "document.querySelector('#modifiers table').getBoundingClientRect().height"
    assert page.evaluate(height) == 0 or not page.locator("#modifiers table").is_visible()
    page.emulate_media(media="print")
    assert page.evaluate(height) > 100
    assert not page.locator("#modifiers summary").is_visible()
    page.close()


def test_a_page_prints(built: Built, browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto((built[1] / "code" / "64494.html").as_uri())
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator(".contents").is_visible()
    mark = page.evaluate(
        "getComputedStyle(document.querySelector('.lines .by a'), '::before').content"
    )
    assert mark == '"["'
    page.close()
