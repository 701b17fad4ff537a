"""Addendum B of the hospital outpatient rule: status indicator, APC and rate of every code.

No real file is held; the columns are found by the words in their titles, as published.
"""

from collections.abc import Iterator
from pathlib import Path

from facetwise.tables.importers.text import amount, column, records

COLUMNS = ("code", "status", "apc", "weight", "rate", "copayment", "least_copayment", "source_row")
_TITLES = (
    ("SI",), ("APC",), ("Relative Weight",), ("Payment Rate",),
    ("National Unadjusted Copayment",), ("Minimum Unadjusted Copayment",),
)  # fmt: skip


def read_addendum_b(path: Path) -> Iterator[tuple[str, ...]]:
    """Codes in the order of `COLUMNS`; amounts in dollars, a lone `.` stands for none.

    Raises:
        BadSourceFileError: a column is missing, or two have the same title.
    """
    header, rows = records(path, "HCPCS Code")
    titled = [" ".join(title.split()) for title in header]
    exact = [title if title != "Status Indicator" else "SI" for title in titled]
    at = [
        exact.index(words[0]) if words[0] in exact else column(header, *words, file=path.name)
        for words in _TITLES
    ]
    for line, cells in rows:
        code = cells[0].strip()
        if len(code) == 5 and code.isalnum():
            status, apc, *amounts = (cells[place].strip() for place in at)
            yield (code, status, apc, *(_number(text) for text in amounts), str(line))


def _number(text: str) -> str:
    return "" if text == "." else amount(text)
