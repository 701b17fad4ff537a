"""Ask every rule of one claim.

Only rules whose trigger the claim meets are called. The engine supplies `not_checked`, names the
rule, and lowers a `fail` to a `review` where nothing primary and in force supports it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from facetwise.claim import Claim, Fault
from facetwise.engine import triggers
from facetwise.engine.alike import Alike, Spoken, signature
from facetwise.engine.answer import ClaimAnswer, Found, NotChecked
from facetwise.engine.encounters import VOID, encounters
from facetwise.engine.lookups import Lookups, looked
from facetwise.engine.plan import READS, Limit, Plans, first_day, gap
from facetwise.engine.triggers import Outcome, Unmet
from facetwise.finding import Verdict
from facetwise.policies import Policies, whose_rules_of
from facetwise.policies import shipped as shipped_policies
from facetwise.policies.payers import MEDICARE
from facetwise.rules.declare import Draft, Rule, Scope
from facetwise.rules.policy_view import PolicyView
from facetwise.rules.registry import all_rules
from facetwise.rules.subject import Encounter, Line, Looked, Rows, line_of
from facetwise.sources import Basis, Citation, Confidence
from facetwise.tables.answer import Absent, Answer, Entry, Held, NotHeld
from facetwise.tables.store import Store

_FORMATS = "FORMATS"
"""The document that says what a record must look like to be read."""
_HELD = {
    Basis.CARRIED: "an earlier", Basis.DERIVED: "a later", Basis.ELSEWHERE: "another date's",
}  # fmt: skip
_NO_UNITS = NotHeld("a line of the code has no units that can be counted.", "the units")
_MOST_ALIKE = 20_000
"""Patterns of claims kept; beyond that they are worked out anew."""
_PARTLY_READ = "part of the claim could not be read."


class Checker:
    """Rules and tables, ready to ask; one serves any number of claims."""

    def __init__(
        self,
        store: Store,
        *,
        as_of: date,
        rules: Mapping[str, Rule] | None = None,
        policies: Policies | None = None,
    ) -> None:
        self.rules = tuple((all_rules() if rules is None else rules).values())
        self.as_of = as_of
        self.look = Lookups(store)
        self.policies = policies or shipped_policies()
        self.policy_answers: dict[tuple[object, ...], Answer] = {}
        self.calls = 0
        """Rule functions called; a test holds this number down."""
        self.plans = Plans(self.rules, self.look, self._rows_of_line)
        self.pair_rules = tuple(rule for rule in self.rules if rule.scope is Scope.PAIR)
        self.claim_rules = tuple(rule for rule in self.rules if rule.scope is Scope.CLAIM)
        self._reads = {
            rule.id: tuple(READS[name] for name in rule.reads)
            for rule in self.rules
            if rule.scope is Scope.LINE
        }
        self.alike: dict[tuple[object, ...], Alike] = {}
        """What came of the lines of claims, by what rules can read of them."""
        self._silent: set[tuple[object, ...]] = set()
        self._pairs: dict[tuple[object, ...], Outcome] = {}

    def check(
        self, claim: Claim, patient: Sequence[Claim] = (), history: Iterable[Claim] = ()
    ) -> ClaimAnswer:
        """Every answer about one claim.

        Args:
            claim: the claim.
            patient: all claims of its patient in the same input, in order, itself among them.
            history: earlier claims of the same patient, for rules that look back.
        """
        return _OneClaim(self, claim, patient or (claim,), tuple(history)).answer()

    def rows(self, rule: Rule, line: Line | None, trigger: tuple[Entry, ...], claim: Claim) -> Rows:
        """What a rule may read: its trigger's rows, and tables it declared."""
        allowed = frozenset((*rule.needs, *rule.uses, *rule.aside))

        def look(table: str, other: Line | None) -> Looked:
            if table not in allowed:
                raise KeyError(f"rule {rule.id} reads {table} without declaring it")
            if table == "icd10cm":
                return self._diagnoses(claim)
            subject = other or line
            assert subject is not None, f"rule {rule.id} must name the line it asks {table} of"
            return looked(self.look.of_line(table, subject))

        day = line.day if line and line.day else (first_day(claim) or self.as_of)
        said = tuple(self.look.document(cited, day) for cited in rule.cites)
        return Rows(trigger, look, said, self.as_of)

    def _rows_of_line(self, rule: Rule, line: Line, trigger: tuple[Entry, ...]) -> Rows:
        return self.rows(rule, line, trigger, line.claim)

    def pair(self, rule: Rule, first: Line, second: Line) -> Outcome:
        """What two lines are to a pair rule, remembered by their codes."""
        key = (rule.id, first.code, second.code, second.day, second.claim.claim_type)
        outcome = self._pairs.get(key)
        if outcome is None:
            outcome = self._pairs[key] = triggers.of_pair(rule.trigger, first, second, self.look)
        return outcome

    def _diagnoses(self, claim: Claim) -> Looked:
        found: dict[tuple[int, str], Entry] = {}
        for at, code, answer in self.look.diagnoses(claim):
            if isinstance(answer, Held):
                kind, citation = answer.entry["kind"], answer.entry.citation
            elif isinstance(answer, Absent):
                kind, citation = "unlisted", answer.citation
            else:
                continue
            entry = Entry({"code": code, "kind": kind, "at": str(at)}, citation)
            found.setdefault((at, kind), entry)
        return Looked(tuple(found.values()))

    def silent(self, rule: Rule, line: Line) -> bool:
        """Whether the rule was already asked of a line that reads the same, and said nothing."""
        return self._read(rule, line) in self._silent

    def remember_silence(self, rule: Rule, line: Line) -> None:
        """Do not ask a line rule again of what reads the same."""
        self._silent.add(self._read(rule, line))

    def _read(self, rule: Rule, line: Line) -> tuple[object, ...]:
        return (rule.id, *[read(line) for read in self._reads[rule.id]])


