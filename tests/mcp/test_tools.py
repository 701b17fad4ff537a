"""What a model's client gets: the published answers with their sources, or what was wrong."""

import io
import json
from datetime import date
from typing import Any

import jsonschema
import pytest

import facetwise
from facetwise import schemas
from facetwise.formats import read
from facetwise.mcp.arguments import MOST_LINES
from facetwise.mcp.claims import LARGEST, MOST
from facetwise.mcp.server import call
from facetwise.mcp.tools import SECTIONS, tools
from facetwise.pages.holdings import holdings
from facetwise.tables.store import shipped
from facetwise.version import header
from tests.conftest import ROOT
from tests.mcp.conftest import Asked

DAY, TEXT = date(2026, 10, 1), "2026-10-01"
CANARY = "CANARYNAME"
EXAMPLE = (ROOT / "examples" / "claims" / "facet.837").read_text("utf-8")
CLAIM = {
    "claim_id": "A1",
    "payer_name": "Medicare",
    "claim_type": "practitioner",
    "place_of_service": "11",
    "diagnoses": ["M47.816"],
    "lines": [{"code": "64493", "modifiers": ["50"], "units": 1, "service_date": "2026-09-01"}],
}
DONE = "bilateral L3-4, L4-5 MBB under fluoroscopy"
ANSWERED: dict[str, tuple[dict[str, Any], Any]] = {
    "code": (
        {"procedure": DONE, "ruleset": "medicare-practitioner", "date": TEXT},
        lambda: facetwise.code(DONE, "medicare-practitioner", DAY),
    ),
    "decode": (
        {"lines": ["64493-50", {"code": "64494", "units": 2}], "ruleset": "cpt", "date": TEXT},
        lambda: facetwise.decode(["64493-50", "64494 x2"], "cpt", DAY),
    ),
    "check": (
        {"claims": [CLAIM], "as_of": TEXT},
        lambda: facetwise.check(
            read(io.BytesIO(json.dumps([CLAIM]).encode()), name="claims"), as_of=DAY
        ),
    ),
    "page": ({"code": "64493", "date": TEXT}, lambda: facetwise.page("64493", DAY)),
    "why": (
        {"code": "64493", "field": "rvu_work:26", "date": TEXT},
        lambda: facetwise.why("64493", "rvu_work:26", DAY),
    ),
    "tables": (
        {"as_of": TEXT, "table": "rvu"},
        lambda: {
            **header("tables", shipped().catalogue.digest),
            "as_of": TEXT,
            "editions": holdings(shipped(), DAY, "rvu"),
        },
    ),
}


def test_a_client_finds_six_tools_that_promise_the_published_contracts(asked: Asked) -> None:
    found = asked.tools()
    assert list(found) == ["code", "decode", "check", "page", "why", "tables"]
    for name, tool in found.items():
        assert tool.output_schema == json.loads(schemas.read(name))
        assert tool.input_schema["additionalProperties"] is False
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert tool.annotations.read_only_hint is True


def test_a_model_is_told_to_settle_nothing_and_guess_nothing(asked: Asked) -> None:
    said = asked.client.instructions or ""
    for word in ("not_checked", "questions", "Never guess", "date of service", "decision support"):
        assert word in said
    for tool in asked.tools().values():
        assert "`not_checked` and questions to the person" in tool.description


@pytest.mark.parametrize("name", ANSWERED)
def test_a_tool_answers_as_the_public_function_does(asked: Asked, name: str) -> None:
    arguments, expected = ANSWERED[name]
    jsonschema.validate(arguments, asked.tools()[name].input_schema)
    result = asked.call(name, **arguments)
    assert not result.is_error
    assert result.structured_content == json.loads(json.dumps(expected()))
    jsonschema.validate(result.structured_content, json.loads(schemas.read(name)))
    assert json.loads(result.content[0].text) == result.structured_content


def test_a_claim_file_is_checked_as_the_command_checks_it(asked: Asked) -> None:
    result = asked.call("check", text=EXAMPLE, as_of=TEXT)
    expected = facetwise.check(read(io.BytesIO(EXAMPLE.encode()), name="text"), as_of=DAY)
    assert result.structured_content == json.loads(json.dumps(expected))
    assert len(result.structured_content["claims"]) == 20


