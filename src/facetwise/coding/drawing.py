"""The spine from C2 to the sacrum, seen from behind, with what was treated lit (SVG).

Our own drawing: schematic, in proportion, readable in light and dark and in print. The patient's
left is on the left, as the operator sees it. Shapes come from a few measures a vertebra.
"""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from facetwise.anatomy import JOINTS, LEFT, NERVES, Kind, Side
from facetwise.anatomy.spine import TON, VERTEBRAE
from facetwise.coding.model import Coding, Level, Line
from facetwise.coding.shapes import Bone, bones, sacrum

WIDTH = 560
_CENTER = 280
_TOP = 66
_LABELS = 132
"""Distance of the labels from the middle line; left-sided levels have theirs on the left."""

_STYLE = """
.fw{--ground:#fff;--bone:#efe9dc;--edge:#a99f8c;--deep:#e2dac8;--ink:#26302f;--quiet:#6f7a78;
--joint:#fbf8f1;--lit:#c2410c;--glow:#fb923c;--nerve:#0f766e;font-family:system-ui,sans-serif}
@media(prefers-color-scheme:dark){.fw{--ground:#14191b;--bone:#3a4144;--edge:#7b878a;
--deep:#2d3437;--ink:#eef2f1;--quiet:#9fabab;--joint:#252b2e;--lit:#fb923c;--glow:#fdba74;
--nerve:#5eead4}}
.fw .ground{fill:var(--ground)}.fw .bone{fill:var(--bone);stroke:var(--edge);stroke-width:1}
.fw .deep{fill:var(--deep);stroke:var(--edge);stroke-width:.8}
.fw .rib{fill:none;stroke:var(--deep);stroke-width:5;stroke-linecap:round}
.fw .rib.edge{stroke:var(--edge);stroke-width:6.6}.fw .hole{fill:var(--edge)}
.fw .joint{fill:var(--joint);stroke:var(--edge);stroke-width:1}
.fw .lit{fill:var(--lit);stroke:var(--ground);stroke-width:1.4}
.fw .glow{fill:var(--glow);opacity:.35}
.fw .nerve{fill:none;stroke:var(--nerve);stroke-width:2;stroke-linecap:round}
.fw .dot{fill:var(--nerve);stroke:var(--ground);stroke-width:1.2}
.fw .lead{fill:none;stroke:var(--quiet);stroke-width:.8}
.fw text{fill:var(--ink);font-size:11px}.fw .name{font-size:8.5px;fill:var(--quiet);
text-anchor:middle}.fw .strong{font-weight:600;font-size:12px}.fw .quiet{fill:var(--quiet)}
.fw .branch{font-size:8.5px;fill:var(--nerve);stroke:var(--ground);
stroke-width:2.5px;paint-order:stroke}.fw .title{font-size:15px;font-weight:600}
"""


class Lit(NamedTuple):
    """What is lit: joints, nerves and foramina with sides, interspaces, sacroiliac sides."""

    joints: dict[str, frozenset[Side]]
    nerves: dict[str, frozenset[Side]]
    foramina: dict[str, frozenset[Side]]
    middles: tuple[str, ...]
    sacroiliac: frozenset[Side]


def spine_svg(coding: Coding) -> str:
    """A whole SVG document of one coding.

    Joints that make a level are lit in the warm colour on the treated sides, treated nerves are
    drawn to the joints they feed in the cool one, and each lit level is named with its lines.
    """
    lit = _lit(coding)
    skeleton = bones(_CENTER, _TOP)
    foot = skeleton["L5"].bottom
    bones_ = _skeleton(skeleton, foot)
    labels = _labels(coding, skeleton, foot)
    lights = _targets(lit, skeleton, foot)
    height = foot + 150
    about = _described(coding)
    title = f"{coding.ruleset or 'no ruleset'}, {coding.day or 'no date'}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" role="img" aria-labelledby="fw-t fw-d" class="fw">'
        f'<title id="fw-t">Treated levels of the spine, seen from behind</title>'
        f'<desc id="fw-d">{escape(about)}</desc><style>{_STYLE}</style>'
        f'<rect class="ground" width="{WIDTH}" height="{height:.0f}"/>'
        f'<text class="title" x="24" y="30">Treated levels</text>'
        f'<text class="quiet" x="24" y="47">{escape(title)} · seen from behind</text>'
        f'<text class="quiet" x="{_CENTER - 84}" y="{_TOP + 8}">left</text>'
        f'<text class="quiet" x="{_CENTER + 60}" y="{_TOP + 8}">right</text>'
        f"{''.join(bones_)}{''.join(labels)}{''.join(lights)}</svg>\n"
    )