class _OneClaim:
    """The work on one claim: what was asked, passed, found and left unanswered."""

    def __init__(
        self, checker: Checker, claim: Claim, patient: Sequence[Claim], history: Sequence[Claim]
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
        for line in self.lines:
            self._ask_line(line)
            for rule in self.checker.pair_rules:
                self._ask_pairs(rule, line)
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
            elif not self.checker.silent(rule, line) and not self._call(rule, line, rows):
                self.checker.remember_silence(rule, line)
        for limit in plan.limits:
            self._ask_limit(limit, line, encounter)

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

    def _ask_pairs(self, rule: Rule, line: Line) -> None:
        """Pairs in which this claim's line is column 2, so that each is told once."""
        for other in self.encounters[line.day].by(line.practitioner):
            if other.item is line.item or other.code == line.code:
                continue
            outcome = self.checker.pair(rule, other, line)
            if outcome is Unmet.NOT_ASKED:
                continue
            self.asked[rule.id] = None
            if isinstance(outcome, NotHeld):
                self.gaps[gap(rule, outcome)] = None
            elif isinstance(outcome, tuple):
                rows = self.checker.rows(rule, line, outcome, self.claim)
                self._call(rule, other, line, rows)

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
    return getattr(line.item, name) not in (None, "", ())


def _is_given(claim: Claim, name: str) -> bool:
    match name:
        case "charges":
            return bool(claim.lines) and all(line.charge is not None for line in claim.lines)
        case "complete":
            return claim.complete
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
    said: dict[Found, set[int]] = {}
    for found in findings:
        said.setdefault(found._replace(lines=()), set()).update(found.lines)
    return (found._replace(lines=tuple(sorted(lines))) for found, lines in said.items())


def _order(found: Found) -> tuple[object, ...]:
    return (found.line or 0, found.rule, found.verdict, found.message)
