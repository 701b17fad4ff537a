"""What lines that read alike share: which rules they meet, with which rows, and what is not held.

Code, modifiers, date and claim type decide most of what is asked of a line. A plan is made once for
each such set of values and serves every line that has them.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from facetwise.claim import Claim, ClaimType, ServiceLine
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
        self._known: dict[tuple[str, str], list[Rule]] = {}
        for rule in self._rules:
            if rule.trigger.kind == "known":
                key = (rule.trigger.table, rule.trigger.column)
                self._known.setdefault(key, []).append(rule)
        self._others = tuple(r for r in self._rules if r.trigger.kind != "known")
        self._others_bare = tuple(
            r for r in self._others if r.trigger.kind not in ("modifier", "unknown")
        )
        self._tables = _asked_of_every_line(self._rules)

    def prepare(self, lines: Iterable[Line]) -> None:
        """Read together what the plans of lines not met before will look up."""
        new: dict[tuple[date, ClaimType], list[Line]] = {}
        for line in lines:
            if line.day is not None and _key(line) not in self._made:
                new.setdefault((line.day, line.claim.claim_type), []).append(line)
        for (day, claim_type), some in new.items():
            codes = dict.fromkeys(line.code for line in some)
            for table, column, rest in self._tables:
                if name := self._look.named(table, claim_type):
                    self._look.ahead(name, day, [{column: code, **rest} for code in codes])
            marks = [{"modifier": mark} for line in some for mark in line.modifiers]
            if marks:
                self._look.ahead("modifiers", day, marks)

    def of(self, line: Line) -> Plan:
        """The plan of a line."""
        key = _key(line)
        plan = self._made.get(key)
        if plan is None:
            plan = self._made[key] = self._make(_bare(line))
        return plan

    def _make(self, line: Line) -> Plan:
        asked: list[str] = []
        gaps: list[NotChecked] = []
        calls: list[tuple[Rule, Rows]] = []
        limits: list[Limit] = []
        met: list[tuple[Rule, tuple[Entry, ...]]] = []
        for (table, column), rules in self._known.items():
            found = triggers.rows_known(table, column, line, self._look)
            if isinstance(found, NotHeld):
                asked += [rule.id for rule in rules]
                gaps += [gap(rule, found) for rule in rules]
            elif found:
                met += [(r, rows) for r in rules if (rows := triggers.having(r.trigger, found))]
        for rule in self._others if line.modifiers else self._others_bare:
            if rule.trigger.kind == "sum_over":
                self._limit(rule, line, asked, gaps, limits)
                continue
            outcome = triggers.of_line(rule.trigger, line, self._look)
            if isinstance(outcome, tuple):
                met.append((rule, outcome))
            elif outcome is Unmet.CLEARED:
                asked.append(rule.id)
            elif isinstance(outcome, NotHeld):
                asked.append(rule.id)
                gaps.append(gap(rule, outcome))
        for rule, rows in met:
            asked.append(rule.id)
            missing, held = self._needs(rule, line)
            gaps += missing
            if held:
                calls.append((rule, self._make_rows(rule, line, rows)))
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
        if not rule.needs and not rule.uses:
            return (), True
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


def _key(line: Line) -> tuple[object, ...]:
    return (line.code, line.modifiers, line.day, line.claim.claim_type)


def _asked_of_every_line(rules: Iterable[Rule]) -> list[tuple[str, str, dict[str, str]]]:
    """Tables looked up for any line: name, column of the code, and the rest of the key."""
    by_code = {"rvu": {"modifier": ""}}
    asked: dict[tuple[str, str, bool], dict[str, str]] = {}
    for rule in rules:
        trigger = rule.trigger
        if trigger.kind == "known":
            asked[trigger.table, trigger.column, False] = {}
        elif trigger.kind == "sum_over":
            asked[trigger.table, "code", False] = {}
        elif trigger.kind == "every":
            for table in (*rule.needs, *rule.uses):
                if table != "modifiers":
                    asked[table, "code", table in by_code] = by_code.get(table, {})
    return [(table, column, rest) for (table, column, _), rest in asked.items()]


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
