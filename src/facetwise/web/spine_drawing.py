"""The spine to click on: three regions drawn large with real checkboxes over joints and nerves.

Bones come from `coding.shapes`, positions from the anatomy. Each joint and nerve is an HTML
checkbox inside the drawing, so that keyboard, screen reader and a form without script all work.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import NamedTuple

from facetwise.anatomy import JOINTS, NERVES, Side
from facetwise.anatomy.spine import TON
from facetwise.coding.shapes import Bone, bones, sacrum
from facetwise.web.spine_state import Picked, Spot

_SKELETON = bones(0, -18)
_FOOT = _SKELETON["L5"].bottom
_LOW = _FOOT + 122
_TURNS: Mapping[Side, int] = {Side.LEFT: -1, Side.RIGHT: 1}
"""Seen from behind, as the operator sees it: the patient's left is on the left."""


class View(NamedTuple):
    """A part of the spine that is drawn large.

    Attributes:
        first, last: uppermost and lowest vertebra drawn.
        top, bottom, reach: what is seen, in units of the drawing.
        nerve: distance of a nerve's button from its joints.
    """

    id: str
    title: str
    first: str
    last: str
    top: float
    bottom: float
    reach: float
    nerve: float


def _seen(first: str, last: str, above: float, below: float) -> tuple[float, float]:
    return _SKELETON[first].top - above, _SKELETON[last].bottom + below


VIEWS = (
    View("cervical", "Cervical", "C2", "T1", *_seen("C2", "T1", 20, 14), 74, 14),
    View("thoracic", "Thoracic", "T1", "T12", *_seen("T1", "T12", 12, 14), 84, 16),
    View("lumbar", "Lumbar", "T12", "L5", _SKELETON["T12"].top - 10, _LOW, 114, 22),
)
_LOWEST = {"cervical": "C7-T1", "thoracic": "T11-T12", "lumbar": "L5-S1"}
"""The last joint of each view; a view has the nerves met down to its last joint."""


class Marks(NamedTuple):
    """How the drawing is to be marked.

    Attributes:
        lit: joints treated or completed by their nerves.
        lone: nerves that complete no joint.
        unsided: levels named without a side.
    """

    lit: frozenset[Spot]
    lone: frozenset[Spot]
    unsided: frozenset[str]


class Piece(NamedTuple):
    """A region as HTML."""

    view: View
    svg: str


def view_of(picked: Picked, marks: Marks) -> str:
    """The region to show: asked for, else where something is picked, else the lumbar one."""
    if any(view.id == picked.view for view in VIEWS):
        return picked.view
    names = [name for name, _ in (*picked.joints, *picked.nerves, *marks.lit, *marks.lone)]
    names += marks.unsided
    shown = {_view_of(name) for name in names if name in JOINTS or name in NERVES}
    return next((view.id for view in reversed(VIEWS) if view.id in shown), "lumbar")


def _view_of(name: str) -> str:
    joint = JOINTS.get(name)
    for view in VIEWS:
        last = JOINTS[_LOWEST[view.id]]
        if joint and joint.at <= last.at:
            return view.id
        if not joint and NERVES[name].at <= _last_nerve(view.id):
            return view.id
    return VIEWS[-1].id


def _last_nerve(view: str) -> int:
    """The nerves of the joint that ends a view."""
    return max(NERVES[name].at for name in JOINTS[_LOWEST[view]].nerves)


def whole(marks: Marks) -> str:
    """The whole spine, small, with the regions to choose from and lights where work was done."""
    drawn = _bones()
    bands = "".join(
        f'<rect class="band {view.id}" x="-128" y="{view.top + 6:.0f}" width="256" '
        f'height="{view.bottom - view.top - 12:.0f}" rx="10"/>'
        for view in VIEWS
    )
    taps = "".join(
        f'<foreignObject x="-128" y="{view.top + 6:.0f}" width="256" '
        f'height="{view.bottom - view.top - 12:.0f}"><label class="tap" for="view-{view.id}">'
        f'<span class="away">{view.title}</span></label></foreignObject>'
        for view in VIEWS
    )
    lights = "".join(
        f'<circle class="light{_lit((joint.name, side), marks)}" data-spot="{joint.name}:{side}" '
        f'cx="{_joint_at(joint.name, side)[0]:.1f}" cy="{_joint_at(joint.name, side)[1]:.1f}" '
        'r="8"/>'
        for joint in JOINTS.values()
        if joint.coded
        for side in _TURNS
    )
    return (
        f'<svg class="whole" viewBox="-134 -22 268 {_LOW + 24:.0f}" aria-hidden="true">'
        f"{bands}{drawn}{lights}{taps}</svg>"
    )


