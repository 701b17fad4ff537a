"""The API: published contracts over HTTP, the same bytes each time, every fault with its path."""

import http.client
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import facetwise as facetwise_api
from facetwise import schemas
from facetwise.formats.json_claims import _CLAIM_KEYS, _LINE_KEYS  # pyright: ignore
from facetwise.procedure import procedure_from, read_procedure
from facetwise.procedure.model import ClaimType, Guidance, Purpose, Sedation, Technique
from facetwise.web.api import OPERATIONS
from facetwise.web.api.body import DEEPEST
from facetwise.web.api.check import AT_ONCE, NDJSON
from facetwise.web.api.operation import EVERY, Operation
from facetwise.web.api.shape import KEYWORDS, faults_of
from tests.conftest import ROOT, Run
from tests.web.conftest import serving

JSON = "application/json"
DAY = date(2026, 10, 1)
CHECK = "/api/v1/check?as_of=2026-10-01"
CLAIMS = ROOT / "examples" / "claims"
CANARY = "ZEBRAFISH"

Json = dict[str, Any]


def _post(client: TestClient, path: str, body: bytes | str, media: str = JSON, **more: str) -> Any:
    return client.post(path, content=body, headers={"content-type": media, **more})


@cache
def _document() -> Json:
    from facetwise.web.app import make_app

    with TestClient(make_app(), base_url="http://127.0.0.1:8494") as client:
        return client.get("/api/v1/openapi.json").json()


def _ask(client: TestClient, operation: Operation) -> Any:
    """Send the example of an operation."""
    shown = operation.example
    return client.request(
        operation.method,
        "/api/v1" + operation.path.format(**shown.path),
        params=list(shown.query),
        content=shown.body or None,
        headers={"content-type": shown.media} if shown.media else {},
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.id)
def test_a_developer_who_sends_the_documented_example_gets_the_documented_answer(
    client: TestClient, operation: Operation
) -> None:
    answer = _ask(client, operation)
    told = _document()["paths"][f"/api/v1{operation.path}"][operation.method.lower()]
    assert answer.status_code == 200
    assert answer.json() == told["responses"]["200"]["content"][JSON]["example"]
    jsonschema.validate(answer.json(), json.loads(schemas.read(operation.contract)))
    if operation.sends:
        sent = told["requestBody"]["content"][JSON]["example"]
        assert sent == json.loads(operation.example.body)
        jsonschema.validate(sent, json.loads(schemas.read(operation.sends[JSON])))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.id)
def test_the_same_request_to_the_same_tables_gives_the_same_bytes(
    client: TestClient, operation: Operation
) -> None:
    assert _ask(client, operation).content == _ask(client, operation).content


def test_the_answers_are_those_of_the_python_api_and_the_command_line(
    client: TestClient, facetwise: Run
) -> None:
    words = "bilateral L3-4, L4-5 MBB under fluoroscopy"
    coded = _post(
        client, "/api/v1/code?ruleset=cpt&date=2026-10-01", json.dumps({"text": words})
    ).json()
    assert coded == facetwise_api.code(words, "cpt", DAY)
    decoded = _post(client, "/api/v1/decode", json.dumps({"lines": ["64493-50"]})).json()
    assert decoded == facetwise_api.decode(["64493-50"])
    assert client.get("/api/v1/page/J1030?date=2026-10-01").json() == facetwise_api.page(
        "J1030", DAY
    )
    why = client.get("/api/v1/why/64493/ptp_practitioner:77003?date=2026-10-01").json()
    assert why == facetwise_api.why("64493", "ptp_practitioner:77003", DAY)
    listed = client.get("/api/v1/tables?as_of=2026-10-01").json()
    told = facetwise("tables", "list", "--as-of", "2026-10-01", "--format", "json")
    assert listed == json.loads(told.stdout)
    assert client.get("/api/v1/rules").json() == json.loads(
        facetwise("rules", "list", "--format", "json").stdout
    )
    one = client.get("/api/v1/rules/ncci/mue").json()
    assert one == json.loads(facetwise("rules", "show", "ncci/mue", "--format", "json").stdout)


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("facet.json", JSON),
        ("facet.csv", "text/csv"),
        ("facet.837", "application/edi-x12"),
        ("facet.837", "application/octet-stream"),
    ],
)
def test_claims_are_checked_over_http_as_on_the_command_line(
    client: TestClient, name: str, media: str
) -> None:
    answer = _post(client, CHECK, (CLAIMS / name).read_bytes(), media)
    expected = facetwise_api.check(CLAIMS / name, as_of=DAY)
    text = json.dumps(expected).replace(f'"file": "{name}"', '"file": "body"')
    assert answer.json() == json.loads(text)
    jsonschema.validate(answer.json(), json.loads(schemas.read("check")))


