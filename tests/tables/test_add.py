"""What a practice gets from adding this quarter's files, and what a bad file cannot do to it.

Rows of procedure-to-procedure edits and fee schedules made here are synthetic.
"""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from facetwise.errors import BadSourceFileError, BrokenTableError, UnwritableError
from facetwise.sources import Basis
from facetwise.tables import add as adding
from facetwise.tables.add import add_files, remove, verify
from facetwise.tables.answer import Absent, Held, NotHeld
from facetwise.tables.diff import changes, editions_to_compare
from facetwise.tables.period import Period, parse_period
from facetwise.tables.reading import Asked
from facetwise.tables.store import Store, packaged
from tests.tables.made import CANARY, made_mue, made_ptp, put, unchanged, zipped


@pytest.fixture
def base() -> Store:
    return packaged()


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("pfs/PPRRVU2026_Jul_nonQPP.csv", 19_356),
        ("pfs/PPRRVU2025_Oct.csv", 19_090),
        ("pfs/GPCI2026.csv", 109),
        ("pfs/ZIP5_OCT2025.txt", 42_956),
        ("ncci/MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", 15_095),
        ("ncci/MCR_MUE_DMESupplierServices_Eff_04-01-2026.csv", 3_083),
        ("ncci/AOC_V2026Q2-MCR.xlsx", 9_000),
        ("codes/nucc_taxonomy_251.csv", 883),
    ],
)
def test_a_real_file_loads_with_every_line_of_it(
    data: Path, tmp_path: Path, base: Store, name: str, rows: int
) -> None:
    (added,) = add_files([data / name], base, folder=tmp_path / "data")
    assert added.outcome == "added"
    assert sum(count for _, _, count in added.editions) == rows


def test_files_load_zipped_re_encoded_and_renamed_in_one_pass(
    data: Path, tmp_path: Path, base: Store
) -> None:
    raw = (data / "pfs/GPCI2026.csv").read_bytes().decode("latin-1").replace("\r\n", "\n")
    gpci = put(tmp_path / "in/download (1).csv", raw.replace("\n", "\r\n"), "utf-8-sig")
    asc = put(tmp_path / "in/x.dat", (data / "asc/20260701/AA.csv").read_text("utf-8-sig"))
    excluded = put(tmp_path / "in/y.dat", (data / "asc/20260701/EE.csv").read_text("utf-8-sig"))
    zips = put(tmp_path / "in/z", (data / "pfs/ZIP5_OCT2025.txt").read_text("latin-1"), "latin-1")
    inner = zipped(tmp_path / "inner.zip", asc, excluded)
    outer = zipped(tmp_path / "all.zip", gpci, zips, inner)
    done = add_files([outer], base, folder=tmp_path / "data")
    assert {one.outcome for one in done} == {"added"}
    ids = {edition for one in done for _, edition, _ in one.editions}
    assert ids == {"GPCI2026", "AA-2026Q3", "EE-2026Q3", "ZIP5-2025Q4"}


def test_with_files_added_every_code_is_answered_and_carried_disappears(
    tmp_path: Path, base: Store
) -> None:
    day = date(2026, 8, 1)
    assert isinstance(base.find("mue_practitioner", day, code="99285"), NotHeld)
    before = base.find("mue_practitioner", day, code="64493")
    assert isinstance(before, Held)
    assert before.entry.citation.basis is Basis.CARRIED
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())
    add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    for code in ("64493", "99285"):
        answer = store.find("mue_practitioner", day, code=code)
        assert isinstance(answer, Held)
        assert answer.entry.citation.edition.id == "MUE-PRAC-2026Q3"
        assert answer.entry.citation.decides
    assert isinstance(store.find("mue_practitioner", day, code="99288"), Absent)
    last_quarter = store.find("mue_practitioner", date(2026, 5, 1), code="64493")
    assert isinstance(last_quarter, Held)
    assert last_quarter.entry.citation.edition.id == "MUE-PRAC-2026Q2"
    assert store.catalogue.digest != base.catalogue.digest


