"""The shipped tables are what the official files say, and nothing a file should not give us."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import build_tables, table_changes

TABLES = ROOT / "src" / "facetwise" / "tables"
CANARY = "CANARY DESCRIPTION OF A PROCEDURE"


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".csv", ".toml") and path.name != "sources.toml"
    }


def test_a_second_build_is_byte_identical_to_what_is_shipped(data: Path, tmp_path: Path) -> None:
    build_tables.build(data, tmp_path)
    built, shipped = _files(tmp_path), _files(TABLES)
    assert built.keys() == shipped.keys()
    different = [name for name in shipped if built[name] != shipped[name]]
    assert not different


def test_no_descriptor_passes_through_any_reader(data: Path, tmp_path: Path) -> None:
    """Put a canary into every descriptor column of the files that have one."""
    sources = {
        "pprrvu": ("pfs/PPRRVU2026_Jul_nonQPP.csv", "64494,,,A", f"64494,,{CANARY},A"),
        "asc-surgical": ("asc/20260701/AA.csv", "64493,,,Y", f"64493,,{CANARY},Y"),
        "asc-ancillary": ("asc/20260701/BB.csv", "77003,,,", f"77003,,{CANARY},"),
        "asc-excluded": ("asc/20260701/EE.csv", "64999,", f"64999,{CANARY}"),
        "opps": ("asc/20260701/FF.csv", "64493,,,G2", f"64493,,{CANARY},G2"),
    }
    for reader, (path, plain, marked) in sources.items():
        text = (data / path).read_text("latin-1")
        assert plain in text, path
        copy = tmp_path / Path(path).name
        copy.write_text(text.replace(plain, marked), "latin-1", newline="")
        rows = list(build_tables.READERS[reader][0](copy))
        assert any(row["code"] == plain[:5] for row in rows)
        assert not any(CANARY in value for row in rows for value in row.values())


def test_a_new_quarter_is_told_in_words() -> None:
    before = {"rvu.csv": "code,modifier,total,edition,source_row\n64493,,5.32,RVU25D,9\n"}
    after = {
        "rvu.csv": "code,modifier,total,edition,source_row\n"
        "64493,,5.32,RVU25D,9\n64493,,5.70,RVU26C,7\n64494,,2.87,RVU26C,8\n"
    }
    declared = {"rvu.csv": {"key": ["code", "modifier"]}}
    told = list(table_changes.in_words(before, after, declared))
    assert told == [
        "rvu.csv: 3 changes (2 rows added, 0 removed)",
        "  64493: total 5.32 -> 5.70",
        "  64493: edition RVU25D -> RVU26C",
        "  64494: new",
    ]
    assert list(table_changes.in_words(after, after, declared)) == ["rvu.csv: unchanged"]


def test_hand_kept_tables_can_be_hashed_without_the_official_files(tmp_path: Path) -> None:
    shutil.copytree(TABLES / "data", tmp_path / "data")
    shutil.copy(TABLES / "manifest.toml", tmp_path)
    build_tables.build(Path("/nowhere"), tmp_path, hand_kept_only=True)
    assert _files(tmp_path) == _files(TABLES)


@pytest.mark.parametrize("reader", sorted(build_tables.READERS))
def test_every_reader_is_used(reader: str) -> None:
    plan = (ROOT / "tools" / "tables.toml").read_text("utf-8")
    assert f'reader = "{reader}"' in plan
