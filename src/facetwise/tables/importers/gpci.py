"""CMS geographic practice cost indices (GPCI), anesthesia factors, ZIP codes to localities."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.parquet import read_parquet
from facetwise.tables.importers.text import column, decode, records


def read_gpci(path: Path) -> Iterator[dict[str, str]]:
    """Localities of the yearly CSV; the work index is the one with the 1.0 floor."""
    header, rows = records(path, "Medicare Admin")
    work = column(header, "PW GPCI", "Floor", without="without", file=path.name)
    pe = column(header, "PE GPCI", file=path.name)
    mp = column(header, "MP GPCI", file=path.name)
    for line, row in rows:
        if row and row[0].strip().isdigit():
            yield _locality(row[0], row[1], row[2], row[3], row[work], row[pe], row[mp], line)


def read_gpci_history(path: Path, release: str) -> Iterator[dict[str, str]]:
    """Localities of one release in the cleaned Parquet copy of 2020 to 2024."""
    columns = ("mac", "state", "locality_number", "locality_name")
    indices = ("gpci_work", "gpci_pe", "gpci_mp")
    for at, values in read_parquet(path, (*columns, *indices), release=release):
        mac, state, number, name, work, pe, mp = values
        yield _locality(mac, state, number, name, work, pe, mp, at)


def _locality(
    mac: str, state: str, number: str, name: str, work: str, pe: str, mp: str, row: int
) -> dict[str, str]:
    return {
        "contractor": mac.strip().zfill(5),
        "locality": number.strip().zfill(2),
        "state": state.strip(),
        "name": name.strip().rstrip("*").strip(),
        "work": work.strip(),
        "pe": pe.strip(),
        "mp": mp.strip(),
        "source_row": str(row),
    }


def read_anesthesia(path: Path) -> Iterator[dict[str, str]]:
    """Anesthesia conversion factor by locality, from the yearly CSV."""
    _, rows = records(path, "Contractor,")
    for line, row in rows:
        if row and row[0].strip().isdigit():
            yield _anesthesia(row[0], row[1], row[3], line)


def read_anesthesia_history(path: Path, release: str) -> Iterator[dict[str, str]]:
    """Anesthesia factors of one release in the cleaned Parquet copy of 2020 to 2024."""
    columns = ("contractor", "locality", "anesthesia_conv_factor")
    for at, (contractor, locality, factor) in read_parquet(path, columns, release=release):
        yield _anesthesia(contractor, locality, factor, at)


def _anesthesia(contractor: str, locality: str, factor: str, row: int) -> dict[str, str]:
    return {
        "contractor": contractor.strip().zfill(5),
        "locality": locality.strip().zfill(2),
        "factor": factor.strip(),
        "source_row": str(row),
    }


def read_zip5(path: Path) -> Iterator[dict[str, str]]:
    """ZIP codes to carrier and locality, fixed width, as runs of equal neighbours.

    Each row covers `zip_first` to `zip_last`, every number between them listed in the file, on
    lines that follow each other from `source_row`.
    State is Medicare's own, not the postal one.

    Raises:
        BadSourceFileError: a line is shorter than its layout.
    """
    places: list[tuple[int, int, tuple[str, ...]]] = []
    for number, text in enumerate(decode(path).splitlines(), 1):
        if len(text) < 21 or not text[2:7].isdigit():
            raise BadSourceFileError("the line is cut short.", where=f"{path.name}, line {number}")
        places.append((int(text[2:7]), number, _place(text)))
    places.sort()
    runs = groupby(
        enumerate(places),
        key=lambda item: (item[1][0] - item[0], item[1][1] - item[0], item[1][2]),
    )
    for (_, _, place), run in runs:
        members = [entry for _, entry in run]
        names = ("state", "contractor", "locality", "rural", "plus_four")
        yield {
            "zip_first": f"{members[0][0]:05d}",
            "zip_last": f"{members[-1][0]:05d}",
            **dict(zip(names, place, strict=True)),
            "source_row": str(members[0][1]),
        }


def _place(text: str) -> tuple[str, ...]:
    return (text[0:2], text[7:12], text[12:14], text[14].strip(), text[20].strip())
