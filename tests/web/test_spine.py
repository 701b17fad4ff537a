"""The Spine screen: click or type what was done, and see lines, steps, questions and checks."""

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

import facetwise
from facetwise.anatomy import JOINTS, NERVES, Side, completed
from facetwise.procedure import ClaimType, Guidance, Purpose, Technique
from facetwise.web.spine_answer import marks_of
from facetwise.web.spine_state import Picked, address, picks_of, procedure_of, read_state, toggled
from tests.web.conftest import LOOKS, Opened, sound

HTML = {"accept": "text/html"}
PART = {"x-fragment": "1", "accept": "text/html, application/problem+json"}
SETTING = "date=2026-08-03&payer=medicare&place=11&state=OH"
BOTH = "".join(f"joint={j}:{s}&" for j in ("L4-L5", "L5-S1") for s in ("left", "right"))
BLOCK = f"{BOTH}technique=medial-branch-block&guidance=fluoroscopy&{SETTING}"
JOINT_NAMES = [name for name, joint in JOINTS.items() if joint.coded]


def shown(client: TestClient, query: str) -> str:
    answer = client.get(f"/?{query}", headers=PART)
    assert answer.status_code == 200, answer.text
    return answer.text


def lit(text: str) -> set[str]:
    found = re.search(r'data-lit="([^"]*)"', text)
    assert found
    return {spot for spot in found[1].split("|") if spot}


# What is answered


def test_two_joints_on_both_sides_give_medicares_lines_with_steps_sources_and_checks(
    client: TestClient,
) -> None:
    text = shown(client, f"{BLOCK}&purpose=therapeutic")
    assert 'data-now="64493-50, 64494-50"' in text
    assert "L4-L5 is the first lumbar-sacral level" in text
    assert 'href="#s-NCCI-M26"' in text
    assert 'id="s-NCCI-M26"' in text
    assert "asked and passed" in text
    assert "not checked" in text


def test_the_lines_of_every_ruleset_stand_side_by_side(client: TestClient) -> None:
    text = shown(client, BLOCK)
    for title in ("CPT conventions", "ambulatory surgical center", "Aetna", "Humana"):
        assert title in text
    assert "64494 x2" in text
    assert "64494-LT" in text
    assert "How does this payer want both sides" in text


def test_two_neighbouring_nerves_light_the_joint_they_feed(client: TestClient) -> None:
    text = shown(client, f"nerve=L3+MB:left&nerve=L4+MB:left&{SETTING}")
    assert lit(text) == {"L4-L5:left"}


def test_a_lone_nerve_stays_unlit_and_asks_even_before_a_date_is_said(client: TestClient) -> None:
    for more in ("", f"&{SETTING}"):
        text = shown(client, f"nerve=L4+MB:left&technique=medial-branch-block{more}")
        assert lit(text) == set()
        assert 'data-lone="L4 MB:left|"' in text
        assert "Was a nerve next to L4 MB on the left treated as well?" in text


def test_nothing_is_guessed_of_date_payer_or_imaging(client: TestClient) -> None:
    text = shown(client, "joint=L4-L5:left&technique=medial-branch-block")
    assert "On which date was it done?" in text
    dated = shown(client, "joint=L4-L5:left&technique=medial-branch-block&date=2026-08-03")
    assert "Who pays, and whose claim is it?" in dated
    assert "Under which imaging was the needle placed?" in dated
    assert "64493" not in lines_of(dated)


def lines_of(text: str) -> str:
    return text.partition('class="lines-of"')[2].partition("</section>")[0]


def test_an_answer_is_one_click_away_and_keeps_everything_else(client: TestClient) -> None:
    text = shown(client, f"{BOTH}technique=medial-branch-block&{SETTING}")
    links = re.findall(r'href="/\?([^"]*)" data-go>Fluoroscopy<', text)
    assert links
    answered = shown(client, links[0].replace("&amp;", "&"))
    assert 'data-now="64493-50, 64494-50"' in answered


def test_a_hospital_claim_in_an_office_is_questioned(client: TestClient) -> None:
    text = shown(client, f"{BLOCK}&ruleset=medicare-opps")
    assert "Is place of service 11 right" in text


def test_a_target_the_technique_does_not_have_is_questioned_and_not_dropped(
    client: TestClient,
) -> None:
    text = shown(client, f"nerve=L4+MB:left&si=left&technique=si-joint-injection&{SETTING}")
    assert "L4 MB cannot be a target of si-joint-injection" in text


