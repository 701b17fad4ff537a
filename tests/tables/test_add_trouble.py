"""What changed between two quarters, and what trouble on the way cannot do to a data folder.

Pairs and fee schedules made here are synthetic.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from facetwise.tables.add import Added, add_files, verify
from facetwise.tables.diff import changes, editions_to_compare
from facetwise.tables.store import Store, packaged
from tests.tables.made import PTP_HEAD, made_mue, made_ptp, put, unchanged


@pytest.fixture
def base() -> Store:
    return packaged()


def told_between(store: Store, old: str, new: str) -> list[str]:
    table, before, after = editions_to_compare(store, old, new)
    return [str(change) for change in changes(store, table, before, after)]


def test_ten_changes_of_pairs_are_named_and_no_other(tmp_path: Path, base: Store) -> None:
    rows = made_ptp("D").removeprefix(PTP_HEAD).splitlines()
    pair = "{}\t{}\t\t{}\t{}\t{}\tMade up"
    after = list(rows)
    for at in (0, 1, 2):  # ended with the quarter
        after[at] = rows[at].replace("\t*\t", "\t20260930\t")
    for at, modifier in ((10, "0"), (11, "0"), (12, "9")):  # ended, and begun anew
        one, two = rows[at].split("\t")[:2]
        after[at] = pair.format(one, two, "20200101", "20260930", "1")
        after.append(pair.format(one, two, "20261001", "*", modifier))
    del after[20]  # no longer in the file at all
    after += [pair.format("D9999", f"D{at:04d}", "20261001", "*", at % 2) for at in range(3)]
    after += [pair.format("D9998", "D0001", "20261001", "*", "9")]  # listed, and no edit
    for name, lines in (("v322", rows), ("v323", after)):
        file = put(tmp_path / f"ccipra-{name}r0-f4.txt", PTP_HEAD + "\n".join(lines) + "\n")
        add_files([file], base, folder=tmp_path / "data")
    store = base.joined(tmp_path / "data")
    ids = [e.id for e in store.table("ptp_practitioner").editions if "f4" in e.note]
    assert told_between(store, *ids) == [
        *(f"D0000 with D{at:04d}: gone (modifier 1)" for at in (0, 1, 2)),
        "D0000 with D0010: modifier 1 became 0",
        "D0000 with D0011: modifier 1 became 0",
        "D0000 with D0012: gone (modifier 1)",
        "D0000 with D0020: gone (modifier 1)",
        "D9999 with D0000: new (modifier 0)",
        "D9999 with D0001: new (modifier 1)",
        "D9999 with D0002: new (modifier 0)",
    ]


def test_ten_changes_of_values_are_named_and_no_other(
    data: Path, tmp_path: Path, base: Store
) -> None:
    held = data / "pfs/PPRRVU2026_Jul_nonQPP.csv"
    text = held.read_text("latin-1").replace("July Release", "October Release")
    lines = text.split("\n")
    codes = {line.partition(",")[0]: at for at, line in enumerate(lines)}
    for code in ("64490", "64491", "64492", "64493"):
        cells = lines[codes[code]].split(",")
        cells[5] = "9.99"  # work
        lines[codes[code]] = ",".join(cells)
    for code in ("64494", "64495"):
        cells = lines[codes[code]].split(",")
        cells[19] = "0"  # bilateral
        lines[codes[code]] = ",".join(cells)
    gone = [lines[codes[code]] for code in ("64633", "64634")]
    added = [line.replace("6463", "6Z63", 1) for line in gone]
    kept = [line for line in lines if line not in gone]
    at = kept.index(lines[codes["64493"]])
    later = put(
        tmp_path / "PPRRVU2026_Oct_nonQPP.csv", "\n".join([*kept[:at], *added, *kept[at:]]),
        "latin-1",
    )  # fmt: skip
    add_files([held, later], base, folder=tmp_path / "data")
    told = told_between(base.joined(tmp_path / "data"), "RVU26C", "RVU26D")
    assert len(told) == 10
    assert told[3] == "64493: work 1.48 became 9.99"
    assert told[5] == "64495: bilateral 1 became 0"
    assert told[6].startswith("64633: gone (status A, work ")
    assert told[9].startswith("6Z634: new (status A, work ")


def doubts(done: list[Added]) -> list[str]:
    return [remark for one in done if one.outcome == "doubtful" for remark in one.remarks]


@pytest.mark.parametrize("part", ["1", "4"])
def test_a_file_of_pairs_cut_at_the_end_of_a_line_is_told(
    tmp_path: Path, base: Store, part: str
) -> None:
    for version, rows in (("v322", 130_000), ("v323", 110_000)):
        files = [
            put(tmp_path / version / f"ccipra-{version}r0-f{n}.txt",
                made_ptp(letter, rows if n == part else 100_000 + int(version[1:])))
            for n, letter in (("1", "A"), ("2", "B"), ("4", "R"))
        ]  # fmt: skip
        done = add_files(files, base, folder=tmp_path / "data")
        if version == "v322":
            assert doubts(done) == []
    letter = {"1": "A", "4": "R"}[part]
    (told,) = doubts(done)
    assert told.startswith(f"The file ends at {letter}0109; PTP-PRAC-2026Q3 ")
    assert "lists 20,000 pairs after it" in told
    assert ("before B0000, where the next part begins" in told) is (part == "1")


def test_a_last_part_that_lacks_codes_of_the_field_is_told(tmp_path: Path, base: Store) -> None:
    file = put(tmp_path / "ccipra-v323r0-f4.txt", made_ptp("6"))
    (told,) = doubts(add_files([file], base, folder=tmp_path / "data"))
    assert told.startswith("The file ends at 60099; PTP-PRAC-2026Q3 lists pairs of 6")


ADD = (
    "import sys; from pathlib import Path; from facetwise.tables.add import add_files;"
    "from facetwise.tables.store import packaged;"
    "add_files([Path(sys.argv[2])], packaged(), folder=Path(sys.argv[1]))"
)


def test_a_disk_that_is_really_full_is_named_and_undone(tmp_path: Path, base: Store) -> None:
    disk, script = tmp_path / "disk", tmp_path / "on_small_disk.sh"
    disk.mkdir()
    put(
        script,
        'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && "$@"; rc=$?; ls "$0.d"; exit $rc',
    )
    (tmp_path / "on_small_disk.sh.d").symlink_to(disk / "data")
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())

    def on_disk_of(size: str) -> subprocess.CompletedProcess[str]:
        add = [sys.executable, "-c", ADD, str(disk / "data"), str(file)]
        command = ["unshare", "--mount", "--map-root-user", "sh", str(script), size, str(disk)]
        return subprocess.run([*command, *add], capture_output=True, text=True, check=False)

    try:
        enough = on_disk_of("64m")
    except FileNotFoundError:
        pytest.skip("this system cannot make a small disk")
    if enough.returncode and "UnwritableError" not in enough.stderr:
        pytest.skip(f"this system allows no small disk: {enough.stderr[-80:]!r}")
    assert "index.json" in enough.stdout, enough.stderr
    short = on_disk_of("256k")
    assert short.returncode
    assert "the disk is full; nothing was added" in short.stderr
    assert set(short.stdout.split()) <= {"lock"}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes there")
def test_a_file_that_may_not_grow_is_named_and_undone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = put(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", made_mue())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run(
        [sys.executable, "-c", ADD, str(folder), str(file)],
        preexec_fn=limit, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert "UnwritableError" in done.stderr
    assert "nothing was added" in done.stderr
    assert unchanged(folder)
    assert verify(folder) == []
