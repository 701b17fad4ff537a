"""The work on one claim: its rules asked, their findings weighed.

The engine supplies `not_checked`, names the rule, and lowers a `fail` to a `review` where nothing
primary and in force supports it.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from facetwise.claim import Claim, ClaimType, Fault
from facetwise.engine.alike import Alike, Spoken, lacks, signature
from facetwise.engine.answer import ClaimAnswer, Found, NotChecked
from facetwise.engine.encounters import VOID, encounters
from facetwise.engine.plan import Limit, first_day, gap
from facetwise.engine.triggers import Outcome
from facetwise.finding import Verdict
from facetwise.policies import whose_rules_of
from facetwise.policies.payers import MEDICARE
from facetwise.rules.declare import Draft, Rule, Scope
from facetwise.rules.policy_view import PolicyView
from facetwise.rules.subject import Encounter, Line, Rows, line_of
from facetwise.sources import Basis, Citation, Confidence
from facetwise.tables.answer import NotHeld

if TYPE_CHECKING:
    from facetwise.engine.check import Checker

_FORMATS = "FORMATS"
"""The document that says what a record must look like to be read."""
_HELD = {
    Basis.CARRIED: "an earlier", Basis.DERIVED: "a later", Basis.ELSEWHERE: "another date's",
}  # fmt: skip
_NO_UNITS = NotHeld("a line of the code has no units that can be counted.", "the units")
_MOST_ALIKE = 20_000
"""Patterns of claims kept; beyond that they are worked out anew."""
_PARTLY_READ = "part of the claim could not be read."


class OneClaim:
    """The work on one claim: what was asked, passed, found and left unanswered."""

    def __init__(
        self, checker: "Checker", claim: Claim, patient: Sequence[Claim], history: Sequence[Claim]
    ) -> None:
        self.checker = checker
        self.claim = claim
        self.history = history
        self.lines = tuple(line_of(claim, item) for item in claim.lines)
        self.encounters = encounters(claim, self.lines, patient)
        day = first_day(claim) or checker.as_of
        self.whose = whose_rules_of(checker.look.store, claim, day)
        self.medicare = self.whose.line_of_business == MEDICARE
        self.asked: dict[str, None] = {}
        self.gaps: dict[NotChecked, None] = {}
        self.found: list[Found] = []
        self.spoken: list[Spoken] = []
        self.alone = len(patient) == 1 and not history

    def answer(self) -> ClaimAnswer:
        self._ask_lines()
        for rule in self.checker.claim_rules:
            self._ask_claim(rule)
        for fault in self.claim.faults:
            self.found.append(self._fault(fault))
        unanswered = {gap.rule for gap in self.gaps}
        spoken = {found.rule for found in self.found}
        passes = (rule for rule in self.asked if rule not in unanswered and rule not in spoken)
        return ClaimAnswer(
            self.claim.claim_id,
            tuple(sorted(passes)),
            tuple(sorted(self.gaps)),
            tuple(sorted(_merged(self.found), key=_order)) if self.found else (),
            self.claim.where(),
        )

    def _ask_lines(self) -> None:
        """Ask what the lines meet, or take it from a claim that reads alike."""
        key = signature(self.claim) if self.alone else None
        known = self.checker.alike.get(key) if key else None
        if known:
            self.asked.update(dict.fromkeys(known.asked))
            self.gaps.update(dict.fromkeys(known.gaps))
            self.found += known.findings(self.claim)
            return
        self.checker.prepare(self.lines, self.encounters)
        for line in self.lines:
            self._ask_line(line)
            self._ask_pairs(line)
        if key:
            if len(self.checker.alike) >= _MOST_ALIKE:
                self.checker.alike.clear()
            known = Alike(tuple(self.asked), tuple(self.gaps), tuple(self.spoken))
            self.checker.alike[key] = known

    def _ask_line(self, line: Line) -> None:
        plan = self.checker.plans.of(line)
        self.asked.update(dict.fromkeys(plan.asked))
        self.gaps.update(dict.fromkeys(plan.gaps))
        encounter = self.encounters[line.day]
        for rule, rows in plan.calls:
            if rule.policies:
                self._ask_policies(rule, rows, line, encounter)
            elif rule.scope is Scope.ENCOUNTER:
                self._call(rule, line, encounter, rows)
            elif rule.scope is Scope.HISTORY:
                self._call(rule, line, self.history, rows)
            elif missing := [name for name in rule.given if not _is_on_line(line, name)]:
                self.gaps.update((_ungiven(rule, name, "line"), None) for name in missing)
            else:
                self._ask_line_rule(rule, line, rows)
        for limit in plan.limits:
            self._ask_limit(limit, line, encounter)

    def _ask_line_rule(self, rule: Rule, line: Line, rows: Rows) -> None:
        """Not again where it said nothing of a line that reads the same."""
        read = self.checker.what_is_read(rule, line)
        if read not in self.checker.silent and not self._call(rule, line, rows):
            self.checker.silent.add(read)

    def _ask_policies(self, rule: Rule, rows: Rows, line: Line, encounter: Encounter) -> None:
        """A rule about the payer's own policies, which are not known where the payer is not."""
        if not self.whose.resolved or line.day is None:
            self.gaps[NotChecked(rule.id, self._unknown_payer(), "; ".join(self.whose.missing))] = (
                None
            )
            return
        view = PolicyView(
            self.checker.policies, self.whose, line.day, [], self.checker.policy_answers
        )
        beside = () if rule.scope is Scope.LINE else (encounter,)
        if not self._call(rule, line, *beside, rows.under(view)):
            self.gaps.update((gap(rule, answer), None) for answer in view.gaps)

    def _unknown_payer(self) -> str:
        return f"whose rules apply is not known: {'; '.join(self.whose.missing)}."

    def _ask_limit(self, limit: Limit, line: Line, encounter: Encounter) -> None:
        """Once a claim for each code, at its first line: the units of the day against the limit."""
        alike = [other for other in encounter.by(line.practitioner) if other.code == line.code]
        first = next((other for other in alike if other.claim is self.claim), line)
        if first.item is not line.item:
            return
        self.asked[limit.rule.id] = None
        stated = [other.units for other in alike if other.units is not None]
        if sum(stated, Decimal(0)) > limit.most:
            self.gaps.update(dict.fromkeys(limit.gaps))
            if limit.callable:
                self._call(limit.rule, line, encounter, limit.rows)
        elif len(stated) < len(alike):
            self.gaps[gap(limit.rule, _NO_UNITS)] = None

    def _ask_pairs(self, line: Line) -> None:
        """Pairs in which this claim's line is column 2, so that each is told once."""
        for other in self.encounters[line.day].by(line.practitioner):
            if other.item is line.item or other.code == line.code:
                continue
            for table, rules in self.checker.pair_rules.items():
                outcome = self.checker.pair(table, other, line)
                for rule in rules:
                    self._ask_pair(rule, outcome, other, line)

    def _ask_pair(self, rule: Rule, outcome: Outcome, first: Line, second: Line) -> None:
        self.asked[rule.id] = None
        if isinstance(outcome, NotHeld):
            self.gaps[gap(rule, outcome)] = None
        elif isinstance(outcome, tuple):
            rows = self.checker.rows(rule, second, outcome, self.claim)
            self._call(rule, first, second, rows)

    def _ask_claim(self, rule: Rule) -> None:
        self.asked[rule.id] = None
        missing = [name for name in rule.given if not _is_given(self.claim, name)]
        self.gaps.update((_ungiven(rule, name, "claim"), None) for name in missing)
        if missing:
            return
        if "icd10cm" in rule.uses:
            day = first_day(self.claim)
            if day is None:
                why = "the claim has no readable date of service."
                self.gaps[NotChecked(rule.id, why, "the date of service")] = None
                return
            for _, _, answer in self.checker.look.diagnoses(self.claim):
                if isinstance(answer, NotHeld):
                    self.gaps[gap(rule, answer)] = None
        self._call(rule, self.claim, self.checker.rows(rule, None, (), self.claim))

    def _call(self, rule: Rule, *arguments: object) -> bool:
        self.checker.calls += 1
        drafts = list(rule.check(*arguments))
        for draft in drafts:
            if draft.line is None or draft.line.claim is self.claim:  # else its own claim tells it
                found = self._weighed(rule, draft)
                self.found.append(found)
                self.spoken.append(Spoken(found, self._index(draft.line), draft.field))
        return bool(drafts)

    def _index(self, line: Line | None) -> int | None:
        """Where a line of this claim stands on it, from 0."""
        if line is None:
            return None
        return next(at for at, item in enumerate(self.claim.lines) if item is line.item)

    def _weighed(self, rule: Rule, draft: Draft) -> Found:
        verdict, why = self._verdict(rule, draft)
        line = draft.line
        where = line.item.where(draft.field) if line else self.claim.where(draft.field)
        return Found(
            rule.id,
            verdict,
            line.number if line else None,
            tuple(other.number for other in draft.others if other.claim is self.claim),
            f"{draft.message} {why}" if why else draft.message,
            draft.advice or rule.advice,
            draft.citations,
            rule.denial_codes,
            where,
        )

    def _verdict(self, rule: Rule, draft: Draft) -> tuple[Verdict, str]:
        """The draft's verdict, or `review` with the reason why nobody may deny on it."""
        if draft.verdict is not Verdict.FAIL:
            return draft.verdict, ""
        if not any(citation.decides for citation in draft.citations):
            return Verdict.REVIEW, _why_undecided(draft.citations)
        if rule.binds == "medicare" and not self.medicare:
            return Verdict.REVIEW, "Medicare denies it; the claim does not name Medicare as payer."
        if self.claim.frequency_code == VOID:
            return Verdict.REVIEW, "This claim is a void and bills nothing."
        if rule.absence and not self.encounters_whole:
            return Verdict.REVIEW, "Part of the input could not be read and may hold it."
        if draft.line and not _one_practitioner(draft.line, draft.others):
            return Verdict.REVIEW, "One of the lines does not say who did it."
        return Verdict.FAIL, ""

    @property
    def encounters_whole(self) -> bool:
        """Whether nothing of this patient's claims was lost in reading."""
        return all(encounter.whole for encounter in self.encounters.values())

    def _fault(self, fault: Fault) -> Found:
        said = self.checker.look.document(_FORMATS, self.checker.as_of)
        return Found(
            fault.id, Verdict.REVIEW, None, (), fault.message, fault.todo, (said.citation,), (),
            fault.place,
        )  # fmt: skip


