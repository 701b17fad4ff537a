"""Claim lines back to what they claim was done, and whether any procedure could produce them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from facetwise.anatomy import JOINTS, Region
from facetwise.coding.codebook import Code, codebook
from facetwise.coding.lines import Billed, billed
from facetwise.coding.model import Line
from facetwise.coding.plausible import Problem, notes_of, problems_of
from facetwise.coding.rulesets import rules_on, ruleset_named
from facetwise.coding.steps import explainer
from facetwise.coding.tally import Tally, tally
from facetwise.finding import Verdict
from facetwise.tables.store import Store, shipped


class Claimed(NamedTuple):
    """What the lines of one family and region claim.

    Attributes:
        levels: joints, foramina or sites they claim at least; both sides of one are one.
        at_most: as many as they can stand for.
        both, right, left: levels on both sides, on one; `unstated` have no side on the claim.
        lines: 1-based numbers of the lines.
    """

    family: str
    region: str
    levels: int
    at_most: int
    both: int
    right: int
    left: int
    unstated: int
    lines: tuple[int, ...]


class Beside(NamedTuple):
    """A line that claims no level, and why it was passed over."""

    line: int
    code: str
    reason: str


class Decoding(NamedTuple):
    """What a claim says was done.

    Attributes:
        possible: whether a procedure could produce the lines; None when none could be read.
        problems: why it could not.
        notes: readings that are possible and unusual.
        reason: why nothing was said, for the verdict `not_checked`.
    """

    ruleset: str | None
    day: dt.date | None
    claimed: tuple[Claimed, ...]
    possible: bool | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    beside: tuple[Beside, ...]
    verdict: Verdict
    tables: str
    reason: str = ""


_LEVELED = frozenset(
    {
        "facet-injection",
        "facet-injection-ultrasound",
        "facet-ablation",
        "epidural-transforaminal",
        "epidural-interlaminar",
        "epidural-catheter",
        "si-joint-injection",
        "si-nerve-block",
        "si-nerve-ablation",
    }
)
_SI = frozenset({"si-joint-injection", "si-nerve-block", "si-nerve-ablation"})


def decode(
    lines: Iterable[str | Mapping[str, Any] | Line],
    ruleset: str | None = None,
    date: dt.date | str | None = None,
    *,
    store: Store | None = None,
) -> Decoding:
    """What claim lines of one session claim was done.

    Args:
        lines: `64494-50`, mappings with `code`, `modifiers` and `units`, or lines of a Coding.
        ruleset: how the lines are written; without it readings that differ widen `at_most`.
        date: date of service; without it edits and the life of codes are not looked at.

    Raises:
        BadLineError: a line or the date cannot be read.
        UnknownRulesetError: no ruleset bears the name.
    """
    held = store or shipped()
    book = codebook(held)
    day = _day(date)
    name = ruleset_named(ruleset).id if ruleset else None
    rules = rules_on(name, day or dt.date.max) if name else None
    claim = billed(lines)
    beside: list[Beside] = []
    groups: dict[tuple[str, str], list[tuple[Billed, Code]]] = {}
    for line in claim:
        code = book.codes.get(line.code)
        if code is None:
            beside.append(Beside(line.number, line.code, "the code is in no table held"))
        elif code.family not in _LEVELED:
            beside.append(Beside(line.number, line.code, f"{code.family}: claims no level"))
        elif day and (first := book.life(line.code).first) and day < first:
            beside.append(
                Beside(line.number, line.code, f"not in use before {first}, as far as is known")
            )
        else:
            groups.setdefault((code.family, code.region), []).append((line, code))
    if not groups:
        return Decoding(
            name, day, (), None, (), (), tuple(beside), Verdict.NOT_CHECKED, held.catalogue.digest,
            reason="no line stands for a level that can be read on this date.",
        )  # fmt: skip
    explain = explainer(held, day)
    tallies = {key: tally(group, rules) for key, group in groups.items()}
    problems = problems_of(groups, tallies, rules, explain)
    claimed = [_claimed(key, tallies[key], groups[key]) for key in groups]
    return Decoding(
        name,
        day,
        tuple(claimed),
        not problems,
        tuple(problems),
        tuple(notes_of(groups, explain)),
        tuple(beside),
        Verdict.REVIEW if problems else Verdict.PASS,
        held.catalogue.digest,
    )


def _claimed(key: tuple[str, str], counted: Tally, group: list[tuple[Billed, Code]]) -> Claimed:
    family, region = key
    return Claimed(
        family,
        region,
        counted.levels,
        min(counted.at_most, max(counted.levels, capacity(family, region))),
        counted.both,
        counted.right,
        counted.left,
        counted.unstated,
        tuple(line.number for line, _ in group),
    )


def capacity(family: str, region: str) -> int:
    """How many levels a spine has for a family in a region."""
    if family in _SI:
        return 1
    joints = sum(1 for joint in JOINTS.values() if joint.coded and joint.region == region)
    sacral = family == "epidural-transforaminal" and region == Region.LUMBAR_SACRAL
    return joints + 1 if sacral else joints


def _day(date: dt.date | str | None) -> dt.date | None:
    if not isinstance(date, str):
        return date
    try:
        return dt.date.fromisoformat(date)
    except ValueError:
        from facetwise.coding.model import BadLineError

        raise BadLineError(
            f"{date!r} is not a date.", where="date", todo="Write a real day as YYYY-MM-DD."
        ) from None