def test_each_claim_is_a_line_for_those_who_ask_for_ndjson(client: TestClient) -> None:
    answer = _post(
        client, CHECK, (CLAIMS / "facet.837").read_bytes(), "application/edi-x12", accept=NDJSON
    )
    whole = _post(client, CHECK, (CLAIMS / "facet.837").read_bytes(), "application/edi-x12").json()
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == NDJSON
    assert [line["claim_id"] for line in lines] == [c["claim_id"] for c in whole["claims"]]
    assert {line["as_of"] for line in lines} == {"2026-10-01"}
    for line in lines:
        jsonschema.validate(line, json.loads(schemas.read("check")))


def _many(claims: int) -> bytes:
    """Claims of one patient each, a line each."""
    one = json.loads((CLAIMS / "facet.json").read_text("utf-8"))["claims"][0]
    return b"".join(
        json.dumps({**one, "claim_id": f"C{at}", "patient_id": f"P{at}"}).encode() + b"\n"
        for at in range(claims)
    )


def test_a_large_body_is_answered_claim_by_claim_and_the_same_each_time(
    client: TestClient,
) -> None:
    body = _many(400)
    assert len(body) > AT_ONCE
    answers = [_post(client, CHECK, body, NDJSON, accept=NDJSON) for _ in range(2)]
    assert answers[0].content == answers[1].content
    lines = [json.loads(line) for line in answers[0].text.splitlines()]
    assert [line["claim_id"] for line in lines] == [f"C{at}" for at in range(400)]
    small = _post(client, CHECK, _many(1), NDJSON, accept=NDJSON)
    assert small.content.splitlines()[0] == answers[0].content.splitlines()[0]


def test_a_large_body_whose_answer_is_wanted_in_one_object_is_told_how_to_ask(
    client: TestClient,
) -> None:
    answer = _post(client, CHECK, _many(400), NDJSON)
    assert answer.status_code == 406
    assert NDJSON in answer.json()["faults"][0]["todo"]


def test_a_large_body_without_claims_is_refused_like_a_small_one(client: TestClient) -> None:
    body = b"claim_id,code\n" + b"\n" * (AT_ONCE + 10)
    answer = _post(client, CHECK, body, "text/csv", accept=NDJSON)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["message"] == "the file holds no claim."


