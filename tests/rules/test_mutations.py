"""Correct claims stay correct, and each known way of breaking one makes the right rule speak.

The correct claims are written by `facetwise.code`: covered by the document in force (at most two
levels, one region, fluoroscopy, a listed diagnosis, an authorization number).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import facetwise
from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.finding import Verdict
from facetwise.tables.store import Store
from tests.rules.claims import claim_of

AS_OF = date(2026, 11, 24)
CLAIM_TYPES = {
    "medicare-practitioner": "practitioner",
    "medicare-opps": "hospital-outpatient",
    "medicare-asc": "asc",
}
STATES = ("OH", "CA", "NY", "NC", "IN")
DAYS = (date(2024, 8, 5), date(2026, 5, 5), date(2026, 8, 3), date(2026, 11, 2))
DONE = (
    "right L4-5 medial branch block, first diagnostic, fluoroscopy",
    "bilateral L3-4, L4-5 medial branch block, second diagnostic, fluoroscopy",
    "left C4-5, C5-6 medial branch block, first diagnostic, fluoroscopy",
    "bilateral L4-5, L5-S1 intra-articular injection, therapeutic, fluoroscopy",
    "right L3-4, L4-5 radiofrequency ablation 80 C, fluoroscopy",
    "bilateral L4-5 radiofrequency ablation 80 C, CT",
    "left C5-6 radiofrequency ablation 80 C, fluoroscopy",
)
DIAGNOSIS = {"L": "M47816", "C": "M47812"}


def _claim(words: str, ruleset: str, day: date, state: str) -> dict[str, Any]:
    coded = facetwise.code(words, ruleset, day)
    assert coded["lines"], coded["questions"]
    region = words.split()[1][0]
    return {
        "date": day,
        "state": state,
        "claim_type": CLAIM_TYPES[ruleset],
        "pos": {"medicare-practitioner": "11", "medicare-opps": "22", "medicare-asc": "24"}[
            ruleset
        ],
        "diagnoses": [DIAGNOSIS[region]],
        "authorization": "UTN123456789",
        "lines": [
            {"code": line["code"], "modifiers": " ".join(line["modifiers"]), "units": line["units"]}
            for line in coded["lines"]
        ],
    }


def _answer(store: Store, case: dict[str, Any]) -> ClaimAnswer:
    return Checker(store, as_of=AS_OF).check(claim_of(case))


@pytest.mark.parametrize("ruleset", CLAIM_TYPES)
@pytest.mark.parametrize("words", DONE)
def test_a_correct_claim_has_no_fail_and_at_most_three_reviews(
    store: Store, words: str, ruleset: str
) -> None:
    for day in DAYS:
        for state in STATES:
            case = _claim(words, ruleset, day, state)
            answer = _answer(store, case)
            fails = [f for f in answer.findings if f.verdict is Verdict.FAIL]
            assert not fails, (day, state, fails)
            assert len(answer.findings) <= 3, (day, state, answer.findings)


Mutation = Callable[[dict[str, Any]], dict[str, Any]]


def _drop_first(case: dict[str, Any]) -> dict[str, Any]:
    return case | {"lines": case["lines"][1:]}


def _lines(case: dict[str, Any], **change: Any) -> dict[str, Any]:
    first, *others = case["lines"]
    return case | {"lines": [first | change, *others]}


def _add(case: dict[str, Any], **line: Any) -> dict[str, Any]:
    return case | {"lines": [*case["lines"], line]}


TWO_LEVELS = "right L3-4, L4-5 medial branch block, first diagnostic, fluoroscopy"
MUTATIONS: dict[str, tuple[str, Mutation, set[str]]] = {
    "drop the primary": (TWO_LEVELS, _drop_first, {"ncci/add-on-without-primary"}),
    "add a unit": (TWO_LEVELS, lambda c: _lines(c, units=2), {"ncci/mue"}),
    "an unknown modifier": (
        TWO_LEVELS, lambda c: _lines(c, modifiers="RT ZZ"), {"modifiers/known"},
    ),
    "both side styles": (
        TWO_LEVELS, lambda c: _lines(c, modifiers="50 RT"), {"modifiers/side-conflict"},
    ),
    "a header diagnosis": (TWO_LEVELS, lambda c: c | {"diagnoses": ["M4781"]}, {"diagnosis/valid"}),
    "no such diagnosis": (TWO_LEVELS, lambda c: c | {"diagnoses": ["M99Z99"]}, {"diagnosis/valid"}),
    "a pointer beyond the diagnoses": (
        TWO_LEVELS, lambda c: _lines(c, pointers=[4]), {"form/diagnosis-pointer"},
    ),
    "fluoroscopy beside a code that includes it": (
        TWO_LEVELS, lambda c: _add(c, code="77003"), {"ncci/ptp", "ncci/add-on-without-primary"},
    ),
    "the ultrasound family beside it": (
        TWO_LEVELS, lambda c: _add(c, code="0216T", modifiers="RT"), {"ncci/ptp"},
    ),
    "the same line twice": (
        TWO_LEVELS, lambda c: c | {"lines": [*c["lines"], c["lines"][0]]}, {"ncci/mue"},
    ),
    "ablation of the same joints": (
        TWO_LEVELS, lambda c: _add(c, code="64635", modifiers="RT"), {"ncci/ptp"},
    ),
    "a wrong total": (TWO_LEVELS, lambda c: c | {"total": "1.00"}, {"form/claim-total"}),
    "a mistyped NPI": (TWO_LEVELS, lambda c: c | {"npi": "1234567890"}, {"form/npi"}),
    "before the code began": (
        TWO_LEVELS, lambda c: c | {"date": date(2009, 5, 5)}, {"dates/code-life"},
    ),
}  # fmt: skip
MAY_ALSO_FAIL = {
    "before the code began": {"ncci/add-on-without-primary"},
    "the same line twice": set[str](),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_claim_broken_in_one_way_makes_the_right_rule_speak(store: Store, name: str) -> None:
    words, mutate, expected = MUTATIONS[name]
    case = mutate(_claim(words, "medicare-practitioner", date(2026, 8, 3), "OH"))
    answer = _answer(store, case)
    spoken = {finding.rule for finding in answer.findings}
    assert expected <= spoken, (expected, answer.findings)
    fails = {f.rule for f in answer.findings if f.verdict is Verdict.FAIL}
    assert fails <= expected | MAY_ALSO_FAIL.get(name, set()), answer.findings
