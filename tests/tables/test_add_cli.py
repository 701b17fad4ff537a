"""Adding files as a user does it: commands in a process of their own."""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.tables.made import made_mue, put

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
    row = next(ln for ln in listed.stdout.splitlines() if ln.split()[1] == "MUE-PRAC-2026Q2")
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


def test_the_list_says_what_follows_each_edition_and_what_is_missing_since(
    tables: Command, tmp_path: Path
) -> None:
    def listed(day: str) -> dict[str, dict[str, str]]:
        command = ("tables", "list", "--table", "mue_practitioner", "--format", "csv")
        told = tables(*command, "--as-of", day)
        assert told.returncode == 0, told.stderr
        return {row["edition"]: row for row in csv.DictReader(told.stdout.splitlines())}

    before = listed("2026-11-25")
    assert before["MUE-PRAC-2024Q3"]["superseded_by"] == "MUE-PRAC-2026Q2"
    gap = before["MUE-PRAC-2026Q2"]
    assert gap["missing_since"] == "2026-07-01"
    assert gap["next_file"] == "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
    assert gap["superseded_by"] == "", "the edition of 2026 Q4 that ships lists some codes only"
    assert listed("2026-06-30")["MUE-PRAC-2026Q2"]["missing_since"] == ""
    for month in ("07", "10"):
        file = put(
            tmp_path / f"MCR_MUE_PractitionerServices_Eff_{month}-01-2026.csv",
            made_mue({"64493": month[1]}),
        )
        assert tables("tables", "add", str(file)).returncode == 0
    after = listed("2026-11-25")
    assert after["MUE-PRAC-2026Q2"]["superseded_by"] == "MUE-PRAC-2026Q3"
    assert after["MUE-PRAC-2026Q2"]["missing_since"] == ""
    assert after["MUE-PRAC-2026Q3"]["scope"] == "complete"
    newest = after["MUE-PRAC-2026Q4"]
    assert (newest["superseded_by"], newest["missing_since"], newest["age_days"]) == ("", "", "0")


def test_the_list_names_the_files_that_nobody_added_yet(tables: Command) -> None:
    told = tables("tables", "list", "--table", "opps_addendum_b", "--as-of", "2026-11-25")
    assert told.stdout.splitlines()[1].split() == [
        "opps_addendum_b", "none", "added", "complete", "0", "OPPS", "Addendum", "B", "of", "Oct",
        "2026",
    ]  # fmt: skip
