"""Rulesets: how each payer and claim type wants the lines written, as dated switches.

The switches live in `rulesets/*.toml`. A switch that no file sets on a date is a question.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.coding.model import UnknownRulesetError
from facetwise.procedure import ClaimType

_FOLDER = Path(__file__).parent / "rulesets"


class Switch(NamedTuple):
    """One choice of a ruleset and who says so.

    Attributes:
        value: what is chosen; `ASK` when nobody held says.
        families: code families it holds for; empty for all.
        review: why a person should look at it all the same; empty when nothing is open.
    """

    value: str
    sources: tuple[str, ...] = ()
    derived: bool = True
    families: tuple[str, ...] = ()
    review: str = ""


class Note(NamedTuple):
    """What a ruleset's payer says about coverage of something coded."""

    when: str
    rule: str
    text: str


ASK = "ask"
_UNSET = Switch(ASK)


class Ruleset(NamedTuple):
    """A ruleset file, all dates.

    Attributes:
        places: places of service its claims have; empty for any.
        mue: the MUE table its lines are held to; empty when none binds.
        mue_by_side: whether the two sides of one code are counted apart.
    """

    id: str
    title: str
    payers: tuple[str, ...]
    claim_type: ClaimType | None
    places: tuple[str, ...]
    mue: str
    mue_by_side: bool
    switches: tuple[tuple[str, date, date, Switch], ...]
    notes: tuple[tuple[date, Note], ...]


class Rules(NamedTuple):
    """A ruleset on one date."""

    ruleset: Ruleset
    switches: Mapping[tuple[str, str], Switch]
    notes: Mapping[str, Note]

    def switch(self, name: str, family: str = "") -> Switch:
        """The choice for a family of codes; `ASK` when the file sets none."""
        return self.switches.get((name, family)) or self.switches.get((name, ""), _UNSET)


@cache
def rulesets() -> Mapping[str, Ruleset]:
    """Every ruleset by id: `cpt` first, then Medicare, then payers."""
    held = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.toml"))
    }
    shared = {stem: raw for stem, raw in held.items() if stem.startswith("shared-")}
    order = sorted(held.keys() - shared, key=lambda stem: (_rank(stem), stem))
    return {stem: _ruleset(held[stem], shared) for stem in order}


def _rank(stem: str) -> int:
    order = ("cpt", "medicare-practitioner", "medicare-opps", "medicare-asc")
    return order.index(stem) if stem in order else len(order)


def _ruleset(raw: Mapping[str, Any], shared: Mapping[str, Mapping[str, Any]]) -> Ruleset:
    none: Mapping[str, Any] = {}
    common = shared[f"shared-{raw['shares']}"] if "shares" in raw else none
    claim_type = raw.get("claim_type")
    return Ruleset(
        raw["id"],
        raw["title"],
        tuple(raw.get("payers", ())),
        ClaimType(claim_type) if claim_type else None,
        tuple(raw.get("places", ())),
        raw.get("mue", ""),
        raw.get("mue_by_side", False),
        tuple(_switch(entry) for entry in (*common.get("switch", ()), *raw.get("switch", ()))),
        tuple(
            (note.get("first", date.min), Note(note["when"], note["rule"], note["text"]))
            for note in (*common.get("note", ()), *raw.get("note", ()))
        ),
    )


def _switch(raw: Mapping[str, Any]) -> tuple[str, date, date, Switch]:
    switch = Switch(
        raw["value"],
        tuple(raw["sources"]),
        raw["basis"] == "derived",
        tuple(raw.get("families", ())),
        raw.get("review", ""),
    )
    return raw["name"], raw.get("first", date.min), raw.get("last", date.max), switch


@lru_cache(maxsize=16384)
def rules_on(ruleset: str, day: date) -> Rules:
    """A ruleset as it stands on a date of service.

    Raises:
        UnknownRulesetError: no ruleset bears the name.
    """
    held = ruleset_named(ruleset)
    switches: dict[tuple[str, str], Switch] = {}
    for name, first, last, switch in held.switches:
        if first <= day <= last:
            for family in switch.families or ("",):
                switches[name, family] = switch
    notes = {note.when: note for first, note in held.notes if first <= day}
    return Rules(held, switches, notes)


def ruleset_named(name: str) -> Ruleset:
    """A ruleset by its id.

    Raises:
        UnknownRulesetError: no ruleset bears the name.
    """
    held = rulesets()
    key = name.strip().lower()
    if key in held:
        return held[key]
    near = get_close_matches(key, held, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise UnknownRulesetError(
        f"no ruleset is called {name!r}.", todo=f"{hint}Rulesets: {', '.join(held)}."
    )


def rulesets_of(payer: str) -> Sequence[Ruleset]:
    """The rulesets of a payer, by the names its files list."""
    name = payer.strip().lower()
    return [held for held in rulesets().values() if name in held.payers or name == held.id]
