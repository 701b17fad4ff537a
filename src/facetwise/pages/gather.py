"""What the sections share: the code, the date, its facts, and short ways to cite them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from facetwise.pages.model import FactAnswer, NotAvailable, Statement, Value
from facetwise.sources import Basis, Citation, Confidence, Fact
from facetwise.tables.answer import Held, NotHeld
from facetwise.tables.store import Store


@dataclass(frozen=True, slots=True)
class Context:
    """One code on one date of service, and every fact held of it."""

    store: Store
    code: str
    day: date
    facts: dict[str, FactAnswer]

    def fact(self, name: str) -> Fact[Value] | None:
        """A fact that is held; None when it is not."""
        answer = self.facts[name]
        return None if isinstance(answer, NotHeld) else answer

    def text(self, name: str) -> str:
        """A fact's value as text; blank when it is not held or its edition lists nothing."""
        fact = self.fact(name)
        return "" if fact is None or fact.value is None else str(fact.value)

    def cite(self, *names: str) -> tuple[Citation, ...]:
        """Everything the named facts rest on, each row once."""
        held = (self.fact(name) for name in names)
        return once(c for fact in held if fact for c in fact.citations)

    def say(self, text: str, *names: str) -> tuple[Statement, ...]:
        """The sentence, if every fact it rests on is held; else nothing."""
        if any(self.fact(name) is None for name in names):
            return ()
        return (Statement(marked(text, self.cite(*names)), self.cite(*names)),)

    def missing(self, **what: str) -> tuple[NotAvailable, ...]:
        """For each fact not held: what is missing, why, and the file that would answer."""
        lines: dict[NotAvailable, None] = {}
        for name, words in what.items():
            answer = self.facts[name]
            if isinstance(answer, NotHeld):
                lines[NotAvailable(f"{words}: {answer.reason}", answer.supplied_by)] = None
        return tuple(lines)

    def name_of(self, code: str) -> str:
        """Our own short name of a code; blank when none is held."""
        answer = self.store.find("code_facts", self.day, code=code, fact="name")
        return answer.entry.row["value"] if isinstance(answer, Held) else ""


def once(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """The citations in order, each once."""
    return tuple(dict.fromkeys(citations))


def marked(text: str, citations: Iterable[Citation]) -> str:
    """The sentence with how its sources stand: carried, derived, secondary.

    What that means for each source is told in full in the list of sources.
    """
    cited = tuple(citations)
    tail = [str(basis) for basis in (Basis.CARRIED, Basis.DERIVED) if _any(cited, basis)]
    if any(c.confidence is Confidence.SECONDARY for c in cited):
        tail.append("secondary source")
    return f"{text} ({', '.join(tail)})" if tail else text


def _any(citations: Iterable[Citation], basis: Basis) -> bool:
    return any(citation.basis is basis for citation in citations)


def ends_well(words: str) -> str:
    """A sentence from a fragment: capital first, full stop last."""
    text = words.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