def test_a_second_load_is_a_no_op(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())
    add_files([file], base, folder=tmp_path / "data")
    index = (tmp_path / "data/index.json").read_bytes()
    (again,) = add_files([file], base, folder=tmp_path / "data")
    assert again.outcome == "held"
    assert (tmp_path / "data/index.json").read_bytes() == index


def test_a_file_that_did_not_change_between_two_quarters_is_of_both(
    tmp_path: Path, base: Store
) -> None:
    for starts in ("07", "10"):
        file = put(tmp_path / f"MCR_MUE_PractitionerServices_Eff_{starts}-01-2026.csv", made_mue())
        (added,) = add_files([file], base, folder=tmp_path / "data")
        assert added.outcome == "added"
        (again,) = add_files([file], base, folder=tmp_path / "data")
        assert again.outcome == "held"
    store = base.joined(tmp_path / "data")
    for day, edition in ((date(2026, 9, 30), "Q3"), (date(2026, 10, 1), "Q4")):
        answer = store.find("mue_practitioner", day, code="99285")
        assert isinstance(answer, Held)
        assert answer.entry.citation.edition.id == f"MUE-PRAC-2026{edition}"
    assert not any(wrong for _, wrong in verify(tmp_path / "data"))


def test_a_file_whose_edition_was_said_once_need_not_be_told_of_again(
    tmp_path: Path, base: Store
) -> None:
    file = put(tmp_path / "download.csv", made_mue())
    asked = Asked(parse_period("2026Q4"))
    add_files([file], base, asked=asked, folder=tmp_path / "data")
    (again,) = add_files([file], base, folder=tmp_path / "data")
    assert (again.outcome, again.editions[0][1]) == ("held", "MUE-PRAC-2026Q4")


def test_an_edition_that_nobody_states_is_asked_for(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "download.csv", made_mue())
    with pytest.raises(BadSourceFileError, match="--edition"):
        add_files([file], base, folder=tmp_path / "data")
    assert unchanged(tmp_path / "data")
    asked = Asked(parse_period("2026-10-01"))
    (added,) = add_files([file], base, asked=asked, folder=tmp_path / "data")
    assert added.editions[0][1] == "MUE-PRAC-2026Q4"
    pairs = put(tmp_path / "pairs.txt", made_ptp("A"))
    with pytest.raises(BadSourceFileError, match="--setting"):
        add_files([pairs], base, asked=asked, folder=tmp_path / "data")


def test_a_file_that_contradicts_the_edition_said_is_refused(
    data: Path, tmp_path: Path, base: Store
) -> None:
    file = put(tmp_path / "g.csv", (data / "pfs/GPCI2026.csv").read_text("latin-1") + "\n")
    with pytest.raises(BadSourceFileError, match="2026, not of 2025"):
        add_files([file], base, asked=Asked(Period(2025)), folder=tmp_path / "data")


def test_no_descriptor_is_kept(data: Path, tmp_path: Path, base: Store) -> None:
    lines = (data / "pfs/PPRRVU2026_Jul_nonQPP.csv").read_text("latin-1").splitlines()
    marked = [
        line if at < 10 else line.replace(",,,", f",,{CANARY},", 1) for at, line in enumerate(lines)
    ]
    file = put(tmp_path / "PPRRVU2026_Jul_nonQPP.csv", "\n".join(marked) + "\n", "latin-1")
    (added,) = add_files([file], base, folder=tmp_path / "data")
    assert added.editions == (("rvu", "RVU26C", 19_356),)
    for path in (tmp_path / "data").iterdir():
        assert CANARY.encode() not in path.read_bytes()


