"""The coverage register for a screen: rows of which the same is true told once."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from facetwise.pages.coverage import Covered, Standing, coverage
from facetwise.pages.html.view import window_text
from facetwise.policies import shipped as shipped_policies
from facetwise.rules.registry import all_rules
from facetwise.tables.store import Store


class Row(NamedTuple):
    """Payers and dates of which the same is true."""

    payers: tuple[str, ...]
    window: str
    standing: str
    because: str
    supplied_by: str


class OfRule(NamedTuple):
    """A rule, its question, and its rows."""

    rule: str
    question: str
    rows: tuple[Row, ...]

    @property
    def best(self) -> str:
        """The most it can do, for some payer."""
        return self.rows[0].standing


@lru_cache(maxsize=2)
def register(store: Store) -> tuple[Covered, ...]:
    """The whole register of one set of tables."""
    return coverage(all_rules(), store, shipped_policies())


def of_rule(store: Store, rule_id: str) -> tuple[Row, ...]:
    """What one rule can say, for whom and when."""
    return _together(row for row in register(store) if row.rule == rule_id)


def on_day(store: Store, day: date, payer: str) -> tuple[OfRule, ...]:
    """What every rule can say on a date of service.

    Args:
        payer: words of the payer; blank for every payer.
    """
    words = payer.lower().split()
    rows = [
        row
        for row in register(store)
        if day in row.window and all(word in row.payer.lower() for word in words)
    ]
    told = (
        (rule, _together(r for r in rows if r.rule == rule.id)) for rule in all_rules().values()
    )
    return tuple(OfRule(rule.id, rule.question, mine) for rule, mine in told if mine)


def _together(rows: Iterable[Covered]) -> tuple[Row, ...]:
    """Those that can decide first; payers of whom the same is true share a row."""
    order = list(Standing)
    payers: dict[tuple[Standing, str, str, str], dict[str, None]] = {}
    for row in rows:
        key = (row.standing, window_text(row.window), row.because, row.supplied_by)
        payers.setdefault(key, {})[row.payer] = None
    every = sorted(payers.items(), key=lambda item: order.index(item[0][0]))
    return tuple(
        Row(tuple(who), window.replace("no dates stated", "every date"), str(standing), *rest)
        for (standing, window, *rest), who in every
    )
