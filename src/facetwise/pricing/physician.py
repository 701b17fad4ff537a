"""The Medicare physician fee schedule amount of one service.

Source: CMS, RVU file documentation: amount = (work x work GPCI + PE x PE GPCI + MP x MP GPCI)
x conversion factor. CMS rounds once, half up, at the end (checked against the 8,994 amounts it
published for Ohio in 2020).
"""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from facetwise.tables.answer import Row
from facetwise.tables.store import Store

CENT = Decimal("0.01")


class Setting(StrEnum):
    """Where the service is given, as the fee schedule sees it."""

    NONFACILITY = "nonfacility"
    FACILITY = "facility"


class Indices(NamedTuple):
    """Geographic practice cost indices of a locality."""

    work: Decimal
    pe: Decimal
    mp: Decimal


NATIONAL = Indices(Decimal(1), Decimal(1), Decimal(1))
"""No geographic adjustment."""


def unsure(store: Store, row: Row, setting: Setting) -> bool:
    """Whether a release lost its NA marks (`?`) and another one marks the code in the setting.

    An amount would then be one that CMS may not pay: it is not held.
    """
    if row[f"{setting}_na"] != "?":
        return False
    alike = store.all_rows("rvu", code=row["code"], modifier=row["modifier"])
    return any(other[f"{setting}_na"] == "NA" for other in alike)


def amount(row: Row, setting: Setting, indices: Indices = NATIONAL) -> Decimal | None:
    """Dollars for one unit, rounded to the cent.

    Args:
        row: a row of the `rvu` table (relative values and conversion factor of one release).
        setting: which practice expense applies.
        indices: the locality's; national by default.

    Returns:
        The amount, or None where the release prices nothing: the total is zero (the status says
        why) or the setting is marked NA.
    """
    if row[f"{setting}_na"] == "NA" or Decimal(row[f"{setting}_total"]) == 0:
        return None
    relative = (
        Decimal(row["work"]) * indices.work
        + Decimal(row[f"{setting}_pe"]) * indices.pe
        + Decimal(row["mp"]) * indices.mp
    )
    dollars = relative * Decimal(row["conversion_factor"])
    return dollars.quantize(CENT, ROUND_HALF_UP)
