"""Are more joints ablated in one region than the policy covers in a session?"""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from facetwise.coding import BadLineError, decode
from facetwise.rules.coverage.stated import documents, first_with, outcome
from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule
from facetwise.tables.answer import NotHeld

_ABLATION = "facet-ablation"
_NO_UNITS = NotHeld("a line of the family states no units that can be read.", "the units")

Told = tuple[str, tuple[str, ...], int]


@rule(
    "coverage/levels",
    trigger=known("code_facts.code", fact="family", value=_ABLATION),
    scope="encounter",
    reads=("code", "modifiers", "units", "service_date", "practitioner"),
    uses=("code_facts", "modifiers"),
    verdicts=("review",),
    advice="Compare the joints in the record with the units; levels past the limit are not paid.",
    denial_codes=("50", "N115"),
    policies=True,
)
def levels(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if line.day is None or not first_with(line, encounter, rows, "family", "region"):
        return
    region = rows.fact("region")
    alike = [
        other
        for other in encounter.by(line.practitioner)
        if rows.fact("family", other) == _ABLATION and rows.fact("region", other) == region
    ]
    limits = rows.policies.limits(subject="facet", counts="levels", applies=("ablation",))
    told = tuple(
        (other.code, other.modifiers, int(other.units))
        for other in alike
        if other.units is not None and not other.units % 1
    )
    sided = any(_sided(other, rows) for other in alike)
    claimed = _joints(told, sided, line.day)
    over = [limit for limit in limits if claimed > Decimal(limit["number"])]
    if over:
        most = over[0]["number"]
        text = (
            f"The lines stand for {claimed} ablated joints of one region: {documents(over)} covers "
            f"{most} a session; {outcome(over)}."
        )
        others = tuple(other for other in alike if other.item is not line.item)
        yield review(line, text, cite=over, field="units", others=others)
    elif len(told) < len(alike):
        rows.policies.gaps.append(_NO_UNITS)


def _sided(line: Line, rows: Rows) -> bool:
    return any(e["class"] in ("side", "bilateral") for e in rows.of("modifiers", line))


@lru_cache(maxsize=10_000)
def _joints(told: tuple[Told, ...], sided: bool, day: date) -> int:
    """Joints that the lines of one region stand for.

    Where lines name sides it is the fewest, since a unit more may be the other side of a joint;
    where none does, each unit is a joint.
    """
    lines = [
        {"code": code, "modifiers": list(marks), "units": units} for code, marks, units in told
    ]
    try:
        claimed = decode(lines, None, day).claimed
    except BadLineError:
        return 0
    return sum(one.levels if sided else one.at_most for one in claimed)
