"""What lines that read alike share: which rules they meet, with which rows, and what is not held.

Code, modifiers, date and claim type decide most of what is asked of a line. A plan is made once for
each such set of values and serves every line that has them.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from facetwise.claim import Claim, ServiceLine
from facetwise.engine import triggers
from facetwise.engine.answer import NotChecked
from facetwise.engine.lookups import Lookups
from facetwise.engine.triggers import Unmet
from facetwise.rules.declare import Rule, Scope
from facetwise.rules.subject import Line, Rows
from facetwise.tables.answer import Entry, Held, NotHeld

MakeRows = Callable[[Rule, Line, tuple[Entry, ...]], Rows]


class Limit(NamedTuple):
    """A rule that is asked when units of the line's code on its day exceed a limit."""

    rule: Rule
    most: Decimal
    rows: Rows
    gaps: tuple[NotChecked, ...]
    callable: bool


class Plan(NamedTuple):
    """What is asked of every line that reads like one.

    Attributes:
        asked: ids of rules that are asked, whatever comes of it.
        gaps: what is not held for them.
        calls: rules to call, with the rows they get.
        limits: rules that depend on the units of the encounter.
    """

    asked: tuple[str, ...]
    gaps: tuple[NotChecked, ...]
    calls: tuple[tuple[Rule, Rows], ...]
    limits: tuple[Limit, ...]


class Plans:
    """Plans by what they depend on."""

    def __init__(self, rules: tuple[Rule, ...], look: Lookups, make_rows: MakeRows) -> None:
        scopes = (Scope.LINE, Scope.ENCOUNTER, Scope.HISTORY)
        self._rules = tuple(rule for rule in rules if rule.scope in scopes)
        self._look = look
        self._make_rows = make_rows
        self._made: dict[tuple[object, ...], Plan] = {}

    def of(self, line: Line) -> Plan:
        """The plan of a line."""
        key = (line.code, line.modifiers, line.day, line.claim.claim_type)
        plan = self._made.get(key)
        if plan is None:
            plan = self._made[key] = self._make(_bare(line))
        return plan

    def _make(self, line: Line) -> Plan:
        asked: list[str] = []
        gaps: list[NotChecked] = []
        calls: list[tuple[Rule, Rows]] = []
        limits: list[Limit] = []
        for rule in self._rules:
            if rule.trigger.kind == "sum_over":
                self._limit(rule, line, asked, gaps, limits)
                continue
            outcome = triggers.of_line(rule.trigger, line, self._look)
            if outcome is Unmet.NOT_ASKED:
                continue
            asked.append(rule.id)
            if isinstance(outcome, NotHeld):
                gaps.append(gap(rule, outcome))
            elif isinstance(outcome, tuple):
                missing, held = self._needs(rule, line)
                gaps += missing
                if held:
                    calls.append((rule, self._make_rows(rule, line, outcome)))
        return Plan(tuple(asked), tuple(gaps), tuple(calls), tuple(limits))

    def _limit(
        self, rule: Rule, line: Line, asked: list[str], gaps: list[NotChecked], limits: list[Limit]
    ) -> None:
        answer = self._look.of_line(rule.trigger.table, line)
        if isinstance(answer, NotHeld):
            asked.append(rule.id)
            gaps.append(gap(rule, answer))
        elif isinstance(answer, Held):
            most = Decimal(answer.entry[rule.trigger.column.partition(" ")[0]])
            missing, held = self._needs(rule, line)
            rows = self._make_rows(rule, line, (answer.entry,))
            limits.append(Limit(rule, most, rows, missing, held))

    def _needs(self, rule: Rule, line: Line) -> tuple[tuple[NotChecked, ...], bool]:
        """What of the rule's tables is not held, and whether the rule can be called."""
        gaps: list[NotChecked] = []
        held = True
        for table in (*rule.needs, *rule.uses):
            answer = self._look.of_line(table, line)
            if isinstance(answer, NotHeld):
                gaps.append(gap(rule, answer))
                held = held and table not in rule.needs
        return tuple(gaps), held


def gap(rule: Rule, answer: NotHeld) -> NotChecked:
    """A rule that could not be answered, and what would answer it."""
    return NotChecked(rule.id, answer.reason, answer.supplied_by)


def _bare(line: Line) -> Line:
    """The line without its claim, so that a plan keeps nothing of a patient."""
    item = ServiceLine(0, line.code, line.modifiers, service_date=line.day)
    claim = Claim("", claim_type=line.claim.claim_type)
    return Line(claim, item, line.code, line.modifiers, None, line.day, "")


READS: dict[str, Callable[[Line], object]] = {
    "code": lambda line: line.code,
    "modifiers": lambda line: line.modifiers,
    "units": lambda line: line.units,
    "stated_units": lambda line: (line.item.units, line.item.unit_basis),
    "practitioner": lambda line: line.practitioner,
    "service_date": lambda line: line.day,
    "last_service_date": lambda line: line.item.last_service_date,
    "diagnosis_count": lambda line: len(line.claim.diagnoses),
    "pointers": lambda line: line.item.pointers,
    "claim_type": lambda line: line.claim.claim_type,
    "complete": lambda line: line.claim.complete,
}
"""What a line rule may say that it reads, and where that is."""


def first_day(claim: Claim) -> date | None:
    """The first day of service on a claim; None when no line has a readable one."""
    days = [line.service_date for line in claim.lines if line.service_date]
    return min(days, default=None)
