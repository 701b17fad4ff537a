"""The words a rule is declared with. Data only: what each trigger means stands in the engine.

A rule is one question, one module, named by its id. The declaration says what makes it asked, what
it reads, which tables it needs and which verdicts it may give; the function yields findings. The
engine adds citations, says `not_checked`, and lowers a `fail` that nothing in force supports.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from facetwise.claim import Claim
from facetwise.finding import Verdict
from facetwise.rules.subject import Encounter, Line, Rows
from facetwise.sources import Citation
from facetwise.tables.answer import Entry

__all__ = [
    "Claim", "Draft", "Encounter", "Entry", "Findings", "Line", "Rows", "Rule", "Scope", "Trigger",
    "every", "fail", "known", "modifier", "pair", "registered", "review", "rule", "sum_over",
    "unknown",
]  # fmt: skip


class Scope(StrEnum):
    """What a rule is asked of, and so the arguments of its function before `rows`."""

    LINE = "line"
    """`(line, rows)`"""
    PAIR = "pair"
    """`(first, second, rows)`: column 1 and column 2 of a pair table."""
    CLAIM = "claim"
    """`(claim, rows)`"""
    ENCOUNTER = "encounter"
    """`(line, encounter, rows)`"""
    HISTORY = "history"
    """`(line, history, rows)`: history is the patient's earlier claims."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes a rule be asked at all; one of a closed set of kinds."""

    kind: str
    table: str = ""
    column: str = ""
    where: tuple[tuple[str, str], ...] = ()


def known(key: str, **where: str) -> Trigger:
    """Asked when a table has a row for the line's code in this column (`table.column`).

    Args:
        where: values that other columns of the row must have.
    """
    table, _, column = key.partition(".")
    return Trigger("known", table, column, tuple(where.items()))


def unknown(key: str) -> Trigger:
    """Asked when a table has no row for the line's value of this column (`table.column`)."""
    table, _, column = key.partition(".")
    return Trigger("unknown", table, column)


def modifier(kind: str) -> Trigger:
    """Asked when the line carries a modifier of this class."""
    return Trigger("modifier", "modifiers", kind)


def pair(table: str) -> Trigger:
    """Asked of two lines of an encounter that a pair table lists."""
    return Trigger("pair", table)


def sum_over(limit: str, by: str) -> Trigger:
    """Asked when units of a code summed `by` practitioner and day exceed a limit (`table.column`).

    The sum counts every line of the code once, at the first of them.
    """
    table, _, column = limit.partition(".")
    return Trigger("sum_over", table, f"{column} by {by}")


def every(scope: str) -> Trigger:
    """Asked of every line, claim or encounter."""
    return Trigger("every", "", scope)


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding before the engine has named its rule and weighed its sources."""

    verdict: Verdict
    line: Line | None
    message: str
    citations: tuple[Citation, ...]
    field: str = ""
    others: tuple[Line, ...] = ()
    advice: str = ""


Findings = Iterator[Draft]


@dataclass(frozen=True, slots=True)
class Rule:
    """A question with its declaration and its function.

    Attributes:
        question: the first line of the module's docstring.
        reads: fields of the line or claim that the answer depends on; an `every` or line rule is
            called once for each distinct set of their values.
        needs: tables looked up by the line's code and date, besides the trigger's; without an
            edition for the date the rule is not asked, and `not_checked`.
        uses: the same, but the rule is asked all the same.
        aside: tables it may read whose silence leaves nothing unanswered.
        given: fields of the claim, or of the line, without which a claim rule or line rule is not
            asked, and `not_checked`.
        cites: ids of documents that say so where no table row does.
        binds: `medicare` when only Medicare must follow it (NCCI); else blank.
        policies: whether it asks the payer's policies; where the payer is not known it is not
            asked, and `not_checked`.
        absence: whether it finds that something is missing, so that it may not deny when part of
            the input was lost.
    """

    id: str
    question: str
    trigger: Trigger
    scope: Scope
    reads: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    advice: str
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    denial_codes: tuple[str, ...] = ()
    binds: str = ""
    policies: bool = False
    absence: bool = False
    check: Callable[..., Findings] = field(default=lambda: iter(()), compare=False, repr=False)


_RULES: dict[str, Rule] = {}


def rule(
    rule_id: str,
    *,
    trigger: Trigger,
    scope: str,
    reads: tuple[str, ...],
    verdicts: tuple[str, ...],
    advice: str,
    **more: Any,
) -> Callable[[Callable[..., Findings]], Callable[..., Findings]]:
    """Declare the function below as a rule; its question is the module's first line.

    Raises:
        ValueError: two rules have one id.
    """

    def declare(function: Callable[..., Findings]) -> Callable[..., Findings]:
        if rule_id in _RULES:
            raise ValueError(f"two rules are called {rule_id}")
        question = str(function.__globals__["__doc__"]).strip().splitlines()[0]
        allowed = tuple(Verdict(verdict) for verdict in verdicts)
        _RULES[rule_id] = Rule(
            rule_id, question, trigger, Scope(scope), reads, allowed, advice, check=function, **more
        )
        return function

    return declare


def registered() -> dict[str, Rule]:
    """Every rule declared so far, by id."""
    return dict(sorted(_RULES.items()))


def fail(line: Line | None, message: str, *, cite: Iterable[Entry], **more: Any) -> Draft:
    """The payer would deny it: what the rows in force say is not met."""
    return _draft(Verdict.FAIL, line, message, cite, more)


def review(line: Line | None, message: str, *, cite: Iterable[Entry], **more: Any) -> Draft:
    """A person must decide or document."""
    return _draft(Verdict.REVIEW, line, message, cite, more)


def _draft(
    verdict: Verdict, line: Line | None, message: str, cite: Iterable[Entry], more: dict[str, Any]
) -> Draft:
    citations = tuple(entry.citation for entry in cite)
    if len(citations) > 1:
        citations = tuple(dict.fromkeys(citations))
    return Draft(verdict, line, message, citations, **more)