def test_a_check_ends_and_leaves_nothing_when_the_one_who_asked_hangs_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    headers = {"Content-Type": NDJSON, "Accept": NDJSON}
    with serving(tmp_path / "data") as address:
        where = urlsplit(address)
        assert where.hostname
        line = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        line.request("POST", CHECK, _many(3000), headers)
        deadline = time.monotonic() + 20
        while not list(tmp_path.glob("facetwise-check-*/*/input")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        line.close()
        while list(tmp_path.glob("facetwise-check-*/*/input")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert not list(tmp_path.glob("facetwise-check-*"))


def test_only_some_rules_can_be_asked(client: TestClient) -> None:
    body = (CLAIMS / "facet.json").read_bytes()
    asked = ("ncci/mue", "bilateral/not_allowed")[:1]
    answer = _post(client, f"{CHECK}&only={asked[0]}", body).json()
    named = {f["rule"] for claim in answer["claims"] for f in claim["findings"]}
    passed = {rule for claim in answer["claims"] for rule in claim["checks"]["pass"]}
    assert named | passed == set(asked)
    assert _post(client, f"{CHECK}&only=ncci/nothing", body).status_code == 404
    assert _post(client, f"{CHECK}&only=mue", body).json()["faults"][0]["path"] == "query/only"


# What is not understood is refused, with everything that was wrong and nothing that was sent.

_DEEP = "[" * 5000 + "]" * 5000
NOT_JSON = {
    "nothing": "",
    "broken": '{"text": ',
    "two values": "{} {}",
    "nested too deep": _DEEP,
    "nested far too deep": "[" * 200_000,
    "a member twice": '{"text": "a", "text": "b"}',
    "not a number": '{"temperature_c": NaN}',
    "infinite": '{"temperature_c": 1e999}',
    "an endless number": '{"muscles": ' + "9" * 5000 + "}",
    "NUL as a character": '{"text": "a\\u0000b"}',
    "NUL as it is": '{"text": "a\0b"}',
    "half a surrogate pair": '{"text": "\\ud800"}',
}


@pytest.mark.parametrize("path", ["/api/v1/code", "/api/v1/decode", CHECK])
@pytest.mark.parametrize("name", NOT_JSON)
def test_json_that_can_be_read_in_two_ways_or_none_is_refused(
    client: TestClient, path: str, name: str
) -> None:
    answer = _post(client, path, NOT_JSON[name])
    assert (answer.status_code, answer.headers["content-type"]) in [
        (400, "application/problem+json"),
        (422, "application/problem+json"),
    ]
    assert answer.json()["faults"]


@pytest.mark.parametrize("path", ["/api/v1/code", "/api/v1/decode", CHECK])
def test_bytes_that_are_not_utf8_are_refused(client: TestClient, path: str) -> None:
    for raw in (b'{"text": "\xff"}', '{"text": "a"}'.encode("utf-16")):
        assert _post(client, path, raw).status_code in (400, 422)


def test_a_byte_order_mark_does_no_harm(client: TestClient) -> None:
    body = b"\xef\xbb\xbf" + json.dumps({"text": "left L4-5 MBB"}).encode()
    assert _post(client, "/api/v1/code", body).status_code == 200
    claims = b"\xef\xbb\xbf" + (CLAIMS / "facet.json").read_bytes()
    assert _post(client, CHECK, claims).status_code == 200


@pytest.mark.parametrize("body", ["[]", "{}", "null", "3", '"text"', "[[]]", '{"claims": {}}'])
@pytest.mark.parametrize("path", ["/api/v1/code", "/api/v1/decode", CHECK])
def test_a_body_of_another_kind_is_refused(client: TestClient, path: str, body: str) -> None:
    answer = _post(client, path, body)
    assert answer.status_code == 422
    assert answer.json()["faults"]


def test_every_fault_of_a_body_is_told_with_its_path_and_no_value(client: TestClient) -> None:
    body = {
        "technique": CANARY,
        "targets": [{"joint": "L4-L5", "side": "both"}, {"joint": 5, "side": CANARY}],
        "temperature_c": -1,
        "muscles": 0,
        "date": f"{CANARY}-1",
        CANARY: 1,
    }
    answer = _post(client, "/api/v1/code", json.dumps(body))
    assert answer.status_code == 422
    assert {fault["path"] for fault in answer.json()["faults"]} == {
        "/technique", "/targets/1/joint", "/targets/1/side", "/temperature_c", "/muscles",
        "/date", "/?",
    }  # fmt: skip
    assert CANARY not in answer.text


@pytest.mark.parametrize("kind", ["joint", "foramen", "interspace", "nerve"])
@pytest.mark.parametrize("level", ["58", "4-", "-", "", "L9", "S7", "é1", "L4-L5-L6"])
def test_a_level_that_is_none_is_refused_or_asked_about(
    client: TestClient, kind: str, level: str
) -> None:
    body = {"technique": "pulsed", "targets": [{kind: level}]}
    answer = _post(client, "/api/v1/code?ruleset=cpt&date=2026-10-01", json.dumps(body))
    assert answer.status_code == 422 or answer.json()["questions"]


def test_every_fault_of_the_parameters_is_told(client: TestClient) -> None:
    answer = _post(client, "/api/v1/check?as_off=2026-10-01&claim_type=vet&as_of=2026-02-30", "{}")
    assert answer.status_code == 422
    faults = {fault["path"]: fault for fault in answer.json()["faults"]}
    assert set(faults) == {"query", "query/claim_type", "query/as_of"}
    assert "as_of, claim_type, only" in faults["query"]["todo"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/page/64493",
        "/api/v1/page/64493?date=",
        "/api/v1/page/64493?date=20261001",
        "/api/v1/page/64493?date=2026-10-01&date=2026-10-02",
        "/api/v1/why/64493/bilateral",
        "/api/v1/tables",
        "/api/v1/tables?as_of=2026-10-01&table=no_such",
        "/api/v1/rules?page=2",
        "/api/v1/page/64493-50?date=2026-10-01",
    ],
)
def test_a_date_is_never_guessed_and_a_slip_is_never_passed_over(
    client: TestClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["message"]


def test_claims_are_not_checked_as_of_a_day_that_was_not_given(client: TestClient) -> None:
    answer = _post(client, "/api/v1/check", (CLAIMS / "facet.json").read_bytes())
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["path"] == "query/as_of"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/page/99999?date=2026-10-01", "code/unknown"),
        ("/api/v1/why/64493/rvu?date=2026-10-01", "fact/unknown"),
        ("/api/v1/rules/ncci/mues", "rule/unknown"),
    ],
)
def test_what_is_not_held_is_404_with_what_is_near(
    client: TestClient, path: str, kind: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, f"urn:facetwise:error:{kind}")
    assert answer.json()["faults"][0]["todo"]


