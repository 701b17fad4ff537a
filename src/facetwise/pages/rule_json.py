"""A rule as the contract `facetwise.rules/1` tells it."""

from facetwise.rules.declare import Rule


def rule_json(rule: Rule) -> dict[str, str | list[str]]:
    """Question, trigger, verdicts, tables, documents, advice and likely denials of a rule."""
    trigger = rule.trigger
    named = ".".join(part for part in (trigger.table, trigger.column) if part)
    tables = dict.fromkeys(t for t in (trigger.table, *rule.needs, *rule.uses, *rule.aside) if t)
    return {
        "rule": rule.id,
        "question": rule.question,
        "trigger": f"{trigger.kind}({named})",
        "scope": str(rule.scope),
        "reads": list(rule.reads),
        "verdicts": [str(verdict) for verdict in rule.verdicts] + ["pass", "not_checked"],
        "tables": list(tables),
        "documents": list(rule.cites),
        "binds": rule.binds or "every payer",
        "advice": rule.advice,
        "denial_codes": list(rule.denial_codes),
    }
