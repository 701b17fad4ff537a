"""The declared steps of coding, and how one is written with its citations."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from facetwise.coding.cite import cite, epoch
from facetwise.coding.model import Step, Words
from facetwise.sources import Basis, Citation
from facetwise.tables.store import Store


@cache
def declared() -> Mapping[str, Words]:
    """Every step by id; the registry of rules collects them from here."""
    text = (Path(__file__).parent / "steps.toml").read_text("utf-8")
    return {
        raw["id"]: Words(
            raw["id"], raw["question"], raw["basis"] == "derived", tuple(raw["sources"])
        )
        for raw in tomllib.loads(text)["step"]
    }


_Key = tuple[str, ...]


class Explainer:
    """Writes the steps of one date; equal steps of equal standing are made once."""

    def __init__(self, store: Store, day: date | None) -> None:
        self.store = store
        self.day = day
        self._made = _made(store, epoch(store, day))

    def step(self, rule: str, text: str) -> Step:
        """A step that rests on the sources its declaration names."""
        made = self._made.get((rule, text))
        if made is None:
            words = declared()[rule]
            made = self._make(rule, text, words.sources, words.derived)
            self._made[rule, text] = made
        return made

    def resting_on(self, rule: str, text: str, sources: tuple[str, ...], derived: bool) -> Step:
        """A step that rests on other sources than its declaration: those of a ruleset or table."""
        key = (rule, text, "derived" if derived else "", *sources)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(rule, text, sources, derived)
        return made

    def _make(self, rule: str, text: str, sources: tuple[str, ...], derived: bool) -> Step:
        if len(self._made) > _MOST:
            self._made.clear()
        citations = tuple(cite(self.store, source, self.day) for source in sources)
        return Step(text, rule, citations, derived or read_back(citations))


_MOST = 100_000
"""Steps kept; a service that runs for months must not grow without end."""


@cache
def _made(store: Store, epoch: int) -> dict[_Key, Step]:
    """The steps made so far for dates to which every source stands alike."""
    return {}


def read_back(citations: tuple[Citation, ...]) -> bool:
    """Whether every source speaks only for dates after the one asked."""
    return bool(citations) and all(c.basis is Basis.DERIVED for c in citations)


@lru_cache(maxsize=4096)
def explainer(store: Store, day: date | None) -> Explainer:
    """The explainer of a date, kept for the next procedure of that date."""
    return Explainer(store, day)