def test_a_procedure_without_a_date_or_payer_comes_back_as_questions(asked: Asked) -> None:
    undated = asked.call("code", procedure=DONE).structured_content
    assert [question["id"] for question in undated["questions"]] == ["date"]
    assert undated["lines"] == []
    dated = asked.call("code", procedure=DONE, date=TEXT).structured_content
    assert "ruleset" in [question["id"] for question in dated["questions"]]
    assert dated["lines"] == []


def test_an_object_says_what_was_done_as_a_procedure_file_does(asked: Asked) -> None:
    done = {"text": DONE, "payer": "medicare", "place_of_service": "11", "date": TEXT}
    result = asked.call("code", procedure=done).structured_content
    assert result == json.loads(json.dumps(facetwise.code(done)))
    assert result["ruleset"] == "medicare-practitioner"


def test_a_part_of_a_page_keeps_every_source_it_cites(asked: Asked) -> None:
    whole = asked.call("page", code="64493", date=TEXT).structured_content
    part = asked.call("page", code="64493", date=TEXT, sections=["edits"]).structured_content
    jsonschema.validate(part, json.loads(schemas.read("page")))
    assert [section["id"] for section in part["sections"]] == ["edits"]
    assert part["facts"] == whole["facts"]
    assert part["not_held"] == whole["not_held"]
    (edits,) = part["sections"]
    cited = {i for told in (*edits["statements"], *edits["tables"]) for i in told["sources"]}
    cited |= {fact["edition"] for fact in part["facts"].values()}
    assert {source["id"] for source in part["sources"]} == cited
    assert len(json.dumps(part)) < len(json.dumps(whole)) / 3


def test_every_section_of_a_page_can_be_asked_for() -> None:
    page = facetwise.page("64493", DAY)
    assert tuple(section["id"] for section in page["sections"]) == SECTIONS


