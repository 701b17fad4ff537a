"""CMS physician fee schedule relative values (PPRRVU) in the fixed-width text layout.

The layout is that of 2025; no real file of it is held, so it is read from the published positions.
"""

from collections.abc import Iterator
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.pprrvu import COLUMNS
from facetwise.tables.importers.text import decode

_AT = (
    (0, 5), (5, 7), (57, 58), (59, 65), (66, 72), (72, 74), (75, 81), (81, 83), (84, 89),
    (90, 96), (96, 102), (102, 103), (103, 106), (106, 109), (109, 112), (112, 115), (115, 116),
    (116, 117), (117, 118), (118, 119), (119, 120), (132, 140),
)  # fmt: skip
_LEAST = 140


def read_fixed(path: Path) -> Iterator[dict[str, str]]:
    """Rows of the text file; its header and trailer lines are passed over.

    Raises:
        BadSourceFileError: a line is shorter than the layout.
    """
    for number, line in enumerate(decode(path).splitlines(), 1):
        if line[:3] in ("HDR", "TRL") or not line.strip():
            continue
        if len(line) < _LEAST:
            raise BadSourceFileError("the line is cut short.", where=f"{path.name}, line {number}")
        values = (line[start:end].strip() for start, end in _AT)
        yield dict(zip(COLUMNS, values, strict=True), source_row=str(number))