def _lit(coding: Coding) -> Lit:
    joints = {
        level.joint: level.sides
        for level in coding.levels
        if level.joint in JOINTS and JOINTS[level.joint].coded
    }
    nerves: dict[str, frozenset[Side]] = {}
    foramina: dict[str, frozenset[Side]] = {}
    middles: list[str] = []
    sacroiliac: frozenset[Side] = frozenset()
    for done in coding.procedure.interventions:
        for target in done.targets:
            if target.name in JOINTS and not JOINTS[target.name].coded:
                continue
            sides = target.sides or frozenset()
            match target.kind:
                case Kind.NERVE:
                    nerves[target.name] = nerves.get(target.name, frozenset()) | sides
                case Kind.FORAMEN:
                    foramina[target.name] = foramina.get(target.name, frozenset()) | sides
                    joints.pop(target.name, None)
                case Kind.INTERSPACE:
                    middles.append(target.name)
                    joints.pop(target.name, None)
                case Kind.SI_JOINT:
                    sacroiliac |= sides
                case _:
                    pass
    return Lit(joints, nerves, foramina, tuple(middles), sacroiliac)


def _skeleton(skeleton: dict[str, Bone], foot: float) -> Iterable[str]:
    yield sacrum(_CENTER, foot)
    yield f'<text class="name" x="{_CENTER}" y="{foot + 12:.1f}">S1</text>'
    for bone in reversed(skeleton.values()):
        yield bone.drawn(_CENTER)
    for name, bone in skeleton.items():
        yield f'<text class="name" x="{_CENTER}" y="{bone.middle + 3:.1f}">{name}</text>'
    for joint in JOINTS.values():
        if joint.coded:
            for side in Side:
                x, y = _place(joint.name, side, skeleton)
                yield _oval("joint", x, y, side, 1.0)


def _place(joint: str, side: Side, skeleton: dict[str, Bone]) -> tuple[float, float]:
    """Where a joint lies: on the seam below its upper vertebra."""
    bone = skeleton[joint.split("-")[0]]
    reach = bone.facet
    return (_CENTER - reach if side is Side.LEFT else _CENTER + reach), bone.bottom


def _oval(kind: str, x: float, y: float, side: Side, size: float) -> str:
    lean = 14 if side is Side.LEFT else -14
    return (
        f'<ellipse class="{kind}" cx="{x:.1f}" cy="{y:.1f}" rx="{4.6 * size:.1f}" '
        f'ry="{7 * size:.1f}" transform="rotate({lean} {x:.1f} {y:.1f})"/>'
    )


def _targets(lit: Lit, skeleton: dict[str, Bone], foot: float) -> Iterable[str]:
    for name, sides in lit.nerves.items():
        for side in sorted(sides):
            yield _nerve(name, side, skeleton, foot)
    for name, sides in lit.joints.items():
        for side in sorted(sides):
            x, y = _place(name, side, skeleton)
            yield _oval("glow", x, y, side, 2.1)
            yield _oval("lit", x, y, side, 1.25)
    for name, sides in lit.foramina.items():
        for side in sorted(sides):
            turn = -1 if side is Side.LEFT else 1
            reach, y = _reach(name, skeleton, foot)
            yield _spot(_CENTER + turn * reach, y, 4.5)
    for name in lit.middles:
        y = foot + 96 if name == "caudal" else skeleton[name.split("-")[0]].bottom
        yield _spot(_CENTER, y, 6)
    for side in sorted(lit.sacroiliac):
        x = _CENTER + (47 if side is Side.RIGHT else -47)
        yield f'<ellipse class="glow" cx="{x}" cy="{foot + 42:.1f}" rx="12" ry="30"/>'
        yield f'<ellipse class="lit" cx="{x}" cy="{foot + 42:.1f}" rx="5" ry="22"/>'


def _reach(name: str, skeleton: dict[str, Bone], foot: float) -> tuple[float, float]:
    """A foramen: beside the joint, or the first hole of the sacrum."""
    if name == "S1":
        return 21.0, foot + 24
    bone = skeleton[name.split("-")[0]]
    return bone.facet + 11, bone.bottom - 4


def _spot(x: float, y: float, size: float) -> str:
    return (
        f'<circle class="glow" cx="{x:.1f}" cy="{y:.1f}" r="{2 * size}"/>'
        f'<circle class="lit" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>'
    )


