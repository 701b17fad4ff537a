"""X12 837 professional claims, streamed: one claim in memory, whatever the size of the file.

005010X222, A1 and A2 lie alike; 004010X098 and A1 are read with a note that they are retired.
Anything else in the file is counted and said, not read.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from facetwise.claim import Claim, ClaimType, Fault, Measurement
from facetwise.formats.values import number
from facetwise.formats.x12 import Cutter
from facetwise.formats.x12_drafts import (
    ClaimDraft,
    Elements,
    LineDraft,
    claim_of,
    diagnoses,
    service_line,
)
from facetwise.formats.x12_envelope import Problem
from facetwise.formats.x12_hierarchy import Hierarchy, party_of
from facetwise.formats.x12_transactions import PADDING

_MOST_LINES = 1000  # the standard allows 50
_MOST_DIAGNOSES = 100  # the standard allows 12
_MOST_MEASUREMENTS = 20  # the standard allows 5
_SETTING = re.compile(r"\w{1,2}([^\w\s])\w?\1\w", re.ASCII)


def read_837p(
    stream: BinaryIO, file: str, *, claim_type: ClaimType | None = None, secret: bytes = b""
) -> Iterator[Claim | Fault]:
    """Claims in file order, and what is wrong between them.

    Args:
        stream: binary.
        file: name that places carry.
        claim_type: what the caller knows the claims to be; by default see `ClaimType`.
        secret: see `patient_key`.
    """
    reader = _Claims(file, claim_type, secret)
    ready = reader.ready
    cutter = Cutter(stream, file)
    for item in cutter:
        if isinstance(item, Fault):
            reader.add_fault(item)
        else:
            reader.part_by(item.separators)
            separator = item.separators.element
            for at, text in enumerate(item.segments, item.first):
                elements = text.split(separator)
                handler = reader.handlers.get(elements[0])
                if handler is None:
                    reader.other(elements, at)
                else:
                    elements += PADDING
                    handler(elements, at)
                if ready:
                    yield from ready
                    ready.clear()
        yield from ready
        ready.clear()
    reader.end(cutter.ordinal - 1)
    yield from ready


class _Claims(Hierarchy):
    """Claims and service lines: which loop the stream is in decides what a segment means."""

    def __init__(self, file: str, claim_type: ClaimType | None, secret: bytes) -> None:
        super().__init__(file, claim_type, secret)
        self.line: LineDraft | None = None
        self.header = self.header | {"CLM": self.clm}
        self.at_provider = self.header | {"PRV": self.prv, "NM1": self.nm1_provider, "N4": self.n4}
        self.at_person = self.header | {
            "SBR": self.sbr,
            "NM1": self.nm1_person,
            "DMG": self.dmg,
        }
        self.at_claim = self.header | {
            "DTP": self.dtp_claim,
            "REF": self.ref_claim,
            "HI": self.hi,
            "NM1": self.nm1_claim,
            "PRV": self.prv,
            "N4": self.n4,
            "SBR": self.other_payer,
            "LX": self.lx,
            "SV1": self.sv1,
        }
        self.at_other_payer = self.header | {"SBR": self.skip, "LX": self.lx, "SV1": self.sv1}
        self.after_line = self.header | {
            "LX": self.lx,
            "SV1": self.sv1,
            "SBR": self.stray_subscriber,
            "NM1": self.nm1_stray,
        }
        self.at_line = self.after_line | {
            "DTP": self.dtp_line,
            "REF": self.ref_line,
            "LIN": self.lin,
            "CTP": self.ctp,
            "MEA": self.mea,
            "NM1": self.nm1_line,
            "PRV": self.prv,
            "SVD": self.adjudicated,
        }

    def settle_component(self, elements: Elements, at: int) -> None:
        """Some writers part composites by another character than their header declares."""
        mark = _mark(elements[5])
        if mark and mark != self.component:
            self.component = mark
            if self.separators and mark != self.separators.component:
                message = "composites are parted by another character than ISA16 declares."
                self.say(Problem("x12/component-separator", message, "CLM05"), at)

    def clm(self, elements: Elements, at: int) -> None:
        """A claim begins."""
        self.finish_claim()
        self.settle_component(elements, at)
        self.claim_context = self.context()
        self.claim = ClaimDraft(elements, at, self.component)
        self.claim.complete = not (self.doubt or self.provider_doubt)
        self.party = None
        self.handlers = self.at_claim

    def finish_claim(self) -> None:
        """The claim at hand is whole: build it."""
        draft = self.claim
        if draft is None:
            return
        self.finish_line()
        if not draft.lines:
            self.report("claim/no-lines", "the claim has no service line.", draft.at, "")
        claim = claim_of(draft, self.claim_context, self.layouts, self.report)
        self.claim = None
        self.ready.append(claim)

    def dtp_claim(self, elements: Elements, at: int) -> None:
        if elements[1] == "434" and self.claim:
            self.claim.statement, self.claim.statement_at = elements, at

    def ref_claim(self, elements: Elements, at: int) -> None:
        claim = self.claim
        if claim is None:
            return
        if elements[1] == "G1":
            claim.prior_authorization, claim.prior_authorization_at = elements[2].strip(), at
        elif elements[1] == "F8":
            claim.original_reference, claim.original_reference_at = elements[2].strip(), at

    def hi(self, elements: Elements, at: int) -> None:
        if self.claim is None:
            return
        if len(self.claim.diagnoses) > _MOST_DIAGNOSES:
            self.say(Problem("x12/too-many", "more diagnoses than we read.", lost=True), at)
            return
        self.claim.diagnoses += diagnoses(elements, at, self.component)

    def nm1_claim(self, elements: Elements, at: int) -> None:
        """The claim's rendering, referring or facility provider."""
        self.party = None
        entity, claim = elements[1], self.claim
        if claim is None:
            return
        if entity == "82":
            self.party = claim.rendering = party_of(elements, at)
        elif entity == "DN":
            self.party = claim.referring = claim.referring or party_of(elements, at)
        elif entity in ("77", "FA", "LI", "TL"):
            self.party = claim.facility = party_of(elements, at)

    def other_payer(self, elements: Elements, at: int) -> None:
        """From here to the first line, everything is about another payer."""
        self.party = None
        self.handlers = self.at_other_payer

    # Service lines

    def lx(self, elements: Elements, at: int) -> None:
        """A service line begins."""
        if self.claim is None:
            self.say(Problem("x12/segment-unknown", "a line outside a claim.", lost=True), at)
            return
        self.finish_line()
        self.line = LineDraft(at)
        self.party = None
        self.handlers = self.at_line

    def finish_line(self) -> None:
        """The line at hand is whole: build it."""
        draft, claim = self.line, self.claim
        self.line = None
        if draft is None or claim is None:
            return
        if len(claim.lines) >= _MOST_LINES:
            message = f"only the first {_MOST_LINES:,} lines of the claim were read."
            if claim.complete:
                self.say(Problem("x12/too-many", message, lost=True), draft.at)
            return
        if draft.sv1 is None:
            message = "the line has no professional service (SV1)."
            self.say(Problem("x12/no-service", message, lost=True), draft.at)
        claim.lines.append(service_line(draft, claim, self.component, self.layouts, self.report))

    def sv1(self, elements: Elements, at: int) -> None:
        """The service; a second one in a line means that the line's own segment is lost."""
        if self.line is None or self.line.sv1:
            self.report("x12/no-line-segment", "a service without its line segment (LX).", at, "")
            self.lx(elements, at)
        if self.line:
            self.line.sv1, self.line.at = elements, at

    def dtp_line(self, elements: Elements, at: int) -> None:
        if elements[1] == "472" and self.line:
            self.line.date, self.line.date_at = elements, at

    def ref_line(self, elements: Elements, at: int) -> None:
        line = self.line
        if line is None:
            return
        if elements[1] == "6R":
            line.control_number, line.control_number_at = elements[2].strip(), at
        elif elements[1] == "G1" and not elements[4]:  # REF04 names another payer
            line.prior_authorization, line.prior_authorization_at = elements[2].strip(), at

    def lin(self, elements: Elements, at: int) -> None:
        if self.line and elements[2] == "N4":
            self.line.ndc, self.line.ndc_at = elements[3].strip(), at

    def ctp(self, elements: Elements, at: int) -> None:
        if self.line:
            self.line.quantity, self.line.quantity_at = elements, at

    def mea(self, elements: Elements, at: int) -> None:
        """A test result; only plain numbers are kept."""
        value = number(elements[3])
        if self.line and value is not None and len(self.line.measurements) < _MOST_MEASUREMENTS:
            self.line.measurements += (Measurement(elements[2], value),)
            self.line.measurements_at = at

    def nm1_line(self, elements: Elements, at: int) -> None:
        """The line's own rendering provider."""
        self.party = None
        if elements[1] == "82" and self.line:
            self.party = self.line.rendering = party_of(elements, at)
        elif elements[1] in ("85", "IL", "QC"):
            self.nm1_stray(elements, at)

    def adjudicated(self, elements: Elements, at: int) -> None:
        """From here to the next line, everything is about what another payer decided."""
        self.party = None
        self.handlers = self.after_line


@lru_cache(maxsize=256)
def _mark(setting: str) -> str:
    """The character that parts a CLM05; blank when it cannot be told."""
    found = _SETTING.fullmatch(setting)
    return found[1] if found else ""
