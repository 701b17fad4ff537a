"""May these two codes be billed together by one practitioner on one day?"""

from facetwise.rules.declare import Findings, Line, Rows, fail, pair, review, rule

_NEVER, _WITH_MODIFIER = "0", "1"
"""Modifier indicators of a pair; any other means that no edit applies (NCCI manual, chapter I)."""


@rule(
    "ncci/ptp",
    trigger=pair("ptp"),
    scope="pair",
    reads=("code", "modifiers", "service_date", "practitioner", "claim_type"),
    uses=("modifiers",),
    verdicts=("fail", "review"),
    advice="Remove this line, or put the modifier on it that tells the other site or encounter, if "
    "the record shows one.",
    denial_codes=("97", "236", "M15"),
    binds="medicare",
)
def ptp(first: Line, second: Line, edits: Rows) -> Findings:
    indicator = edits.first["modifier"]
    names = f"{second.code} is bundled into {first.code} (column 2)"
    if indicator == _NEVER:
        text = f"{names}; no modifier allows both on one day."
        yield fail(second, text, cite=edits, field="code", others=(first,))
    if indicator != _WITH_MODIFIER:
        return
    here, there = _bypassing(second, edits), _bypassing(first, edits)
    if not here and not there:
        text = f"{names}: without a modifier that tells another site or encounter it denies."
        yield fail(second, text, cite=edits, field="code", others=(first,))
    elif not here and not _either_line(first, edits):
        text = f"{names} and needs a modifier of its own; the one on {first.code} may not count."
        yield review(second, text, cite=edits, field="modifiers", others=(first,))
    elif _same_side(first, second, edits):
        text = f"{names}, and both lines name the same side."
        yield review(second, text, cite=edits, field="modifiers", others=(first,))


def _bypassing(line: Line, rows: Rows) -> set[str]:
    """Modifiers of a line that may tell a pair apart."""
    return {e["modifier"] for e in rows.of("modifiers", line) if e["bypasses_ptp"] == "yes"}


def _either_line(line: Line, rows: Rows) -> bool:
    """Whether the line carries a modifier that counts on either line of a pair."""
    return any(e["class"] == "bypass" for e in rows.of("modifiers", line))


def _same_side(first: Line, second: Line, rows: Rows) -> bool:
    """Both lines name one and the same side, and nothing else tells them apart."""
    side = _named(second, "side", rows)
    met = bool(_named(first, "bilateral", rows)) or _named(first, "side", rows) == side
    return bool(side) and met and _bypassing(second, rows) <= side


def _named(line: Line, kind: str, rows: Rows) -> set[str]:
    """Modifiers of one class on a line."""
    return {e["modifier"] for e in rows.of("modifiers", line) if e["class"] == kind}
