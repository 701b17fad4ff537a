"""Is a code that stands for every level past the second billed once a day?"""

from decimal import Decimal

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule


@rule(
    "levels/third-once-a-day",
    trigger=known("code_facts.code", fact="once_per_day"),
    scope="encounter",
    reads=("code", "modifiers", "units", "service_date", "practitioner", "claim_type"),
    aside=("mue", "modifiers", "code_facts"),
    verdicts=("review",),
    advice="Bill it once, however many levels past the second were treated; 50 for both sides.",
    denial_codes=("151", "N362"),
)
def third_once_a_day(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    alike = [other for other in encounter.by(line.practitioner) if other.code == line.code]
    mine = [other for other in alike if other.claim is line.claim]
    if not mine or mine[0].item is not line.item:
        return
    total = sum((other.units or Decimal(0) for other in alike), Decimal(0))
    limits = rows.of("mue")
    if limits and total > Decimal(limits[0]["units"]):
        return  # the medically unlikely edit speaks
    if total > _sides(alike, encounter, rows):
        text = (
            f"{line.code}: {total} units on the day; one stands for all levels past the second, so "
            "it is billed once."
        )
        others = tuple(other for other in alike if other.item is not line.item)
        yield review(line, text, cite=rows, field="units", others=others)


def _sides(alike: list[Line], encounter: Encounter, rows: Rows) -> int:
    """Sides that the lines may tell one unit each: those named, or both beside a line with 50."""
    marks = [entry for line in alike for entry in rows.of("modifiers", line)]
    if any(entry["class"] == "bilateral" for entry in marks):
        return 1
    named = len({entry["modifier"] for entry in marks if entry["class"] == "side"})
    beside = (line for line in encounter.lines if rows.fact("family", line) == rows.fact("family"))
    both = any(e["class"] == "bilateral" for line in beside for e in rows.of("modifiers", line))
    return max(named, len("RL") if both else 1)
