"""What the readers share: decoding, finding the header, and plain numbers."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from facetwise.errors import BadSourceFileError

Numbered = tuple[int, list[str]]
"""A record and the number of the line it ends on, from 1."""


def decode(path: Path) -> str:
    """The text of an official file: UTF-8, with or without a mark, else Latin-1."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def records(path: Path, first_cell: str) -> tuple[list[str], Iterator[Numbered]]:
    """The header row that starts with `first_cell`, and the records after it.

    The separator is the one the header uses, a comma or a tab.

    Raises:
        BadSourceFileError: no row starts with that cell.
    """
    text = decode(path)
    at = text.find(f"\n{first_cell}")
    quoted = text.find(f'\n"{first_cell}')
    start = min((place for place in (at, quoted) if place >= 0), default=-1) + 1
    header_line = text[start:].partition("\n")[0]
    delimiter = "\t" if "\t" in header_line else ","
    rows = csv.reader(text[start:].splitlines(keepends=True), delimiter=delimiter)
    before = text.count("\n", 0, start)
    header = [" ".join(cell.split()) for cell in next(rows, list[str]())]
    if not header or not header[0].startswith(first_cell.split(",")[0]):
        raise BadSourceFileError(f"no row starts with {first_cell!r}.", where=path.name)
    return header, ((before + rows.line_num, _filled(row, len(header))) for row in rows)


def _filled(row: list[str], width: int) -> list[str]:
    """Some files leave blank cells at the end of a line away."""
    return row + [""] * (width - len(row))


def column(header: Sequence[str], *words: str, without: str = "\0", file: str) -> int:
    """The one column whose title holds all the words and not `without`.

    Raises:
        BadSourceFileError: none or several do.
    """
    found = [
        at
        for at, title in enumerate(header)
        if all(word in title for word in words) and without not in title
    ]
    if len(found) != 1:
        raise BadSourceFileError(
            f"{len(found)} columns are titled with {' '.join(words)}; expected one.", where=file
        )
    return found[0]


def amount(text: str) -> str:
    """Dollars as plain digits: `$1,518.92 ` gives `1518.92`; blank stays blank."""
    return text.strip().lstrip("$").replace(",", "").strip()
