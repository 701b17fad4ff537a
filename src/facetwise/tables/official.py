"""Kinds of official files: the table each fills, how its rows are named, what it must hold.

Tables that ship are described by the manifest; those that only a user's own files fill are
declared here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from facetwise.sources import Scope, Source
from facetwise.tables.catalogue import Catalogue, Table
from facetwise.tables.importers import articles_download, opps, pprrvu, ptp_text
from facetwise.tables.naming import file_for

_RVU = (*pprrvu.COLUMNS, "source_row")
_GPCI = ("contractor", "locality", "state", "name", "work", "pe", "mp", "source_row")
_DATED = ("first_day", "last_day", "source_row")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of official file.

    Attributes:
        prefix: of the edition's id, as the shipped editions are named.
        columns: of the rows kept.
        unique: columns that no two rows may share; empty where the official file repeats itself.
        also_by: further columns to find rows by.
        least: fewer rows than this and the file is not whole.
        numbers: columns that must be a number, or blank.
        whole_year: an edition speaks for a year, not a quarter.
    """

    table: str
    prefix: str
    columns: tuple[str, ...]
    unique: tuple[str, ...]
    least: int
    also_by: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()
    whole_year: bool = False


_UNITS = ("code", "units", "mai", "source_row")
_PAID = ("code", "indicator", "weight", "rate")
_ADD_ON = ("add_on", "primary", "type", *_DATED)
_RVU_NUMBERS = (
    "work", "nonfacility_pe", "facility_pe", "mp", "nonfacility_total", "facility_total",
    "conversion_factor",
)  # fmt: skip

