"""The Medicare physician fee schedule amount of one service.

Source: CMS, RVU file documentation: amount = (work x work GPCI + PE x PE GPCI + MP x MP GPCI)
x conversion factor. CMS rounds once, half up, at the end (checked against the 8,994 amounts it
published for Ohio in 2020).
"""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from facetwise.tables.answer import Row

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