def _ungiven(rule: Rule, name: str, subject: str) -> NotChecked:
    why = _PARTLY_READ if name == "complete" else f"the {subject} does not state its {name}."
    return NotChecked(rule.id, why, name)


def _is_on_line(line: Line, name: str) -> bool:
    if name == "pointers":  # an 837 must have them; a table or JSON may leave them out altogether
        may = line.item.layout.kind in ("row", "line", "item")
        return not may or any(item.pointers for item in line.claim.lines)
    if name == "units":
        return line.item.units is not None or not lacks(line.item, name)
    return getattr(line.item, name) not in (None, "", ())


def _is_given(claim: Claim, name: str) -> bool:
    match name:
        case "charges":
            return bool(claim.lines) and all(line.charge is not None for line in claim.lines)
        case "complete":
            return claim.complete
        case "place_of_service":
            hospital = claim.claim_type is ClaimType.HOSPITAL_OUTPATIENT  # its bill has none
            silent = [not item.place_of_service and lacks(item, name) for item in claim.lines]
            return hospital or not silent or not all(silent)
        case "npi":
            roles = (claim.billing, claim.rendering, claim.referring, claim.facility)
            everyone = (*roles, *(line.rendering for line in claim.lines))
            return any(provider and provider.npi for provider in everyone)
        case _:
            return getattr(claim, name) not in (None, "", ())


