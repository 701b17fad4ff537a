"""A cent off on every claim is money lost: our amount is the one CMS publishes."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from facetwise.pricing.physician import Indices, Setting, amount


def _row(work: str, pe: str, mp: str, factor: str, **more: str) -> dict[str, str]:
    total = str(Decimal(work) + Decimal(pe) + Decimal(mp))
    return {
        "work": work, "nonfacility_pe": pe, "facility_pe": pe, "mp": mp, "nonfacility_na": "",
        "facility_na": "", "nonfacility_total": total, "facility_total": total,
        "conversion_factor": factor, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("work", "pe", "mp", "factor", "dollars"),
    [
        ("1.48", "4.08", ".14", "33.4009", "190.39"),  # 64493 office 2026, fact base section 5
        ("0.98", "0.25", ".08", "33.4009", "43.76"),  # 64494 facility 2026, same
        ("3.24", "10.39", ".29", "33.4009", "464.94"),  # 64635 office 2026, same
        ("0.005", "0", "0", "1", "0.01"),  # half a cent goes up
    ],
)
def test_the_national_amount_is_rounded_once_half_up(
    work: str, pe: str, mp: str, factor: str, dollars: str
) -> None:
    assert amount(_row(work, pe, mp, factor), Setting.NONFACILITY) == Decimal(dollars)


def test_a_service_without_relative_values_has_no_amount_rather_than_zero() -> None:
    assert amount(_row("0", "0", "0", "33.4009"), Setting.FACILITY) is None


def test_a_setting_marked_na_has_no_amount() -> None:
    row = _row("0.59", "2.49", "0.05", "33.4009", facility_na="NA")
    assert amount(row, Setting.FACILITY) is None
    assert amount(row, Setting.NONFACILITY) is not None


def test_every_amount_cms_published_for_ohio_in_2020_is_met_to_the_cent(data: Path) -> None:
    pfs = data / "pfs"
    with (pfs / "gpci20b_normalized.csv").open() as file:
        ohio = next(row for row in csv.DictReader(file) if row["mac"] == "15202")
    indices = Indices(*(Decimal(ohio[f"gpci_{part}"]) for part in ("work", "pe", "mp")))
    with (pfs / "rvu20b_normalized.csv").open(encoding="latin-1") as file:
        rows = {
            (row["hcpcs"], row["mod"]): {
                "work": row["work_rvu"],
                "nonfacility_pe": row["non_fac_pe_rvu"],
                "facility_pe": row["facility_pe_rvu"],
                "mp": row["mp_rvu"],
                "nonfacility_na": "",
                "facility_na": "",
                "nonfacility_total": row["non_facility_total"],
                "facility_total": row["facility_total"],
                "conversion_factor": row["conv_factor"],
            }
            for row in csv.DictReader(file)
        }
    wrong: list[str] = []
    checked = 0
    with (pfs / "published_amounts_2020_ohio.csv").open() as file:
        for published in csv.DictReader(file):
            modifier = published["Modifier"].replace("none", "")
            row = rows[published["HCPCS Code"], modifier]
            for setting, column in (
                (Setting.NONFACILITY, "Non-Facility Fee"), (Setting.FACILITY, "Facility Fee"),
            ):  # fmt: skip
                checked += 1
                ours = amount(row, setting, indices) or Decimal(0)
                if ours != Decimal(published[column]):
                    wrong.append(f"{published['HCPCS Code']} {modifier} {setting}: {ours}")
    assert checked == 2 * 8994
    assert not wrong, wrong[:5]
