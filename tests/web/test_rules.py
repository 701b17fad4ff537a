"""The Rules screen: what is asked of claims, of whom it can be said, and a rule tried out."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from facetwise.pages.coverage import coverage
from facetwise.policies import shipped
from facetwise.rules.registry import all_rules
from facetwise.tables.store import Store
from facetwise.web.rules_cases import Example, examples_of
from facetwise.web.rules_coverage import of_rule, on_day
from facetwise.web.rules_try import LARGEST, try_rule
from tests.conftest import ROOT
from tests.web.conftest import LOOKS, sound

HTML = {"accept": "text/html"}
RULE = "ncci/add-on-without-primary"
AS_OF = "2026-11-24"
Opened = Callable[..., Any]
EXAMPLES = [
    pytest.param(rule_id, example, id=f"{rule_id}: {example.name}")
    for rule_id in all_rules()
    for example in examples_of(rule_id)
]


def claim(**more: str) -> str:
    """A lone add-on for Medicare, as CSV."""
    said = {
        "claim_id": "C1", "code": "64494", "units": "1", "service_date": "2026-11-02",
        "claim_type": "practitioner", "filing_code": "MB", "provider_state": "OH",
    } | more  # fmt: skip
    return f"{','.join(said)}\n{','.join(said.values())}\n"


def tried(client: TestClient, text: str, rule: str = RULE, **headers: str) -> Any:
    return client.post(
        f"/rules/{rule}", data={"claim": text, "as_of": AS_OF}, headers={**HTML, **headers}
    )


def test_every_rule_is_listed_with_its_question_and_has_a_page(client: TestClient) -> None:
    listed = client.get("/rules").text
    for rule in all_rules().values():
        assert f'href="/rules/{rule.id}"' in listed
        page = client.get(f"/rules/{rule.id}")
        assert page.status_code == 200
        assert "What it can say, for whom and when" in page.text
        assert "StrictUndefined" not in page.text


def test_a_rule_that_is_not_there_is_a_404_that_says_so(client: TestClient) -> None:
    for path in ("/rules/ncci/nothing", "/rules/%3Cscript%3E/x"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 404
        assert "no rule is called" in answer.text
        assert "<script>" not in answer.text
    assert tried(client, claim(), "ncci/nothing").status_code == 404


def test_the_register_keeps_every_row_and_puts_what_can_decide_first(store: Store) -> None:
    rows = coverage(all_rules(), store, shipped())
    for rule_id in all_rules():
        shown = of_rule(store, rule_id)
        mine = [row for row in rows if row.rule == rule_id]
        assert {(p, r.standing, r.because) for r in shown for p in r.payers} == {
            (row.payer, str(row.standing), row.because) for row in mine
        }
        order = ["decide", "ask", "cannot"]
        standings = [order.index(row.standing) for row in shown]
        assert standings == sorted(standings)


def test_the_register_on_a_day_is_of_that_day_and_payer(store: Store, client: TestClient) -> None:
    on = {one.rule: one for one in on_day(store, date(2026, 5, 4), "CGS")}
    assert "coverage/levels" in on
    assert all("CGS" in payer for one in on.values() for row in one.rows for payer in row.payers)
    page = client.get("/rules/coverage?date=2024-07-01&payer=cgs").text
    assert "1 July 2024" in page
    assert "No rule has a row" in client.get("/rules/coverage?payer=%3Cb%3Enobody").text


@pytest.mark.skipif(not EXAMPLES, reason="the cases are not at hand")
def test_nearly_every_case_can_be_put_into_the_box() -> None:
    written = [p for p in EXAMPLES if p.values[1].claim]
    assert len(written) > 0.97 * len(EXAMPLES)


@pytest.mark.parametrize(("rule_id", "example"), EXAMPLES)
def test_a_case_put_into_the_box_gets_its_verdict(
    store: Store, rule_id: str, example: Example
) -> None:
    if not example.claim:
        return
    outcome = try_rule(store, all_rules()[rule_id], example.claim, date.fromisoformat(AS_OF))
    assert not outcome.faults
    first = next(one for one in outcome.claims if one.claim_id == "T1")
    assert first.verdict.replace(" ", "_") == example.verdict
    assert all(finding.citations for finding in first.findings)


def test_a_claim_is_answered_by_the_rule_alone_with_its_source(client: TestClient) -> None:
    page = tried(client, claim()).text
    assert "64494 is an add-on code and none of its primaries" in page
    assert 'href="#s-AOC2026Q2"' in page
    assert 'id="s-AOC2026Q2"' in page
    assert "Likely denial: B15" in page
    part = tried(client, claim(code="99213"), **{"x-fragment": "1"}).text
    assert "not asked" in part
    assert "neither pass nor fail" in part
    assert "<html" not in part


@pytest.mark.parametrize("name", ["facet.837", "facet.csv", "facet.json"])
def test_every_format_is_read_in_the_box(client: TestClient, name: str) -> None:
    text = (ROOT / "examples" / "claims" / name).read_text("utf-8")
    page = tried(client, text).text
    assert "claims were read" in page
    assert "FW001" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"), ("hello", "no format we read"), ("[]", "holds no claim"),
        ("[" * 5000, "JSON"), ("claim_id,code\n", "holds no claim"), ("ISA*00", "X12"),
        ("<html>", "XML or HTML"), ("a,b\n1,2\n", "claim_id"),
    ],
)  # fmt: skip
def test_what_is_no_claim_is_said_to_be_none(client: TestClient, text: str, says: str) -> None:
    answer = tried(client, text)
    assert answer.status_code == 200
    assert says in answer.text


def test_a_script_in_a_patients_name_is_inert_and_nothing_reaches_the_log(
    client: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    evil = "<script>alert('CANARY')</script>"
    page = tried(client, claim(patient_id=evil, claim_id=evil, payer_name=evil)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert capfd.readouterr() == ("", "")


def test_the_box_takes_no_more_than_a_claim_can_be(client: TestClient) -> None:
    assert tried(client, claim(payer_name="x" * (LARGEST + 1))).status_code == 413
    long = tried(client, "\N{EURO SIGN}" * LARGEST)
    assert long.status_code == 413
    assert "Use the Check screen." in long.text
    raw = client.post(f"/rules/{RULE}", content=b"claim=%ff%fe", headers=HTML)
    assert raw.status_code == 400
    many = client.post(f"/rules/{RULE}", content="&".join(f"a{n}=1" for n in range(50)))
    assert many.status_code == 400
    other = client.post(f"/rules/{RULE}", data={"claim": "x"}, headers={"origin": "https://evil"})
    assert other.status_code == 403
    soon = client.post(f"/rules/{RULE}", data={"claim": claim(), "as_of": "soon"}, headers=HTML)
    assert soon.status_code == 422


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_rule_is_found_and_tried_on_a_case(opened: Opened, size: str, scheme: str) -> None:
    page = opened("/rules", size, scheme)
    page.fill("#wanted", "add-on primaries")
    assert page.locator(".rule-list li:visible").count() == 1
    sound(page)
    page.locator(".rule-list li:visible a").click()
    page.wait_for_selector("#try-form")
    page.select_option("#case", "1")
    page.get_by_role("button", name="Put it in the box").click()
    page.wait_for_url("**case=1**")
    page.get_by_role("button", name="Ask this rule").click()
    page.locator("#answer .badge.fail").wait_for()
    sound(page)


def test_a_rule_is_tried_by_keyboard_alone_and_the_register_is_sound(opened: Opened) -> None:
    page = opened(f"/rules/{RULE}")
    page.focus("#claim")
    page.keyboard.insert_text(claim())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.focus("#try-form button")
    page.keyboard.press("Enter")
    page.locator("#answer .told.fail").wait_for()
    page.locator("#answer .by a").first.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#s-AOC2026Q2")
    page.goto(page.url.partition("/rules")[0] + "/rules/coverage?payer=CGS")
    sound(page)
