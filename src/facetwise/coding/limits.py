"""Lines held to the unit limits (MUE) of the ruleset's table on the date."""

from collections import Counter
from collections.abc import Sequence

from facetwise.anatomy import Question
from facetwise.coding import remarks
from facetwise.coding.model import Line
from facetwise.coding.rulesets import Rules
from facetwise.coding.steps import Explainer
from facetwise.tables.answer import Held


def over_limit(lines: Sequence[Line], rules: Rules, explain: Explainer) -> list[Question]:
    """The question whether more units of a code than its limit were really given, or none."""
    table, day = rules.ruleset.mue, explain.day
    if not table or day is None or all(line.units == 1 for line in lines):
        return []
    units: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        side = line.modifiers[:1] if rules.ruleset.mue_by_side else ()
        units[line.code, *side] += line.units
    for (code, *_), number in units.items():
        if number == 1:
            continue
        found = explain.store.find(table, day, code=code)
        if isinstance(found, Held) and number > int(found.entry.row["units"]):
            return [remarks.over_limit(code, number, int(found.entry.row["units"]))]
    return []