def _nerve(name: str, side: Side, skeleton: dict[str, Bone], foot: float) -> str:
    """From the point where the needle meets the nerve to each joint it feeds."""
    turn = -1 if side is Side.LEFT else 1
    x, y = _needle(name, turn, skeleton, foot)
    arcs = ""
    for joint in NERVES[name].joints:
        to_x, to_y = _place(joint, side, skeleton)
        bend = x + turn * 2
        curve = f"M{x:.1f} {y:.1f}Q{bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        arcs += f'<path class="nerve" d="{curve}"/>'
    anchor = "end" if turn < 0 else "start"
    return (
        f'{arcs}<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.4"/>'
        f'<text class="branch" text-anchor="{anchor}" x="{x + turn * 7:.1f}" '
        f'y="{y + 3:.1f}">{name}</text>'
    )


def _needle(name: str, turn: int, skeleton: dict[str, Bone], foot: float) -> tuple[float, float]:
    if name == TON:
        bone = skeleton["C2"]
        return _CENTER + turn * (bone.facet + 13), bone.bottom
    spinal = name.split(" ")[0]
    if spinal == "L5":
        return _CENTER + turn * 40, foot + 8
    if spinal[0] == "C" and spinal != "C8":
        bone = skeleton[spinal]
    else:
        after = "T1" if spinal == "C8" else VERTEBRAE[VERTEBRAE.index(spinal) + 1]
        bone = skeleton[after]
    return _CENTER + turn * (bone.facet + 11), bone.middle - bone.height * 0.08


def _labels(coding: Coding, skeleton: dict[str, Bone], foot: float) -> Iterable[str]:
    """One label a level beside its side, with its lines; pushed apart where levels are close."""
    last = {-1: 0.0, 1: 0.0}
    places = [(level, _label_place(level, skeleton, foot)) for level in coding.levels]
    drawn = [(level, place) for level, place in places if place]
    for level, (reach, y) in sorted(drawn, key=lambda item: item[1][1]):
        turn = -1 if level.sides == LEFT else 1
        at = max(y, last[turn] + 33)
        last[turn] = at
        codes = [
            "-".join((line.code, *line.modifiers)) + _units(line)
            for line in coding.lines
            if level.joint in line.joints
        ]
        start = _CENTER + turn * (reach + 9)
        knee, end = _CENTER + turn * (_LABELS - 22), _CENTER + turn * (_LABELS - 6)
        anchor = "end" if turn < 0 else "start"
        x = _CENTER + turn * _LABELS
        yield (
            f'<path class="lead" d="M{start:.1f} {y:.1f}L{knee} {y:.1f}L{end} {at:.1f}"/>'
            f'<g text-anchor="{anchor}"><text class="strong" x="{x}" y="{at - 1:.1f}">'
            f'{level.joint}<tspan class="quiet" font-weight="400" dx="6">'
            f"{_sides(level.sides)}</tspan>"
            f'</text><text x="{x}" y="{at + 13:.1f}">{escape(", ".join(codes) or "no line yet")}'
            f"</text></g>"
        )


def _units(line: Line) -> str:
    """The units of one of the line's joints."""
    share = max(line.units // len(line.joints), 1)
    return f" x{share}" if share > 1 else ""


def _label_place(
    level: Level, skeleton: dict[str, Bone], foot: float
) -> tuple[float, float] | None:
    """How far from the middle line a label's line begins, and at which height."""
    name = level.joint
    if name in JOINTS and not JOINTS[name].coded:
        return None
    if not level.sides and name in JOINTS:
        return 4.0, skeleton[name.split("-")[0]].bottom
    if name in JOINTS:
        bone = skeleton[name.split("-")[0]]
        return bone.facet, bone.bottom
    low = {"SI joint": (50.0, foot + 42), "caudal": (4.0, foot + 96), "S1": (16.0, foot + 24)}
    return low.get(name)


def _sides(sides: frozenset[Side]) -> str:
    return "both sides" if len(sides) > 1 else next(iter(sides), "")


def _described(coding: Coding) -> str:
    levels = ", ".join(f"{level.joint} {_sides(level.sides)}".strip() for level in coding.levels)
    lines = ", ".join("-".join((line.code, *line.modifiers)) for line in coding.lines)
    return f"Treated: {levels or 'nothing settled yet'}. Lines: {lines or 'none'}."
