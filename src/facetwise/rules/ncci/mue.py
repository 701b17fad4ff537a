"""Are the units of a code on one day within its medically unlikely edit?"""

from collections.abc import Sequence
from decimal import Decimal

from facetwise.claim import ClaimType
from facetwise.rules.declare import (
    Encounter,
    Findings,
    Line,
    Rows,
    fail,
    review,
    rule,
    sum_over,
)

_PER_LINE, _ABSOLUTE = "1", "2"
"""MUE adjudication indicators; another is a daily limit that records can lift (NCCI manual I.V)."""
_BOTH_SIDES = "1"
"""Bilateral indicator of a code that is paid at 150 percent for two sides."""


@rule(
    "ncci/mue",
    trigger=sum_over("mue.units", by="practitioner and day"),
    scope="encounter",
    reads=(
        "code",
        "units",
        "modifiers",
        "service_date",
        "last_service_date",
        "practitioner",
        "claim_type",
    ),
    needs=("rvu", "modifiers"),
    verdicts=("fail", "review"),
    advice="Bill no more units than the limit; for both sides use one line with modifier 50.",
    denial_codes=("151", "N362"),
    binds="medicare",
)
def mue(line: Line, encounter: Encounter, limits: Rows) -> Findings:
    limit = limits.first
    lines = [other for other in encounter.by(line.practitioner) if other.code == line.code]
    most = Decimal(limit["units"])
    if limit["mai"] == _PER_LINE:
        for one in lines:
            if (one.units or Decimal(0)) > most:
                text = f"{one.code}: {one.units} units on one line; at most {most}."
                yield fail(one, text, cite=limits, field="units")
        return
    two_sides = _two_sides(lines, most, limits)
    if two_sides and line.claim.claim_type is ClaimType.ASC:
        return  # an ASC claim reports both sides on two lines (NCCI manual VIII.H.9)
    total = sum((one.units or Decimal(0) for one in lines), Decimal(0))
    over, advice = _where_passed(lines, most), _advice(line, limits)
    others = tuple(one for one in lines if one is not over)
    if two_sides:
        text = (
            f"{line.code} is billed as a right and a left line: {total} units, at most {most} a "
            "day; most contractors deny the second line and want one line with modifier 50."
        )
        yield review(over, text, cite=limits, field="units", others=others, advice=advice)
    elif any(_several_days(one) for one in lines):
        text = (
            f"{line.code}: {total} units, at most {most} a day; a line covers several days, and "
            "the limit is of each."
        )
        yield review(over, text, cite=limits, field="units", others=others, advice=advice)
    elif limit["mai"] == _ABSOLUTE:
        text = f"{line.code}: {total} units on the day, at most {most}; all of them deny."
        yield fail(over, text, cite=limits, field="units", others=others, advice=advice)
    else:
        text = (
            f"{line.code}: {total} units on the day, more than {most}; all units deny unless the "
            "record supports them on review."
        )
        yield review(over, text, cite=limits, field="units", others=others, advice=advice)


def _advice(line: Line, rows: Rows) -> str:
    """What to do instead, where it is not one line with modifier 50."""
    if not any(entry["bilateral"] == _BOTH_SIDES for entry in rows.of("rvu")):
        return "Bill no more units than the limit."
    if line.claim.claim_type is ClaimType.ASC:
        return "Bill one unit a side: on a surgery center's claim an RT line and an LT line."
    return ""


def _several_days(line: Line) -> bool:
    return line.item.last_service_date not in (None, line.day)


def _two_sides(lines: Sequence[Line], most: Decimal, rows: Rows) -> bool:
    """One line a side, each within the limit, of a code that is done on two sides."""
    schedule = rows.of("rvu")
    if len(lines) != len("RL") or not schedule or schedule[0]["bilateral"] != _BOTH_SIDES:
        return False
    sides = [_side(line, rows) for line in lines]
    within = all((line.units or Decimal(0)) <= most for line in lines)
    return within and all(sides) and sides[0] != sides[1]


def _side(line: Line, rows: Rows) -> str:
    """The one side named on a line; blank when none or two are."""
    named = {e["modifier"] for e in rows.of("modifiers", line) if e["class"] == "side"}
    return named.pop() if len(named) == 1 else ""


def _where_passed(lines: Sequence[Line], most: Decimal) -> Line:
    """The line on which the running total passes the limit."""
    total = Decimal(0)
    for line in lines:
        total += line.units or Decimal(0)
        if total > most:
            return line
    return lines[-1]
