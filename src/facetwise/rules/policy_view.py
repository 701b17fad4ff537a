"""The policies of a claim's payer, as a rule reads them; what they do not answer is noted."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from facetwise.policies import Book, Policies, WhoseRules
from facetwise.tables.answer import Answer, Entry, Held, NotHeld


class PolicyView(NamedTuple):
    """Policies that apply on one date.

    Attributes:
        gaps: what was asked and not answered; the engine tells it as `not_checked`.
        memo: answers already given for any claim.
    """

    policies: Policies
    whose: WhoseRules
    day: date
    gaps: list[NotHeld]
    memo: dict[tuple[object, ...], Answer]

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
        return self._entries(
            self._ask("criteria", subject=subject, topic=topic, applies=applies, name=name)
        )

    def limits(
        self, *, subject: str = "", counts: str = "", applies: tuple[str, ...] = ()
    ) -> tuple[Entry, ...]:
        """How often and how many; none where no text held says."""
        return self._entries(self._ask("limits", subject=subject, counts=counts, applies=applies))

    def procedure(self, code: str) -> tuple[Entry, ...]:
        """How articles list a procedure: covered, noncovered, limited."""
        return self._entries(self._ask("procedure", code=code))

    def diagnosis(self, procedure: str, code: str) -> Answer:
        """Whether a diagnosis supports a procedure; silence of a complete list is `Absent`."""
        return self._noted(self._ask("diagnosis", procedure=procedure, code=code))

    def authorization(self, code: str, place: str) -> Answer:
        """Whether a code needs authorization at a place of service."""
        return self._noted(self._ask("authorization", code=code, place=place))

    def _ask(self, question: str, **asked: str | tuple[str, ...]) -> Answer:
        """One question to the policies, remembered by book and date."""
        key = (question, self.book, self.day, *asked.values())
        answer = self.memo.get(key)
        if answer is None:
            method: Callable[..., Answer] = getattr(self.policies, question)
            answer = self.memo[key] = method(self.book, self.day, **asked)
        return answer

    def _entries(self, answer: Answer) -> tuple[Entry, ...]:
        answer = self._noted(answer)
        return answer.entries if isinstance(answer, Held) else ()

    def _noted(self, answer: Answer) -> Answer:
        if isinstance(answer, NotHeld):
            self.gaps.append(answer)
        return answer
