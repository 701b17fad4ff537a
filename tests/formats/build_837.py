"""Writes 837 professional text from a few facts, under any separators."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Marks(NamedTuple):
    """Separators, and what stands after each segment."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"
    after: str = "\n"


class LineText(NamedTuple):
    """A service line as it is written."""

    code: str = "64493"
    modifiers: tuple[str, ...] = ()
    charge: str = "100.00"
    units: str = "1"
    place: str = ""
    pointers: tuple[str, ...] = ("1",)
    day: str = "20260803"
    control: str = ""
    more: tuple[str, ...] = ()


class ClaimText(NamedTuple):
    """A claim as it is written; `more` goes before its first line."""

    claim_id: str = "A1"
    member: str = "MEMBER1"
    last: str = "LASTNAME"
    first: str = "FIRSTNAME"
    born: str = "19500101"
    total: str = "100.00"
    setting: str = "11:B:1"
    diagnoses: tuple[str, ...] = ("M47816",)
    lines: tuple[LineText, ...] = (LineText(),)
    more: tuple[str, ...] = ()


def claim_segments(claim: ClaimText, level: int = 2) -> list[str]:
    """Subscriber level and claim, written with the usual separators."""
    kinds = ("ABK", *("ABF" for _ in claim.diagnoses))
    codes = "*".join(f"{k}:{c}" for k, c in zip(kinds, claim.diagnoses, strict=False))
    segments = [
        f"HL*{level}*1*22*0",
        "SBR*P*18*******MB",
        f"NM1*IL*1*{claim.last}*{claim.first}****MI*{claim.member}",
        "N3*1 ROAD",
        "N4*COLUMBUS*OH*43215",
        f"DMG*D8*{claim.born}*F",
        "NM1*PR*2*MEDICARE*****PI*15202",
        f"CLM*{claim.claim_id}*{claim.total}***{claim.setting}*Y*A*Y*Y",
        f"HI*{codes}",
        *claim.more,
    ]
    for number, line in enumerate(claim.lines, 1):
        procedure = ":".join(("HC", line.code, *line.modifiers))
        pointers = ":".join(line.pointers)
        segments += [
            f"LX*{number}",
            f"SV1*{procedure}*{line.charge}*UN*{line.units}*{line.place}**{pointers}",
            f"DTP*472*D8*{line.day}",
            *([f"REF*6R*{line.control}"] if line.control else []),
            *line.more,
        ]
    return segments


PROVIDER = (
    "HL*1**20*1",
    "PRV*BI*PXC*208VP0014X",
    "NM1*85*2*CLINIC*****XX*1234567893",
    "N3*1 ROAD",
    "N4*COLUMBUS*OH*432150001",
    "REF*EI*990000001",
)


def transaction(
    claims: Iterable[ClaimText], provider: Sequence[str] = PROVIDER, version: str = "005010X222A1"
) -> list[str]:
    """A whole transaction, ST to SE."""
    body = ["BHT*0019*00*1*20260901*0900*CH", "NM1*41*2*SENDER*****46*1", *provider]
    for level, claim in enumerate(claims, 2):
        body += claim_segments(claim, level)
    return [f"ST*837*0001*{version}", *body, f"SE*{len(body) + 2}*0001"]


def interchange(
    *transactions: Sequence[str], marks: Marks | None = None, version: str = "005010X222A1"
) -> bytes:
    """A whole interchange around transactions written with the usual separators."""
    marks = marks or Marks()
    header = (
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
        "*260901*0900*^*00501*000000007*0*T*:"
    )
    segments = [
        header,
        f"GS*HC*SENDER*RECEIVER*20260901*0900*1*X*{version}",
        *(segment for one in transactions for segment in one),
        f"GE*{len(transactions)}*1",
        "IEA*1*000000007",
    ]
    table = str.maketrans({"*": marks.element, ":": marks.component, "^": marks.repetition})
    return "".join(f"{s.translate(table)}{marks.segment}{marks.after}" for s in segments).encode()


def one_claim(**changes: object) -> bytes:
    """A file with one claim, changed as said."""
    return interchange(transaction([ClaimText()._replace(**changes)]))
