"""Find every rule: import each module below this package once."""

import pkgutil
from functools import cache
from importlib import import_module

from facetwise import rules
from facetwise.errors import UnknownRuleError
from facetwise.rules.declare import Rule, registered


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by id, in order of id."""
    for module in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        import_module(module.name)
    return registered()


def rule_by_id(rule_id: str) -> Rule:
    """One rule.

    Raises:
        UnknownRuleError: no rule has this id.
    """
    try:
        return all_rules()[rule_id]
    except KeyError:
        known = ", ".join(all_rules())
        raise UnknownRuleError(f"no rule is called {rule_id!r}.", todo=f"Rules: {known}.") from None
