"""Files arrive as CMS, browsers and people leave them: zipped, re-encoded, renamed; none lost."""

import csv
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from facetwise.tables.add import Added, add_files
from facetwise.tables.store import Store, packaged
from tests.tables.made import made_ptp

RENAMED = {  # those that name themselves in their content
    "pfs/PPRRVU2025_Oct.csv": "download (3).csv",
    "pfs/GPCI2025.csv": "g.csv",
    "pfs/GPCI2026.csv": "GPCI2019.csv",
    "pfs/25LOCCO.csv": "counties",
    "pfs/ZIP5_OCT2025.txt": "z.dat",
    "asc/wage_index_2026.csv": "w.csv",
    "asc/20260701/AA.csv": "a.csv",
    "asc/20260701/BB.csv": "b.csv",
    "asc/20260701/EE.csv": "e.csv",
    "asc/20260701/FF.csv": "f.csv",
}
NAMED = {  # those that are told by the name CMS gives them
    "pfs/ANES2025.csv": "ANES2025.csv",
    "pfs/PPRRVU2026_Jul_nonQPP.csv": "PPRRVU2026_Jul_nonQPP.csv",
    **{
        f"ncci/MCR_MUE_{setting}_Eff_04-01-2026.csv": f"MCR_MUE_{setting}_Eff_04-01-2026.csv"
        for setting in (
            "PractitionerServices", "OutpatientHospitalServices", "DMESupplierServices",
        )
    },
}  # fmt: skip


@pytest.fixture
def base() -> Store:
    return packaged()


@pytest.mark.parametrize(
    ("line_end", "encoding"), [("\r\n", "utf-8-sig"), ("\n", "latin-1"), ("\r\n", "latin-1")]
)
def test_every_kind_loads_zipped_re_encoded_and_renamed_in_one_pass(
    data: Path, tmp_path: Path, base: Store, line_end: str, encoding: str
) -> None:
    given = tmp_path / "downloads"
    given.mkdir()
    addenda = {name for name in RENAMED if name.startswith("asc/2")}
    members: dict[str, list[str]] = {"addenda.zip": sorted(addenda)}
    for at, name in enumerate(sorted((RENAMED.keys() - addenda) | NAMED.keys())):
        members[f"archive{at}.zip"] = [name]
    for archive, names in members.items():
        with zipfile.ZipFile(given / archive, "w", zipfile.ZIP_DEFLATED) as target:
            for name in names:
                text = (data / name).read_bytes().decode("latin-1").removeprefix("ï»¿")
                text = text.replace("\r\n", "\n").replace("\n", line_end)
                called = RENAMED.get(name) or NAMED[name]
                target.writestr(f"folder/{called}", text.encode(encoding))
    done = add_files([given], base, folder=tmp_path / "re-encoded")
    assert {one.outcome for one in done} == {"added"}
    plain = add_files(
        [data / name for name in sorted(NAMED.keys() | (RENAMED.keys() - addenda))]
        + [data / "asc/20260701"],
        base, folder=tmp_path / "plain",
    )  # fmt: skip
    assert editions_of(done) == editions_of(plain)


def editions_of(done: list[Added]) -> set[tuple[str, str, int]]:
    return {edition for one in done for edition in one.editions}


def test_pairs_as_text_with_windows_line_ends_or_as_a_table_are_the_same(
    tmp_path: Path, base: Store
) -> None:
    text = made_ptp("A")
    forms = {
        "crlf": text.replace("\n", "\r\n").encode("latin-1"),
        "bom": text.encode("utf-8-sig"),
        "commas": text.replace("\t", ",").encode("latin-1"),
    }
    for name, content in forms.items():
        file = tmp_path / name / "ccipra-v323r0-f1.TXT"
        file.parent.mkdir()
        file.write_bytes(content)
        (added,) = add_files([file], base, folder=tmp_path / f"{name}-data")
        assert added.editions == (("ptp_practitioner", "PTP-PRAC-2026Q4", 100_000),)


def test_the_text_twin_of_the_add_on_workbook_reads_alike_and_is_read_once(
    data: Path, tmp_path: Path, base: Store
) -> None:
    book = data / "ncci/AOC_V2026Q2-MCR.xlsx"
    twin = tmp_path / "given/AOC_V2026Q2-F-MCR.txt"
    twin.parent.mkdir()
    twin.write_text(as_tabs(book), "utf-8")
    (alone,) = add_files([twin], base, folder=tmp_path / "twin")
    (workbook,) = add_files([book], base, folder=tmp_path / "book")
    assert alone.editions == workbook.editions == (("add_on_edits", "AOC2026Q2", 9_000),)
    stored = [rows_of(base, tmp_path / name) for name in ("twin", "book")]
    assert stored[0] == stored[1]
    (tmp_path / "given" / book.name).write_bytes(book.read_bytes())
    both = add_files([tmp_path / "given"], base, folder=tmp_path / "both")
    assert [one.outcome for one in both] == ["added", "twin"]