def test_the_first_and_the_last_day_there_is_are_answered(client: TestClient) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        for path in (
            f"page/64493?date={day}",
            f"why/64493/status?date={day}",
            f"tables?as_of={day}",
        ):
            assert client.get(f"/api/v1/{path}").status_code == 200, (path, day)
        body = (CLAIMS / "facet.json").read_bytes()
        assert _post(client, f"/api/v1/check?as_of={day}", body).status_code == 200
        words = json.dumps({"text": "left L4-5 MBB", "date": day})
        assert _post(client, "/api/v1/code", words).status_code == 200


@pytest.mark.parametrize(
    ("media", "more"),
    [
        ("", {}),
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/json; charset=latin-1", {}),
        (JSON, {"content-encoding": "gzip"}),
    ],
)
def test_a_body_of_another_media_type_is_refused_before_it_is_read(
    client: TestClient, media: str, more: dict[str, str]
) -> None:
    for path in ("/api/v1/code", "/api/v1/decode", CHECK):
        answer = _post(client, path, "{}", media, **more)
        assert answer.status_code == 415
        assert JSON in answer.json()["faults"][0]["todo"]


def test_a_body_that_is_not_what_its_type_says_is_refused(client: TestClient) -> None:
    x12 = (CLAIMS / "facet.837").read_bytes()
    answer = _post(client, CHECK, x12, "text/csv")
    assert answer.status_code == 422
    assert "X12 by its content" in answer.json()["faults"][0]["message"]
    for name, raw in {"a PDF": b"%PDF-1.7", "XML or HTML": b"<html>"}.items():
        for media in ("application/octet-stream", "text/csv"):
            answer = _post(client, CHECK, raw, media)
            assert answer.status_code == 422
            assert name in answer.json()["faults"][0]["message"]


def test_a_procedure_as_long_as_a_book_is_refused(client: TestClient) -> None:
    answer = _post(client, "/api/v1/code", json.dumps({"text": "a" * (1 << 21)}))
    assert answer.status_code == 413
    assert _post(client, "/api/v1/code", json.dumps({"text": "a" * 5000})).status_code == 422