def test_epidurals_and_the_sacroiliac_joint_can_be_picked(client: TestClient) -> None:
    imaged = f"guidance=fluoroscopy&{SETTING}"
    si = shown(client, f"si=left&si=right&technique=si-joint-injection&{imaged}")
    assert 'data-now="27096-50"' in si
    inter = shown(client, f"joint=L4-L5:left&technique=interlaminar-epidural&{imaged}")
    assert 'data-now="62323"' in inter
    assert lit(inter) == {"L4-L5:left", "L4-L5:right"}
    trans = shown(client, f"joint=L4-L5:left&technique=transforaminal-epidural&{imaged}")
    assert 'data-now="64483-LT"' in trans


def test_a_date_before_the_codes_is_not_checked_and_says_so(client: TestClient) -> None:
    text = shown(client, BLOCK.replace("2026-08-03", "2009-08-03"))
    assert "Not checked." in text


# Words


def test_words_fill_the_picker_and_say_what_was_not_read(client: TestClient) -> None:
    page = client.get(
        f"/?words=bilateral+L4-5,+L5-S1+MBB+under+fluoroscopy+zebra&{SETTING}", headers=HTML
    ).text
    for spot in ("L4-L5:left", "L4-L5:right", "L5-S1:left", "L5-S1:right"):
        assert re.search(rf'name="joint" value="{spot}"[^>]* checked', page), spot
    assert '<option value="medial-branch-block" selected>' in page
    assert "zebra" in page.partition("Not read:")[2]


def test_words_that_only_words_can_say_stay_words(client: TestClient) -> None:
    page = client.get(f"/?words=left+L4-5+RFA;+left+SI+joint+injection&{SETTING}", headers=HTML)
    assert '<input type="hidden" name="words" value="left L4-5 RFA; left SI joint injection">' in (
        page.text
    )
    assert "Under which imaging" in page.text


def test_words_without_a_side_ask_for_it(client: TestClient) -> None:
    text = shown(client, f"words=L4-5+MBB+fluoroscopy&{SETTING}")
    assert "On which side was L4-L5 treated?" in text
    assert 'data-unsided="L4-L5|"' in text
    assert lit(text) == set()


@pytest.mark.parametrize("words", ["L7-L8 MBB", "C1-C9 facet injection"])
def test_a_level_no_spine_has_is_told_in_place_with_the_words_kept(
    client: TestClient, words: str
) -> None:
    page = client.get("/", params={"words": words}, headers=HTML)
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert "is not a level of the spine." in page.text
    assert f'value="{words}"' in page.text


def test_hostile_words_are_shown_inert(client: TestClient) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)> left L4-5 MBB'
    page = client.get("/", params={"words": hostile, "payer": hostile}, headers=HTML).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


# Addresses


