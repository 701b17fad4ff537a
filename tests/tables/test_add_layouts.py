"""Layouts that no real file is held of; fixtures here are synthetic, from published positions."""

from datetime import date
from pathlib import Path

import pytest

from facetwise.errors import BadSourceFileError
from facetwise.tables.add import add_files
from facetwise.tables.answer import Held
from facetwise.tables.period import Period, month_and_year, ncci_version, parse_period
from facetwise.tables.reading import Asked
from facetwise.tables.store import packaged


def fixed_line(code: str, work: str, factor: str) -> str:
    """One line of the fixed-width fee schedule: positions are 1-based in the layout."""
    line = [" "] * 171
    for start, text in (
        (1, code), (8, "CANARY DESCRIPTOR"), (58, "A"), (60, work), (67, "  3.64"), (76, "  1.05"),
        (85, " 0.16"), (91, "  5.32"), (97, "  2.73"), (103, "0"), (104, "000"), (107, "0.00"[:3]),
        (116, "2"), (117, "1"), (118, "1"), (119, "0"), (120, "0"), (133, factor),
    ):  # fmt: skip
        line[start - 1 : start - 1 + len(text)] = text
    return "".join(line)


def test_the_fixed_width_fee_schedule_reads_like_the_csv(tmp_path: Path) -> None:
    lines = ["HDR 2025 fee schedule", fixed_line("64493", "  1.52", " 32.3465")]
    lines += [fixed_line(f"{at:05d}", "  1.00", " 32.3465") for at in range(10_000)]
    file = tmp_path / "PPRRVU25_JAN.txt"
    file.write_text("\r\n".join([*lines, "TRL"]) + "\r\n", "latin-1", newline="")
    (added,) = add_files([file], packaged(), folder=tmp_path / "data")
    assert added.editions == (("rvu", "RVU25A", 10_001),)
    store = packaged().joined(tmp_path / "data")
    answer = store.find("rvu", date(2025, 2, 1), code="64493", modifier="")
    assert isinstance(answer, Held)
    row, citation = answer.entry.row, answer.entry.citation
    assert (row["work"], row["global_days"], row["bilateral"]) == ("1.52", "000", "1")
    assert row["conversion_factor"] == "32.3465"
    assert citation.row == 2
    assert citation.decides
    assert all(b"CANARY" not in path.read_bytes() for path in (tmp_path / "data").iterdir())


def test_a_cut_fixed_width_line_is_named(tmp_path: Path) -> None:
    lines = ["HDR 2025", fixed_line("64493", "  1.52", " 32.3465"), "64494   CUT"]
    file = tmp_path / "PPRRVU25_JAN.txt"
    file.write_text("\n".join(lines), "latin-1")
    with pytest.raises(BadSourceFileError, match="line 3: the line is cut short"):
        add_files([file], packaged(), folder=tmp_path / "data")


def test_hcpcs_keeps_one_record_a_code_and_its_dates(tmp_path: Path) -> None:
    titles = "HCPC,SEQNUM,RECID,LONG DESCRIPTION,COV,TOS1,ADD DT,TERM DT"
    rows = [f"A{at:04d},00100,3,CANARY,C,9,20200101," for at in range(5_000)]
    rows += ["A0001,00200,4,CANARY goes on,,,,", "KX,00100,7,CANARY,C,,20050101,20261231"]
    file = tmp_path / "HCPC2026_OCT_ANWEB.csv"
    file.write_text("\n".join([titles, *rows]) + "\n", "utf-8")
    (added,) = add_files([file], packaged(), folder=tmp_path / "data")
    assert added.editions == (("hcpcs_codes", "HCPCS-2026Q4", 5_001),)
    store = packaged().joined(tmp_path / "data")
    answer = store.find("hcpcs_codes", date(2026, 11, 1), code="KX")
    assert isinstance(answer, Held)
    assert answer.entry["last_day"] == "2026-12-31"
    assert store.knows("A0007")
    assert not store.knows("A9999")


def test_two_fee_schedules_of_a_quarter_are_told_apart_or_asked_for(
    data: Path, tmp_path: Path
) -> None:
    text = (
        (data / "pfs/PPRRVU2026_Jul_nonQPP.csv").read_text("latin-1").replace("33.4009", "33.5675")
    )
    file = tmp_path / "download.csv"
    file.write_text(text, "latin-1")
    with pytest.raises(BadSourceFileError, match="--setting nonqpp"):
        add_files([file], packaged(), folder=tmp_path / "data")
    add_files([file], packaged(), asked=Asked(setting="qpp"), folder=tmp_path / "data")
    store = packaged().joined(tmp_path / "data")
    day = date(2026, 8, 1)
    other = store.find("rvu_qualifying_apm", day, code="64493", modifier="")
    assert isinstance(other, Held)
    assert other.entry["conversion_factor"] == "33.5675"
    ours = store.find("rvu", day, code="64493", modifier="")
    assert isinstance(ours, Held)
    assert ours.entry["conversion_factor"] == "33.4009"


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2026Q3", Period(2026, 3)), ("2026 q3", Period(2026, 3)), ("RVU26C", Period(2026, 3)),
        ("v32.2", Period(2026, 3)), ("322", Period(2026, 3)), ("2026-07-01", Period(2026, 3)),
        ("2026", Period(2026)), ("FY2026", Period(2026)),
    ],
)  # fmt: skip
def test_an_edition_is_understood_as_people_write_it(written: str, period: Period) -> None:
    assert parse_period(written) == period


def test_an_edition_that_is_none_is_refused() -> None:
    with pytest.raises(BadSourceFileError, match="is not an edition"):
        parse_period("summer")


def test_titles_and_names_tell_the_quarter() -> None:
    assert month_and_year("July 2026 Payment Rate") == Period(2026, 3)
    title = "2026 National Physician Fee Schedule Relative Value File July Release"
    assert month_and_year(title) == Period(2026, 3)
    assert month_and_year("CY 2026") is None
    assert ncci_version("ccipra-v322r0-f4.TXT") == Period(2026, 3)