def test_no_patient_is_named_in_what_is_said_of_a_broken_body(client: TestClient) -> None:
    x12 = (CLAIMS / "facet.837").read_bytes()
    named = x12.replace(b"NM1*IL*1*", b"NM1*IL*1*" + CANARY.encode() + b"~~~")
    bodies: dict[str, bytes] = {
        "application/edi-x12": named,
        JSON: json.dumps({"claims": [{CANARY: CANARY, "lines": [{"charge": CANARY}]}]}).encode(),
        "text/csv": f"claim_id,code,units,patient\n1,64493,{CANARY},{CANARY}\n".encode(),
    }
    for media, body in bodies.items():
        for raw in (body, body[: len(body) // 2], body.replace(b'"', b"")):
            answer = _post(client, CHECK, raw, media)
            assert answer.status_code < 500
            assert CANARY not in answer.text


def test_an_address_that_is_no_operation_says_where_the_list_is(client: TestClient) -> None:
    for method, path, status in [
        ("GET", "/api/v1/nothing", 404), ("GET", "/api/v1/code", 405),
        ("PUT", "/api/v1/rules", 405),
    ]:  # fmt: skip
        answer = client.request(method, path, headers={"accept": "text/html"})
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert "openapi.json" in answer.json()["faults"][0]["todo"]


# What is published: the schemas are the one definition of what is sent.


def test_a_validator_of_openapi_finds_every_reference() -> None:
    text = json.dumps(_document())
    parts = _document()["components"]
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert references
    for reference in references:
        _, _, kind, name = reference.split("/")
        assert name in parts[kind], reference
    assert "$defs" not in text


def test_every_status_an_operation_may_give_is_documented() -> None:
    for operation in OPERATIONS:
        told = _document()["paths"][f"/api/v1{operation.path}"][operation.method.lower()]
        assert {"200", *map(str, (*EVERY, *operation.may))} == set(told["responses"])


@pytest.mark.parametrize("name", ["procedure", "lines"])
def test_the_schemas_of_what_is_sent_use_only_what_is_enforced(name: str) -> None:
    def keywords(schema: Json) -> set[str]:
        found = set(schema)
        for part in [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]:
            found |= keywords(part)
        for choice in ("anyOf", "oneOf"):
            found |= {key for one in schema.get(choice, []) for key in keywords(one)}
        return found | (keywords(schema["items"]) if "items" in schema else set())

    assert keywords(json.loads(schemas.read(name))) <= KEYWORDS | {
        "$schema", "$id", "$defs", "title", "description",
    }  # fmt: skip


def test_the_procedure_schema_knows_every_technique_and_setting_that_the_reader_knows() -> None:
    schema = json.loads(schemas.read("procedure"))["properties"]
    for name, kind in [
        ("technique", Technique), ("purpose", Purpose), ("guidance", Guidance),
        ("sedation", Sedation), ("claim_type", ClaimType),
    ]:  # fmt: skip
        assert {member.value for member in kind} <= set(schema[name]["enum"])
        for value in schema[name]["enum"]:
            procedure_from({"text": "left L4-5 MBB", name: value} if name in (
                "sedation", "claim_type") else {name: value, "targets": []})  # fmt: skip


def test_every_example_procedure_is_of_the_published_shape() -> None:
    import tomllib

    for path in sorted((ROOT / "examples" / "procedures").iterdir()):
        text = path.read_text("utf-8")
        value = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        value["date"] = str(value["date"])
        assert read_procedure(path)
        assert faults_of("procedure", value) == []


def test_the_claims_schema_names_every_field_that_is_read_and_the_example_file_is_of_it() -> None:
    schema = json.loads(schemas.read("claims"))
    assert set(schema["$defs"]["claim"]["properties"]) == _CLAIM_KEYS | {"lines", "diagnoses"}
    assert set(schema["$defs"]["line"]["properties"]) == _LINE_KEYS | {"pointers"}
    jsonschema.validate(json.loads((CLAIMS / "facet.json").read_text("utf-8")), schema)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["L4-L5", "L4 MB", "left", "both", "64494-50", "thermal-ablation", "50", ""])
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["text", "technique", "targets", "joint", "nerve", "side", "code", "units",
                         "modifiers", "agents", "name", "mg", "date", "interventions", "lines"])
        | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_VALUES)
def test_our_reading_of_a_schema_agrees_with_the_standard(value: Any) -> None:
    for name in ("procedure", "lines"):
        for tried in (value, {"lines": value}, {"targets": value, "technique": "pulsed"}):
            validator = jsonschema.Draft202012Validator(json.loads(schemas.read(name)))
            assert bool(faults_of(name, tried)) == (not validator.is_valid(tried)), (name, tried)


def _nested(depth: int) -> str:
    return '{"text": ' + "[" * depth + "]" * depth + "}"


def test_nesting_within_the_limit_is_a_fault_of_shape_and_beyond_it_of_reading(
    client: TestClient,
) -> None:
    read: Callable[[int], int] = lambda d: _post(client, "/api/v1/code", _nested(d)).status_code  # noqa: E731
    assert (read(DEEPEST - 1), read(DEEPEST)) == (422, 400)


# The examples of docs/api.md, as they stand there.

_DOC = (ROOT / "docs" / "api.md").read_text("utf-8")
_ADDRESS = "http://127.0.0.1:8494"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", _DOC, re.MULTILINE | re.DOTALL)


def test_every_curl_line_of_the_documentation_is_answered(served: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not on this machine")
    assert len(_blocks("sh")) >= 6
    for block in _blocks("sh"):
        script = block.replace(_ADDRESS, served).replace("curl -s ", "curl -sf ")
        for command in script.replace("\ncurl", "\n\0curl").split("\0"):
            done = subprocess.run(["sh", "-ec", command], cwd=ROOT, capture_output=True, check=True)
            lines = done.stdout.decode().splitlines()
            answers = [json.loads(line) for line in lines]
            assert answers
            assert all(answer["schema"].startswith("facetwise.") for answer in answers)


def test_every_python_example_of_the_documentation_runs(
    served: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert len(_blocks("python")) == 2
    for block in _blocks("python"):
        exec(block.replace(_ADDRESS, served), {})
        assert capsys.readouterr().out
