"""What a user types, what comes back, and what a mistake costs: one line and exit code 2."""

import json
from pathlib import Path

import jsonschema
import pytest

from facetwise import schemas
from tests.conftest import Run


def test_page_writes_markdown_to_standard_output(facetwise: Run) -> None:
    done = facetwise("page", "64494", "--date", "2026-10-01")
    assert done.returncode == 0
    assert done.stdout.startswith("# 64494 on 2026-10-01\n")
    assert done.stderr == ""


def test_page_takes_codes_as_people_type_them(facetwise: Run) -> None:
    done = facetwise("page", " 0213t ", "--date", "2026-10-01", "--format", "json")
    assert json.loads(done.stdout)["code"] == "0213T"


def test_every_json_answer_begins_alike_and_keeps_its_schema(facetwise: Run) -> None:
    for name, arguments in {
        "page": ("page", "64494", "--date", "2026-10-01"),
        "why": ("why", "64494", "rvu_work", "--date", "2026-10-01"),
        "tables": ("tables", "list", "--as-of", "2026-11-24"),
    }.items():
        answer = json.loads(facetwise(*arguments, "--format", "json").stdout)
        assert list(answer)[:3] == ["schema", "facetwise", "tables"]
        jsonschema.validate(answer, json.loads(schemas.read(name)))


def test_a_fact_that_is_not_held_is_an_answer_not_an_error(facetwise: Run) -> None:
    done = facetwise("why", "64494", "rvu_work", "--date", "2019-06-01", "--format", "json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["verdict"] == "not_checked"
    assert answer["supplied_by"] == "PPRRVU2019_Apr (in RVU19B.zip)"
    jsonschema.validate(answer, json.loads(schemas.read("why")))
    told = facetwise("why", "64494", "rvu_work", "--date", "2019-06-01").stdout
    assert "not checked" in told


def test_why_follows_an_amount_to_file_edition_and_row(facetwise: Run) -> None:
    told = facetwise("why", "64494", "amount_national_nonfacility", "--date", "2026-08-01").stdout
    for part in ("95.86", "(0.98 + 1.81 + 0.08) x 33.4009", "PPRRVU2026_Jul_nonQPP.csv",
                 "RVU26C, in force, primary", "2026-07-01/2026-09-30", "7078"):  # fmt: skip
        assert part in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("page", "99999"), "near matches: "),
        (("page", "banana"), "near matches: "),
        (("page", "64494", "--date", "2026-02-30"), "'2026-02-30' is not a date"),
        (("page", "64494", "--date", "tomorrow"), "'tomorrow' is not a date"),
        (("page", "64494", "--date", "2026-1-5"), "'2026-1-5' is not a date"),
        (("page", "64494", "--format", "pdf"), "'pdf' is not one of"),
        (("page",), "Missing argument 'CODE'"),
        (("why", "64494", "rvu"), "Did you mean"),
        (("why", "64494", "ptp_hospital"), "Ask for ptp_hospital:OTHER_CODE"),
        (("schema", "pages"), "Schemas: "),
        (("tables", "list", "--table", "rvus"), "Tables: "),
        (("pages", "64494"), "No such command"),
        (("page", "64494", "-o", "/no/such/folder/x.md"), "cannot be written"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_exit_code_2(
    facetwise: Run, arguments: tuple[str, ...], told: str
) -> None:
    done = facetwise(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert done.stderr.startswith("facetwise: ")
    assert done.stderr.count("\n") == 1


def test_a_page_is_written_to_a_file_whole(facetwise: Run, tmp_path: Path) -> None:
    target = tmp_path / "64494.md"
    assert facetwise("page", "64494", "--date", "2026-10-01", "-o", str(target)).stdout == ""
    printed = facetwise("page", "64494", "--date", "2026-10-01").stdout
    assert target.read_text("utf-8") == printed
    assert [path.name for path in tmp_path.iterdir()] == ["64494.md"]


def test_a_link_a_mode_and_a_device_are_kept(facetwise: Run, tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    target.write_text("old", "utf-8")
    target.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(target)
    assert facetwise("page", "64494", "--date", "2026-10-01", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("# 64494")
    assert target.stat().st_mode & 0o777 == 0o640
    assert facetwise("page", "64494", "-o", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_place_that_is_no_file_is_refused(facetwise: Run, name: str) -> None:
    done = facetwise("page", "64494", "--date", "2026-10-01", "-o", name)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_full_disk_is_told_and_is_no_finding(facetwise: Run) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m facetwise page 64494 > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "cannot be written" in done.stderr


def test_the_same_question_gets_the_same_bytes(facetwise: Run) -> None:
    asked = ("page", "64635", "--date", "2026-10-01", "--format", "json")
    assert facetwise(*asked).stdout == facetwise(*asked).stdout


def test_tables_list_tells_age_window_scope_and_what_is_newer(facetwise: Run) -> None:
    answer = json.loads(
        facetwise("tables", "list", "--as-of", "2026-11-24", "--format", "json").stdout
    )
    lines = {line["edition"]: line for line in answer["editions"]}
    assert lines["RVU26C"]["newer_file"] == "PPRRVU2026_Oct (in RVU26D.zip)"
    assert lines["RVU26C"]["age_days"] == 55
    assert lines["RVU26C"]["scope"] == "spine"
    assert lines["MUE-PRAC-2026Q4"]["scope"] == "listed"
    assert lines["MUE-PRAC-2026Q4"]["newer_file"] is None
    assert lines["ICD10CM-FY2026"]["rows"] > 90000
    csv = facetwise("tables", "list", "--as-of", "2026-11-24", "--format", "csv").stdout
    assert csv.startswith("table,edition,window,")


def test_version_lists_every_edition_held(facetwise: Run) -> None:
    told = facetwise("--version").stdout
    assert "tables " in told
    for edition in ("RVU20A", "RVU26C", "PTP-HOSP-2026Q4", "AOC2026Q2"):
        assert edition in told


def test_help_names_every_command(facetwise: Run) -> None:
    told = facetwise("--help").stdout
    for command in ("page", "why", "tables", "schema"):
        assert f"  {command} " in told


def test_a_reader_that_stops_early_is_not_an_error(facetwise: Run) -> None:
    import subprocess
    import sys

    command = f"{sys.executable} -m facetwise page 64494 --date 2026-10-01 | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "# 64494 on 2026-10-01\n"
    assert "Traceback" not in done.stderr