def test_three_of_four_parts_answer_only_for_the_codes_they_list(
    tmp_path: Path, base: Store
) -> None:
    extra = (
        "64493\t99285\t\t20200101\t20260630\t1\tMade up\n64493\t99285\t\t20260701\t*\t0\tMade up\n"
    )
    parts = [
        put(tmp_path / f"ccipra-v323r0-f{n}.TXT", made_ptp(letter, extra=extra if n == 4 else ""))
        for n, letter in ((1, "A"), (2, "B"), (3, "C"), (4, "D"))
    ]
    day = date(2026, 11, 1)
    add_files(parts[1:], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    pair = store.find("ptp_practitioner", day, column_1="64493", column_2="99285")
    assert isinstance(pair, Held)
    assert [entry["modifier"] for entry in pair.entries] == ["0"]
    assert isinstance(
        store.find("ptp_practitioner", day, column_1="A0001", column_2="99285"), NotHeld
    )
    add_files(parts[:1], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    unlisted = store.find("ptp_practitioner", day, column_1="A0001", column_2="99285")
    assert isinstance(unlisted, Absent)
    assert store.catalogue.edition_rows["ptp_practitioner", "PTP-PRAC-2026Q4"] == 400_002


def test_diff_names_exactly_the_ten_changes(tmp_path: Path, base: Store) -> None:
    ten = {f"A{at:04d}": "3" for at in range(4)}
    ten |= {f"A{at:04d}": "" for at in range(10, 13)}
    ten |= {f"Z{at:04d}": "1" for at in range(3)}
    for starts, text in (("07", made_mue()), ("10", made_mue(ten))):
        file = put(tmp_path / f"MCR_MUE_PractitionerServices_Eff_{starts}-01-2026.csv", text)
        add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    table, old, new = editions_to_compare(store, "MUE-PRAC-2026Q3", "MUE-PRAC-2026Q4")
    told = [str(change) for change in changes(store, table, old, new)]
    assert len(told) == 10
    assert told[0] == "A0000: units 1 became 3"
    assert told[4] == "A0010: gone (units 1, mai 2)"
    assert told[9] == "Z0002: new (units 1, mai 2)"
    assert len(list(changes(store, table, old, new, {"A0001"}))) == 1


HTML = "<!DOCTYPE html><html><body>404</body></html>"


def hostile(kind: str, data: Path, place: Path) -> Path:
    gpci = (data / "pfs/GPCI2026.csv").read_text("latin-1")
    match kind:
        case "a web page":
            return put(place / "rvu26c.zip", HTML)
        case "96 localities":
            return put(place / "GPCI2026.csv", "\n".join(gpci.splitlines()[:99]) + "\n")
        case "invented localities":
            lines = gpci.splitlines()
            odd = [line.replace("A", "Q").replace("O", "X") for line in lines[3:]]
            return put(place / "GPCI2026.csv", "\n".join([*lines[:3], *odd]) + "\n")
        case "a cut edit file":
            return put(place / "ccipra-v322r0-f1.txt", made_ptp("A")[:-30])
        case "a short edit file":
            return put(place / "ccipra-v322r0-f1.txt", made_ptp("A", 50_000))
        case "an unknown column":
            text = (data / "pfs/PPRRVU2026_Jul_nonQPP.csv").read_text("latin-1")
            return put(place / "PPRRVU2027_Jan_nonQPP.csv", text.replace("MOD,D", "MOD,NEW,D", 1))
        case "a number that is none":
            text = (data / "pfs/PPRRVU2026_Jul_nonQPP.csv").read_text("latin-1")
            return put(place / "PPRRVU2026_Jul_nonQPP.csv", text.replace("0.00", "#REF!", 1))
        case "a zip bomb":
            path = place / "bomb.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("GPCI2026.csv", bytes(80 << 20))
            return path
        case "a cut archive":
            path = zipped(place / "cut.zip", data / "pfs/GPCI2026.csv")
            path.write_bytes(path.read_bytes()[:-40])
            return path
        case "a workbook with formulas":
            path = place / "AOC_V2026Q3-MCR.xlsx"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("xl/workbook.xml", "<workbook/>")
                archive.writestr("xl/worksheets/sheet1.xml", "<c><f>1+1</f></c>")
            return path
        case _:
            return put(place / "notes.txt", "nothing of the kind\n")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("a web page", "web page"),
        ("96 localities", "96 rows"),
        ("invented localities", "are not those of GPCI2026"),
        ("a cut edit file", "cut"),
        ("a short edit file", "50,000 rows"),
        ("an unknown column", "33 columns, among them 'NEW'"),
        ("a number that is none", "is not a number"),
        ("a zip bomb", "unpacks to"),
        ("a cut archive", "damaged or cut short"),
        ("a workbook with formulas", "formulas"),
        ("something else", "no official file"),
    ],
)
def test_a_bad_file_gets_a_clear_error_and_changes_nothing(
    data: Path, tmp_path: Path, base: Store, kind: str, said: str
) -> None:
    good = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())
    bad = hostile(kind, data, tmp_path)
    with pytest.raises(BadSourceFileError, match=said):
        add_files([good, bad], base, folder=tmp_path / "data")
    assert unchanged(tmp_path / "data")


