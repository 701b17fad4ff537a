"""Every sourced case: what a biller gets, or is asked, for a procedure, ruleset and date."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facetwise.anatomy import Side
from facetwise.coding import Coding, as_procedure, code, rulesets
from facetwise.coding.as_text import written
from facetwise.procedure.file import claim_type_of

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "coding.toml").read_text("utf-8")
)["case"]
LETTER = {frozenset({Side.RIGHT}): "R", frozenset({Side.LEFT}): "L", frozenset(Side): "B"}


def coded(case: dict[str, Any]) -> Coding:
    done = as_procedure(case["procedure"], case.get("date", "2026-10-01"))
    done = replace(
        done,
        payer=case.get("payer", ""),
        claim_type=claim_type_of(case.get("claim_type")),
        place_of_service=case.get("pos", ""),
    )
    return code(done, case.get("ruleset"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_biller_gets_the_lines_the_source_gives(case: dict[str, Any]) -> None:
    answer = coded(case)
    assert [written(line) for line in answer.lines] == case["lines"]
    assert [question.id for question in answer.questions] == case.get("questions", [])
    assert answer.verdict == case["verdict"]
    if "levels" in case:
        assert [f"{v.joint} {LETTER[v.sides]}" for v in answer.levels] == case["levels"]


def test_the_cases_cover_every_ruleset_and_name_their_sources() -> None:
    assert len(CASES) >= 80
    named = {case.get("ruleset") or case.get("payer", "").lower() for case in CASES}
    assert set(rulesets()) <= named
    assert len({case["name"] for case in CASES}) == len(CASES)
    for case in CASES:
        assert case["source"]
        assert case["basis"] in ("stated", "derived")
