"""Is an injection billed beside an ablation of the same region on one day?"""

from facetwise.rules.declare import Encounter, Findings, Line, Rows, known, review, rule


@rule(
    "coverage/injection-with-ablation",
    trigger=known("code_facts.code", fact="family", value="facet-injection"),
    scope="encounter",
    reads=("code", "modifiers", "service_date", "practitioner"),
    uses=("code_facts", "modifiers"),
    cites=("NCCI-M26",),
    verdicts=("review",),
    advice="Keep both only if the record shows another joint or side; else bill the ablation.",
    denial_codes=("97", "236", "M15"),
)
def injection_with_ablation(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    region = rows.fact("region")
    for other in encounter.by(line.practitioner):
        if rows.fact("family", other) != "facet-ablation" or rows.fact("region", other) != region:
            continue
        if not _bypassed(line, other, rows) and not _two_sides(line, other, rows):
            text = (
                f"{line.code} and the ablation {other.code} are of one region on one day: of one "
                "joint only the ablation is billed."
            )
            yield review(line, text, cite=rows.said, field="code", others=(other,))
            return


def _bypassed(line: Line, other: Line, rows: Rows) -> bool:
    """Whether a modifier tells another site or encounter, which is a rule of its own."""
    both = (*rows.of("modifiers", line), *rows.of("modifiers", other))
    return any(entry["class"] == "bypass" for entry in both)


def _two_sides(line: Line, other: Line, rows: Rows) -> bool:
    """Whether each line names one side, and not the same."""
    here, there = _sides(line, rows), _sides(other, rows)
    return len(here) == 1 and len(there) == 1 and here != there


def _sides(line: Line, rows: Rows) -> set[str]:
    return {
        e["modifier"] for e in rows.of("modifiers", line) if e["class"] in ("side", "bilateral")
    }