def test_a_removed_edition_no_longer_answers(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())
    add_files([file], base, folder=tmp_path / "data")
    assert remove(["MUE-PRAC-2026Q3"], tmp_path / "data") == [file.name]
    store = base.joined(tmp_path / "data")
    assert isinstance(store.find("mue_practitioner", date(2026, 8, 1), code="99285"), NotHeld)
    assert store.catalogue.digest == base.catalogue.digest
    with pytest.raises(BadSourceFileError, match="no added file"):
        remove(["MUE-PRAC-2026Q3"], tmp_path / "data")


def test_verify_names_an_altered_and_a_missing_file(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())
    add_files([file], base, folder=tmp_path / "data")
    assert verify(tmp_path / "data") == [(file.name, "")]
    (database,) = (tmp_path / "data").glob("*.sqlite")
    database.write_bytes(database.read_bytes().replace(b"99285", b"99288", 1))
    assert verify(tmp_path / "data") == [(file.name, "altered")]
    database.unlink()
    assert verify(tmp_path / "data") == [(file.name, "missing")]
    with pytest.raises(BrokenTableError, match="damaged or missing"):
        base.joined(tmp_path / "data").find("mue_practitioner", date(2026, 8, 1), code="99285")


def test_a_full_disk_is_named_and_undone(
    tmp_path: Path, base: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> list[int]:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(adding, "write_file", full)
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())
    with pytest.raises(UnwritableError, match="the disk is full; nothing was added"):
        add_files([file], base, folder=tmp_path / "data")
    assert unchanged(tmp_path / "data")


ADD = (
    "import sys; from pathlib import Path; from facetwise.tables.add import add_files;"
    "from facetwise.tables.store import packaged;"
    "add_files([Path(p) for p in sys.argv[2:]], packaged(), folder=Path(sys.argv[1]))"
)


def started(folder: Path, *files: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", ADD, str(folder), *map(str, files)])


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
def test_killed_at_random_moments_the_folder_is_old_or_new(tmp_path: Path, base: Store) -> None:
    folder = tmp_path / "data"
    files = [
        put(tmp_path / f"MCR_MUE_PractitionerServices_Eff_{month}-01-2026.csv", made_mue())
        for month in ("07", "10")
    ]
    files[1].write_text(made_mue({"64493": "7"}), "utf-8")
    chance = random.Random(9)
    for _ in range(12):
        process = started(folder, *files)
        time.sleep(chance.uniform(0.05, 0.7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        held = base.joined(folder).added
        names = sorted(held.of_table("mue_practitioner")) if held else []
        assert names in ([], ["MUE-PRAC-2026Q3", "MUE-PRAC-2026Q4"])
        if names:
            assert not any(wrong for _, wrong in verify(folder))
            remove(["MUE-PRAC-2026Q3", "MUE-PRAC-2026Q4"], folder)
    add_files(files, base, folder=folder)
    kept = {path.name for path in folder.iterdir()}
    assert len(kept) == 4, "leftovers of killed imports are swept away"


def test_two_imports_at_once_do_not_spoil_each_other(tmp_path: Path, base: Store) -> None:
    folder = tmp_path / "data"
    texts = {"07": made_mue(), "10": made_mue({"64493": "7"})}
    one, other = (
        put(tmp_path / f"MCR_MUE_PractitionerServices_Eff_{month}-01-2026.csv", text)
        for month, text in texts.items()
    )
    running = [started(folder, one), started(folder, other), started(folder, one)]
    assert [process.wait() for process in running] == [0, 0, 0]
    index = json.loads((folder / "index.json").read_text("utf-8"))
    assert sorted(file["name"] for file in index["files"]) == [one.name, other.name]
    assert not any(wrong for _, wrong in verify(folder))
    assert base.joined(folder).added
