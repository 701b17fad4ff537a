"""Is facet work of one day in one region, where the payer's document limits it to one?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule

_FACET = frozenset({"facet-injection", "facet-injection-ultrasound", "facet-ablation"})
_FIRST = frozenset({"first", "first-joint"})
_UPPER, _LOWER = "cervical-thoracic", "lumbar-sacral"
_WORDS = {_UPPER: "cervical or thoracic", _LOWER: "lumbar or sacral"}


@rule(
    "levels/one-region",
    trigger=known("code_facts.code", fact="region"),
    scope="encounter",
    reads=("code", "service_date"),
    aside=("code_facts",),
    policies=True,
    verdicts=("review",),
    advice="Have the record say why both regions were treated on one day. T12-L1 with L1-L2 is one "
    "lumbar session.",
    denial_codes=("50", "N115"),
)
def one_region(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if rows.fact("family") not in _FACET:
        return
    here = rows.fact("region")
    regions: dict[str, list[Line]] = {}
    for other in encounter.lines:
        if rows.fact("family", other) in _FACET:
            regions.setdefault(rows.fact("region", other), []).append(other)
    if len(regions) < len((_UPPER, _LOWER)) or _junction(regions, rows):
        return
    limits = rows.policies.limits(subject="facet", counts="regions")
    first = next(iter(regions))
    if here == first or regions[here][0].item is not line.item:
        return  # told once, of the first line in the other region
    for limit in limits:
        beside = regions[first][0]
        stands = limit.citation.note or "Expect a question or a denial."
        text = (
            f"{limit.citation.edition.id}: {limit['asks']}; {beside.code} is {_WORDS[first]}, "
            f"{line.code} {_WORDS[here]}. {stands}"
        )
        yield review(line, text, cite=(limit,), field="code", others=(beside,))


def _junction(regions: dict[str, list[Line]], rows: Rows) -> bool:
    """T12-L1 with L1-L2, one lumbar session: one thoracic joint, and no first lumbar one."""
    upper = {rows.fact("level_role", line) for line in regions.get(_UPPER, ())}
    lower = {rows.fact("level_role", line) for line in regions.get(_LOWER, ())}
    return upper <= _FIRST and lower.isdisjoint(_FIRST)
