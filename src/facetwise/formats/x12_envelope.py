"""The X12 envelopes: interchange, functional group and transaction, their counts and numbers."""

from collections.abc import Callable
from typing import NamedTuple

_LONGEST_COUNT = 7
_LONGEST_NUMBER = 9  # digits of a control number, by the standard


class Problem(NamedTuple):
    """What is wrong in an envelope, at an element of the segment at hand."""

    id: str
    message: str
    element: str = ""
    lost: bool = False


class Envelope:
    """Where a stream stands: which envelopes are open, since when, and what they should hold.

    Every method takes the elements of its segment, padded so that any index exists, and the
    segment's ordinal; what is wrong goes to `report`.
    """

    def __init__(self, report: Callable[[Problem, int], None]) -> None:
        self.interchange = ""
        """Control number of the open interchange (ISA13)."""
        self.transaction = 0
        """Ordinal of the open transaction's ST; 0 between transactions."""
        self.version = ""
        """Of the open transaction: ST03, else that of its group (GS08)."""
        self._report = report
        self._interchange_at = 0
        self._groups = 0
        self._group_at = 0
        self._group = ""
        self._group_version = ""
        self._transactions = 0
        self._transaction_number = ""

    def isa(self, elements: list[str], at: int) -> None:
        """Open an interchange."""
        self._leave_open(at, "the next interchange")
        self.interchange = elements[13].strip()
        self._interchange_at, self._groups = at, 0

    def gs(self, elements: list[str], at: int) -> None:
        """Open a functional group."""
        self._leave_transaction_open(at, "the next group")
        self._leave_group_open(at, "the next group")
        self._groups += 1
        self._group_at, self._group = at, elements[6].strip()
        self._group_version = elements[8].strip()
        self._transactions = 0

    def st(self, elements: list[str], at: int) -> None:
        """Open a transaction."""
        self._leave_transaction_open(at, "the next transaction")
        if not self._group_at:
            self._say("x12/no-group", "a transaction stands outside a functional group.", at)
        self._transactions += 1
        self.transaction, self._transaction_number = at, elements[2].strip()
        own = elements[3].strip()
        if own and self._group_version and own != self._group_version:
            self._say(
                "x12/version-differs",
                "the transaction and its group (GS08) name different versions; "
                "the transaction's is used.",
                at,
                "ST03",
            )
        self.version = own or self._group_version

    def headless(self, at: int) -> None:
        """A transaction without header: it is of its group's version."""
        self.transaction, self.version = at, self._group_version
        self._transactions += 1
        self._transaction_number = ""

    def se(self, elements: list[str], at: int) -> None:
        """Close the transaction."""
        if not self.transaction:
            self._say("x12/trailer-alone", "a transaction trailer has no header.", at)
            return
        count = at - self.transaction + 1
        self._compare(elements[1], count, "segments of the transaction", at, "SE01")
        self._same_number(elements[2], self._transaction_number, "transaction", at, "SE02")
        self.transaction = 0

    def ge(self, elements: list[str], at: int) -> None:
        """Close the group."""
        self._leave_transaction_open(at, "the end of its group")
        if not self._group_at:
            self._say("x12/trailer-alone", "a group trailer has no header.", at)
            return
        self._compare(elements[1], self._transactions, "transactions of the group", at, "GE01")
        self._same_number(elements[2], self._group, "group", at, "GE02")
        self._group_at = 0
        self._group_version = ""

    def iea(self, elements: list[str], at: int) -> None:
        """Close the interchange."""
        self._leave_transaction_open(at, "the end of its interchange")
        self._leave_group_open(at, "the end of its interchange")
        if not self._interchange_at:
            self._say("x12/trailer-alone", "an interchange trailer has no header.", at)
            return
        self._compare(elements[1], self._groups, "groups of the interchange", at, "IEA01")
        self._same_number(elements[2], self.interchange, "interchange", at, "IEA02")
        self._interchange_at = 0

    def end(self, at: int) -> None:
        """The file ends after segment `at`."""
        self._leave_open(at, "the end of the file")

    def _leave_open(self, at: int, by: str) -> None:
        self._leave_transaction_open(at, by)
        self._leave_group_open(at, by)
        if self._interchange_at:
            self._say("x12/truncated", f"the interchange is not closed (IEA) before {by}.", at)
        self._interchange_at = 0

    def _leave_group_open(self, at: int, by: str) -> None:
        if self._group_at:
            self._say("x12/truncated", f"the group is not closed (GE) before {by}.", at)
        self._group_at = 0
        self._group_version = ""

    def _leave_transaction_open(self, at: int, by: str) -> None:
        if self.transaction:
            self._report(
                Problem(
                    "x12/truncated",
                    f"the transaction is not closed (SE) before {by}; "
                    "claims at its end may be missing.",
                    lost=True,
                ),
                at,
            )
        self.transaction = 0

    def _compare(self, stated: str, counted: int, what: str, at: int, element: str) -> None:
        stated = stated.strip()
        readable = stated.isascii() and stated.isdigit() and len(stated) <= _LONGEST_COUNT
        if readable and int(stated) == counted:
            return
        says = f"says {int(stated):,}" if readable else "is not a count"
        self._say(
            "x12/count",
            f"{element} {says}, but {counted:,} {what} were read; some may be missing.",
            at,
            element,
        )

    def _same_number(self, trailer: str, header: str, what: str, at: int, element: str) -> None:
        if len(trailer) > _LONGEST_NUMBER:
            message = f"the trailer of the {what} runs on into something else, which was not read."
            self._report(Problem("x12/trailer-runs-on", message, element, lost=True), at)
        elif trailer.strip() != header:
            self._say(
                "x12/control-number",
                f"the control number of the {what} differs between header and trailer.",
                at,
                element,
            )

    def _say(self, problem: str, message: str, at: int, element: str = "") -> None:
        self._report(Problem(problem, message, element), at)
