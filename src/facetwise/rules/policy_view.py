"""The policies of a claim's payer, as a rule reads them; what they do not answer is noted."""

from datetime import date
from typing import NamedTuple

from facetwise.policies import Book, Policies, WhoseRules
from facetwise.tables.answer import Answer, Entry, Held, NotHeld


class PolicyView(NamedTuple):
    """Policies that apply on one date.

    Attributes:
        gaps: what was asked and not answered; the engine tells it as `not_checked`.
    """

    policies: Policies
    whose: WhoseRules
    day: date
    gaps: list[NotHeld]

    @property
    def book(self) -> Book:
        """Payer, line of business, contractor and state."""
        return self.whose.book

    @property
    def payer(self) -> str:
        """The payer, or Medicare's contractor, in plain words."""
        return self.whose.contractor_title or self.whose.payer_title

    def criteria(
        self, *, subject: str = "", topic: str = "", applies: tuple[str, ...] = (), name: str = ""
    ) -> tuple[Entry, ...]:
        """What documents ask; none where their texts are not held."""
        answer = self.policies.criteria(
            self.book, self.day, subject=subject, topic=topic, applies=applies, name=name
        )
        return self._entries(answer)

    def limits(
        self, *, subject: str = "", counts: str = "", applies: tuple[str, ...] = ()
    ) -> tuple[Entry, ...]:
        """How often and how many; none where no text held says."""
        answer = self.policies.limits(
            self.book, self.day, subject=subject, counts=counts, applies=applies
        )
        return self._entries(answer)

    def procedure(self, code: str) -> tuple[Entry, ...]:
        """How articles list a procedure: covered, noncovered, limited."""
        return self._entries(self.policies.procedure(self.book, self.day, code))

    def diagnosis(self, procedure: str, code: str) -> Answer:
        """Whether a diagnosis supports a procedure; silence of a complete list is `Absent`."""
        return self._noted(self.policies.diagnosis(self.book, self.day, procedure, code))

    def authorization(self, code: str, place: str) -> Answer:
        """Whether a code needs authorization at a place of service."""
        return self._noted(self.policies.authorization(self.book, self.day, code, place=place))

    def _entries(self, answer: Answer) -> tuple[Entry, ...]:
        answer = self._noted(answer)
        return answer.entries if isinstance(answer, Held) else ()

    def _noted(self, answer: Answer) -> Answer:
        if isinstance(answer, NotHeld):
            self.gaps.append(answer)
        return answer
