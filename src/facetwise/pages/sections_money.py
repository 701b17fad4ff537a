"""Relative values by release, and national amounts in office, ASC and hospital."""

from decimal import Decimal

from facetwise.pages.facts import fact_of
from facetwise.pages.gather import Context, marked, once
from facetwise.pages.model import FactAnswer, Grid, NotAvailable, Section, Statement
from facetwise.pricing.physician import Setting, amount, unsure
from facetwise.sources import Citation
from facetwise.tables.answer import Held, NotHeld, Row
from facetwise.tables.naming import file_for

_DRUGS = ("drug", "contrast")
_ASC_LISTINGS = ("asc_indicator", "asc_ancillary_indicator", "asc_excluded")
_ASC_TABLES = ("asc_surgical", "asc_ancillary")
_HOSPITAL_TABLE = "opps_rates"
_ALL_TABLES = (*_ASC_TABLES, _HOSPITAL_TABLE)
PACKAGED = "packaged"
_PACKAGED = "N1"
"""ASC payment indicator of a packaged service (CMS, ASC addendum DD1)."""


def relative_values(page: Context) -> Section:
    """Work, practice expense, malpractice, totals: on the date, and in every release held."""
    return Section(
        "relative-values",
        "Relative values",
        _totals(page),
        tuple(grid for grid in (_components(page), _history(page)) if grid.rows),
        page.missing(rvu_work="Relative values"),
    )


def _totals(page: Context) -> tuple[Statement, ...]:
    fact = page.fact("rvu_total_nonfacility")
    if fact is None or fact.value is None:
        return ()
    edition = fact.citations[0].edition.id
    office, facility = str(fact.value), page.text("rvu_total_facility")
    if not Decimal(office) and not Decimal(facility):
        text = f"{edition} gives it no relative values: status {page.text('status')}."
        return page.say(text, "rvu_total_nonfacility", "status")
    text = f"Total relative values: {office} in the office, {facility} in a facility ({edition})."
    return page.say(text, "rvu_total_nonfacility", "rvu_total_facility")


def _components(page: Context) -> Grid:
    """The release for the date: the whole service, and its 26 and TC parts where it has them."""
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    for modifier, name in (("", "whole"), ("26", "professional"), ("TC", "technical")):
        answer = page.store.find("rvu", page.day, code=page.code, modifier=modifier)
        for entry in answer.entries if isinstance(answer, Held) else ():
            row = entry.row
            if not _priced(row):
                continue
            rows.append((
                f"{name} ({modifier})" if modifier else name, row["work"], row["nonfacility_pe"],
                row["facility_pe"], row["mp"], row["nonfacility_total"], row["facility_total"],
            ))  # fmt: skip
            cited.append(entry.citation)
    columns = (
        "part", "work", "PE office", "PE facility", "MP", "total office", "total facility",
    )  # fmt: skip
    return Grid("rvu-parts", "On the date", columns, tuple(rows), once(cited))


def _priced(row: Row) -> bool:
    """Whether a release gives the code any relative value."""
    return bool(Decimal(row["nonfacility_total"]) or Decimal(row["facility_total"]))


def _history(page: Context) -> Grid:
    table = page.store.table("rvu")
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    for row in page.store.all_rows("rvu", code=page.code, modifier=""):
        if not _priced(row):
            continue
        entry = page.store.entry_of(table, row)
        window = entry.citation.edition.window
        rows.append((
            row["edition"], str(window), row["work"], row["nonfacility_total"],
            row["facility_total"], row["conversion_factor"],
            _dollars(page, row, Setting.NONFACILITY), _dollars(page, row, Setting.FACILITY),
        ))  # fmt: skip
        cited.append(entry.citation)
    columns = (
        "release", "window", "work", "total office", "total facility", "conversion factor",
        "national amount office", "national amount facility",
    )  # fmt: skip
    return Grid("rvu-releases", "In every release held", columns, tuple(rows), once(cited))


def _dollars(page: Context, row: Row, setting: Setting) -> str:
    if unsure(page.store, row, setting):
        return "not held"
    value = amount(row, setting)
    return "" if value is None else f"{value}"


def amounts(page: Context) -> Section:
    """What Medicare pays nationally: the professional claim, the ASC's and the hospital's."""
    lines = [
        *_professional(page),
        *_qualifying(page),
        *_asc(page),
        *_hospital(page),
    ]
    if page.text("family") in _DRUGS and page.fact("status"):
        pattern = "ASP pricing file of {quarter}"
        drug = (NotAvailable("What Medicare pays for the drug", file_for(pattern, page.day)),)
    else:
        drug = ()
    missing = drug + page.missing(
        amount_national_nonfacility="National amount, office",
        amount_national_facility="National amount, facility",
        opps_rate="Hospital outpatient rate",
    )
    if not any(page.text(name) for name in _ASC_LISTINGS):
        missing += page.missing(asc_indicator="ASC payment")
    facility = facility_history(page)
    grids = (facility,) if facility.rows else ()
    return Section("amounts", "National Medicare amounts", tuple(lines), grids, missing)