@cache
def _bones() -> str:
    """Every bone once, from below; the large regions use them by name."""
    drawn = [f'<g id="bone-S1">{sacrum(0, _FOOT)}</g>']
    drawn += [
        bone.drawn(0).replace("<g>", f'<g id="bone-{name}">', 1)
        for name, bone in reversed(_SKELETON.items())
    ]
    return "".join(drawn)


def pieces(picked: Picked, marks: Marks) -> list[Piece]:
    """The three regions with their controls, marked as picked."""
    return [Piece(view, _piece(view, picked, marks)) for view in VIEWS]


def _piece(view: View, picked: Picked, marks: Marks) -> str:
    names = list(_SKELETON)
    shown = names[names.index(view.first) : names.index(view.last) + 1]
    uses = ['<use href="#bone-S1"/>'] if view.last == "L5" else []
    uses += [f'<use href="#bone-{name}"/>' for name in reversed(shown)]
    labels = "".join(_vertebra(_SKELETON[name]) for name in shown)
    joints = [j for j in JOINTS.values() if j.coded and _view_of(j.name) == view.id]
    nerves = [n for n in NERVES.values() if _view_of(n.name) == view.id]
    threads = "".join(_threads(n.name, n.joints, side, view) for n in nerves for side in _TURNS)
    levels = "".join(_level(joint.name, view, picked, marks) for joint in joints)
    branches = "".join(
        _branch(nerve.name, side, view, picked, marks) for nerve in nerves for side in _TURNS
    )
    si = _sacroiliac(picked) if view.last == "L5" else ""
    box = f"{-view.reach:.0f} {view.top:.0f} {2 * view.reach:.0f} {view.bottom - view.top:.0f}"
    y = view.top + 9
    sides = "".join(
        f'<text class="way" x="{turn * (view.reach - 4):.0f}" y="{y:.0f}" '
        f'text-anchor="{"start" if turn < 0 else "end"}">{side}</text>'
        for side, turn in _TURNS.items()
    )
    return (
        f'<svg class="piece" viewBox="{box}" role="group" aria-label="{view.title} spine, seen '
        f'from behind">{"".join(uses)}{labels}{sides}{threads}{levels}{branches}{si}</svg>'
    )


def _vertebra(bone: Bone) -> str:
    return (
        f'<text class="name" x="0" y="{bone.top + bone.height * 0.36 + 2:.1f}">{bone.name}</text>'
    )


def _joint_at(name: str, side: Side) -> tuple[float, float]:
    bone = _SKELETON[name.split("-")[0]]
    return _TURNS[side] * (bone.facet + 0.5), bone.bottom


def _nerve_at(name: str, side: Side, reach: float) -> tuple[float, float]:
    """Where the needle meets the nerve: the waist of the pillar, or a transverse process."""
    turn, spinal = _TURNS[side], name.split(" ")[0]
    if name == TON:
        bone = _SKELETON["C2"]
        return turn * (bone.facet + reach), bone.middle
    if spinal == "L5":
        return turn * (30 + reach), _FOOT + 13
    own = list(_SKELETON)
    if spinal[0] == "C" and spinal != "C8":
        bone = _SKELETON[spinal]
    else:
        bone = _SKELETON["T1" if spinal == "C8" else own[own.index(spinal) + 1]]
    return turn * (bone.facet + reach), bone.middle - bone.height * 0.06


def _threads(name: str, joints: Iterable[str], side: Side, view: View) -> str:
    x, y = _nerve_at(name, side, view.nerve)
    drawn = ""
    for joint in joints:
        to_x, to_y = _joint_at(joint, side)
        if not view.top < to_y < view.bottom:
            continue
        bend = (x + to_x) / 2 + _TURNS[side] * 5
        drawn += f"M{x:.1f} {y:.1f}Q{bend:.1f} {(y + 2 * to_y) / 3:.1f} {to_x:.1f} {to_y:.1f}"
    return f'<path class="thread" data-spot="{name}:{side}" d="{drawn}"/>'


def _level(name: str, view: View, picked: Picked, marks: Marks) -> str:
    """Left joint, the button of both, right joint."""
    _, y = _joint_at(name, Side.LEFT)
    inner = _SKELETON[name.split("-")[0]].facet - 6
    unsided = " unsided" if name in marks.unsided else ""
    tall = 15 if view.id == "lumbar" else 12
    size = {"cervical": 6.2, "thoracic": 6.8, "lumbar": 8.6}[view.id]
    both = {(name, side) for side in _TURNS} <= picked.joints
    long = " long" if len(name) > 5 else ""
    button = (
        f'<rect class="pill" x="{-inner:.1f}" y="{y - tall / 2:.1f}" width="{2 * inner:.1f}" '
        f'height="{tall}" rx="{tall / 2}"/><text class="level{long}" x="0" '
        f'y="{y + size * 0.35:.1f}">{name}</text>'
        f'<foreignObject x="{-inner:.1f}" y="{y - 8:.1f}" width="{2 * inner:.1f}" height="16">'
        f'<button class="both" name="toggle" value="{name}" data-at="{name}:both" '
        f'aria-pressed="{str(both).lower()}" aria-label="{name}, both sides"></button>'
        "</foreignObject>"
    )
    pads = {side: _pad(name, side, picked, marks) for side in _TURNS}
    return (
        f'<g class="row{unsided}" data-level="{name}">{pads[Side.LEFT]}<g class="mid">{button}</g>'
        f"{pads[Side.RIGHT]}</g>"
    )


