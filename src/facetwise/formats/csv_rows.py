"""Bytes of a CSV file to rows, with the line each begins on, whatever is wrong with the bytes."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from facetwise.claim import Fault, Place

LONGEST_LINE = 1 << 16
"""Characters; a row of all columns has a few hundred."""

_MOST_LINES_A_ROW = 20  # beyond that, a quotation mark was not closed
_DELIMITERS = ",;\t|"


class _UnclosedError(Exception):
    """A row goes on for too many lines."""


class Rows:
    """The rows of one file; a broken one is left out and becomes a fault, to be taken."""

    def __init__(self, stream: BinaryIO, file: str) -> None:
        self.file = file
        self._faults: list[Fault] = []
        self._line = 0
        self._text = io.TextIOWrapper(
            stream, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._delimiter = ","
        self._said_encoding = False
        self._taken: list[tuple[int, str]] = []
        self._again: deque[tuple[int, str]] = deque()

    def let_go(self) -> None:
        """Leave the stream open for its owner."""
        self._text.detach()

    def take_faults(self) -> list[Fault]:
        """What was found wrong since the last call."""
        faults, self._faults = self._faults, []
        return faults

    def header(self) -> list[str] | None:
        """The names of the columns; None when the file has no readable first row."""
        first = next(self._lines(), (1, ""))[1]
        if not first.strip():
            self._fault("csv/empty", "the file has no rows.", "Check that this is the right file.")
            return None
        if first[0] in "\udcff\udcfe" or "\0" in first:
            message = "the file is not UTF-8 text; nothing was read."
            self._fault("csv/encoding", message, "Save it as CSV UTF-8.")
            return None
        self._delimiter = max(_DELIMITERS, key=first.count)
        for row in csv.reader([first], delimiter=self._delimiter):
            return self._readable(row)
        return None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Line number where each row begins, and its cells; blank rows are left out."""
        while True:
            reader = csv.reader(self._pull(), delimiter=self._delimiter, strict=True)
            try:
                for row in reader:
                    begins = self._taken[0][0]
                    self._taken.clear()
                    if any(row):
                        yield begins, self._readable(row)
            except (csv.Error, _UnclosedError):
                self._give_up_first()
                continue
            return

    def _pull(self) -> Iterator[str]:
        """Lines for the parser, first those of a row that was given up."""
        fresh = self._lines()
        while True:
            if self._again:
                taken = self._again.popleft()
            else:
                line = next(fresh, None)
                if line is None:
                    return
                taken = line
            self._taken.append(taken)
            if len(self._taken) > _MOST_LINES_A_ROW:
                raise _UnclosedError
            yield taken[1]

    def _give_up_first(self) -> None:
        """Leave out the first line of a row that cannot be parsed; try again from the next."""
        at = self._taken[0][0]
        self._again.extendleft(reversed(self._taken[1:]))
        self._taken.clear()
        self._fault(
            "csv/row-unreadable",
            "the row could not be read: a quotation mark is not closed or stands amid a cell.",
            'Write a cell with quotation marks as "...", and each mark inside it twice.',
            at,
        )

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Lines of the file with their numbers; one that is too long is dropped, and said."""
        while line := self._text.readline(LONGEST_LINE):
            self._line += 1
            if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
                yield self._line, line
                continue
            self._fault(
                "csv/row-too-long",
                f"the row is longer than {LONGEST_LINE:,} characters and was not read.",
                "Check the line ends and quotation marks of the file.",
            )
            while (rest := self._text.readline(LONGEST_LINE)) and rest[-1] not in "\r\n":
                pass

    def _readable(self, row: list[str]) -> list[str]:
        """Cells that are not UTF-8 are read as Windows-1252, as spreadsheets write them."""
        if "".join(row).isascii():
            return row
        cells = [
            cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
            if any("\udc80" <= letter <= "\udcff" for letter in cell)
            else cell
            for cell in row
        ]
        if cells != row and not self._said_encoding:
            self._fault(
                "csv/encoding",
                "some cells from here on are not UTF-8; they were read as Windows-1252.",
                "Names may look wrong; save the file as CSV UTF-8.",
                lost=False,
            )
            self._said_encoding = True
        return cells

    def _fault(
        self, fault_id: str, message: str, todo: str, at: int = 0, *, lost: bool = True
    ) -> None:
        place = Place(self.file, "row", at or self._line)
        self._faults.append(Fault(fault_id, message, place, todo, lost))
