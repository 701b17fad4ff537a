"""The reader of each layout that holds one edition of one table."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from facetwise.tables.importers import (
    asc,
    diagnoses,
    gpci,
    lists,
    ncci,
    opps,
    pprrvu,
    pprrvu_text,
    ptp_text,
)

Rows = Iterable[dict[str, str] | tuple[str, ...]]
"""Rows by column name, or as tuples in the order of the kind's columns."""


def _zips(path: Path) -> Rows:
    for row in gpci.read_zip5(path):
        first, last, line = row.pop("zip_first"), row.pop("zip_last"), row.pop("source_row")
        for step, number in enumerate(range(int(first), int(last) + 1)):
            yield {"zip": f"{number:05d}", **row, "source_row": str(int(line) + step)}


READERS: Mapping[str, Callable[[Path], Rows]] = {
    "pprrvu": pprrvu.read_csv,
    "pprrvu-text": pprrvu_text.read_fixed,
    "gpci": gpci.read_gpci,
    "anesthesia": gpci.read_anesthesia,
    "counties": lists.read_counties,
    "zip5": _zips,
    "ptp": ptp_text.read_text,
    "mue": ncci.read_mue,
    "mue-2024": ncci.read_mue_2024,
    "add-ons": lists.read_add_ons,
    "asc-aa": asc.read_surgical,
    "asc-bb": asc.read_ancillary,
    "asc-ee": asc.read_excluded,
    "asc-ff": asc.read_opps,
    "wage-index": asc.read_wage_index,
    "opps-b": opps.read_addendum_b,
    "icd10-order": diagnoses.read_order,
    "icd10-codes": diagnoses.read_codes,
    "hcpcs": lists.read_hcpcs,
    "hcpcs-text": lists.read_hcpcs_text,
    "hcpcs-copy": lists.read_hcpcs_copy,
    "places": lists.read_places,
    "taxonomies": lists.read_taxonomies,
    "adjustments": lists.read_adjustments,
}