@pytest.mark.parametrize(
    "query",
    ["joint=L9-L10:left", "joint=C1-C2:left", "joint=L4-L5", "nerve=S1:left", "technique=magic",
     "date=2026-02-30", "date=x", "temperature=hot", "muscles=0", "si=up", "claim=mine",
     "toggle=Q"],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_refused_with_the_reason(
    client: TestClient, query: str
) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (fault,) = answer.json()["faults"]
    assert fault["message"]


def test_a_slip_while_typing_is_told_in_a_line_and_not_as_a_page_in_the_page(
    client: TestClient,
) -> None:
    answer = client.get("/?temperature=hot&technique=cooled-ablation", headers=PART)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["faults"][0]["todo"] == "Give degrees Celsius."


def test_an_unknown_ruleset_is_told_with_those_there_are(client: TestClient) -> None:
    assert "Rulesets: cpt" in shown(client, f"{BLOCK}&ruleset=nonsense")


_SPOTS = st.sampled_from([(name, side) for name in JOINT_NAMES for side in Side])
_BRANCHES = st.sampled_from([(name, side) for name in NERVES for side in Side])
_STATES = st.builds(
    Picked,
    joints=st.frozensets(_SPOTS, max_size=5),
    nerves=st.frozensets(_BRANCHES, max_size=5),
    sacroiliac=st.frozensets(st.sampled_from(Side)),
    technique=st.none() | st.sampled_from(Technique),
    purpose=st.none() | st.sampled_from([p for p in Purpose if p is not Purpose.ABLATION]),
    guidance=st.none() | st.sampled_from(Guidance),
    temperature=st.none() | st.just(Decimal("80")),
    muscles=st.none() | st.integers(1, 99),
    words=st.just(""),
    place=st.sampled_from(["", "11", "24"]),
    claim_type=st.none() | st.sampled_from(ClaimType),
    state=st.sampled_from(["", "OH"]),
    ruleset=st.sampled_from(["", "cpt", "medicare-asc"]),
    view=st.just(""),
    day=st.none() | st.dates(),
    payer=st.sampled_from(["", "medicare", "another payer"]),
)


@given(_STATES)
@settings(deadline=None, max_examples=50)
def test_a_link_reproduces_every_state(picked: Picked) -> None:
    assert read_state(QueryParams(address(picked))) == picked


@given(_STATES)
@settings(deadline=None, max_examples=40)
def test_every_state_is_answered_and_never_lights_more_than_anatomy_does(
    client: TestClient, picked: Picked
) -> None:
    text = shown(client, address(picked))
    whole = set(picked.joints)
    for side in Side:
        made = completed([n for n, s in picked.nerves if s is side])
        whole |= {(joint.name, side) for joint in made.joints}
        if picked.technique is Technique.INTERLAMINAR:
            whole |= {(name, side) for name, _ in picked.joints}
    assert lit(text) <= {f"{name}:{side}" for name, side in whole}
    assert lit(text) >= {f"{name}:{side}" for name, side in picked.joints if picked.anything}


@pytest.mark.parametrize(
    "words",
    ["left L3, L4 MB, L5 DR RFA 85 C, fluoroscopy", "right TON block, ct, diagnostic",
     "bilateral SI joint injection fluoroscopy", "left L4-5 transforaminal epidural fluoroscopy",
     "L4-5 interlaminar epidural fluoroscopy", "bilateral C5-6 facet injection, ultrasound"],
)  # fmt: skip
def test_picks_say_the_same_as_the_words_they_came_from(words: str) -> None:
    typed = Picked(words=words)
    done = procedure_of(typed)
    picked = picks_of(done, typed)
    assert picked
    assert marks_of(procedure_of(picked)) == marks_of(done)


def test_a_level_toggles_both_sides_without_a_script(client: TestClient) -> None:
    once = client.get(f"/?toggle=L4-L5&{SETTING}", headers=HTML, follow_redirects=False)
    assert once.status_code == 303
    query = parse_qs(urlsplit(once.headers["location"]).query)
    assert query["joint"] == ["L4-L5:left", "L4-L5:right"]
    both = Picked(joints=frozenset({("L4-L5", side) for side in Side}))
    assert toggled(both, "L4-L5") == Picked()


# To take along


def test_copies_are_the_published_contract_the_text_and_a_table(client: TestClient) -> None:
    coded = client.get(f"/spine.json?{BLOCK}")
    assert coded.json() == facetwise.code(
        {
            "technique": "medial-branch-block",
            "targets": [{"joint": j, "side": "both"} for j in ("L4-L5", "L5-S1")],
            "guidance": "fluoroscopy", "payer": "medicare", "place_of_service": "11",
        },
        None, "2026-08-03",
    )  # fmt: skip
    assert "64494  50" in client.get(f"/spine.txt?{BLOCK}").text
    rows = list(csv.DictReader(io.StringIO(client.get(f"/spine.csv?{BLOCK}").text)))
    assert [(row["code"], row["modifiers"], row["units"]) for row in rows] == [
        ("64493", "50", "1"),
        ("64494", "50", "1"),
    ]


def test_copies_say_what_is_open_where_there_is_no_line(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/spine.csv?{BLOCK}&payer=").text)))
    assert {row["ruleset"] for row in rows} >= {"cpt", "medicare-asc", "aetna"}
    (aetna,) = [row for row in rows if row["ruleset"] == "aetna"]
    assert aetna["code"] == ""
    assert "both sides" in aetna["open"]
    assert json.loads(client.get("/spine.json?joint=L4-L5:left").text)["questions"]
    assert client.get("/spine.exe").status_code == 404


# In a browser


def click(page: Any, name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').click()


def now(page: Any, text: str) -> None:
    page.wait_for_function("text => document.getElementById('now').textContent === text", arg=text)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_clicking_joints_shows_lines_and_checks_in_every_look(
    opened: Opened, size: str, scheme: str
) -> None:
    page = opened("/", size, scheme)
    click(page, "joint", "L4-L5:left")
    click(page, "joint", "L4-L5:right")
    page.get_by_role("button", name="L5-S1, both sides").click()
    page.get_by_label("Technique").select_option("medial-branch-block")
    page.get_by_label("Imaging").select_option("fluoroscopy")
    page.get_by_label("Payer").select_option("medicare")
    page.get_by_label("Place of service").select_option("11")
    page.get_by_label("Date of service").fill("2026-08-03")
    now(page, "64493-50, 64494-50")
    lines = page.locator(".written strong").all_inner_texts()
    assert lines == ["64493-50", "64494-50"]
    assert page.locator(".spot.joint.lit").count() == 4
    assert "asked and passed" in page.locator("#checks").inner_text()
    assert "64493-50, 64494-50" in page.locator("#live").inner_text()
    sound(page)
    state = page.url
    page.goto(state)
    assert page.locator(".written strong").all_inner_texts() == lines
    assert page.locator("input[name=joint]:checked").count() == 4
    for region in ("Cervical", "Thoracic", "Lumbar"):
        page.locator(".tabs label", has_text=region).click()
        assert too_small(page) == []


def too_small(page: Any) -> list[str]:
    """Joints and nerves that a finger would miss (WCAG 2.2, target size)."""
    return page.evaluate(
        "[...document.querySelectorAll('.region svg :is(input, button)')]"
        ".map(e => [e.ariaLabel, e.getBoundingClientRect()])"
        ".filter(([, r]) => r.width && (r.width < 24 || r.height < 24))"
        ".map(([name, r]) => `${name} ${r.width}x${r.height}`)"
    )


def test_the_main_task_by_keyboard_alone(opened: Opened) -> None:
    page = opened(f"/?{SETTING}")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.piece') !== null"):
            break
    where = "document.activeElement.getAttribute('aria-label')"
    while page.evaluate(where) != "L4-L5 left, facet joint":
        before = page.evaluate(where)
        page.keyboard.press("ArrowDown")
        assert page.evaluate(where) != before
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == "L4-L5, both sides"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for letters in ("medial", "fluoro", "ther"):
        page.keyboard.press("Tab")
        page.keyboard.type(letters)
    now(page, "64493-50, 64494-LT")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_words_are_drawn_and_picking_on_goes_on_from_them(opened: Opened) -> None:
    page = opened(f"/?{SETTING}")
    page.get_by_label("In words").fill("bilateral L4-5 MBB under fluoroscopy, therapeutic")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=**")
    now(page, "64493-50")
    assert page.locator(".spot.joint.lit").count() == 2
    click(page, "joint", "L3-L4:left")
    now(page, "64493-50, 64494-LT")
    assert "words" not in page.url


def test_a_lone_nerve_is_drawn_unlit_with_its_question(opened: Opened) -> None:
    page = opened("/")
    sound(page)
    click(page, "nerve", "L4 MB:left")
    page.wait_for_selector(".nerve.lone")
    now(page, "Was a nerve next to L4 MB on the left treated as well?")
    page.locator(".question .by a").first.hover()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".spot.joint.lit").count() == 0
    click(page, "nerve", "L3 MB:left")
    page.wait_for_selector('.joint.lit[data-spot="L4-L5:left"]')
    assert page.locator(".nerve.lone").count() == 0


def test_lines_are_copied_and_hostile_words_run_nothing(opened: Opened) -> None:
    page = opened(f"/?{BLOCK}", permissions=["clipboard-read", "clipboard-write"])
    for name, part in (("text", "Sources"), ("JSON", "facetwise.code/1"), ("CSV", "64494,50,1")):
        page.locator(f'[data-copy="{name}"]').click()
        page.wait_for_function("name => live.textContent === `Copied as ${name}.`", arg=name)
        assert part in page.evaluate("navigator.clipboard.readText()")
    page.get_by_label("In words").fill("<img src=x onerror=\"document.title='owned'\"> L7 MBB")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.title() == "Spine - Facetwise"


def test_the_sheet_prints_on_one_page_with_lines_steps_and_sources(opened: Opened) -> None:
    page = opened(f"/?{BLOCK}&purpose=therapeutic")
    pdf = page.pdf(prefer_css_page_size=True, format="Letter")
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1
    page.emulate_media(media="print")
    assert page.locator(".whole").is_visible()
    assert page.locator(".steps").first.is_visible()
    assert page.locator(".origins").is_visible()
    assert page.locator(".paper").is_visible()
    assert not page.locator(".choices").is_visible()


def test_everything_works_without_a_script(opened: Opened) -> None:
    page = opened(f"/?{SETTING}", java_script_enabled=False)
    page.get_by_role("button", name="L4-L5, both sides").click()
    page.wait_for_load_state()
    page.get_by_label("Technique").select_option("medial-branch-block")
    page.get_by_label("Imaging").select_option("fluoroscopy")
    page.get_by_role("button", name="Show the lines").last.click()
    page.wait_for_load_state()
    assert page.locator(".written strong").all_inner_texts() == ["64493-50"]
