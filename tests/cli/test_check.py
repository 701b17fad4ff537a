"""A biller checks claim files: every claim answered, in each format, and nobody's data in print."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run

EXAMPLES = ROOT / "examples" / "claims"
FILES = [EXAMPLES / f"facet.{ending}" for ending in ("837", "csv", "json")]
FORMS = ("table", "json", "ndjson", "csv")
AS_OF = ("--as-of", "2026-11-24")
HEADER = "claim_id,patient_id,service_date,code,units,pointers,diagnosis_1,filing_code,claim_type"

Done = subprocess.CompletedProcess[str]
Check = Callable[..., Done]


@pytest.fixture(scope="session")
def check(facetwise: Run) -> Check:
    """`facetwise check` as of one day; the same question is run once."""

    @cache
    def run(*arguments: str | Path, cwd: Path | None = None) -> Done:
        return facetwise("check", *map(str, arguments), *AS_OF, cwd=cwd)

    return run


@pytest.fixture
def claims_file(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file with these rows under the usual columns."""

    def write(*rows: str, name: str = "claims.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
        return path

    return write


GOOD = "A1,P9,2026-08-03,64493,1,1,M47816,MB,practitioner"
FAILS = "A2,P9,2026-08-03,64494,1,1,M47816,MB,practitioner"
REVIEWED = "A3,P8,2026-08-03,64494,1,1,M47816,CI,practitioner"
UNKNOWN = "A4,P7,2026-08-03,64493,1,1,M47816,MB,"


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _found(claims: list[dict[str, Any]]) -> dict[str, list[tuple[str, str, int | None]]]:
    return {
        claim["claim_id"]: [(f["rule"], f["verdict"], f["line"]) for f in claim["findings"]]
        for claim in claims
    }


# The example claims


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_example_claim_is_answered_in_every_format(
    check: Check, path: Path, form: str
) -> None:
    done = check(path, "--format", form)
    assert done.returncode == 1  # two of the examples are wrong on purpose
    assert done.stderr == ""
    for number in range(1, 21):
        assert f"FW{number:03}" in done.stdout


def test_the_three_files_hold_the_same_claims_and_get_the_same_answers(check: Check) -> None:
    answers = [json.loads(check(path, "--format", "json").stdout)["claims"] for path in FILES]
    found = [_found(claims) for claims in answers]
    assert found[0] == found[1] == found[2]
    asked = [[claim["checks"] for claim in claims] for claims in answers]
    assert asked[0] == asked[1] == asked[2]


def test_the_formats_tell_the_same_findings(check: Check) -> None:
    whole = json.loads(check(FILES[0], "--format", "json").stdout)
    found = _found(whole["claims"])
    lines = check(FILES[0], "--format", "ndjson").stdout.splitlines()
    assert _found([json.loads(line) for line in lines]) == found
    rows = _rows(check(FILES[0], "--format", "csv").stdout)
    told = [(row["claim_id"], row["rule"], row["verdict"], row["line"]) for row in rows]
    for claim_id, findings in found.items():
        if not findings:
            kinds = [row[1:] for row in told if row[0] == claim_id]
            assert kinds in ([("", "pass", "")], [("", "not_checked", "")])
        for rule, verdict, line in findings:
            assert (claim_id, rule, verdict, str(line or "")) in told


def test_json_begins_as_every_answer_and_each_finding_has_its_source_and_place(
    check: Check,
) -> None:
    whole = json.loads(check(FILES[0], "--format", "json").stdout)
    assert list(whole)[:4] == ["schema", "facetwise", "tables", "as_of"]
    assert whole["schema"] == "facetwise.check/1"
    findings = [finding for claim in whole["claims"] for finding in claim["findings"]]
    assert findings
    for finding in findings:
        assert {"source", "edition", "window", "carried"} <= set(finding["sources"][0])
        assert finding["where"]["file"] == "facet.837"
        assert finding["where"]["at"] > 0
        assert finding["advice"]
    first = json.loads(check(FILES[0], "--format", "ndjson").stdout.splitlines()[0])
    assert list(first)[:4] == list(whole)[:4]


def test_the_place_of_a_finding_is_the_segment_that_must_change(check: Check) -> None:
    whole = json.loads(check(FILES[0], "--format", "json").stdout)
    claim = next(claim for claim in whole["claims"] if claim["claim_id"] == "FW008")
    where = claim["findings"][0]["where"]
    segments = FILES[0].read_text("ascii").replace("\n", "").split("~")
    assert where["kind"] == "segment"
    assert segments[where["at"] - 1].startswith("SV1*HC:64494")


def test_a_table_tells_what_was_asked_beside_what_was_found(check: Check) -> None:
    told = check(FILES[0]).stdout
    assert "claim FW001: " in told
    assert "FAIL    line 1  ncci/add-on-without-primary" in told
    assert "Source: AOC2026Q2" in told
    assert re.search(r"^20 claims \(2 fail, .*review.*\), 0 faults", told, re.MULTILINE)
    assert "Passed, by rule: " in told
    assert "not legal or medical advice" in told


def test_the_same_file_gets_the_same_bytes(check: Check, facetwise: Run) -> None:
    again = facetwise("check", str(FILES[0]), "--format", "json", *AS_OF)
    assert again.stdout == check(FILES[0], "--format", "json").stdout


# What the exit code says


@pytest.mark.parametrize(
    ("rows", "fail_on", "code"),
    [
        ((GOOD,), "fail", 0),
        ((FAILS,), "fail", 1),
        ((FAILS,), "never", 0),
        ((REVIEWED,), "fail", 0),
        ((REVIEWED,), "review", 1),
        ((UNKNOWN,), "review", 0),
        ((UNKNOWN,), "not_checked", 1),
        ((FAILS,), "not_checked", 1),
    ],
)
def test_the_exit_code_says_whether_anything_is_as_bad_as_the_user_said(
    facetwise: Run, claims_file: Callable[..., Path], rows: tuple[str, ...], fail_on: str, code: int
) -> None:
    only = ("--only", "ncci/add-on-without-primary", "--only", "ncci/mue")
    path = claims_file(*rows)
    assert facetwise("check", str(path), *only, "--fail-on", fail_on, *AS_OF).returncode == code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no-such.837",), "no-such.837: there is no such file"),
        ((FILES[1], "--only", "ncci/mues"), "no rule is called 'ncci/mues'"),
        ((FILES[1], "--fail-on", "warning"), "'warning' is not one of"),
        ((FILES[1], "--claim-type", "unknown"), "'unknown' is not one of"),
        ((), "Missing argument 'FILES...'"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_exit_code_2(
    check: Check, arguments: tuple[str | Path, ...], told: str
) -> None:
    done = check(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("facetwise: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_no_claim_file_is_told_in_every_format(
    check: Check, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "scan.txt"
    path.write_bytes(b"%PDF-1.4 nothing")
    done = check(path, "--format", form)
    assert done.returncode == 2
    assert "the file is a PDF" in done.stdout
    assert ("the file is a PDF" in done.stderr) == (form in ("csv", "ndjson"))


def test_a_bad_file_does_not_stop_the_good_one(check: Check, tmp_path: Path) -> None:
    bad = tmp_path / "scan.txt"
    bad.write_bytes(b"%PDF-1.4 nothing")
    whole = json.loads(check(bad, FILES[2], "--format", "json").stdout)
    assert len(whole["claims"]) == 20
    assert [fault["id"] for fault in whole["faults"]] == ["file/unknown-format"]
    assert whole["faults"][0]["lost"] is True


# What may be asked


def test_only_the_rules_asked_for_are_answered(check: Check) -> None:
    done = check(FILES[1], "--only", "ncci/mue", "--only", "form/npi", "--format", "json")
    for claim in json.loads(done.stdout)["claims"]:
        named = {*claim["checks"]["pass"], *(f["rule"] for f in claim["findings"])}
        assert named <= {"ncci/mue", "form/npi"}
        assert "form/npi" in named


def test_claims_without_findings_can_be_left_out_of_the_table(check: Check) -> None:
    told = check(FILES[1], "--quiet-pass").stdout
    assert "claim FW008" in told
    assert "claim FW001" not in told
    assert "20 claims (" in told


def test_a_caller_who_knows_who_bills_is_believed(check: Check) -> None:
    asked = (FILES[1], "--only", "ncci/mue", "--format", "json")
    told = [check(*asked, *more).stdout for more in ((), ("--claim-type", "hospital-outpatient"))]
    sources = [
        {s["source"] for claim in json.loads(text)["claims"] for f in claim["findings"]
         for s in f["sources"]} for text in told
    ]  # fmt: skip
    assert sources == [{"CMS-MUE-PRACTITIONER"}, {"CMS-MUE-HOSPITAL"}]


def test_a_folder_is_every_claim_file_in_it_and_below(check: Check, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    shutil.copy(FILES[0], tmp_path / "one.837")
    shutil.copy(FILES[1], tmp_path / "below" / "TWO.CSV")
    (tmp_path / "notes.md").write_text("not a claim file", "utf-8")
    whole = json.loads(check(tmp_path, "--only", "form/npi", "--format", "json").stdout)
    assert {claim["claim_id"] for claim in whole["claims"]} == {f"FW{n:03}" for n in range(1, 21)}
    assert len(whole["claims"]) == 40
    assert not whole["faults"]


def test_claims_of_one_patient_meet_across_files(
    check: Check, claims_file: Callable[..., Path]
) -> None:
    two = claims_file(FAILS, name="add-on.csv"), claims_file(GOOD, name="primary.csv")
    only = ("--only", "ncci/add-on-without-primary")
    assert check(two[0], *only).returncode == 1
    assert check(*two, *only).returncode == 0


def test_a_date_of_service_after_the_day_of_the_check_is_told(
    facetwise: Run, claims_file: Callable[..., Path]
) -> None:
    asked = ("check", str(claims_file(GOOD)), "--only", "dates/service-date", "--fail-on", "review")
    assert facetwise(*asked, "--as-of", "2026-08-03").returncode == 0
    assert facetwise(*asked, "--as-of", "2026-08-02").returncode == 1


def test_the_answer_can_be_written_to_a_file(check: Check, tmp_path: Path) -> None:
    target = tmp_path / "answer.csv"
    done = check(FILES[1], "--format", "csv", "-o", target)
    assert (done.stdout, done.returncode) == ("", 1)
    assert target.read_text("utf-8") == check(FILES[1], "--format", "csv").stdout


def test_a_broken_row_is_told_and_the_others_are_checked(
    check: Check, claims_file: Callable[..., Path]
) -> None:
    broken = 'B1,P1,2026-08-03,"64493,1,1,M47816,MB,practitioner'
    whole = json.loads(check(claims_file(GOOD, broken, FAILS), "--format", "json").stdout)
    assert {"A1", "A2"} <= {claim["claim_id"] for claim in whole["claims"]}
    faults = [f for c in whole["claims"] for f in c["findings"] if f["rule"].startswith("csv/")]
    assert {fault["verdict"] for fault in faults} == {"review"}
    assert {fault["where"]["at"] for fault in faults} == {3}


# What must never be printed


def _patient_data() -> list[str]:
    """Names, member ids, birth dates and addresses of the example patients."""
    segments = FILES[0].read_text("ascii").replace("\n", "").split("~")
    known: set[str] = set()
    for before, segment in zip(["", *segments], segments, strict=False):
        parts = segment.split("*")
        if parts[:2] == ["NM1", "IL"]:
            known |= {parts[3], parts[9]}
        elif parts[0] == "DMG":
            day = parts[2]
            known |= {day, f"{day[:4]}-{day[4:6]}-{day[6:]}"}
        elif parts[0] == "N3" and before.startswith("NM1*IL"):
            known.add(parts[1])
    return sorted(known)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_output_names_a_patient(check: Check, path: Path, form: str) -> None:
    known = _patient_data()
    assert len(known) > 80
    done = check(path, "--format", form)
    told = done.stdout + done.stderr
    assert [text for text in known if text in told] == []
    assert "patient_key" not in told


@pytest.mark.parametrize("form", FORMS)
def test_nor_does_what_is_said_of_a_broken_record(
    check: Check, claims_file: Callable[..., Path], form: str
) -> None:
    rows = (
        "A1,CANARYPATIENT,2026-99-99,CANARYCODE,one,x,CANARYDIAGNOSIS,MB,practitioner",
        'A2,CANARYPATIENT,2026-08-03,"64493 "CANARYQUOTE,1,1,M47816,MB,practitioner',
        "A3,CANARYPATIENT,2026-08-03,64493,CANARYUNITS,1,M47816,MB,CANARYTYPE",
    )
    done = check(claims_file(*rows), "--format", form)
    assert "A1" in done.stdout
    for word in ("PATIENT", "UNITS", "QUOTE", "TYPE"):
        assert f"CANARY{word}" not in done.stdout + done.stderr


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(0)"])
def test_a_claim_id_cannot_become_a_formula_in_a_spreadsheet(
    check: Check, claims_file: Callable[..., Path], start: str
) -> None:
    rows = [row.replace(row[:2], start, 1) for row in (GOOD, FAILS)]
    for row in rows:
        for cells in csv.reader(io.StringIO(check(claims_file(row), "--format", "csv").stdout)):
            assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []


def test_nor_can_the_name_of_a_file_or_column(
    check: Check, claims_file: Callable[..., Path]
) -> None:
    path = claims_file(FAILS, name="=cmd.csv", header=HEADER.replace(",code,", ",=code,"))
    for cells in csv.reader(io.StringIO(check(path, "--format", "csv").stdout)):
        assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []


def test_a_folder_without_claim_files_is_not_an_input_without_faults(
    check: Check, tmp_path: Path
) -> None:
    assert check(tmp_path).returncode == 2


@pytest.mark.parametrize("form", ["table", "csv"])
def test_nothing_in_a_file_can_steer_a_terminal(
    check: Check, claims_file: Callable[..., Path], form: str
) -> None:
    told = check(claims_file(FAILS.replace("A2", "A\x1b[31m\u202e2")), "--format", form).stdout
    assert "A?[31m?2" in told
    assert all(letter.isprintable() for line in told.split("\n") for letter in line)


def test_a_table_names_the_rules_that_a_claim_left_unanswered(
    check: Check, claims_file: Callable[..., Path]
) -> None:
    told = check(claims_file(UNKNOWN), "--only", "ncci/mue").stdout
    assert "0 passed, 1 not checked (ncci/mue)" in told
    assert "Not checked: ncci/mue (once). Would answer: claim_type" in told


def test_a_table_without_pointers_is_not_told_that_each_line_lacks_them(
    check: Check, claims_file: Callable[..., Path]
) -> None:
    header = HEADER.replace(",pointers", "")
    path = claims_file(GOOD.replace(",1,1,", ",1,"), header=header)
    done = check(path, "--only", "form/diagnosis-pointer", "--format", "json")
    claim = json.loads(done.stdout)["claims"][0]
    assert claim["findings"] == []
    assert [gap["supplied_by"] for gap in claim["checks"]["not_checked"]] == ["pointers"]
