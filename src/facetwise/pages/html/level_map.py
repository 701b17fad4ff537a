"""The level family drawn: a box a code, first level on top, each add-on tied to its primaries.

Which codes stand in a family, and which add-on goes with which primary, come from the tables on
the date of service. The same is told in words and tables beside the figure.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import NamedTuple

from facetwise.tables.answer import Held
from facetwise.tables.store import Store

_ROWS = {
    "single": 0,
    "first": 0,
    "first-joint": 0,
    "second": 1,
    "each-additional": 1,
    "third-and-further": 2,
}
"""Where a level role stands, from the top."""
_BOX = (118, 46)
_STEP = (168, 92)
_TOP = 34
_EDGE = 22
_KEPT = 512
"""Codes whose facts are remembered: each is asked by every page of its relatives."""


class Member(NamedTuple):
    """A code of the family and its place in the drawing."""

    code: str
    role: str
    column: int
    row: int

    @property
    def left(self) -> int:
        """Left edge of its box."""
        return _EDGE + self.column * _STEP[0]

    @property
    def top(self) -> int:
        """Upper edge of its box."""
        return _TOP + self.row * _STEP[1]


class LevelMap(NamedTuple):
    """One family: its title, its drawing, and the same in a sentence."""

    title: str
    svg: str


Link = Callable[[str], str]
"""The address of a code's page; blank for none."""


def level_maps(store: Store, code: str, day: date, link: Link) -> tuple[LevelMap, ...]:
    """A drawing of the code's own family, and of its sisters with other guidance.

    Empty for codes that stand alone: a family without add-ons needs no map.
    """
    mine = _facts(store, code, day)
    if mine.get("level_role", "single") == "single" or not mine.get("family"):
        return ()
    kin: dict[str, list[str]] = {mine["family"]: []}
    for other in store.scope:
        facts = _facts(store, other, day)
        alike = bool(mine.get("object")) and facts.get("object") == mine.get("object")
        family = facts.get("family", "")
        if family == mine["family"] or (alike and facts.get("level_role", "single") != "single"):
            kin.setdefault(family, []).append(other)
    return tuple(
        _map(store, family, codes, code, day, link) for family, codes in kin.items() if codes
    )


@lru_cache(maxsize=_KEPT)
def _facts(store: Store, code: str, day: date) -> dict[str, str]:
    answer = store.find("code_facts", day, code=code)
    entries = answer.entries if isinstance(answer, Held) else ()
    return {entry["fact"]: entry["value"] for entry in entries}


def _map(store: Store, family: str, codes: list[str], lit: str, day: date, link: Link) -> LevelMap:
    facts = {code: _facts(store, code, day) for code in codes}
    regions = sorted({facts[code].get("region", "") for code in codes})
    members: dict[str, Member] = {}
    for code in codes:
        role = facts[code].get("level_role", "single")
        column = regions.index(facts[code].get("region", ""))
        row = _ROWS.get(role, 0)
        while any((m.column, m.row) == (column, row) for m in members.values()):
            row += 1
        members[code] = Member(code, role, column, row)
    ties = [
        (members[code], members[entry["primary"]])
        for code in codes
        if isinstance(answer := store.find("add_on_edits", day, add_on=code), Held)
        for entry in answer.entries
        if entry["primary"] in members
    ]
    title = ", ".join(part for part in (_words(family), _guidance(family, facts[codes[0]])) if part)
    width = 2 * _EDGE + (len(regions) - 1) * _STEP[0] + _BOX[0]
    height = _TOP + max(m.row for m in members.values()) * _STEP[1] + _BOX[1] + 12
    told = "; ".join(f"{add_on.code} goes with {primary.code}" for add_on, primary in ties)
    label = escape(f"{title}: {told or 'no add-ons'}.")
    role = "group" if any(link(code) for code in codes) else "img"
    drawn = [
        f'<svg class="map" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="{role}" aria-label="{label}">',
        *(_head(region, at) for at, region in enumerate(regions)),
        *(_tie(*tie, lit) for tie in sorted(ties, key=lambda tie: lit in (t.code for t in tie))),
        *(_box(member, lit, link) for member in members.values()),
        "</svg>",
    ]
    return LevelMap(title, "".join(drawn))


def _guidance(family: str, facts: Mapping[str, str]) -> str:
    """The guidance inside the codes of a family, where its name does not say it."""
    included = facts.get("guidance_included", "")
    told = included in ("", "none", "separate") or included in family
    return "" if told else _words(included).replace(" ct", " CT")


def _head(region: str, column: int) -> str:
    middle = _EDGE + column * _STEP[0] + _BOX[0] // 2
    return f'<text class="head" x="{middle}" y="18">{escape(_words(region))}</text>'


def _box(member: Member, lit: str, link: Link) -> str:
    kind = "box lit" if member.code == lit else "box"
    middle = member.left + _BOX[0] // 2
    box = (
        f'<g class="{kind}"><rect x="{member.left}" y="{member.top}" width="{_BOX[0]}" '
        f'height="{_BOX[1]}" rx="7"/>'
        f'<text class="code" x="{middle}" y="{member.top + 20}">{escape(member.code)}</text>'
        f'<text class="role" x="{middle}" y="{member.top + 36}">{escape(_role(member))}</text></g>'
    )
    address = "" if member.code == lit else link(member.code)
    return f'<a href="{escape(address)}">{box}</a>' if address else box


def _tie(add_on: Member, primary: Member, lit: str) -> str:
    """A line from an add-on up to its primary, ending in a dot at the primary."""
    kind = "tie lit" if lit in (add_on.code, primary.code) else "tie"
    half = _BOX[0] // 2
    start, end = add_on.top, primary.top + _BOX[1]
    if add_on.column != primary.column:
        inward = _BOX[0] if primary.column < add_on.column else 0
        x1, x2 = add_on.left + (_BOX[0] - inward), primary.left + inward
        y1, y2 = add_on.top + _BOX[1] // 2, primary.top + _BOX[1] // 2
        middle = (x1 + x2) // 2
        path, dot = f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}", (x2, y2)
    elif add_on.row - primary.row == 1:
        x = add_on.left + half
        path, dot = f"M{x} {start}V{end}", (x, end)
    else:
        x = add_on.left
        y1, y2 = add_on.top + _BOX[1] // 2, primary.top + _BOX[1] // 2
        path, dot = f"M{x} {y1}C{x - 26} {y1} {x - 26} {y2} {x} {y2}", (x, y2)
    return f'<g class="{kind}"><path d="{path}"/><circle cx="{dot[0]}" cy="{dot[1]}" r="4"/></g>'


def _role(member: Member) -> str:
    if member.role == "single":
        return ""
    tail = "" if member.role.endswith(("joint", "additional", "further")) else " level"
    return _words(member.role) + tail


def _words(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ")