def as_tabs(book: Path) -> str:
    import python_calamine

    rows = python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    lines = []
    for row in rows:
        cells = (str(int(c)) if isinstance(c, float) and c.is_integer() else str(c) for c in row)
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(lines) + "\n"


def rows_of(base: Store, folder: Path) -> list[tuple[str, ...]]:
    rows = base.joined(folder).all_rows("add_on_edits", edition="AOC2026Q2")
    kept = ("add_on", "primary", "type", "first_day", "last_day")
    return sorted(tuple(row[column] for column in kept) for row in rows)


def records_after(first: str, starting: str = ".") -> Callable[[Path], int]:
    """Counts the records after the header whose first cell begins so; footnotes may follow."""

    def count(path: Path) -> int:
        text = path.read_bytes().decode("latin-1")
        at = next(n for n, line in enumerate(text.splitlines()) if first in line[:40])
        rows = csv.reader(text.splitlines(keepends=True)[at:], delimiter=tab_or_comma(text, at))
        next(rows)
        return sum(1 for row in rows if row and re.match(starting, row[0].strip()))

    return count


def tab_or_comma(text: str, at: int) -> str:
    return "\t" if "\t" in text.splitlines()[at] else ","


def lines_of(path: Path) -> int:
    return len(path.read_bytes().split(b"\n")) - 1


def records_of_copy(path: Path) -> int:
    import duckdb

    counted = duckdb.sql(f"select count(*) from read_parquet('{path}')").fetchall()
    return int(counted[0][0])


def records_of_book(path: Path) -> int:
    return as_tabs(path).count("\n") - 2  # the notice and the header


COUNTED: list[tuple[str, Callable[[Path], int]]] = [
    ("pfs/PPRRVU*.csv", records_after("HCPCS,")),
    ("pfs/GPCI20*.csv", records_after("Medicare Admin", r"\d")),
    ("pfs/25LOCCO.csv", records_after("Medicare Admin", r"\d")),
    ("pfs/ANES2025.csv", records_after("Contractor")),
    ("pfs/ZIP5_*.txt", lines_of),
    ("pfs/history/pprrvu_*.parquet", records_of_copy),
    ("pfs/history/gpci_*.parquet", records_of_copy),
    ("pfs/history/anes_*.parquet", records_of_copy),
    ("ncci/MCR_MUE_*.csv", records_after("CPT Code")),
    ("ncci/ncci_mue_*.csv", lambda path: lines_of(path) - 1),
    ("ncci/AOC_*.xlsx", records_of_book),
    ("ncci/mue_2026q4_family.csv", lambda path: lines_of(path) - 1),
    ("ncci/ptp_2026q4_oph_family.csv", lambda path: lines_of(path) - 1),
    ("asc/wage_index_*", records_after("CBSA")),
    ("codes/adj_codes.csv", records_after("adj_code")),
    ("codes/hcpcs_lvl2.csv", lambda path: lines_of(path) - 1),
    ("codes/pos_codes.csv", records_after("pos_code")),
    ("codes/nucc_taxonomy_251.csv", records_after("Code")),
]
"""Files and how their own records are counted, apart from the readers under test."""


@pytest.mark.parametrize(("pattern", "counted"), COUNTED, ids=[name for name, _ in COUNTED])
def test_a_real_file_loads_with_as_many_rows_as_it_has_records(
    data: Path, tmp_path: Path, base: Store, pattern: str, counted: Callable[[Path], int]
) -> None:
    files = sorted(data.glob(pattern))
    assert files
    for at, file in enumerate(files):
        (added,) = add_files([file], base, folder=tmp_path / str(at))
        assert sum(rows for _, _, rows in added.editions) == counted(file), file.name


@pytest.mark.parametrize("day", ["20220101", "20240101", "20250101", "20260401", "20260701"])
def test_the_addenda_of_a_day_load_with_every_code_they_list(
    data: Path, tmp_path: Path, base: Store, day: str
) -> None:
    done = add_files([data / "asc" / day], base, folder=tmp_path)
    for one in done:
        text = (data / "asc" / day / one.name).read_bytes().decode("latin-1")
        listed = sum(1 for ln in text.splitlines() if is_code(ln.replace('"', "")[:6]))
        assert sum(rows for _, _, rows in one.editions) == listed, one.name


def is_code(start: str) -> bool:
    return len(start) == 6 and start[:5].isalnum() and start[5] in ",\t" and start[:5] != "HCPCS"


DOUBLED = "ptp_2024q3_out.parquet"
"""A copy that lists pairs twice; `benchmarks/tables_add.py` counts the two larger ones too."""


def test_every_pair_of_a_copy_is_kept_doubled_ones_too(
    data: Path, tmp_path: Path, base: Store
) -> None:
    (done,) = add_files([data / "ncci" / DOUBLED], base, folder=tmp_path)
    assert done.editions[0][2] == records_of_copy(data / "ncci" / DOUBLED) == 1_775_818
