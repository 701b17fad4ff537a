"""Which code stands for which family, region and level role, and when it is in use.

Read once from the table `code_facts`; no code is named in this package.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from facetwise.tables.answer import NotHeld
from facetwise.tables.code_life import valid_from, valid_to
from facetwise.tables.store import Store


class Code(NamedTuple):
    """A code and the facts that choose it.

    Attributes:
        role: `first`, `second`, `third-and-further`, `first-joint`, `each-additional`, `single`.
        sources: ids of the editions its role and guidance were read from.
        counts_from: smallest number its unit names, for codes chosen by a count of muscles.
    """

    code: str
    family: str
    region: str
    role: str
    guidance: str
    name: str
    drug_unit: str
    sources: tuple[str, ...]
    counts_from: int


class Life(NamedTuple):
    """When a code can be used, as far as the tables say.

    Attributes:
        first: first day known; None when nothing is.
        stated: whether a source states the first day, or it is only the first release held.
        last: last day it is listed; None while it still is.
    """

    first: date | None
    stated: bool
    last: date | None
    supplied_by: str


class Codebook:
    """Codes by what they stand for.

    Attributes:
        known_to: last day the newest fee schedule release held may speak for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        facts: dict[str, dict[str, str]] = {}
        editions: dict[str, dict[str, str]] = {}
        for row in store.all_rows("code_facts"):
            facts.setdefault(row["code"], {})[row["fact"]] = row["value"]
            editions.setdefault(row["code"], {}).setdefault(row["fact"], row["edition"])
        self.codes: Mapping[str, Code] = {
            code: _code(code, known, editions[code]) for code, known in facts.items()
        }
        self._by_use = {
            (c.family, c.region, c.role): c for c in self.codes.values() if c.role != "single"
        }
        self.drugs: Mapping[str, Code] = {
            c.name.lower(): c for c in self.codes.values() if c.family == "drug"
        }
        self.known_to = store.table("rvu").editions[-1].answers.last
        self._life: dict[str, Life] = {}

    def of(self, family: str, region: str, role: str) -> Code:
        """The code of a level in a family.

        Raises:
            KeyError: the family has no such role in the region.
        """
        return self._by_use[family, region, role]

    def singles(self, family: str, region: str = "") -> list[Code]:
        """Codes of a family that have no levels, in the order of their counts."""
        found = [
            c
            for c in self.codes.values()
            if c.family == family and c.role == "single" and (not region or c.region == region)
        ]
        return sorted(found, key=lambda c: (c.counts_from, c.code))

    def life(self, code: str) -> Life:
        """When a code can be used; found once a code."""
        if code not in self._life:
            self._life[code] = _life(self._store, code)
        return self._life[code]


@cache
def codebook(store: Store) -> Codebook:
    """The codebook of a set of tables."""
    return Codebook(store)


def _code(code: str, known: Mapping[str, str], editions: Mapping[str, str]) -> Code:
    number = re.search(r"\d+", known.get("unit", ""))
    wanted = ("level_role", "guidance_included", "region")
    return Code(
        code,
        known.get("family", ""),
        known.get("region", ""),
        known.get("level_role", ""),
        known.get("guidance_included", ""),
        known.get("name", ""),
        known.get("drug_unit", ""),
        tuple(dict.fromkeys(editions[fact] for fact in wanted if fact in editions)),
        int(number.group()) if number else 0,
    )


def _life(store: Store, code: str) -> Life:
    far = date.max
    begins, ends = valid_from(store, code, far), valid_to(store, code, far)
    listing = {row["edition"] for row in store.all_rows("rvu", code=code)}
    windows = [e.window for e in store.table("rvu").editions if e.id in listing]
    last = windows[-1].last if windows and isinstance(ends, NotHeld) else None
    if not isinstance(begins, NotHeld):
        return Life(date.fromisoformat(begins.value), True, last, "")
    return Life(windows[0].first if windows else None, False, last, begins.supplied_by)
