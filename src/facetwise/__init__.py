"""Cited, dated answers for image-guided spine procedures.

Importing this package is cheap: tables are opened on the first look-up. The functions here return
the published JSON contracts as plain dictionaries (`facetwise schema NAME` prints each).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facetwise.errors import BadDateError, FacetwiseError
from facetwise.finding import Finding, Verdict
from facetwise.sources import (
    Basis,
    Citation,
    Confidence,
    Edition,
    Fact,
    Scope,
    Source,
    Window,
)
from facetwise.version import __version__

if TYPE_CHECKING:
    from facetwise.claim import Claim, Fault
    from facetwise.procedure import Procedure

__all__ = [
    "Basis",
    "Citation",
    "Confidence",
    "Edition",
    "Fact",
    "FacetwiseError",
    "Finding",
    "Scope",
    "Source",
    "Verdict",
    "Window",
    "__version__",
    "check",
    "code",
    "decode",
    "page",
    "why",
]


def check(
    claims: "str | Path | Iterable[Claim | Fault]",
    history: "Iterable[Claim]" = (),
    *,
    as_of: date,
) -> dict[str, Any]:
    """Every answer about claims: the contract `facetwise.check/1`.

    Args:
        claims: a file of claims (837 professional, CSV or JSON), or claims already read
            (`facetwise.formats.read`).
        history: earlier claims, for rules that look back.
        as_of: the day of the check; a later date of service is in the future.
    """
    from facetwise.claim import Fault
    from facetwise.engine.answer import ClaimAnswer, fault_dict
    from facetwise.engine.check import Checker
    from facetwise.engine.run import check_all
    from facetwise.formats import read
    from facetwise.tables.store import shipped
    from facetwise.version import header

    items = read(claims) if isinstance(claims, str | Path) else claims
    checker = Checker(shipped(), as_of=_day(as_of))
    answers = list(check_all(items, checker, history))
    return {
        **header("check", checker.look.store.catalogue.digest),
        "as_of": as_of.isoformat(),
        "policies": checker.policies.digest[:16],
        "claims": [answer.as_dict() for answer in answers if isinstance(answer, ClaimAnswer)],
        "faults": [fault_dict(answer) for answer in answers if isinstance(answer, Fault)],
    }


def code(
    procedure: "Procedure | Mapping[str, Any] | str",
    ruleset: str | None = None,
    date: date | str | None = None,
) -> dict[str, Any]:
    """The claim lines of what was done, or the questions in the way: `facetwise.code/1`.

    Args:
        procedure: words ("bilateral L3-4, L4-5 MBB under fluoroscopy"), or a mapping with the
            keys of a procedure file.
        ruleset: how lines are written (`cpt`, `medicare-practitioner`, ...); without it the
            procedure's payer, claim type and place of service decide.
        date: date of service; without it the procedure's own.

    Raises:
        UnknownRulesetError: no ruleset bears the name.
        ImpossibleLevelError: a level no spine has.
        BadProcedureError: the procedure or the date cannot be read.
    """
    from facetwise.coding import code
    from facetwise.coding.as_json import code_json

    return code_json(code(procedure, ruleset, date))


def decode(
    lines: "Iterable[str | Mapping[str, Any]]",
    ruleset: str | None = None,
    date: date | str | None = None,
) -> dict[str, Any]:
    """What claim lines of one session say was done: the contract `facetwise.decode/1`.

    Args:
        lines: `64494-50`, or mappings with `code`, `modifiers` and `units`.
        ruleset: how the lines are written; without it readings may differ.
        date: date of service; without it edits and the life of codes are not looked at.

    Raises:
        BadLineError: a line or the date cannot be read.
        UnknownRulesetError: no ruleset bears the name.
    """
    from facetwise.coding import decode
    from facetwise.coding.as_json import decode_json

    return decode_json(decode(lines, ruleset, date))


def page(code: str, day: date) -> dict[str, Any]:
    """What is true of a code on a date of service: the contract `facetwise.page/1`.

    Raises:
        UnknownCodeError: no table held knows the code.
        BadDateError: the day is not a date.
    """
    from facetwise.pages.as_json import page_json
    from facetwise.pages.code_page import code_page
    from facetwise.tables.store import shipped

    return page_json(code_page(shipped(), code, _day(day)))


def why(code: str, field: str, day: date) -> dict[str, Any]:
    """Where one fact of a code comes from: the contract `facetwise.why/1`.

    Raises:
        UnknownCodeError: no table held knows the code.
        BadDateError: the day is not a date.
        UnknownFieldError: the name is not a fact.
    """
    from facetwise.pages.as_json import why_json
    from facetwise.pages.facts import fact_of
    from facetwise.tables.store import shipped

    store, day = shipped(), _day(day)
    fact = fact_of(store, code, field, day)
    return why_json(code.strip().upper(), field, day, fact, store.catalogue.digest)


def _day(day: date) -> date:
    """A plain date of service; the type checker is not there to say so for everyone."""
    if type(day) is not date:
        raise BadDateError(f"{day!r} is not a date.", todo="Give a datetime.date.")
    return day
