"""CMS ambulatory surgical center addenda AA, BB, EE and FF, and the ASC wage index.

The layouts change from quarter to quarter, so columns are found by the words in their titles.
"""

from collections.abc import Iterator
from pathlib import Path

from facetwise.tables.importers.text import amount, column, records


def read_surgical(path: Path) -> Iterator[dict[str, str]]:
    """Addendum AA: covered surgical procedures with indicator, weight, rate, discounting."""
    header, rows = records(path, "HCPCS Code")
    discounting = column(header, "Discounting", file=path.name)
    for row, cells in _payments(path, header, rows):
        yield {**row, "discounting": cells[discounting].strip()}


def read_ancillary(path: Path) -> Iterator[dict[str, str]]:
    """Addendum BB: covered ancillary services with indicator, weight and rate."""
    header, rows = records(path, "HCPCS Code")
    for row, _ in _payments(path, header, rows):
        yield row


def _payments(
    path: Path, header: list[str], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[dict[str, str], list[str]]]:
    indicator = column(header, "Payment Indicator", file=path.name)
    weight = column(header, "Payment Weight", file=path.name)
    rate = column(header, "Payment Rate", file=path.name)
    for line, cells in rows:
        if _is_code(cells):
            row = {
                "code": cells[0].strip(),
                "indicator": cells[indicator].strip(),
                "weight": amount(cells[weight]),
                "rate": amount(cells[rate]),
                "source_row": str(line),
            }
            yield row, cells


def read_excluded(path: Path) -> Iterator[dict[str, str]]:
    """Addendum EE: surgical procedures Medicare does not pay in an ASC."""
    _, rows = records(path, "HCPCS Code")
    for line, cells in rows:
        if _is_code(cells):
            yield {"code": cells[0].strip(), "source_row": str(line)}


def read_opps(path: Path) -> Iterator[dict[str, str]]:
    """Addendum FF: the APC and the hospital outpatient national rate of the same procedures."""
    header, rows = records(path, "HCPCS Code")
    apc = column(header, "APC", without="Offset", file=path.name)
    rate = column(header, "OPPS Payment Rate", file=path.name)
    for line, cells in rows:
        if _is_code(cells):
            yield {
                "code": cells[0].strip(),
                "apc": cells[apc].strip(),
                "rate": amount(cells[rate]),
                "source_row": str(line),
            }


def _is_code(cells: list[str]) -> bool:
    first = cells[0].strip() if cells else ""
    return len(first) == 5 and first.isalnum()


def read_wage_index(path: Path) -> Iterator[dict[str, str]]:
    """ASC wage index by CBSA, and by state for its rural area (two digits)."""
    header, rows = records(path, "CBSA")
    index = column(header, "WI", file=path.name)
    name = column(header, "Name", file=path.name)
    for line, cells in rows:
        if cells and cells[0].strip():
            yield {
                "area": cells[0].strip(),
                "name": cells[name].strip(),
                "index": cells[index].strip(),
                "source_row": str(line),
            }
