"""Ask every rule of one claim.

Only rules whose trigger the claim meets are called. The engine supplies `not_checked`, names the
rule, and lowers a `fail` to a `review` where nothing primary and in force supports it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from facetwise.claim import Claim
from facetwise.engine import triggers
from facetwise.engine.alike import Alike
from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.lookups import Lookups
from facetwise.engine.one_claim import OneClaim
from facetwise.engine.plan import READS, Plans, first_day
from facetwise.engine.triggers import Outcome
from facetwise.policies import Policies
from facetwise.policies import shipped as shipped_policies
from facetwise.rules.declare import Rule, Scope
from facetwise.rules.registry import all_rules
from facetwise.rules.subject import Encounter, Line, Looked, Rows
from facetwise.tables.answer import Absent, Answer, Entry, Held
from facetwise.tables.store import Store


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
        self.pair_rules: dict[str, list[Rule]] = {}
        """By the table that lists their pairs."""
        for rule in self.rules:
            if rule.scope is Scope.PAIR:
                self.pair_rules.setdefault(rule.trigger.table, []).append(rule)
        self.claim_rules = tuple(rule for rule in self.rules if rule.scope is Scope.CLAIM)
        self._reads = {
            rule.id: tuple(READS[name] for name in rule.reads)
            for rule in self.rules
            if rule.scope is Scope.LINE
        }
        self._said: dict[tuple[str, date], tuple[Entry, ...]] = {}
        self._tables = {
            rule.id: frozenset((*rule.needs, *rule.uses, *rule.aside)) for rule in self.rules
        }
        self.alike: dict[tuple[object, ...], Alike] = {}
        """What came of the lines of claims, by what rules can read of them."""
        self.silent: set[tuple[object, ...]] = set()
        """What line rules read when they had nothing to say."""
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
        return OneClaim(self, claim, patient or (claim,), tuple(history)).answer()

    def rows(self, rule: Rule, line: Line | None, trigger: tuple[Entry, ...], claim: Claim) -> Rows:
        """What a rule may read: its trigger's rows, and tables it declared."""
        allowed = self._tables[rule.id]

        def look(table: str, other: Line | None) -> Looked:
            if table not in allowed:
                raise KeyError(f"rule {rule.id} reads {table} without declaring it")
            if table == "icd10cm":
                return self._diagnoses(claim)
            subject = other or line
            assert subject is not None, f"rule {rule.id} must name the line it asks {table} of"
            return self.look.looked_of(table, subject)

        day = line.day if line and line.day else (first_day(claim) or self.as_of)
        key = (rule.id, day)
        said = self._said.get(key)
        if said is None:
            said = tuple(self.look.document(cited, day) for cited in rule.cites)
            self._said[key] = said
        return Rows(trigger, look, said, self.as_of)

    def _rows_of_line(self, rule: Rule, line: Line, trigger: tuple[Entry, ...]) -> Rows:
        return self.rows(rule, line, trigger, line.claim)

    def prepare(self, lines: Sequence[Line], encounters: Mapping[date | None, Encounter]) -> None:
        """Read together what rules will look up for lines and pairs not met before."""
        self.plans.prepare(lines)
        for day, encounter in encounters.items():
            mine = {line.code for line in lines if line.day == day}
            others = {line.code for line in encounter.lines}
            pairs = [
                {"column_1": first, "column_2": second}
                for second in mine
                for first in others
                if first != second
            ]
            if day is None or not pairs:
                continue
            for table in self.pair_rules:
                if name := self.look.named(table, lines[0].claim.claim_type):
                    self.look.ahead(name, day, pairs)

    def pair(self, table: str, first: Line, second: Line) -> Outcome:
        """What two lines are in a pair table, remembered by their codes."""
        key = (table, first.code, second.code, second.day, second.claim.claim_type)
        outcome = self._pairs.get(key)
        if outcome is None:
            outcome = self._pairs[key] = triggers.of_pair(table, first, second, self.look)
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

    def what_is_read(self, rule: Rule, line: Line) -> tuple[object, ...]:
        """All that a line rule reads of a line."""
        return (rule.id, *[read(line) for read in self._reads[rule.id]])
