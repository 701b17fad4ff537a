"""Every rule against its sourced cases, and the twelve claims on which open tools fail."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.finding import Verdict
from facetwise.rules.registry import all_rules
from facetwise.tables.store import Store
from tests.rules.claims import claim_of

CASES = Path(__file__).parent.parent / "cases"
AS_OF = date(2026, 11, 24)


def _load(path: Path) -> list[dict[str, Any]]:
    return tomllib.loads(path.read_text("utf-8"))["case"]


RULE_CASES = {rule_id: CASES / "rules" / f"{rule_id}.toml" for rule_id in all_rules()}
CASE_LIST = [
    pytest.param(rule_id, case, id=f"{rule_id}: {case['name']}")
    for rule_id, path in RULE_CASES.items()
    if path.exists()
    for case in _load(path)
]
SMOKE = [pytest.param(case, id=case["name"]) for case in _load(CASES / "smoke.toml")]


def _answer(store: Store, case: dict[str, Any]) -> ClaimAnswer:
    checker = Checker(store, as_of=case.get("as_of", AS_OF))
    claim = claim_of(case)
    others = [claim_of(case | more, f"T{at}") for at, more in enumerate(case.get("others", []), 2)]
    return checker.check(claim, [*others, claim] if case.get("after") else [claim, *others])


def _verdict(answer: ClaimAnswer, rule_id: str) -> str:
    found = {str(f.verdict) for f in answer.findings if f.rule == rule_id}
    for verdict in ("fail", "review"):
        if verdict in found:
            return verdict
    if any(gap.rule == rule_id for gap in answer.not_checked):
        return "not_checked"
    return "pass" if rule_id in answer.passes else "not_asked"


@pytest.mark.parametrize(("rule_id", "case"), CASE_LIST)
def test_a_rule_answers_its_cases(store: Store, rule_id: str, case: dict[str, Any]) -> None:
    answer = _answer(store, case)
    assert _verdict(answer, rule_id) == case["verdict"], answer
    findings = [f for f in answer.findings if f.rule == rule_id]
    for words in case.get("says", []):
        assert any(words in finding.message for finding in findings), findings
    if "line" in case:
        assert [f.line for f in findings] == [case["line"] or None]
    for finding in findings:
        assert finding.verdict in all_rules()[rule_id].verdicts
        assert finding.citations


@pytest.mark.parametrize("rule_id", RULE_CASES)
def test_every_rule_has_sourced_cases_on_all_sides(rule_id: str) -> None:
    rule = all_rules()[rule_id]
    assert RULE_CASES[rule_id].exists(), f"write {RULE_CASES[rule_id]}"
    cases = _load(RULE_CASES[rule_id])
    assert all(case["source"] for case in cases)
    wanted = {str(verdict) for verdict in rule.verdicts} | {"pass"}
    if rule.trigger.table or rule.needs or rule.uses:
        wanted.add("not_checked")
    assert wanted <= {case["verdict"] for case in cases}


@pytest.mark.parametrize("case", SMOKE)
def test_a_claim_on_which_open_tools_fail(store: Store, case: dict[str, Any]) -> None:
    answer = _answer(store, case)
    found = {f.rule: str(f.verdict) for f in answer.findings}
    for rule_id, verdict in case["expect"].items():
        assert _verdict(answer, rule_id) == verdict, answer
    unexpected = {rule for rule, v in found.items() if v == "fail"} - {
        rule for rule, v in case["expect"].items() if v == "fail"
    }
    assert not unexpected, answer
    if case.get("correct"):
        assert not any(f.verdict is Verdict.FAIL for f in answer.findings)
        assert len(answer.findings) <= 3