def _pad(name: str, side: Side, picked: Picked, marks: Marks) -> str:
    x, y = _joint_at(name, side)
    bone = _SKELETON[name.split("-")[0]]
    size = 1.0 if bone.name[0] != "L" else 1.25
    lean = -14 * _TURNS[side]
    spot = (name, side)
    turn = f'transform="rotate({lean} {x:.1f} {y:.1f})"'
    at = f'cx="{x:.1f}" cy="{y:.1f}"'
    left = x - (17 if side is Side.LEFT else 6.5)
    height = bone.height * 0.86
    return (
        f'<g class="spot joint{_lit(spot, marks)}" data-spot="{name}:{side}">'
        f'<ellipse class="glow" {at} rx="{9 * size}" ry="{11 * size}" {turn}/>'
        f'<ellipse class="pad" {at} rx="{4.4 * size}" ry="{6.6 * size}" {turn}/>'
        f'<circle class="eye" {at} r="1.5"/>'
        f'<foreignObject x="{left:.1f}" y="{y - height / 2:.1f}" width="23.5" '
        f'height="{height:.1f}">{_box("joint", spot, picked.joints, "facet joint")}'
        "</foreignObject></g>"
    )


def _branch(name: str, side: Side, view: View, picked: Picked, marks: Marks) -> str:
    x, y = _nerve_at(name, side, view.nerve)
    turn = _TURNS[side]
    spot = (name, side)
    lone = " lone" if spot in marks.lone else ""
    size = {"cervical": 6.2, "thoracic": 6.8, "lumbar": 8.2}[view.id]
    wide = size * 4.6 + 12
    left = x - 6.5 if turn > 0 else x - wide + 6.5
    tall = 24 if view.id != "lumbar" else 30
    anchor = "start" if turn > 0 else "end"
    return (
        f'<g class="spot nerve{lone}" data-spot="{name}:{side}">'
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{size * 0.5:.1f}"/>'
        f'<text class="what" x="{x:.1f}" y="{y + size * 0.3:.1f}">?'
        "</text>"
        f'<text class="branch" text-anchor="{anchor}" '
        f'x="{x + turn * (size * 0.5 + 2.5):.1f}" y="{y + size * 0.35:.1f}">{name}</text>'
        f'<foreignObject x="{left:.1f}" y="{y - tall / 2:.1f}" width="{wide:.1f}" '
        f'height="{tall}">{_box("nerve", spot, picked.nerves, _spoken(name))}</foreignObject></g>'
    )


def _spoken(name: str) -> str:
    if name == TON:
        return "third occipital nerve"
    return "dorsal ramus" if name.endswith("DR") else "medial branch"


def _box(field: str, spot: Spot, chosen: frozenset[Spot], kind: str) -> str:
    name, side = spot
    on = " checked" if spot in chosen else ""
    return (
        f'<input type="checkbox" name="{field}" value="{escape(name)}:{side}" '
        f'aria-label="{escape(name)} {side}, {kind}"{on}/>'
    )


def _sacroiliac(picked: Picked) -> str:
    drawn = ""
    for side, turn in _TURNS.items():
        on = " checked" if side in picked.sacroiliac else ""
        x, y = turn * 47, _FOOT + 46
        lit = " lit" if on else ""
        drawn += (
            f'<g class="spot si{lit}" data-spot="SI joint:{side}">'
            f'<ellipse class="glow" cx="{x}" cy="{y:.1f}" rx="12" ry="30"/>'
            f'<ellipse class="pad" cx="{x}" cy="{y:.1f}" rx="4.5" ry="21"/>'
            f'<text class="branch" x="{turn * 62}" y="{y + 3:.1f}" '
            f'text-anchor="{"start" if turn > 0 else "end"}">SI joint</text>'
            f'<foreignObject x="{min(x - turn * 14, x + turn * 50):.1f}" y="{y - 24:.1f}" '
            f'width="64" height="48"><input type="checkbox" name="si" value="{side}" '
            f'aria-label="Sacroiliac joint {side}"{on}/></foreignObject></g>'
        )
    return drawn


def _lit(spot: Spot, marks: Marks) -> str:
    return " lit" if spot in marks.lit else ""
