"""The Codes screen: finding a code as people ask for it, its page on any date, what differs."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from facetwise.tables.store import Store
from facetwise.web.codes_compare import compare_pages
from facetwise.web.codes_level import levels_of
from facetwise.web.codes_page import families, page_of
from facetwise.web.codes_search import search
from facetwise.web.frame import today
from tests.web.conftest import LOOKS, sound

DAY = date(2026, 11, 24)
HTML = {"accept": "text/html"}
FRAGMENT = {"x-fragment": "1"}
Opened = Callable[..., Any]

# What is asked, and the codes that must come first in any order. Source: the table of the code
# family, rows name, region, level_role and guidance_included; fact base, section 1.
ASKED = [
    ("64494", {"64494"}),
    ("0217t", {"0217T"}),
    ("second lumbar level ultrasound", {"0217T"}),
    ("rfa third joint", {"64634", "64636"}),
    ("rfa third joint lumbar", {"64636"}),
    ("lumbar rhizotomy first joint", {"64635"}),
    ("cervical mbb first level", {"64490", "0213T"}),
    ("mbb third level neck fluoro", {"64492"}),
    ("lumbar facet injection add-on fluoroscopy", {"64494", "64495"}),
    ("facet block 2nd level thoracic us", {"0214T"}),
    ("tfesi lumbar", {"64483", "64484"}),
    ("si joint injection", {"27096", "G0260"}),
    ("basivertebral", {"64628", "64629"}),
    ("trigger point", {"20552", "20553"}),
    ("triamcinolone", {"J3301"}),
    ("kenalog triamcinolone", {"J3301"}),
    ("fluoroscopy spine needle", {"77002", "77003"}),
    ("moderate sedation 5 or older", {"99152", "99156"}),
]  # fmt: skip


def found(store: Store, words: str) -> list[str]:
    return [hit.title for hit in search(store, families(store, DAY), words, DAY).hits]


@pytest.mark.parametrize(("words", "first"), ASKED)
def test_the_code_asked_for_comes_first(store: Store, words: str, first: set[str]) -> None:
    assert set(found(store, words)[: len(first)]) == first


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("modifier 50", "Modifier 50"), ("KX modifier", "Modifier KX"), ("M47.816", "M47.816"),
        ("M47816", "M47.816"), ("CARC 107", "CARC 107"), ("N122", "RARC N122"),
        ("place of service 24", "Place of service 24"),
        ("add-on without primary", "ncci/add-on-without-primary"),
    ],
)  # fmt: skip
def test_what_is_no_code_is_found_too_with_its_source(store: Store, words: str, title: str) -> None:
    hit = search(store, families(store, DAY), words, DAY).hits[0]
    assert hit.title == title
    assert hit.note
    assert hit.source or hit.kind == "rule"


def test_nothing_is_found_for_nothing_and_near_misses_are_called_nearest(store: Store) -> None:
    listing = families(store, DAY)
    assert search(store, listing, "of the", DAY).hits == ()
    assert search(store, listing, "zzzz", DAY).hits == ()
    near = search(store, listing, "lumbar facet unicorn", DAY)
    assert near.hits
    assert not near.whole


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(max_size=120))
def test_any_text_can_be_searched_for_and_stays_text(client: TestClient, words: str) -> None:
    answer = client.get("/codes", params={"q": words}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<script" not in answer.text


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("T12-L1", {"64490", "0213T", "64633"}),
        ("L4-5 RFA under fluoro", {"64635"}),
        ("L5-S1", {"64493", "0216T", "64635"}),
        ("C7-T1 mbb ultrasound", {"0213T"}),
        ("L3-4, L4-5 MBB fluoroscopy", {"64493", "64494"}),
    ],
)
def test_a_level_leads_to_its_codes_with_the_steps_that_say_so(
    store: Store, words: str, codes: set[str]
) -> None:
    told = levels_of(store, words, DAY)
    assert told is not None
    assert {code for row in told.rows for code in row.codes} == codes
    assert all(row.citations for row in told.rows if row.codes)


def test_an_open_level_is_asked_about_and_an_impossible_one_refused(
    store: Store, client: TestClient
) -> None:
    told = levels_of(store, "L4-S1", DAY)
    assert told is not None
    assert told.questions
    assert told.rows == ()
    page = client.get("/codes", params={"q": "L9-10"}).text
    assert "Levels run from" in page
    assert levels_of(store, "ultrasound", DAY) is None


def test_a_number_alone_leads_to_its_page(client: TestClient) -> None:
    answer = client.get(
        "/codes", params={"q": " 64494 ", "date": "2025-01-02"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/codes/64494?date=2025-01-02")


def test_hostile_words_are_shown_as_words(client: TestClient) -> None:
    evil = '"><script>alert(1)</script>'
    for path in ("/codes", "/codes/compare"):
        page = client.get(path, params={"q": evil, "code": evil[:20], "other": evil[:20]}).text
        assert "<script>alert" not in page
        assert 'value=""><' not in page
    assert (
        "<script"
        not in client.get(f"/codes/{evil[:12]}", headers=FRAGMENT).text.partition("<body>")[2]
    )


def test_a_page_keeps_its_date_in_every_link_and_every_link_leads_somewhere(
    client: TestClient,
) -> None:
    page = client.get("/codes/64494?date=2026-08-03").text
    targets = set(re.findall(r'href="((?:/|64|0)[^"#]*)', page.partition("</header>")[2]))
    assert "/codes/64494/labels.css?date=2026-08-03" in page
    assert any(target.endswith("64493?date=2026-08-03") for target in targets)
    codes = sorted(target for target in targets if not target.startswith("/"))
    for target in (*(targets - set(codes)), *codes[::12]):
        path = target if target.startswith("/") else f"/codes/{target}"
        assert client.get(path, headers=HTML).status_code == 200, target
    assert "<svg" in page


def test_the_stylesheet_of_a_page_says_the_same_date_and_can_end_nothing(
    client: TestClient,
) -> None:
    sheet = client.get("/codes/64494/labels.css?date=2026-08-03")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "RVU26C" in sheet.text
    assert "<" not in sheet.text


def test_far_from_every_window_a_page_says_that_it_was_not_checked(client: TestClient) -> None:
    page = client.get("/codes/64493?date=1999-01-01").text
    assert "<b>not checked:</b>" in page
    assert "not available" in page
    assert "$" not in page.partition('class="hero"')[2].partition("<section")[0]


def test_a_date_that_is_none_is_told_on_the_page(client: TestClient) -> None:
    for wrong in ("2026-02-30", "yesterday", "20260101", "2026-1-1"):
        answer = client.get(f"/codes/64493?date={wrong}", headers=HTML)
        assert answer.status_code == 422
        assert "Write a real day as YYYY-MM-DD." in answer.text
        assert 'class="code">64493' in answer.text
    assert client.get("/codes?date=soon", headers=HTML).status_code == 422


def test_a_code_that_no_table_knows_is_not_called_invalid(client: TestClient) -> None:
    answer = client.get("/codes/64439", headers=HTML)
    assert answer.status_code == 404
    assert "That does not mean that the code does not exist." in answer.text
    assert 'href="/codes/64493"' in answer.text
    assert "The PPRRVU file of its quarter would answer." in answer.text
    assert client.get("/codes/compare?code=64439", headers=HTML).status_code == 404


def test_two_dates_show_what_changed_and_nothing_that_did_not(store: Store) -> None:
    told = compare_pages(
        page_of(store, "64493", date(2024, 7, 1)), page_of(store, "64493", date(2026, 8, 3))
    )
    facts = {one.what: (one.before.words, one.after.words) for one in told.facts}
    assert facts["rvu work"] == ("1.52", "1.48")
    assert facts["amount national nonfacility"] == ("177.42", "190.39")
    assert "global period" not in facts
    assert told.same_facts > 20
    for one in told.every():
        assert one.before != one.after
        for cell in (one.before, one.after):
            assert bool(cell.citations) == bool(cell.words and not cell.gap) or not cell.words


def test_a_newer_edition_that_says_the_same_is_no_difference(store: Store) -> None:
    told = compare_pages(
        page_of(store, "64493", date(2026, 8, 3)), page_of(store, "64493", date(2026, 8, 4))
    )
    assert told.many == 0
    carried = compare_pages(
        page_of(store, "64493", date(2026, 8, 3)), page_of(store, "64493", date(2026, 10, 1))
    )
    assert not [one for one in carried.facts if not (one.before.gap or one.after.gap)]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    code=st.sampled_from(["64490", "64495", "64635", "27096", "J3301", "99213"]),
    days=st.integers(0, 2500),
)
def test_a_page_never_differs_from_itself_and_differs_alike_both_ways(
    store: Store, code: str, days: int
) -> None:
    day = date(2020, 1, 1) + timedelta(days)
    mine, other = page_of(store, code, day), page_of(store, code, DAY)
    assert compare_pages(mine, mine).many == 0
    there, back = compare_pages(mine, other), compare_pages(other, mine)
    assert {(f.what, f.before, f.after) for f in there.facts} == {
        (f.what, f.after, f.before) for f in back.facts
    }


def test_two_codes_differ_in_what_they_are_and_not_in_their_own_number(store: Store) -> None:
    told = compare_pages(page_of(store, "64493", DAY), page_of(store, "64494", DAY))
    facts = {one.what: (one.before.words, one.after.words) for one in told.facts}
    assert facts["level role"] == ("first", "second")
    assert facts["global period"] == ("000", "ZZZ")
    assert facts["add on of"] == ("nothing listed", "64490, 64493")
    assert "region" not in facts


def test_comparing_shows_both_sides_and_their_sources(client: TestClient) -> None:
    page = client.get("/codes/compare?code=64493&date=2024-07-01&then=2026-08-03").text
    assert "64493: what changed" in page
    assert 'href="#s-RVU24C"' in page
    assert 'id="s-RVU26C"' in page
    assert "64493 and 64494" in client.get("/codes/compare?code=64493&other=64494").text
    assert "Nothing differs" in client.get(f"/codes/compare?code=64493&date={today()}").text


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_code_is_found_read_on_another_date_and_compared(
    opened: Opened, size: str, scheme: str
) -> None:
    page = opened("/codes", size, scheme)
    page.fill("#words", "second lumbar level ultrasound")
    page.locator(".results > li:first-child > a", has_text="0217T").wait_for()
    page.fill("#words", "T12-L1")
    page.wait_for_selector(".level-rows .code")
    sound(page)
    page.get_by_role("link", name="64490").first.click()
    page.wait_for_selector("h1 .code")
    page.fill(".when input", "2026-08-03")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/codes/64490?date=2026-08-03")
    if (size, scheme) == LOOKS[0]:
        sound(page)  # the pages themselves are looked at in tests/pages
    page.locator(".tools summary").click()
    page.get_by_role("button", name="Compare dates").click()
    page.wait_for_selector(".sides dl")
    sound(page)


def test_the_way_to_a_code_needs_the_keyboard_alone(opened: Opened) -> None:
    page = opened("/codes")
    page.focus("#words")
    page.keyboard.type("rfa third joint lumbar")
    page.locator(".results > li:first-child > a", has_text="64636").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/codes/64636")
    page.focus(".tools summary")
    page.keyboard.press("Enter")
    page.focus("#other")
    page.keyboard.type("64635")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sides dl")
    assert page.locator("h1").inner_text() == "64636 and 64635"