def facility_history(page: Context) -> Grid:
    """What an ASC and a hospital are paid, in every release held of their addenda."""
    held: dict[tuple[str, str], dict[str, Row]] = {}
    cited: list[Citation] = []
    releases = {name: _releases_of(page, name) for name in _ALL_TABLES}
    for name in releases:
        table = page.store.table(name)
        for row in page.store.all_rows(name, code=page.code):
            entry = page.store.entry_of(table, row)
            window = str(entry.citation.edition.window)
            held.setdefault((window, row["edition"][3:]), {})[name] = row
            cited.append(entry.citation)
    rows = tuple(
        _facility_row(window, found, [name for name in releases if window in releases[name]])
        for (window, _), found in sorted(held.items())
    )
    columns = ("releases", "window", "ASC indicator", "ASC rate", "APC", "hospital rate")
    title = "ASC and hospital, in every release held"
    return Grid("facility-releases", title, columns, rows, once(cited))


def _releases_of(page: Context, name: str) -> set[str]:
    """Windows of the releases that would list the code: for one out of scope, those added."""
    added = page.store.added
    mine = added.of_table(name) if added else ()
    ships = page.code in page.store.scope
    return {str(e.window) for e in page.store.table(name).editions if ships or e.id in mine}


def _facility_row(window: str, rows: dict[str, Row], asked: list[str]) -> tuple[str, ...]:
    asc = next((rows[name] for name in _ASC_TABLES if name in rows), None)
    hospital = rows.get(_HOSPITAL_TABLE)
    indicator = asc["indicator"] if asc else ""
    silent = {name: "not listed" if name in asked else "not held" for name in _ALL_TABLES}
    if asc is None:
        unlisted = {silent[name] for name in _ASC_TABLES}
        paid = "not held" if "not held" in unlisted else "not listed"
    else:
        paid = PACKAGED if indicator == _PACKAGED else asc["rate"]
    return (
        ", ".join(row["edition"] for row in rows.values()), window, indicator, paid,
        hospital["apc"] if hospital else "",
        (hospital["rate"] or "no APC of its own") if hospital else silent[_HOSPITAL_TABLE],
    )  # fmt: skip


def _professional(page: Context) -> list[Statement]:
    """The physician's own claim; with 26 in a facility, where the code has two parts."""
    two_parts = page.text("pctc") == "1"
    where = "in an ASC or hospital" + (", professional part (26)" if two_parts else "")
    office, facility = "amount_national_nonfacility", "amount_national_facility"
    return [
        *_amount(page.facts[office], "in the office"),
        *_amount(
            fact_of(page.store, page.code, f"{facility}:26", page.day)
            if two_parts
            else page.facts[facility],
            where,
        ),
    ]


def _amount(fact: FactAnswer, where: str) -> tuple[Statement, ...]:
    if isinstance(fact, NotHeld):
        return ()
    if fact.value is None:
        why = fact.how.rstrip(".") or "nothing is listed"
        text = f"Physician {where}: no national amount ({why})."
    else:
        text = f"Physician {where}: ${fact.value} = {fact.how}."
    return (Statement(marked(text, fact.citations), fact.citations),)


def _qualifying(page: Context) -> list[Statement]:
    """The other conversion factor of the year, where there are two."""
    answer = page.store.find("conversion_factors", page.day, kind="physician-qualifying-apm")
    if not isinstance(answer, Held) or not page.text("amount_national_facility"):
        return []
    entry = answer.entry
    text = f"A clinician qualifying in an advanced APM is paid with factor {entry.row['factor']}."
    return [Statement(marked(text, (entry.citation,)), (entry.citation,))]


def _asc(page: Context) -> list[Statement]:
    excluded = page.text("asc_excluded")
    if excluded:
        return [*page.say("ASC facility: excluded from ASC payment (addendum EE).", "asc_excluded")]
    for indicator, rate, addendum in (
        ("asc_indicator", "asc_rate", "AA"),
        ("asc_ancillary_indicator", "asc_ancillary_rate", "BB"),
    ):
        letter = page.text(indicator)
        if letter == _PACKAGED:
            packaged = "packaged, no separate payment"
            return [*page.say(f"ASC facility: {packaged} ({letter}, {addendum}).", indicator)]
        if letter:
            dollars = f"${page.text(rate)}" if page.text(rate) else "no national rate"
            text = f"ASC facility: {dollars} (indicator {letter}, addendum {addendum})."
            return [*page.say(text, indicator, rate)]
    listed = "ASC facility: not listed in addenda AA, BB or EE of the quarter."
    return [*page.say(listed, "asc_indicator", "asc_ancillary_indicator", "asc_excluded")]


def _hospital(page: Context) -> list[Statement]:
    rate, apc = page.text("opps_rate"), page.text("apc")
    if rate:
        return [*page.say(f"Hospital outpatient: ${rate} (APC {apc}).", "opps_rate", "apc")]
    if status := page.text("opps_status"):
        text = f"Hospital outpatient: no rate of its own (status {status}, addendum B)."
        return [*page.say(text, "opps_status", "opps_rate")]
    if page.text("asc_indicator") == _PACKAGED:
        text = "Hospital outpatient: no APC of its own; packaged, as its ASC listing suggests."
        return [*page.say(text, "opps_rate", "asc_indicator")]
    return [*page.say("Hospital outpatient: no rate listed in addendum FF.", "opps_rate")]
