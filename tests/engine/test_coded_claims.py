"""What we tell a biller to bill, our own checker must not deny."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import facetwise
from facetwise.engine.check import Checker
from facetwise.finding import Verdict
from facetwise.tables.store import Store
from tests.rules.claims import claim_of

CERVICAL = [f"C{n}-C{n + 1}" for n in range(2, 7)] + ["C7-T1"]
THORACIC = [f"T{n}-T{n + 1}" for n in range(1, 12)]
LUMBAR = [f"L{n}-L{n + 1}" for n in range(1, 5)] + ["L5-S1"]
RULESETS = {
    "medicare-practitioner": "practitioner",
    "medicare-opps": "hospital-outpatient",
    "medicare-asc": "asc",
}
PLACES = {"practitioner": "11", "hospital-outpatient": "22", "asc": "24"}
DAYS = (date(2024, 8, 5), date(2025, 5, 5), date(2026, 8, 3), date(2026, 11, 2))


@st.composite
def _procedures(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from([CERVICAL, THORACIC, LUMBAR]))
    start = draw(st.integers(0, len(region) - 1))
    joints = region[start : start + draw(st.integers(1, 3))]
    side = draw(st.sampled_from(["right", "left", "bilateral"]))
    what = draw(
        st.sampled_from(
            ["medial branch block, first diagnostic", "intra-articular injection, therapeutic",
             "radiofrequency ablation 80 C"]
        )
    )  # fmt: skip
    return f"{side} {', '.join(joints)} {what}, fluoroscopy"


@pytest.mark.parametrize("ruleset", RULESETS)
@given(words=_procedures(), day=st.sampled_from(DAYS))
@settings(deadline=None, max_examples=60)
def test_lines_that_code_writes_meet_no_fail(
    store: Store, ruleset: str, words: str, day: date
) -> None:
    coded: dict[str, Any] = facetwise.code(words, ruleset, day)
    if not coded["lines"]:
        assert coded["questions"] or coded["verdict"] == "not_checked"
        return
    lines = [
        {"code": line["code"], "modifiers": " ".join(line["modifiers"]), "units": line["units"]}
        for line in coded["lines"]
    ]
    kind = RULESETS[ruleset]
    case = {"date": day, "lines": lines, "claim_type": kind, "pos": PLACES[kind]}
    case |= {"diagnoses": ["M47812" if "C" in words else "M47816"], "authorization": "UTN1"}
    answer = Checker(store, as_of=date(2026, 11, 24)).check(claim_of(case))
    assert not [f for f in answer.findings if f.verdict is Verdict.FAIL], (words, lines)
    assert len(answer.findings) <= 3, (words, answer.findings)
