"""The transactions of a claim file: which are ours to read, and where a fault belongs."""

import re
from collections.abc import Callable

from facetwise.claim import Claim, ClaimType, Fault, Place
from facetwise.formats.x12 import Separators
from facetwise.formats.x12_drafts import ClaimDraft, Elements, layouts
from facetwise.formats.x12_envelope import Envelope, Problem

CURRENT = {"005010X222", "005010X222A1", "005010X222A2"}
RETIRED = {"004010X098", "004010X098A1"}
PADDING = [""] * 14
"""Added to the elements of a segment, so that a handler may index any element it names."""

_INSTITUTIONAL = ("005010X223", "004010X096")
_DENTAL = ("005010X224", "004010X097")
_VERSION = re.compile(r"00\d{4}X\d{3}(?:[A-Z]\d)?", re.ASCII)
_TRANSACTION = re.compile(r"\d{3}", re.ASCII)
_MOST_FAULTS = 50  # of one claim
_PASSED = frozenset[str]().union(
    ["AMT", "BHT", "CAS", "CL1", "CN1", "CR1", "CR2", "CR3", "CR5", "CR6", "CR7", "CRC", "CTP"],
    ["CUR", "DMG", "DSB", "DTP", "FRM", "HCP", "HSD", "IMM", "K3", "LIN", "LQ", "MEA", "MIA"],
    ["MOA", "N2", "N3", "N4", "NM1", "NTE", "OI", "PAT", "PER", "PRV", "PS1", "PWK", "QTY"],
    ["REF", "SV4", "SV5", "SVD", "UR"],
)
"""Segments that a claim may carry and that say nothing we need in the loop they stand in."""

Handler = Callable[[Elements, int], None]
"""Takes the padded elements of a segment and its ordinal."""


