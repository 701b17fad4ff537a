"""CMS physician fee schedule relative values (PPRRVU), one row a code and modifier."""

from collections.abc import Iterator
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.importers.parquet import read_parquet
from facetwise.tables.importers.text import records

COLUMNS = (
    "code", "modifier", "status", "work", "nonfacility_pe", "nonfacility_na", "facility_pe",
    "facility_na", "mp", "nonfacility_total", "facility_total", "pctc", "global_days", "pre",
    "intra", "post", "multiple", "bilateral", "assistant", "co_surgeon", "team_surgeon",
    "conversion_factor",
)  # fmt: skip
_AT = (0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
_FACTOR_AT = {31: 24, 32: 25}
"""Where the conversion factor stands: the 2026 layout inserts one column before it."""
_PARQUET = (
    "hcpcs", "mod", "status_code", "work_rvu", "non_fac_pe_rvu", "non_fac_indicator",
    "facility_pe_rvu", "facility_indicator", "mp_rvu", "non_facility_total", "facility_total",
    "pctc_ind", "glob_days", "pre_op", "intra_op", "post_op", "mult_proc", "bilat_surg",
    "asst_surg", "co_surg", "team_surg", "conv_factor",
)  # fmt: skip


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Rows of the official CSV, 31 columns to 2025 and 32 from 2026."""
    header, rows = records(path, "HCPCS,")
    if len(header) not in _FACTOR_AT:
        raise BadSourceFileError(
            f"{len(header)} columns; the layouts known have 31 (to 2025) or 32 (2026).",
            where=path.name,
        )
    places = (*_AT, _FACTOR_AT[len(header)])
    for line, row in rows:
        values = (row[at].strip() for at in places)
        yield dict(zip(COLUMNS, values, strict=True), source_row=str(line))


def read_history(path: Path, release: str) -> Iterator[dict[str, str]]:
    """Rows of one release in the cleaned Parquet copy of 2020 to 2024.

    One release of that copy (RVU20D) lost the leading zeros of codes and global days, and all
    of them lost the marks of settings in which a service is not given: those are `?`.
    """
    for at, values in read_parquet(path, _PARQUET, release=release):
        row = dict(zip(COLUMNS, values, strict=True), source_row=str(at))
        lost = {"nonfacility_na": "?", "facility_na": "?"}
        zeros = {"code": row["code"].zfill(5), "global_days": row["global_days"].zfill(3)}
        yield {**row, **zeros, **lost}
