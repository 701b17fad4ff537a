"""The shapes of the drawn spine: vertebrae from behind, larger from the neck down; the sacrum.

Our own drawing, from a few measures a vertebra: what a physician tells regions apart by. Necks have
short forked spines and stout pillars, chests long drooping spines and ribs, loins broad spines and
long transverse processes. An upper vertebra lies over the lower one, so draw from below.
"""

from typing import NamedTuple

from facetwise.anatomy.spine import VERTEBRAE

_RIBS_TO = 10
"""The last rib that is drawn as reaching out; the two below float."""


class Bone(NamedTuple):
    """One vertebra.

    Attributes:
        top, height: in user units of the drawing.
        width: of the body.
        reach: of a transverse process, from the middle line to its tip.
        facet: distance of the facet joints from the middle line.
        droop: how far the spinous process hangs below the vertebra.
    """

    name: str
    top: float
    height: float
    width: float
    reach: float
    facet: float
    droop: float

    @property
    def bottom(self) -> float:
        """The seam to the next vertebra."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.top + self.height / 2

    def drawn(self, center: float) -> str:
        """Body, transverse processes, articular processes, lamina and spinous process."""
        sides = "".join(self._side(center, turn) for turn in (-1, 1))
        return f"<g>{self._body(center)}{sides}{self._lamina(center)}{self._spinous(center)}</g>"

    def _body(self, center: float) -> str:
        half, top, bottom = self.width / 2, self.top + 2, self.bottom - 2
        dens = ""
        if self.name == "C2":
            dens = (
                f'<path class="deep" d="M{center - 6:.1f} {top + 4:.1f}Q{center - 8:.1f} '
                f"{top - 12:.1f} {center:.1f} {top - 13:.1f}Q{center + 8:.1f} {top - 12:.1f} "
                f'{center + 6:.1f} {top + 4:.1f}Z"/>'
            )
        return (
            f'{dens}<path class="deep" d="M{center - half + 3:.1f} {top:.1f}'
            f"H{center + half - 3:.1f}"
            f"Q{center + half:.1f} {top:.1f} {center + half:.1f} {top + 4:.1f}"
            f"Q{center + half - 4:.1f} {self.middle:.1f} {center + half:.1f} {bottom - 4:.1f}"
            f"Q{center + half:.1f} {bottom:.1f} {center + half - 3:.1f} {bottom:.1f}"
            f"H{center - half + 3:.1f}Q{center - half:.1f} {bottom:.1f} {center - half:.1f} "
            f"{bottom - 4:.1f}Q{center - half + 4:.1f} {self.middle:.1f} {center - half:.1f} "
            f'{top + 4:.1f}Q{center - half:.1f} {top:.1f} {center - half + 3:.1f} {top:.1f}Z"/>'
        )

    def _side(self, center: float, turn: int) -> str:
        rib = self._rib(center, turn) if self.name[0] == "T" else ""
        return f"{rib}{self._process(center, turn)}{self._upper_facet(center, turn)}"

    def _rib(self, center: float, turn: int) -> str:
        """The near end of a rib, from under the transverse process outward and down."""
        number = int(self.name[1:])
        out = 30 if number <= _RIBS_TO else 30 - 8 * (number - _RIBS_TO)
        start, y = center + turn * (self.width / 2), self.middle - 3
        bend, end = center + turn * (self.reach + out / 2), center + turn * (self.reach + out)
        way = f"M{start:.1f} {y:.1f}Q{bend:.1f} {y - 7:.1f} {end:.1f} {y + 9:.1f}"
        return f'<path class="rib edge" d="{way}"/><path class="rib" d="{way}"/>'

    def _process(self, center: float, turn: int) -> str:
        kind = self.name[0]
        root, tip = center + turn * self.facet * 0.7, center + turn * self.reach
        lift = self.height * {"C": -0.06, "T": 0.16, "L": 0.06}[kind]
        y = self.middle - self.height * 0.1
        thick = self.height * {"C": 0.16, "T": 0.17, "L": 0.15}[kind]
        club = thick * {"C": 0.8, "T": 1.15, "L": 0.7}[kind]
        if self.name == "L5":
            thick, club = thick * 1.35, club * 1.3
        half = (root + tip) / 2
        return (
            f'<path class="{"deep" if kind == "C" else "bone"}" d="M{root:.1f} {y - thick:.1f}'
            f"Q{half:.1f} {y - thick * 0.7 - lift / 2:.1f} {tip:.1f} {y - club - lift:.1f}"
            f"Q{tip + turn * 6:.1f} {y - lift:.1f} {tip:.1f} {y + club - lift:.1f}"
            f'Q{half:.1f} {y + thick * 0.8 - lift / 2:.1f} {root:.1f} {y + thick * 1.2:.1f}Z"/>'
        )

    def _upper_facet(self, center: float, turn: int) -> str:
        """The superior articular process, outside the joint with the vertebra above."""
        inner, outer = center + turn * (self.facet - 4), center + turn * (self.facet + 8)
        top, low = self.top - self.height * 0.14, self.middle
        return (
            f'<path class="bone" d="M{inner:.1f} {low:.1f}L{inner:.1f} {self.top + 2:.1f}'
            f"Q{center + turn * (self.facet + 2):.1f} {top - 3:.1f} {outer:.1f} {top + 3:.1f}"
            f"Q{outer + turn * 2:.1f} {self.top + 5:.1f} {center + turn * self.facet:.1f} "
            f'{low + 3:.1f}Z"/>'
        )

    def _lamina(self, center: float) -> str:
        """The posterior arch: narrow at the waist, flared to the joints above and below."""
        half, waist = self.facet + 2.5, self.facet * 0.8
        top, bottom = self.top + self.height * 0.12, self.bottom + 1.5
        notch = self.height * 0.22
        return (
            f'<path class="bone" d="M{center - half + 2:.1f} {top:.1f}'
            f"Q{center - waist:.1f} {self.middle:.1f} {center - half:.1f} {bottom - 4:.1f}"
            f"Q{center - half + 1:.1f} {bottom + 3:.1f} {center - self.facet + 7:.1f} {bottom:.1f}"
            f"Q{center:.1f} {bottom - notch * 2:.1f} {center + self.facet - 7:.1f} {bottom:.1f}"
            f"Q{center + half - 1:.1f} {bottom + 3:.1f} {center + half:.1f} {bottom - 4:.1f}"
            f"Q{center + waist:.1f} {self.middle:.1f} {center + half - 2:.1f} {top:.1f}"
            f"L{center + self.facet - 6:.1f} {top:.1f}"
            f'Q{center:.1f} {top + notch:.1f} {center - self.facet + 6:.1f} {top:.1f}Z"/>'
        )

    def _spinous(self, center: float) -> str:
        y, end = self.top + self.height * 0.3, self.bottom + self.droop
        match self.name[0]:
            case "C" if self.name != "C7":
                wide = 6.5 if self.name == "C2" else 4.6
                return self._forked(center, wide, y, end)
            case "L":
                return self._broad(center, y, end)
            case _:
                wide = 4.6 + self.width * 0.02
                return (
                    f'<path class="bone" d="M{center - wide:.1f} {y:.1f}'
                    f"Q{center - wide * 0.9:.1f} {end - 6:.1f} {center - 2:.1f} {end - 1:.1f}"
                    f"Q{center:.1f} {end + 1:.1f} {center + 2:.1f} {end - 1:.1f}"
                    f"Q{center + wide * 0.9:.1f} {end - 6:.1f} {center + wide:.1f} {y:.1f}"
                    f'Q{center:.1f} {y - 5:.1f} {center - wide:.1f} {y:.1f}Z"/>'
                )

    def _forked(self, center: float, wide: float, y: float, end: float) -> str:
        return (
            f'<path class="bone" d="M{center - wide * 0.7:.1f} {y:.1f}'
            f"L{center - wide:.1f} {end - 4:.1f}"
            f"Q{center - wide - 1:.1f} {end + 1:.1f} {center - wide * 0.4:.1f} {end - 0.5:.1f}"
            f"L{center:.1f} {end - 4.5:.1f}L{center + wide * 0.4:.1f} {end - 0.5:.1f}"
            f"Q{center + wide + 1:.1f} {end + 1:.1f} {center + wide:.1f} {end - 4:.1f}"
            f"L{center + wide * 0.7:.1f} {y:.1f}"
            f'Q{center:.1f} {y - 4:.1f} {center - wide * 0.7:.1f} {y:.1f}Z"/>'
        )

    def _broad(self, center: float, y: float, end: float) -> str:
        top, low = 5.2, 7.4
        return (
            f'<path class="bone" d="M{center - top:.1f} {y:.1f}'
            f"Q{center - top + 0.6:.1f} {(y + end) / 2:.1f} {center - low:.1f} {end - 5:.1f}"
            f"Q{center - low:.1f} {end:.1f} {center:.1f} {end:.1f}"
            f"Q{center + low:.1f} {end:.1f} {center + low:.1f} {end - 5:.1f}"
            f"Q{center + top - 0.6:.1f} {(y + end) / 2:.1f} {center + top:.1f} {y:.1f}"
            f'Q{center:.1f} {y - 5:.1f} {center - top:.1f} {y:.1f}Z"/>'
        )


def bones(center: float, top: float) -> dict[str, Bone]:
    """C2 to L5 from the top down, in proportion to each other."""
    found: dict[str, Bone] = {}
    y = top + 18
    for name in VERTEBRAE[2:-1]:
        number = int(name[1:])
        match name[0]:
            case "C":
                droop = 4.0 if number == 7 else 0.5
                bone = Bone(name, y, 26, 42 + number, 32 + number, 19 + number * 0.4, droop)
            case "T":
                reach = 46 - abs(number - 4) * 0.6 if number < 9 else 42 - (number - 8) * 3
                droop = 10 - abs(number - 6.5) * 1.3
                bone = Bone(
                    name, y, 28 + number * 0.5, 42 + number * 1.5, reach, 18.5 + number * 0.25,
                    droop,
                )  # fmt: skip
            case _:
                reach = 62 + (3 - abs(number - 3)) * 4
                bone = Bone(name, y, 39, 64 + number * 3, reach, 23 + number * 1.4, -4)
        found[name] = bone
        y = bone.bottom
    return found


def sacrum(center: float, top: float) -> str:
    """The sacrum between the two iliac bones, with its foramina, crest and the coccyx."""
    hips = "".join(_ilium(center, top, turn) for turn in (-1, 1))
    holes = "".join(
        f'<ellipse class="hole" cx="{center + turn * (21 - row * 2.5):.1f}" '
        f'cy="{top + 24 + row * 17:.1f}" rx="3.4" ry="4.4"/>'
        for row in range(4)
        for turn in (-1, 1)
    )
    crest = "".join(
        f'<ellipse class="bone" cx="{center:.1f}" cy="{top + 20 + row * 18:.1f}" '
        f'rx="{4.4 - row * 0.5:.1f}" ry="7"/>'
        for row in range(4)
    )
    ears = "".join(
        f'<path class="bone" d="M{center + turn * 24:.1f} {top + 8:.1f}Q{center + turn * 31:.1f} '
        f"{top - 10:.1f} {center + turn * 40:.1f} {top - 3:.1f}Q{center + turn * 42:.1f} "
        f'{top + 6:.1f} {center + turn * 34:.1f} {top + 10:.1f}Z"/>'
        for turn in (-1, 1)
    )
    return (
        f'<g>{hips}<path class="bone" d="M{center - 48} {top + 3:.1f}Q{center} {top - 4:.1f} '
        f"{center + 48} {top + 3:.1f}Q{center + 50} {top + 40:.1f} {center + 24} {top + 82:.1f}"
        f"Q{center + 12} {top + 98:.1f} {center} {top + 100:.1f}"
        f"Q{center - 12} {top + 98:.1f} {center - 24} {top + 82:.1f}"
        f'Q{center - 50} {top + 40:.1f} {center - 48} {top + 3:.1f}Z"/>{ears}{holes}{crest}'
        f'<path class="bone" d="M{center - 7} {top + 101:.1f}Q{center} {top + 126:.1f} '
        f'{center + 7} {top + 101:.1f}Z"/></g>'
    )


def _ilium(center: float, top: float, turn: int) -> str:
    def x(offset: float) -> str:
        return f"{center + turn * offset:.1f}"

    return (
        f'<path class="deep" d="M{x(50)} {top + 6:.1f}Q{x(70)} {top - 22:.1f} '
        f"{x(104)} {top - 12:.1f}Q{x(126)} {top + 4:.1f} {x(116)} {top + 44:.1f}"
        f"Q{x(98)} {top + 84:.1f} {x(62)} {top + 96:.1f}"
        f'Q{x(40)} {top + 88:.1f} {x(50)} {top + 6:.1f}Z"/>'
    )