class Transactions:
    """Envelopes and faults; what is in a transaction is the business of the class below.

    Attributes:
        ready: what can be handed on: claims, and faults that belong to none.
        handlers: the table of the loop at hand; a segment not in it goes to `other`.
        claim: the claim at hand.
        doubt: something was lost since the patient was named, so it may be another patient.
    """

    def __init__(self, file: str, claim_type: ClaimType | None, secret: bytes) -> None:
        self.ready: list[Claim | Fault] = []
        self.file = file
        self.claim_type = claim_type
        self.secret = secret
        self.layouts = layouts(file)
        self.separators: Separators | None = None
        self.component = ":"
        self.envelope = Envelope(self.say)
        self.interchange_at = 0
        self.claim: ClaimDraft | None = None
        self.doubt = False
        self.outside: dict[str, Handler] = {
            "ISA": self.isa,
            "GS": self.gs,
            "ST": self.st,
            "SE": self.se,
            "GE": self.ge,
            "IEA": self.iea,
            "TA1": self.skip,
            "BHT": self.headless,
            "HL": self.headless,
            "CLM": self.headless,
        }
        self.unread = self.outside | {"BHT": self.skip, "HL": self.skip, "CLM": self.count_unread}
        self.header = self.unread
        self.handlers = self.outside
        self._unread_claims = 0
        self._unread_why = ("", "")
        self._unread_at = 0

    def finish_claim(self) -> None:
        """The claim at hand is whole: hand it on."""
        raise NotImplementedError

    def begin_hierarchy(self) -> None:
        """A transaction begins: nobody is known yet."""
        raise NotImplementedError

    def say(self, problem: Problem, at: int) -> None:
        """A problem at a segment."""
        place = Place(self.file, "segment", at, problem.element)
        self.add_fault(Fault(problem.id, problem.message, place, lost=problem.lost))

    def add_fault(self, fault: Fault) -> None:
        """Keep a fault with the claim at hand, or hand it on alone."""
        self.doubt = self.doubt or fault.lost
        if self.claim is None:
            self.ready.append(fault)
            return
        if fault.lost:
            self.claim.complete = False
        if len(self.claim.faults) < _MOST_FAULTS:
            self.claim.faults.append(fault)

    def report(self, fault_id: str, message: str, at: int, element: str) -> None:
        """A value that cannot be read."""
        self.say(Problem(fault_id, message, element), at)

    def other(self, elements: Elements, at: int) -> None:
        """A segment that the loop at hand does not use."""
        tag = elements[0]
        if tag in _PASSED and self.handlers is not self.outside:
            return
        if tag[:1].isspace():
            elements[0] = tag.strip()
            handler = self.handlers.get(elements[0])
            if handler:
                handler(elements + PADDING, at)
                return
        if self.handlers is self.unread or (self.handlers is self.outside and not tag.strip()):
            return
        if not tag.strip():
            message = "an empty segment."
        elif self.handlers is self.outside:
            message = "a segment outside a transaction was not read."
        else:
            message = "a segment that does not belong here, or is broken, was not read."
        self.say(Problem("x12/segment-unknown", message, lost=bool(tag.strip())), at)

    def skip(self, elements: Elements, at: int) -> None:
        """Nothing we need."""

    def part_by(self, separators: Separators) -> None:
        """The separators from here on; a claim left open is read with its own."""
        if separators != self.separators:
            self.finish_claim()
            self.separators = separators
            self.component = separators.component

    def isa(self, elements: Elements, at: int) -> None:
        self.leave_transaction()
        self.envelope.isa(elements, at)
        self.interchange_at = at
        if self.separators:
            self.component = self.separators.component
        self.handlers = self.outside

    def gs(self, elements: Elements, at: int) -> None:
        self.leave_transaction()
        self.envelope.gs(elements, at)
        self.handlers = self.outside

    def ge(self, elements: Elements, at: int) -> None:
        self.leave_transaction()
        self.envelope.ge(elements, at)
        self.handlers = self.outside

    def iea(self, elements: Elements, at: int) -> None:
        self.leave_transaction()
        self.envelope.iea(elements, at)
        self.handlers = self.outside

    def st(self, elements: Elements, at: int) -> None:
        self.leave_transaction()
        self.envelope.st(elements, at)
        self.begin(elements[1].strip(), at)

    def se(self, elements: Elements, at: int) -> None:
        self.finish_claim()
        self.say_unread()
        self.envelope.se(elements, at)
        self.handlers = self.outside

    def end(self, at: int) -> None:
        """The file ends after segment `at`."""
        self.leave_transaction()
        self.envelope.end(at)

    def headless(self, elements: Elements, at: int) -> None:
        """A transaction whose header is lost is read all the same."""
        self.say(
            Problem("x12/no-transaction-header", "the transaction's header (ST) is missing."), at
        )
        self.envelope.headless(at)
        self.begin("837", at)
        self.handlers.get(elements[0], self.skip)(elements, at)

    def begin(self, transaction: str, at: int) -> None:
        """Decide by the version whether the transaction is ours to read."""
        self.begin_hierarchy()
        version = self.envelope.version
        if transaction == "837" and version in CURRENT | RETIRED:
            self.handlers = self.header
            if version in RETIRED:
                message = f"version retired: {version} gave way to 005010X222; read all the same."
                self.say(Problem("x12/version-retired", message, "GS08"), at)
            return
        self.handlers = self.unread
        self._unread_claims = 0
        self._unread_why = _why_unread(transaction, version)
        self._unread_at = at

    def count_unread(self, elements: Elements, at: int) -> None:
        """A claim of a transaction that is not read."""
        self._unread_claims += 1

    def say_unread(self) -> None:
        """Say what was not read, and how many claims that was."""
        if self.handlers is self.unread:
            fault_id, why = self._unread_why
            count = self._unread_claims
            claims = f" Claims in it that were not read: {count:,}." if count else ""
            self.say(Problem(fault_id, why + claims, "ST01", lost=True), self._unread_at)

    def leave_transaction(self) -> None:
        """Another envelope begins or ends; a transaction still open was cut short."""
        if self.claim and self.envelope.transaction:
            message = "the file or transaction breaks off in this claim; its end may be missing."
            self.say(Problem("x12/claim-cut", message, lost=True), self.claim.at)
        self.finish_claim()
        self.say_unread()
        self.handlers = self.outside


def _why_unread(transaction: str, version: str) -> tuple[str, str]:
    """Id and words of the fault for a transaction that is not read."""
    named = version if _VERSION.fullmatch(version) else "not named"
    if transaction != "837":
        kind = f"an X12 {transaction}" if _TRANSACTION.fullmatch(transaction) else "unknown"
        return "x12/not-a-claim", f"the transaction is {kind}, not a professional claim."
    if version.startswith(_INSTITUTIONAL):
        return "x12/not-professional", f"an institutional claim ({named}), not a professional one."
    if version.startswith(_DENTAL):
        return "x12/not-professional", f"a dental claim ({named}), not a professional one."
    return (
        "x12/version-unknown",
        f"the version of this 837 is {named}; 005010X222 and its addenda are read.",
    )