KINDS: Mapping[str, Kind] = {
    kind.table: kind
    for kind in (
        Kind("rvu", "RVU", _RVU, ("code", "modifier"), 10_000, numbers=_RVU_NUMBERS),
        Kind("rvu_qualifying_apm", "RVUQPP", _RVU, ("code", "modifier"), 10_000,
             numbers=_RVU_NUMBERS),
        Kind("gpci", "GPCI", _GPCI, ("contractor", "locality"), 100,
             numbers=("work", "pe", "mp"), whole_year=True),
        Kind("anesthesia_factors", "ANES", ("contractor", "locality", "factor", "source_row"),
             ("contractor", "locality"), 100, numbers=("factor",), whole_year=True),
        Kind("locality_counties", "LOCCO",
             ("contractor", "locality", "state", "area", "counties", "source_row"),
             (), 80, also_by=(("contractor", "locality"),), whole_year=True),
        Kind("zip_localities", "ZIP5-",
             ("zip", "state", "contractor", "locality", "rural", "plus_four", "source_row"),
             ("zip",), 40_000),
        Kind("ptp_practitioner", "PTP-PRAC-", ptp_text.COLUMNS, (), 100_000,
             also_by=(("column_2",),)),
        Kind("ptp_hospital", "PTP-HOSP-", ptp_text.COLUMNS, (), 100_000,
             also_by=(("column_2",),)),
        Kind("mue_practitioner", "MUE-PRAC-", _UNITS, ("code",), 10_000),
        Kind("mue_hospital", "MUE-HOSP-", _UNITS, ("code",), 10_000),
        Kind("mue_dme", "MUE-DME-", _UNITS, ("code",), 2_000),
        Kind("add_on_edits", "AOC", _ADD_ON, (), 5_000,
             also_by=(("add_on", "primary"), ("primary",))),
        Kind("asc_surgical", "AA-", (*_PAID, "discounting", "source_row"), (), 2_500,
             also_by=(("code",),), numbers=("weight", "rate")),
        Kind("asc_ancillary", "BB-", (*_PAID, "source_row"), (), 500,
             also_by=(("code",),), numbers=("weight",)),
        Kind("asc_excluded", "EE-", ("code", "source_row"), (), 500, also_by=(("code",),)),
        Kind("opps_rates", "FF-", ("code", "apc", "rate", "source_row"), (), 2_500,
             also_by=(("code",),), numbers=("rate",)),
        Kind("opps_addendum_b", "OPPS-B-", opps.COLUMNS, (), 10_000,
             also_by=(("code",),), numbers=("weight", "rate", "copayment", "least_copayment")),
        Kind("article_codes", "MCD-", articles_download.COLUMNS, (), 1_000,
             also_by=(("article",), ("code",))),
        Kind("asc_wage_index", "ASC-WI-", ("area", "name", "index", "source_row"), (), 400,
             also_by=(("area",),), numbers=("index",), whole_year=True),
        Kind("icd10cm", "ICD10CM-FY", ("code", "listed", "source_row"), ("code",), 70_000),
        Kind("hcpcs_codes", "HCPCS-", ("code", "coverage", "type_of_service", *_DATED),
             ("code", "first_day", "last_day"), 5_000),
        Kind("place_of_service_list", "POS-", ("pos", "name", "setting", "source_row"),
             ("pos",), 40),
        Kind("taxonomy_list", "NUCC-", ("taxonomy", "group", "source_row"), ("taxonomy",), 500),
        Kind("adjustment_codes", "CARC-RARC-", ("kind", "code", *_DATED), (), 500,
             also_by=(("kind", "code"),)),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Own:
    """A table that no shipped file fills: how it is declared, and who publishes it."""

    table: Table
    source: Source = field(repr=False)


def _own(
    name: str, title: str, key: tuple[str, ...], supplied_by: str, source: Source
) -> tuple[str, Own]:
    table = Table(
        name=name,
        title=title,
        file="",
        key=key,
        by="edition",
        scope=Scope.COMPLETE,
        scope_columns=(),
        scope_needs="all",
        supplied_by=supplied_by,
        rows=0,
        sha256="",
        licence="read from the user's own file",
        editions=(),
    )
    return name, Own(table, source)


OWN: Mapping[str, Own] = dict(
    (
        _own(
            "rvu_qualifying_apm",
            "Relative values with the conversion factor of qualifying APM participants",
            ("code", "modifier"),
            "PPRRVU{year}_{month}_QPP (in RVU{yy}{letter}.zip)",
            Source("CMS-PPRRVU", "Physician fee schedule relative value files", "CMS"),
        ),
        _own(
            "locality_counties",
            "Counties of each Medicare locality",
            ("contractor", "locality"),
            "{yy}LOCCO (in RVU{yy}{letter}.zip)",
            Source("CMS-LOCCO", "Counties included in localities", "CMS"),
        ),
        _own(
            "mue_dme",
            "Medically unlikely edits of durable medical equipment suppliers",
            ("code",),
            "MCR_MUE_DMESupplierServices_Eff_{starts}.csv",
            Source("CMS-MUE-DME", "NCCI medically unlikely edits, DME supplier", "CMS"),
        ),
        _own(
            "opps_addendum_b",
            "Status indicator, APC and rate of every code in hospital outpatient departments",
            ("code",),
            "OPPS Addendum B of {month} {year}",
            Source("CMS-OPPS-B", "OPPS addendum B", "CMS"),
        ),
        _own(
            "hcpcs_codes",
            "HCPCS level II codes and modifiers",
            ("code",),
            "HCPC{year}_{month}_ANWEB",
            Source("CMS-HCPCS", "HCPCS level II file", "CMS"),
        ),
        _own(
            "place_of_service_list",
            "Places of service, whole",
            ("pos",),
            "CMS place of service code set",
            Source("CMS-POS", "Place of service code set", "CMS"),
        ),
        _own(
            "taxonomy_list",
            "Provider taxonomy codes, whole",
            ("taxonomy",),
            "NUCC provider taxonomy file",
            Source(
                "NUCC", "Health care provider taxonomy code set",
                "National Uniform Claim Committee",
            ),
        ),
        _own(
            "adjustment_codes",
            "Claim adjustment group, reason and remark codes, without their wording",
            ("kind", "code"),
            "CARC and RARC lists (x12.org)",
            Source("X12-CODES", "Claim adjustment group, reason and remark codes", "X12"),
        ),
    )
)  # fmt: skip


def files_by_name(catalogue: Catalogue, days: Iterable[date]) -> set[str]:
    """Names of the official files, of kinds we read, that would answer for some days."""
    dates = set(days)
    declared = {name: own.table for name, own in OWN.items()} | dict(catalogue.tables)
    patterns = {declared[name].supplied_by for name in KINDS}
    return {file_for(pattern, day) for pattern in patterns for day in dates}


def quarter_of(year: int, number: int) -> tuple[date, date]:
    """The first and last day of a quarter."""
    first = date(year, 3 * number - 2, 1)
    following = date(year + number // 4, 3 * number % 12 + 1, 1)
    return first, following - timedelta(days=1)
