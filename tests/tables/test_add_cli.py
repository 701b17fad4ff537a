"""Adding files as a user does it: commands in a process of their own."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

MUE = "ncci/MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
CLAIM = (
    "claim_id,line,code,units,service_date,claim_type\n"
    "1,1,99285,1,2026-08-03,practitioner\n1,2,64493,1,2026-08-03,practitioner\n"
)

Command = Callable[..., CompletedProcess[str]]


@pytest.fixture
def tables(facetwise: Command, tmp_path: Path) -> Command:
    """`facetwise` with a data folder of the test's own."""
    env = {**os.environ, "FACETWISE_DATA": str(tmp_path / "data")}

    def run(*arguments: str) -> CompletedProcess[str]:
        return facetwise(*arguments, env=env)

    return run


def test_a_user_adds_lists_compares_and_removes_a_file(
    tables: Command, data: Path, tmp_path: Path
) -> None:
    added = tables("tables", "add", str(data / MUE))
    assert added.returncode == 0, added.stderr
    assert "MUE-PRAC-2026Q2 (15,095 rows)" in added.stdout
    listed = tables("tables", "list", "--table", "mue_practitioner", "--as-of", "2026-05-01")
    row = next(line for line in listed.stdout.splitlines() if "MUE-PRAC-2026Q2" in line)
    assert "complete" in row
    assert "15095" in row
    old = tmp_path / "old.csv"
    text = (data / MUE).read_text("latin-1").replace("\n64493,1,", "\n64493,2,")
    old.write_text(text, "latin-1", newline="\n")
    asked = tables("tables", "add", str(old))
    assert asked.returncode == 2
    assert "--edition" in asked.stderr
    assert tables("tables", "add", str(old), "--edition", "2026Q1").returncode == 0
    told = tables("tables", "diff", "MUE-PRAC-2026Q1", "MUE-PRAC-2026Q2").stdout
    assert told.splitlines()[0].endswith("1 change.")
    assert told.splitlines()[1] == "64493: units 2 became 1"
    assert tables("tables", "verify").returncode == 0
    assert tables("tables", "remove", "MUE-PRAC-2026Q1").returncode == 0
    gone = tables("tables", "diff", "MUE-PRAC-2026Q1", "MUE-PRAC-2026Q2")
    assert gone.returncode == 2
    assert "no edition is called" in gone.stderr


def test_missing_names_the_files_that_would_answer(tables: Command, tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text(CLAIM, "utf-8")
    told = tables("tables", "missing", str(claims), "--as-of", "2026-09-01")
    assert told.returncode == 0, told.stderr
    assert "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv" in told.stdout
