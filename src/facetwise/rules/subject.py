"""What a rule looks at: a service line with its claim, its encounter, and rows of tables."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from facetwise.claim import Claim, ServiceLine
from facetwise.rules.policy_view import PolicyView
from facetwise.sources import Citation
from facetwise.tables.answer import Entry

_MINUTES = "MJ"
"""Unit basis of anesthesia time (X12 837P, SV103)."""


class Line(NamedTuple):
    """One service line, as rules read it.

    Attributes:
        claim: the claim it stands on.
        item: the line as it was read.
        code: upper case; blank when it could not be read.
        units: quantity billed; None when absent, unreadable, below zero or in minutes.
        day: first day of service; None when absent or unreadable.
        practitioner: NPI of who rendered it; where no line of the claim names one, of who bills;
            blank when it is not known.
    """

    claim: Claim
    item: ServiceLine
    code: str
    modifiers: tuple[str, ...]
    units: Decimal | None
    day: date | None
    practitioner: str

    @property
    def number(self) -> int:
        """The line's number in its claim, from 1."""
        return self.item.number

    def has(self, *modifiers: str) -> bool:
        """Whether any of the modifiers stands on the line."""
        return any(modifier in self.modifiers for modifier in modifiers)


def line_of(claim: Claim, item: ServiceLine) -> Line:
    """A service line as rules read it."""
    units = item.units
    if units is not None and (units < 0 or item.unit_basis == _MINUTES):
        units = None
    day, practitioner = item.service_date, _practitioner(claim, item)
    return Line(claim, item, item.code, item.modifiers, units, day, practitioner)


def _practitioner(claim: Claim, item: ServiceLine) -> str:
    """Who rendered a line; a biller stands for nobody where another line names its own."""
    rendering = item.rendering or claim.rendering
    if rendering and rendering.npi:
        return rendering.npi
    others = (line.rendering for line in claim.lines)
    named = any(other.npi for other in others if other)
    return "" if named or claim.billing is None else claim.billing.npi


class Encounter(NamedTuple):
    """All lines of one patient on one date in the input, across claims of one kind of biller.

    Attributes:
        lines: in order of the input; the first claim's lines first.
        whole: False when part of a claim could not be read, so that what seems absent may have
            been in the part lost.
    """

    lines: tuple[Line, ...]
    whole: bool = True

    def codes(self, practitioner: str) -> frozenset[str]:
        """Codes of one practitioner."""
        return frozenset(line.code for line in self.by(practitioner))

    def by(self, practitioner: str) -> Iterator[Line]:
        """Lines of one practitioner; a line that names nobody counts as everybody's."""
        return (
            line
            for line in self.lines
            if line.practitioner == practitioner or not line.practitioner or not practitioner
        )


class Looked(NamedTuple):
    """What a table says for one key and date, as rules read it.

    Attributes:
        entries: the rows; none when the table lists nothing or no edition answers.
        absent: what says that nothing is listed; None when rows are listed or nothing is known.
    """

    entries: tuple[Entry, ...] = ()
    absent: Citation | None = None


class Rows:
    """The rows in force for a line: those that met the trigger, and those of other tables needed.

    Iterating gives the trigger's rows; `of` gives those of a table the rule declared.

    Attributes:
        said: one entry a document the rule cites.
        as_of: the day the check is made.
        policies: the payer's policies, for a rule that declares `policies=True`.
    """

    __slots__ = ("_look", "_policies", "_trigger", "as_of", "said")

    def __init__(
        self,
        trigger: tuple[Entry, ...],
        look: Callable[[str, Line | None], Looked],
        said: tuple[Entry, ...],
        as_of: date,
        policies: PolicyView | None = None,
    ) -> None:
        self._trigger = trigger
        self._policies = policies
        self._look = look
        self.said = said
        self.as_of = as_of

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._trigger)

    @property
    def policies(self) -> PolicyView:
        """The payer's policies on the line's date.

        Raises:
            KeyError: the rule did not declare that it asks them.
        """
        if self._policies is None:
            raise KeyError("the rule asks policies without declaring it")
        return self._policies

    def under(self, policies: PolicyView) -> "Rows":
        """The same rows under the policies of one claim's payer."""
        return Rows(self._trigger, self._look, self.said, self.as_of, policies)

    @property
    def first(self) -> Entry:
        """The trigger's only row, or the first of several."""
        return self._trigger[0]

    def of(self, table: str, line: Line | None = None) -> tuple[Entry, ...]:
        """Rows of a table the rule needs, for the line asked about or another of its encounter."""
        return self._look(table, line).entries

    def absent(self, table: str, line: Line | None = None) -> tuple[Entry, ...]:
        """One entry that cites the edition in force listing nothing; none when it lists rows."""
        citation = self._look(table, line).absent
        return (Entry({}, citation),) if citation else ()

    def fact(self, name: str, line: Line | None = None) -> str:
        """A fact of the line's code (`code_facts`); blank when none is held."""
        for entry in self.of("code_facts", line):
            if entry.row["fact"] == name:
                return entry.row["value"]
        return ""
