"""The shapes of the drawn spine: vertebrae from behind, larger from the neck down; the sacrum."""

from typing import NamedTuple

from facetwise.anatomy.spine import VERTEBRAE


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
        """Body, transverse processes, articular pillars, lamina and spinous process."""
        return (
            f"<g>{self._body(center)}{self._process(center, -1)}{self._process(center, 1)}"
            f"{self._lamina(center)}{self._spinous(center)}</g>"
        )

    def _body(self, center: float) -> str:
        half = self.width / 2
        return (
            f'<rect class="deep" x="{center - half:.1f}" y="{self.top + 2:.1f}" '
            f'width="{self.width:.1f}" height="{self.height - 4:.1f}" '
            f'rx="{self.height * 0.22:.1f}"/>'
        )

    def _process(self, center: float, turn: int) -> str:
        root, tip = center + turn * self.facet * 0.8, center + turn * self.reach
        lift = self.height * (0.1 if self.name[0] == "T" else 0.02)
        y, thick = self.middle - self.height * 0.1, self.height * 0.17
        return (
            f'<path class="bone" d="M{root:.1f} {y - thick:.1f}'
            f"Q{(root + tip) / 2:.1f} {y - thick - lift:.1f} {tip:.1f} {y - thick * 0.8 - lift:.1f}"
            f"Q{tip + turn * 5:.1f} {y - lift:.1f} {tip:.1f} {y + thick * 0.8 - lift:.1f}"
            f'Q{(root + tip) / 2:.1f} {y + thick:.1f} {root:.1f} {y + thick:.1f}Z"/>'
        )

    def _lamina(self, center: float) -> str:
        """The posterior arch: narrow at the waist, flared to the joints above and below."""
        half, waist = self.facet + 4.5, self.facet * 0.84
        top, bottom = self.top + 0.5, self.bottom - 0.5
        notch = self.height * 0.2
        return (
            f'<path class="bone" d="M{center - half:.1f} {top:.1f}'
            f"Q{center - waist:.1f} {self.middle:.1f} {center - half:.1f} {bottom:.1f}"
            f"L{center - self.facet + 5:.1f} {bottom:.1f}"
            f"Q{center:.1f} {bottom - notch * 2:.1f} {center + self.facet - 5:.1f} {bottom:.1f}"
            f"L{center + half:.1f} {bottom:.1f}"
            f"Q{center + waist:.1f} {self.middle:.1f} {center + half:.1f} {top:.1f}"
            f"L{center + self.facet - 5:.1f} {top:.1f}"
            f'Q{center:.1f} {top + notch * 1.6:.1f} {center - self.facet + 5:.1f} {top:.1f}Z"/>'
        )

    def _spinous(self, center: float) -> str:
        wide, y = 5.5 + self.width * 0.03, self.top + self.height * 0.3
        end = self.bottom + self.droop
        return (
            f'<path class="bone" d="M{center - wide:.1f} {y:.1f}'
            f"Q{center - wide * 1.1:.1f} {end - 3:.1f} {center:.1f} {end:.1f}"
            f"Q{center + wide * 1.1:.1f} {end - 3:.1f} {center + wide:.1f} {y:.1f}"
            f'Q{center:.1f} {y - 5:.1f} {center - wide:.1f} {y:.1f}Z"/>'
        )


def bones(center: float, top: float) -> dict[str, Bone]:
    """C2 to L5 from the top down, in proportion to each other."""
    found: dict[str, Bone] = {}
    y = top + 18
    for name in VERTEBRAE[2:-1]:
        number = int(name[1:])
        match name[0]:
            case "C":
                bone = Bone(name, y, 26, 44 + number, 36 + number, 19 + number * 0.4, 0.5)
            case "T":
                reach = 50 - abs(number - 4) * 0.6 if number < 9 else 46 - (number - 8) * 3
                bone = Bone(
                    name, y, 28 + number * 0.5, 42 + number * 1.5, reach, 18.5 + number * 0.25, 4
                )
            case _:
                bone = Bone(
                    name,
                    y,
                    39,
                    64 + number * 3,
                    62 + (3 - abs(number - 3)) * 4,
                    23 + number * 1.4,
                    -4,
                )
        found[name] = bone
        y = bone.bottom
    return found


def sacrum(center: float, top: float) -> str:
    """The sacrum between the two iliac bones, with its foramina and the coccyx."""
    left = "".join(_ilium(center, top, turn) for turn in (-1, 1))
    holes = "".join(
        f'<ellipse class="deep" cx="{center + turn * (21 - row * 2.5):.1f}" '
        f'cy="{top + 24 + row * 17:.1f}" rx="3.4" ry="4.4"/>'
        for row in range(4)
        for turn in (-1, 1)
    )
    return (
        f'{left}<path class="bone" d="M{center - 48} {top + 3:.1f}Q{center} {top - 6:.1f} '
        f"{center + 48} {top + 3:.1f}Q{center + 50} {top + 40:.1f} {center + 24} {top + 82:.1f}"
        f"Q{center + 12} {top + 98:.1f} {center} {top + 100:.1f}"
        f"Q{center - 12} {top + 98:.1f} {center - 24} {top + 82:.1f}"
        f'Q{center - 50} {top + 40:.1f} {center - 48} {top + 3:.1f}Z"/>{holes}'
        f'<path class="bone" d="M{center - 7} {top + 101:.1f}Q{center} {top + 126:.1f} '
        f'{center + 7} {top + 101:.1f}Z"/>'
        f'<text class="name" x="{center}" y="{top + 30:.1f}">S1</text>'
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