def _why_undecided(citations: tuple[Citation, ...]) -> str:
    carried = [c for c in citations if c.basis is not Basis.IN_FORCE]
    if carried:
        first = carried[0]
        when = _HELD[first.basis]
        return f"We hold only {when} edition ({first.edition.id}): check the one of that date."
    if any(c.confidence is Confidence.SECONDARY for c in citations):
        return "The source is secondary: confirm it before you rely on it."
    return ""


def _one_practitioner(line: Line, others: Iterable[Line]) -> bool:
    """Whether lines are known to be one practitioner's; on one claim, also where none is named."""
    for other in others:
        named = bool(line.practitioner) + bool(other.practitioner)
        if named == 1 or (named == 0 and other.claim is not line.claim):
            return False
    return True


def _merged(findings: Iterable[Found]) -> Iterator[Found]:
    """What is said of one line more than once is said once, with all other lines involved."""
    said: dict[tuple[object, ...], list[Found]] = {}
    for found in findings:
        alike = said.setdefault((found.rule, found.verdict, found.line, found.message), [])
        for at, other in enumerate(alike):
            if other._replace(lines=found.lines) == found:
                alike[at] = found._replace(lines=(*other.lines, *found.lines))
                break
        else:
            alike.append(found)
    every = (found for alike in said.values() for found in alike)
    return (found._replace(lines=tuple(sorted({*found.lines}))) for found in every)


def _order(found: Found) -> tuple[object, ...]:
    return (found.line or 0, found.rule, found.verdict, found.message)
