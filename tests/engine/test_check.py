"""What a user may rely on in any answer, whatever the claim."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facetwise.claim import Claim, ClaimType, Fault
from facetwise.engine.answer import ClaimAnswer, NotChecked
from facetwise.engine.check import Checker
from facetwise.engine.run import check_all
from facetwise.finding import Verdict
from facetwise.rules.declare import Draft, Rule, Scope, every, rule
from facetwise.rules.registry import all_rules
from facetwise.rules.subject import Encounter, Looked, Rows, line_of
from facetwise.sources import Basis, Citation, Confidence, Edition, Source, Window
from facetwise.tables.answer import Entry
from facetwise.tables.store import Store
from tests.conftest import ROOT
from tests.rules.claims import claim_of

AS_OF = date(2026, 11, 24)
CODES = ("64490", "64491", "64492", "64493", "64494", "64495", "64633", "64634", "64635", "64636",
         "0213T", "0216T", "0217T", "20552", "20550", "62323", "64451", "77003", "99213", "99152",
         "J1010", "J2001", "99291", "")  # fmt: skip
MODIFIERS = ("", "RT", "LT", "50", "59", "KX", "RT KX", "RT LT", "50 RT", "76", "ZZ", "XS", "25")
DATES = ("2011-12-31", "2020-02-03", "2022-11-02", "2024-07-01", "2024-09-30", "2025-03-03",
         "2026-05-04", "2026-08-03", "2026-09-30", "2026-10-01", "2026-11-02",
         "2027-02-01")  # fmt: skip
LATER_IS_TOLD = ("form/duplicate-line", "levels/one-region", "ncci/mue")
"""Rules that tell the later of two lines, so that the order of the input says which."""

LINES = st.fixed_dictionaries(
    {
        "code": st.sampled_from(CODES),
        "modifiers": st.sampled_from(MODIFIERS),
        "units": st.sampled_from([1, 1, 1, 2, 5, "0.5"]),
        "npi": st.sampled_from(["", "", "1000000111"]),
        "pointers": st.sampled_from([(1,), (1, 2), (), (3,)]),
    }
)
CASES = st.fixed_dictionaries(
    {
        "date": st.sampled_from(DATES).map(date.fromisoformat),
        "lines": st.lists(LINES, max_size=5),
        "diagnoses": st.lists(st.sampled_from(["M47816", "M545", "M4781", "I10", "X"]), max_size=3),
        "claim_type": st.sampled_from([kind.value for kind in ClaimType]),
        "filing_code": st.sampled_from(["MB", "MB", "CI", "16", ""]),
        "frequency": st.sampled_from(["1", "1", "1", "7", "8"]),
        "complete": st.sampled_from([True, True, True, False]),
        "patient": st.sampled_from(["p1", "p1", "p2", ""]),
    }
)
INPUTS = st.lists(CASES, min_size=1, max_size=4).map(
    lambda cases: [claim_of(case, f"T{at}") for at, case in enumerate(cases, 1)]
)
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _checker(store: Store, *only: str, as_of: date = AS_OF) -> Checker:
    rules = {name: all_rules()[name] for name in only} or None
    return Checker(store, as_of=as_of, rules=rules)


def _answers(claims: Iterable[Claim | Fault], checker: Checker) -> list[ClaimAnswer]:
    return [a for a in check_all(claims, checker) if isinstance(a, ClaimAnswer)]


def _bytes(answers: Iterable[ClaimAnswer]) -> str:
    return json.dumps([answer.as_dict() for answer in answers])


def _one(store: Store, *only: str, **case: Any) -> ClaimAnswer:
    plain: dict[str, Any] = {"date": date(2026, 8, 3), "lines": [{"code": "64493"}]}
    return _checker(store, *only).check(claim_of(plain | case))


# What holds of every answer


@FEW
@given(INPUTS)
def test_nobody_is_denied_without_a_primary_source_in_force(
    store: Store, claims: list[Claim]
) -> None:
    for answer in _answers(claims, _checker(store)):
        for found in answer.findings:
            assert found.citations
            if found.verdict is Verdict.FAIL:
                assert any(
                    cited.basis is Basis.IN_FORCE and cited.confidence is Confidence.PRIMARY
                    for cited in found.citations
                )


@FEW
@given(INPUTS)
def test_every_claim_is_answered_and_every_question_once(store: Store, claims: list[Claim]) -> None:
    answers = _answers(claims, _checker(store))
    assert [answer.claim_id for answer in answers] == [claim.claim_id for claim in claims]
    for claim, answer in zip(claims, answers, strict=True):
        passed = set(answer.passes)
        found = {finding.rule for finding in answer.findings}
        gaps = {gap.rule for gap in answer.not_checked}
        assert len(passed) == len(answer.passes)
        assert not passed & found
        assert not passed & gaps
        for name, asked in all_rules().items():
            if asked.trigger.kind == "every" and (claim.lines or asked.scope is Scope.CLAIM):
                assert name in passed | found | gaps
        assert passed | found | gaps <= set(all_rules())


@FEW
@given(INPUTS)
def test_a_finding_names_lines_of_its_own_claim_and_says_what_to_do(
    store: Store, claims: list[Claim]
) -> None:
    for claim, answer in zip(claims, _answers(claims, _checker(store)), strict=True):
        numbers = {line.number for line in claim.lines}
        for found in answer.findings:
            assert found.line is None or found.line in numbers
            assert set(found.lines) <= numbers - {found.line}
            assert found.verdict in all_rules()[found.rule].verdicts
            assert found.message.endswith(".")
            assert found.advice.endswith(".")


@FEW
@given(INPUTS)
def test_the_same_claims_get_the_same_bytes_in_a_stable_order(
    store: Store, claims: list[Claim]
) -> None:
    first = _answers(claims, _checker(store))
    assert _bytes(first) == _bytes(_answers(claims, _checker(store)))
    for answer in first:
        assert list(answer.passes) == sorted(answer.passes)
        assert list(answer.not_checked) == sorted(answer.not_checked)
        lines = [found.line or 0 for found in answer.findings]
        assert lines == sorted(lines)


@FEW
@given(INPUTS, INPUTS)
def test_what_was_checked_before_changes_no_answer(
    store: Store, before: list[Claim], claims: list[Claim]
) -> None:
    warm = _checker(store)
    _answers(before, warm)
    _answers(claims, warm)
    assert _bytes(_answers(claims, warm)) == _bytes(_answers(claims, _checker(store)))


@FEW
@given(INPUTS, st.randoms(use_true_random=False))
def test_the_order_of_the_claims_changes_only_which_of_two_is_the_later(
    store: Store, claims: list[Claim], chance: random.Random
) -> None:
    claims = [claim._replace(frequency_code="1") for claim in claims]
    shuffled = chance.sample(claims, len(claims))
    ways = [{a.claim_id: a for a in _answers(c, _checker(store))} for c in (claims, shuffled)]
    for claim_id, answer in ways[0].items():
        kept = [
            [f for f in a.findings if f.rule not in LATER_IS_TOLD]
            for a in (answer, ways[1][claim_id])
        ]
        assert [_said(kept[0]), answer.not_checked] == [
            _said(kept[1]),
            ways[1][claim_id].not_checked,
        ]
    told = [Counter(f.rule for a in way.values() for f in a.findings) for way in ways]
    same_kind = len({claim.claim_type for claim in claims}) == 1
    named = all(_names_everyone(claim) for claim in claims)
    if same_kind and named:
        assert told[0] == told[1]


def _said(findings: Iterable[Any]) -> list[tuple[object, ...]]:
    """Without the other line that a finding names: any of several alike will do."""
    return [(f.rule, f.verdict, f.line) for f in findings]


def _names_everyone(claim: Claim) -> bool:
    return all(line_of(claim, item).practitioner for item in claim.lines)


# The day of the check, the payer, what was lost


def test_only_a_date_in_the_future_depends_on_the_day_of_the_check(store: Store) -> None:
    claim = claim_of({"date": date(2026, 8, 3), "lines": [{"code": "64494", "modifiers": "ZZ"}]})
    early, late = (
        _checker(store, as_of=day).check(claim) for day in (date(2026, 8, 2), date(2030, 1, 1))
    )
    assert [f for f in early.findings if f.rule != "dates/service-date"] == list(late.findings)
    assert [f.rule for f in early.findings].count("dates/service-date") == 1
    assert early.not_checked == late.not_checked


@pytest.mark.parametrize(
    "payer",
    [{"filing_code": ""}, {"filing_code": "CI"}, {"filing_code": "MC"}, {"filing_code": "16"}],
)
def test_no_ncci_edit_denies_a_claim_that_does_not_name_medicare(
    store: Store, payer: dict[str, str]
) -> None:
    lines = [{"code": "64635"}, {"code": "64493"}, {"code": "64492"}, {"code": "77003"}]
    answer = _one(store, lines=lines, **payer)
    assert {f.rule for f in answer.findings} >= {"ncci/ptp", "ncci/add-on-without-primary"}
    assert all(f.verdict is Verdict.REVIEW for f in answer.findings)


def test_nothing_is_denied_for_being_absent_when_part_of_the_patients_claims_was_lost(
    store: Store,
) -> None:
    case: dict[str, Any] = {"date": date(2026, 8, 3), "lines": [{"code": "64494"}]}
    claim = claim_of(case)
    other = claim_of(case | {"lines": [{"code": "99213"}], "complete": False}, "T2")
    checker = _checker(store, "ncci/add-on-without-primary")
    assert checker.check(claim).worst is Verdict.FAIL
    assert checker.check(claim, [claim, other]).worst is Verdict.REVIEW


@pytest.mark.parametrize("units", [None, Decimal("0")])
def test_missing_units_are_not_zero_units(store: Store, units: Decimal | None) -> None:
    claim = claim_of({"date": date(2026, 11, 2), "lines": [{"code": "64493"}]})
    claim = claim._replace(lines=(claim.lines[0]._replace(units=units),))
    answer = _checker(store, "ncci/mue").check(claim)
    assert answer.passes == (() if units is None else ("ncci/mue",))
    assert [gap.supplied_by for gap in answer.not_checked] == (
        ["the units"] if units is None else []
    )


def test_units_over_the_limit_deny_even_when_another_line_has_none(store: Store) -> None:
    lines = [{"code": "64493", "units": 2}, {"code": "64493"}]
    claim = claim_of({"date": date(2026, 11, 2), "lines": lines})
    claim = claim._replace(lines=(claim.lines[0], claim.lines[1]._replace(units=None)))
    assert _checker(store, "ncci/mue").check(claim).worst is Verdict.FAIL


@pytest.mark.parametrize("field", ["claim_total", "charge"])
def test_a_total_or_charge_that_is_missing_is_not_a_sum_that_agrees(
    store: Store, field: str
) -> None:
    claim = claim_of({"date": date(2026, 8, 3), "lines": [{"code": "64493"}]})
    if field == "charge":
        claim = claim._replace(lines=(claim.lines[0]._replace(charge=None),))
    else:
        claim = claim._replace(claim_total=None)
    answer = _checker(store, "form/claim-total").check(claim)
    assert not answer.passes
    assert not answer.findings
    assert [gap.rule for gap in answer.not_checked] == ["form/claim-total"]


def test_a_claim_with_no_line_is_answered(store: Store) -> None:
    answer = _one(store, lines=[])
    assert not answer.findings
    assert "diagnosis/valid" in {gap.rule for gap in answer.not_checked}


def test_what_was_wrong_with_a_record_is_a_review_with_its_place(store: Store) -> None:
    fault = Fault("x12/count", "the count is wrong.", claim_of(CASE).where(), "Send it again.")
    answer = _checker(store).check(claim_of(CASE)._replace(faults=(fault,)))
    found = next(f for f in answer.findings if f.rule == "x12/count")
    assert (found.verdict, found.advice) == (Verdict.REVIEW, "Send it again.")
    assert found.citations


# The engine keeps rules to their declaration


CASE: dict[str, Any] = {"date": date(2026, 8, 3), "lines": [{"code": "64493"}]}


def _made(*citations: Citation, **more: Any) -> Rule:
    """A rule that always denies, resting on these citations."""

    def check(line: Any, rows: Rows) -> Iterable[Draft]:
        yield Draft(Verdict.FAIL, line, "No.", citations)

    made = Rule("test/made", "?", every("line"), Scope.LINE, ("code",), (Verdict.FAIL,), "Do.")
    return replace(made, check=check, **more)


def _citation(**more: Any) -> Citation:
    edition = Edition("E1", Source("K", "T", "P"), Window(), Window())
    return Citation(edition, **more)


@pytest.mark.parametrize(
    ("citations", "verdict", "why"),
    [
        ((_citation(),), "fail", ""),
        ((_citation(basis=Basis.CARRIED),), "review", "We hold only an earlier edition (E1)"),
        ((_citation(basis=Basis.DERIVED),), "review", "We hold only a later edition (E1)"),
        ((_citation(basis=Basis.ELSEWHERE),), "review", "We hold only another date's edition"),
        ((_citation(confidence=Confidence.SECONDARY),), "review", "The source is secondary"),
        ((_citation(basis=Basis.CARRIED), _citation()), "fail", ""),
        ((), "review", ""),
    ],
)
def test_a_rule_that_denies_on_weak_sources_is_lowered_and_says_why(
    store: Store, citations: tuple[Citation, ...], verdict: str, why: str
) -> None:
    checker = Checker(store, as_of=AS_OF, rules={"test/made": _made(*citations)})
    found = checker.check(claim_of(CASE)).findings[0]
    assert str(found.verdict) == verdict
    assert why in found.message


def test_a_rule_that_reads_a_table_it_did_not_declare_is_stopped(store: Store) -> None:
    def check(line: Any, rows: Rows) -> Iterable[Draft]:
        rows.of("gpci")
        return iter(())

    checker = Checker(store, as_of=AS_OF, rules={"test/made": replace(_made(), check=check)})
    with pytest.raises(KeyError, match="test/made reads gpci without declaring it"):
        checker.check(claim_of(CASE))


def test_two_rules_cannot_share_an_id() -> None:
    declared = rule(
        "ncci/mue", trigger=every("line"), scope="line", reads=(), verdicts=(), advice=""
    )
    with pytest.raises(ValueError, match="ncci/mue"):
        declared(_made().check)


OF_A_LINE = [name for name, one in all_rules().items() if one.scope is Scope.LINE]
READ_BASES: list[dict[str, Any]] = [
    {"code": "64493", "modifiers": "RT"},
    {"code": "64493", "modifiers": "50 RT ZZ", "pointers": [3]},
    {"code": "62323", "modifiers": "50", "pointers": []},
    {"code": "J2001", "date": date(2026, 12, 1), "last_date": date(2026, 11, 1)},
]
CHANGES: dict[str, dict[str, Any]] = {
    "code": {"code": "64635"},
    "modifiers": {"modifiers": ("LT", "KX")},
    "units": {"units": Decimal(7)},
    "service_date": {"service_date": date(2024, 8, 5)},
    "last_service_date": {"last_service_date": date(2024, 8, 1)},
    "pointers": {"pointers": (2, 9)},
    "charge": {"charge": Decimal("3.21")},
    "place_of_service": {"place_of_service": "24"},
    "number": {"number": 8},
    "practitioner": {"rendering": claim_of(CASE).billing},
}


UNREAD = [(name, field) for name in OF_A_LINE for field in CHANGES
          if field not in all_rules()[name].reads]  # fmt: skip


@pytest.mark.parametrize(("name", "changed"), UNREAD)
def test_a_line_rule_depends_on_nothing_but_what_it_says_it_reads(
    store: Store, name: str, changed: str
) -> None:
    for base in READ_BASES:
        claim = claim_of(CASE | {"lines": [base]})
        other = claim._replace(lines=(claim.lines[0]._replace(**CHANGES[changed]),))
        one, two = (_checker(store, name).check(c) for c in (claim, other))
        assert _answer_to(one) == _answer_to(two)


@pytest.mark.parametrize(
    "change",
    [
        {"claim_type": ClaimType.HOSPITAL_OUTPATIENT},
        {"place_of_service": "24"},
        {"frequency_code": "7"},
        {"patient_key": ""},
        {"claim_total": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", OF_A_LINE)
def test_nor_on_its_claim(store: Store, name: str, change: dict[str, Any]) -> None:
    assert "claim_type" not in all_rules()[name].reads
    for base in READ_BASES:
        claim = claim_of(CASE | {"lines": [base]})
        one, two = (_checker(store, name).check(c) for c in (claim, claim._replace(**change)))
        assert _answer_to(one) == _answer_to(two)


def _answer_to(answer: ClaimAnswer) -> tuple[object, ...]:
    said = [(f.verdict, f.message, f.citations) for f in answer.findings]
    return answer.passes, {gap.rule for gap in answer.not_checked}, said


def test_what_two_pairs_say_of_one_line_is_said_once_with_both_lines(store: Store) -> None:
    lines = [{"code": "64635"}, {"code": "64635", "modifiers": "76"}, {"code": "64493"}]
    answer = _one(store, "ncci/ptp", lines=lines)
    assert [(found.line, found.lines) for found in answer.findings] == [(3, (1, 2))]


# What a claim costs, told without a clock


FIVE_LINES: dict[str, Any] = {
    "date": date(2026, 8, 3),
    "lines": [
        {"code": "64493", "modifiers": "50 KX"},
        {"code": "64494", "modifiers": "50 KX"},
        {"code": "99152"},
        {"code": "99213", "modifiers": "25"},
        {"code": "J1010", "units": 40},
    ],
}


LOOK_UPS = 51
"""Each table once a code or pair, the modifiers, the diagnosis."""
STATEMENTS = 17
"""One a table and edition, however many codes and pairs the claim has."""
CALLS = 65
CALLS_WARM = 6
"""Rules about the whole claim; its lines read like those of a claim before."""


def test_a_five_line_claim_costs_a_known_number_of_look_ups_and_calls(store: Store) -> None:
    checker = _checker(store)
    checker.check(claim_of(FIVE_LINES))
    assert (checker.look.asked, checker.calls) == (LOOK_UPS, CALLS)


def test_codes_and_pairs_of_a_claim_are_read_together(store: Store) -> None:
    checker = _checker(store)
    read: list[str] = []
    store._db.set_trace_callback(read.append)  # pyright: ignore[reportPrivateUsage]
    try:
        checker.check(claim_of(FIVE_LINES))
    finally:
        store._db.set_trace_callback(None)  # pyright: ignore[reportPrivateUsage]
    assert 0 < len(read) <= STATEMENTS, "\n".join(read)


def test_asking_again_reaches_no_table_and_no_line_rule(store: Store) -> None:
    checker = _checker(store)
    checker.check(claim_of(FIVE_LINES))
    asked, calls = checker.look.asked, checker.calls
    checker.check(claim_of(FIVE_LINES, "T2"))
    assert checker.look.asked == asked
    assert checker.calls - calls == CALLS_WARM


def test_a_line_rule_that_had_nothing_to_say_is_called_once_for_lines_that_read_alike(
    store: Store,
) -> None:
    checker = _checker(store, "dates/code-life")
    checker.check(claim_of(CASE | {"lines": [{"code": "64493"}] * 3}))
    checker.check(claim_of(CASE, "T2"))
    assert checker.calls == 1


def test_a_line_rule_that_finds_something_finds_it_on_every_line(store: Store) -> None:
    answer = _one(store, "modifiers/known", lines=[{"code": "64493", "modifiers": "ZZ"}] * 3)
    assert [found.line for found in answer.findings] == [1, 2, 3]


# Edits that no edition held for our codes has in force


def _by_hand(name: str, row: dict[str, str], lines: list[dict[str, Any]]) -> list[Draft]:
    claim = claim_of(CASE | {"lines": lines})
    all_lines = tuple(line_of(claim, item) for item in claim.lines)
    rows = Rows((Entry(row, _citation()),), lambda table, line: Looked(), (), AS_OF)
    check = all_rules()[name].check
    if name == "ncci/ptp":
        return list(check(all_lines[0], all_lines[1], rows))
    return list(check(all_lines[0], Encounter(all_lines), rows))


def test_a_limit_a_line_denies_each_line_over_it_and_no_sum(store: Store) -> None:
    row = {"code": "64493", "units": "2", "mai": "1"}
    lines = [{"code": "64493", "units": 2}, {"code": "64493", "units": 3}, {"code": "64493"}]
    drafts = _by_hand("ncci/mue", row, lines)
    assert [(d.verdict, d.line.number if d.line else 0) for d in drafts] == [(Verdict.FAIL, 2)]


@pytest.mark.parametrize(("indicator", "found"), [("0", 1), ("1", 1), ("9", 0), ("", 0)])
def test_a_pair_whose_indicator_is_neither_0_nor_1_is_no_edit(indicator: str, found: int) -> None:
    row = {"column_1": "64635", "column_2": "64493", "modifier": indicator}
    lines: list[dict[str, Any]] = [{"code": "64635"}, {"code": "64493"}]
    assert len(_by_hand("ncci/ptp", row, lines)) == found


# What is written about the rules


def test_the_page_of_rules_lists_every_rule_with_its_question_and_verdicts() -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    listed = [line for line in page.splitlines() if re.match(r"\| `[a-z]+/", line)]
    wanted = [
        f"| `{one.id}` | {one.question} | {', '.join(map(str, one.verdicts))} |"
        for one in all_rules().values()
    ]
    assert listed == wanted


def test_a_gap_names_what_would_fill_it(store: Store) -> None:
    answer = _one(store, lines=[{"code": "64493", "date": ""}], claim_type="unknown")
    assert answer.not_checked
    for gap in answer.not_checked:
        assert isinstance(gap, NotChecked)
        assert gap.reason.endswith(".")
        assert gap.supplied_by