@pytest.mark.parametrize(
    ("name", "arguments", "error", "where"),
    [
        ("page", {"code": "99999", "date": TEXT}, "code/unknown", ""),
        ("page", {"code": "64493"}, "request", "date"),
        ("page", {"code": "64493", "date": None}, "request", "date"),
        ("page", {"code": "64493", "date": "2026-02-30"}, "date/unreadable", "date"),
        ("page", {"code": "64493", "date": "20260301"}, "date/unreadable", "date"),
        ("page", {"code": "64493", "date": 20260301}, "date/unreadable", "date"),
        ("page", {"code": CANARY, "date": TEXT}, "request", "code"),
        ("page", {"code": "64493", "date": TEXT, "sections": [CANARY]}, "request", "sections"),
        ("page", {"code": "64493", "date": TEXT, "sections": []}, "request", "sections"),
        ("page", {"code": "64493", "date": TEXT, CANARY: 1}, "request", "arguments"),
        ("why", {"code": "64493", "field": "rvu", "date": TEXT}, "fact/unknown", ""),
        ("why", {"code": "64493", "field": f"{CANARY} x", "date": TEXT}, "request", "field"),
        ("tables", {"as_of": TEXT, "table": "rvus"}, "table/unknown", ""),
        ("tables", {}, "request", "as_of"),
        ("code", {"procedure": []}, "request", "procedure"),
        ("code", {"procedure": "L7 facet injection"}, "level/impossible", ""),
        ("code", {"procedure": "x" * 30_000}, "request", "procedure"),
        ("code", {"procedure": DONE, "ruleset": CANARY}, "request", "ruleset"),
        ("code", {"procedure": {}}, "procedure/unreadable", ""),
        ("decode", {"lines": [], "date": TEXT}, "request", "lines"),
        ("decode", {"lines": [1], "date": TEXT}, "request", "lines[0]"),
        ("decode", {"lines": [{"code": "64493", CANARY: 1}], "date": TEXT}, "request", "lines[0]"),
        ("decode", {"lines": ["64493"] * (MOST_LINES + 1), "date": TEXT}, "request", "lines"),
        ("decode", {"lines": ["banana"], "date": TEXT}, "line/unreadable", "line 1"),
        ("decode", {"lines": ["64493"]}, "request", "date"),
        ("check", {"as_of": TEXT}, "request", "claims"),
        ("check", {"claims": [CLAIM]}, "request", "as_of"),
        ("check", {"claims": [], "as_of": TEXT}, "request", "claims"),
        ("check", {"claims": [[CANARY]], "as_of": TEXT}, "request", "claims"),
        ("check", {"claims": [CLAIM], "text": "x", "as_of": TEXT}, "request", "claims"),
        ("check", {"claims": [CLAIM] * (MOST + 1), "as_of": TEXT}, "request", "claims"),
        ("check", {"text": CANARY * (LARGEST // 10 + 1), "as_of": TEXT}, "request", "text"),
        ("check", {"text": EXAMPLE * 6, "as_of": TEXT}, "request", "text"),
    ],
)
def test_what_cannot_be_used_is_told_by_place_and_not_repeated(
    name: str, arguments: dict[str, Any], error: str, where: str
) -> None:
    result = call(tools()[name], arguments)
    assert result.is_error
    told = json.loads(result.content[0].text)  # type: ignore[union-attr]
    assert (told["error"], told["where"]) == (error, where)
    assert told["message"].endswith(".")
    assert CANARY not in str(result)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("page", {"code": "99999", "date": TEXT}, "The PPRRVU file of its quarter would answer."),
        ("page", {"code": "64493", "date": "2026-02-30"}, "Write a real day as YYYY-MM-DD."),
        ("check", {"text": "x" * (LARGEST + 1), "as_of": TEXT}, "use `facetwise check FILE`"),
    ],
    ids=["code", "date", "size"],
)
def test_a_model_reads_what_to_do_about_an_error(
    asked: Asked, name: str, arguments: dict[str, Any], told: str
) -> None:
    result = asked.call(name, **arguments)
    assert result.is_error
    assert result.structured_content is None
    assert told in json.loads(result.content[0].text)["todo"]


def test_what_is_said_of_a_patient_reaches_no_answer_and_no_log(asked: Asked) -> None:
    script = f"<script>{CANARY}</script>"
    named = {**CLAIM, "patient_name": CANARY, "patient_id": CANARY, "payer_name": script}
    x12 = EXAMPLE.replace("NM1*IL*1*", f"NM1*IL*1*{CANARY}")
    assert CANARY in x12
    results = [
        asked.call("check", claims=[named, {**named, "lines": CANARY}], as_of=TEXT),
        asked.call("check", text=x12, as_of=TEXT),
        asked.call("check", text=x12[: len(x12) // 2], as_of=TEXT),
        asked.call("check", text=f'[{{"claim_id": {CANARY}', as_of=TEXT),
        asked.call("check", text=script, as_of=TEXT),
        asked.call("why", code="64493", field="rvu", date=CANARY),
    ]
    for result in results:
        assert CANARY not in result.model_dump_json()
    assert asked.errors.read_text() == ""


def test_words_that_were_not_read_come_back_as_data_only(asked: Asked) -> None:
    result = asked.call("code", procedure=f"<script>alert(1)</script> {DONE}", date=TEXT)
    assert result.content[0].type == "text"
    assert json.loads(result.content[0].text) == result.structured_content


def test_a_tool_that_does_not_exist_is_refused_with_the_ones_that_do(asked: Asked) -> None:
    from mcp import MCPError

    with pytest.raises(MCPError, match="Tools: code, decode, check, page, why, tables") as caught:
        asked.call(CANARY)
    assert CANARY not in str(caught.value)


def test_a_defect_is_told_by_its_place_and_never_by_its_message(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(facetwise, "why", broken)
    result = call(tools()["why"], {"code": "64493", "field": "name", "date": TEXT})
    assert result.is_error
    told = json.loads(result.content[0].text)  # type: ignore[union-attr]
    assert told["error"] == "internal"
    assert told["where"].startswith("test_tools.py, line ")
    assert CANARY not in str(result) + "".join(capfd.readouterr())


def test_the_document_names_every_tool_argument_and_section() -> None:
    told = (ROOT / "docs" / "mcp.md").read_text("utf-8")
    for tool in tools().values():
        row = next(line for line in told.splitlines() if line.startswith(f"| `{tool.name}` |"))
        assert all(f"`{name}`" in row for name in tool.arguments)
    assert all(f"`{section}`" in told for section in SECTIONS)
    assert f"{MOST} claims and {LARGEST:,} bytes" in told
    assert f"at most {MOST_LINES}" in told
