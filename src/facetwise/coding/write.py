"""Procedure to lines: what was done, whose rules apply, and the lines that follow, explained."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from facetwise.anatomy import Question, Region
from facetwise.coding import questions, remarks
from facetwise.coding.codebook import Codebook, codebook
from facetwise.coding.facet import ABLATION, INJECTION
from facetwise.coding.model import Coding, Level, Line
from facetwise.coding.resolve import resolve
from facetwise.coding.rulesets import rules_on, ruleset_named, rulesets
from facetwise.coding.session import session
from facetwise.coding.steps import explainer
from facetwise.finding import Verdict
from facetwise.procedure import BadProcedureError, Procedure
from facetwise.procedure.model import ABLATIONS, FACET_INJECTIONS
from facetwise.tables.store import Store, shipped

NEUTRAL = "cpt"
"""The ruleset under which questions are collected while none is chosen."""


def code(
    procedure: Procedure | Mapping[str, Any] | str,
    ruleset: str | None = None,
    date: dt.date | str | None = None,
    *,
    store: Store | None = None,
) -> Coding:
    """The claim lines of a procedure, each with its steps, or the questions that stand in the way.

    Args:
        procedure: a Procedure, a mapping with the keys of a procedure file, or words such as
            `bilateral L3-4, L4-5 MBB under fluoroscopy`.
        ruleset: id of a ruleset; without it the procedure's payer, claim type and place decide.
        date: date of service, a day or ISO 8601 text; without it the procedure's own.
        store: the tables; without it those that come with the package.

    Raises:
        UnknownRulesetError: no ruleset bears the name.
        ImpossibleLevelError: a level no spine has.
        BadProcedureError: the procedure or the date cannot be read.
    """
    held = store or shipped()
    done = as_procedure(procedure, date)
    day = done.day
    if day is None:
        name = ruleset_named(ruleset).id if ruleset else None
        return _open(held, done, name, [], [questions.no_date()])
    chosen, asked = resolve(held, done, ruleset, day)
    name = chosen.id if chosen else None
    book = codebook(held)
    if gone := _before_the_codes(done, book, day):
        return _not_checked(held, done, name, gone)
    settled = not any(question.blocks for question in done.questions)
    found = session(done, rules_on(name or NEUTRAL, day), book, explainer(held, day), settled)
    every = _by_id([*asked, *done.questions, *found.questions])
    if any(question.blocks for question in every):
        return _open(held, done, name, found.levels, every)
    if gone := _outside_life(found.lines, book, day):
        return _not_checked(held, done, name, gone)
    if book.known_to and day > book.known_to:
        every.append(remarks.newer_release(book.known_to, day))
    return Coding(
        name,
        day,
        tuple(found.lines),
        tuple(found.levels),
        tuple(every),
        Verdict.REVIEW if every else Verdict.PASS,
        done,
        held.catalogue.digest,
    )


def compare(
    procedure: Procedure | Mapping[str, Any] | str,
    date: dt.date | str | None = None,
    *,
    store: Store | None = None,
) -> list[Coding]:
    """The same procedure under every ruleset."""
    done = as_procedure(procedure, date)
    neutral = replace(done, place_of_service="", claim_type=None)
    return [code(neutral, name, store=store) for name in rulesets()]


def as_procedure(
    procedure: Procedure | Mapping[str, Any] | str, date: dt.date | str | None = None
) -> Procedure:
    """A Procedure from whatever a caller has, on the date given or its own.

    Raises:
        BadProcedureError: the procedure or the date cannot be read.
        ImpossibleLevelError: a level no spine has.
    """
    from facetwise.procedure import procedure_from, read_text  # here: they compile a grammar

    if isinstance(procedure, str):
        done = read_text(procedure)
    elif isinstance(procedure, Mapping):
        done = procedure_from(procedure)
    else:
        done = procedure
    day = _day(date)
    return replace(done, day=day) if day and day != done.day else done


def _day(date: dt.date | str | None) -> dt.date | None:
    if not isinstance(date, str):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        raise BadProcedureError(
            f"{date!r} is not a date.", where="date", todo="Write a real day as YYYY-MM-DD."
        ) from None


def _by_id(asked: Sequence[Question]) -> list[Question]:
    """Each question once; those that block come first."""
    if not asked:
        return []
    found: dict[str, Question] = {}
    for question in asked:
        found.setdefault(question.id, question)
    if "other-procedure" in found:
        found.pop("technique", None)
    return sorted(found.values(), key=lambda question: not question.blocks)


def _before_the_codes(done: Procedure, book: Codebook, day: dt.date) -> tuple[str, str] | None:
    """A date on which the facet codes did not exist settles everything else."""
    for item in done.interventions:
        if item.technique in ABLATIONS:
            first = book.of(ABLATION, Region.LUMBAR_SACRAL, "first-joint").code
        elif item.technique is None or item.technique in FACET_INJECTIONS:
            first = book.of(INJECTION, Region.LUMBAR_SACRAL, "first").code
        else:
            continue
        if gone := _life(first, book, day):
            return gone
    return None


def _outside_life(lines: Sequence[Line], book: Codebook, day: dt.date) -> tuple[str, str] | None:
    for line in lines:
        if gone := _life(line.code, book, day):
            return gone
    return None


def _life(code_: str, book: Codebook, day: dt.date) -> tuple[str, str] | None:
    """Why a code cannot be used on a date, and the file that would say more; None when it can."""
    life = book.life(code_)
    if life.first and day < life.first:
        if life.stated:
            return f"{code_} begins on {life.first}; the codes before it are not coded here.", ""
        return (
            f"{code_} is first listed in the release of {life.first}, the first one held; "
            "when it began is not known here.",
            life.supplied_by,
        )
    if life.last and day > life.last:
        return f"{code_} is last listed in a release that ends on {life.last}.", life.supplied_by
    return None


def _open(
    store: Store,
    done: Procedure,
    ruleset: str | None,
    levels: Sequence[Level],
    asked: Sequence[Question],
) -> Coding:
    return Coding(
        ruleset, done.day, (), tuple(levels), tuple(asked), Verdict.REVIEW, done,
        store.catalogue.digest,
    )  # fmt: skip


def _not_checked(
    store: Store, done: Procedure, ruleset: str | None, gone: tuple[str, str]
) -> Coding:
    return Coding(
        ruleset, done.day, (), (), (), Verdict.NOT_CHECKED, done, store.catalogue.digest, *gone
    )
