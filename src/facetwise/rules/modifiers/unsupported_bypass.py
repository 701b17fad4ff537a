"""Is a bundled pair told apart by a modifier that the two lines themselves support?"""

from facetwise.rules.declare import Findings, Line, Rows, pair, review, rule

_WITH_MODIFIER = "1"
"""Modifier indicator of a pair that a modifier can tell apart (NCCI manual, chapter I)."""
_SITE = frozenset({"59", "XS"})
"""Modifiers that tell another site; 59 may also tell another encounter (NCCI manual I.E)."""
_PRACTITIONER = "XP"
"""Modifier that tells another practitioner (NCCI manual I.E)."""


@rule(
    "modifiers/unsupported-bypass",
    trigger=pair("ptp"),
    scope="pair",
    reads=("code", "modifiers", "service_date", "practitioner", "claim_type"),
    aside=("modifiers", "code_facts"),
    cites=("NCCI-M26",),
    verdicts=("review",),
    advice="Keep it only if the record shows another encounter, side or site; neighbouring joints "
    "of one region are no other site.",
    denial_codes=("97", "236", "M15"),
)
def unsupported_bypass(first: Line, second: Line, edits: Rows) -> Findings:
    if edits.first["modifier"] != _WITH_MODIFIER:
        return
    telling = {*_named(first, "bypass", edits), *_named(second, "bypass", edits)}
    pair_of = f"{second.code} and {first.code}"
    cite = (*edits, *edits.said)
    if _PRACTITIONER in telling and first.practitioner and second.practitioner:
        text = f"{pair_of} are told apart as another practitioner's; both lines name the same one."
        yield review(second, text, cite=cite, field="modifiers", others=(first,))
    elif telling and telling <= _SITE and _one_site(first, second, edits):
        marks = " and ".join(sorted(telling))
        text = f"{pair_of} are told apart by {marks}, but both are of one region."
        yield review(second, text, cite=cite, field="modifiers", others=(first,))


def _one_site(first: Line, second: Line, rows: Rows) -> bool:
    """Whether both codes are of one region, and the lines name no two different sides."""
    region = rows.fact("region", second)
    sides = _named(first, "side", rows), _named(second, "side", rows)
    apart = all(sides) and sides[0].isdisjoint(sides[1])
    return bool(region) and rows.fact("region", first) == region and not apart


def _named(line: Line, kind: str, rows: Rows) -> set[str]:
    """Modifiers of one class on a line."""
    return {e["modifier"] for e in rows.of("modifiers", line) if e["class"] == kind}
