"""ICD-10-CM as NCHS and CMS publish it: the order file and the code file, both fixed width.

No real file of either is held; the positions are those that CMS states beside the order file
(order number 1-5, code 7-13, header flag 15) and in the code file (code 1-7). Descriptions are
not read.
"""

from collections.abc import Iterator
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.text import decode

_LETTERS = {"0": "H", "1": "B"}
"""The flag of the order file: 0 is a header, 1 may be billed."""


def read_order(path: Path) -> Iterator[dict[str, str]]:
    """Codes of the order file: `listed` is B billable or H header.

    Raises:
        BadSourceFileError: a line is cut, or its flag is neither 0 nor 1.
    """
    for number, line in _lines(path):
        letter = _LETTERS.get(line[14:15])
        if not letter or not line[:5].isdigit():
            raise _cut(path, number)
        yield {"code": _code(line[6:13], path, number), "listed": letter, "source_row": str(number)}


def read_codes(path: Path) -> Iterator[dict[str, str]]:
    """Codes of the code file, which lists billable codes only.

    Raises:
        BadSourceFileError: a line does not begin with a code.
    """
    for number, line in _lines(path):
        yield {"code": _code(line[:7], path, number), "listed": "B", "source_row": str(number)}


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(decode(path).split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


def _code(cell: str, path: Path, number: int) -> str:
    code = cell.strip()
    if len(code) < 3 or not code.isalnum():
        raise _cut(path, number)
    return code


def _cut(path: Path, number: int) -> BadSourceFileError:
    return BadSourceFileError(
        "the line is cut short or of another layout.", where=f"{path.name}, line {number}"
    )
