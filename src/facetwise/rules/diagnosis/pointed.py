"""The diagnoses that a line points to, and why there may be none to compare."""

from typing import NamedTuple

from facetwise.rules.declare import Line
from facetwise.tables.answer import NotHeld

_ICD_9 = "icd-9"
_NONE = NotHeld("the line points to no diagnosis on the claim.", "a diagnosis pointer")
_OLD = NotHeld(
    "the line points to ICD-9-CM diagnoses; the lists held are of ICD-10-CM.",
    "the policy's list of ICD-9-CM codes",
)


class Pointed(NamedTuple):
    """Diagnoses of a line.

    Attributes:
        codes: ICD-10-CM, without dot, in the order of the pointers.
        why_none: why there are none; None when there are.
    """

    codes: tuple[str, ...]
    why_none: NotHeld | None


def pointed_to(line: Line) -> Pointed:
    """The ICD-10-CM diagnoses that a line points to."""
    held = line.claim.diagnoses
    pointers = (pointer for pointer in line.item.pointers if 1 <= pointer <= len(held))
    meant = [held[pointer - 1] for pointer in dict.fromkeys(pointers)]
    codes = tuple(d.code for d in meant if d.system != _ICD_9 and d.code[:1].isalpha())
    return Pointed(codes, None if codes else _OLD if meant else _NONE)


def shown(codes: tuple[str, ...]) -> str:
    """Codes as people write them: `M47.816 and M54.50`."""
    dotted = [f"{code[:3]}.{code[3:]}" if code[3:] else code for code in codes]
    return " and ".join(part for part in (", ".join(dotted[:-1]), dotted[-1]) if part)
