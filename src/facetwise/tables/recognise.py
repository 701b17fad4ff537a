"""What an official file is, by its content: the table it fills, its edition, and its reader.

Where the content names no edition or setting, the name CMS gives the file does, then what the
user says; a copy whose sha256 is that of a file the shipped tables were built from is known.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.errors import BadSourceFileError
from facetwise.sources import Edition, Scope
from facetwise.tables.catalogue import Catalogue, edition_entry
from facetwise.tables.importers import gpci, lists, ncci, pprrvu, ptp_text
from facetwise.tables.importers.readers import READERS, Rows
from facetwise.tables.layouts import check_columns, label_of, text_head
from facetwise.tables.official import KINDS, OWN, Kind, quarter_of
from facetwise.tables.period import Period, month_and_year, ncci_version
from facetwise.tables.unpack import Found

_SETTINGS = {
    "practitioner": "practitioner", "hospital": "hospital", "outpatient": "hospital",
    "dme": "dme", "qpp": "qpp", "nonqpp": "nonqpp",
}  # fmt: skip
_YEARLY = frozenset(
    {"rvu", "rvu_qualifying_apm", "asc_surgical", "asc_ancillary", "asc_excluded", "opps_rates"}
)
"""Tables whose editions may be carried to the end of their year only."""


class Asked(NamedTuple):
    """What the user said of the files: `--edition` and `--setting`, where given."""

    edition: Period | None = None
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it will be stored: one table's rows of one edition.

    Attributes:
        entry: the edition, as a manifest entry.
        rows: opens the file and yields rows in the order of `columns`, or as dictionaries.
        part: of an edition that CMS ships in parts; blank for a whole one.
        remarks: what the user should know of it.
    """

    kind: Kind
    entry: dict[str, Any]
    columns: tuple[str, ...]
    rows: Callable[[], Rows]
    part: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """One file and everything its edition may be told from."""

    found: Found
    label: str
    head: str
    base: Catalogue
    asked: Asked
    beside: Period | None
    remarks: tuple[str, ...] = field(default=())

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return self.found.path

    @property
    def name(self) -> str:
        """What the publisher called the file, without the archive it came in."""
        return self.found.name.rpartition("/")[2]


def recognise(
    found: Found, sha256: str, base: Catalogue, asked: Asked, beside: Period | None = None
) -> list[Reading]:
    """The tables and editions a file holds; none when it is not a file of a known kind.

    Args:
        base: the shipped tables, whose files are known by their sha256.
        beside: the period of another file of the same folder or archive.

    Raises:
        BadSourceFileError: it is of a known kind but altered, or its edition must be said.
    """
    head = text_head(found)
    label = label_of(found, head)
    if not label:
        return []
    context = Context(found, label, head, base, asked, beside, check_columns(label, found, head))
    known = [
        (table.name, edition)
        for table in base.tables.values()
        for edition in table.editions
        if edition.sha256 == sha256
    ]
    if known:
        return [_known(context, table, edition) for table, edition in known]
    maker = _MAKERS.get(label)
    return [maker(context)] if maker else []


def period_in(found: Found) -> Period | None:
    """The period a file states in its content; None where it states none."""
    head = text_head(found)
    return month_and_year(head) if label_of(found, head).startswith("asc-") else None


def _known(context: Context, table: str, edition: Edition) -> Reading:
    kind = KINDS[table]
    rows = _readers_of(context, table, edition.id)
    remarks = context.remarks
    if context.label.startswith("ptp-copy"):
        remarks = (*remarks, "The copy lacks start dates: nothing before its quarter is answered.")
    listed = "scope" if edition.scope is Scope.LISTED else ""
    least = 1 if listed else kind.least
    columns = ptp_text.COPY_COLUMNS if context.label.startswith("ptp-") else kind.columns
    unique = tuple(c for c in kind.unique if c in columns)
    fitted = Kind(
        kind.table, kind.prefix, columns, unique, least, kind.also_by, kind.numbers, kind.whole_year
    )
    return Reading(fitted, edition_entry(edition), columns, rows, remarks=remarks)


def _readers_of(context: Context, table: str, edition: str) -> Callable[[], Rows]:
    """The reader of a known copy: it may hold several editions or settings."""
    path = context.path
    release = "RVU" + edition.removeprefix(KINDS[table].prefix)
    setting = {"mue_hospital": "outpatient_hospital"}.get(table, "practitioner")
    fiscal = next((c for c in _first_cells(context) if c.startswith(f"fy{edition[-4:]}")), "")
    special: Mapping[str, Callable[[], Rows]] = {
        "pprrvu-history": lambda: pprrvu.read_history(path, release),
        "gpci-history": lambda: gpci.read_gpci_history(path, release),
        "anesthesia-history": lambda: gpci.read_anesthesia_history(path, release),
        "ptp-copy": lambda: ptp_text.read_copy(path, dated=True),
        "ptp-copy-active": lambda: ptp_text.read_copy(path, dated=False),
        "ptp-transcript": lambda: ncci.read_ptp_transcript(path),
        "mue-transcript": lambda: ncci.read_mue_transcript(path, setting),
        "icd10": lambda: lists.read_diagnoses(path, fiscal),
    }
    return special.get(context.label) or (lambda: READERS[context.label](path))


def _first_cells(context: Context) -> list[str]:
    return [cell.strip() for cell in context.head.partition("\n")[0].split(",")]


def _rvu(context: Context) -> Reading:
    named = re.search(r"PPRRVU(?:20)?(\d\d)_?([A-Z]{3})", context.name, re.I)
    by_name = month_and_year(f"{named[2]} 20{named[1]}") if named else None
    period = _period(context, month_and_year(context.head) or by_name)
    table = "rvu_qualifying_apm" if _qualifying(context, period) else "rvu"
    released = re.search(r"RELEASED\s+(\d\d)/(\d\d)/(\d{4})", context.head)
    stated = f"{released[3]}-{released[1]}-{released[2]}" if released else None
    return _reading(context, table, period, released=stated)


def _qualifying(context: Context, period: Period) -> bool:
    """From 2026 there are two files a quarter, alike but for the conversion factor."""
    name = context.name.lower()
    if setting := _setting(context):
        return setting == "qpp"
    if period.year < 2026 or "nonqpp" in name:  # the first year of two factors
        return False
    if "qpp" in name:
        return True
    raise BadSourceFileError(
        "there are two such files a quarter, which differ by the conversion factor only.",
        where=context.found.name,
        todo="Say --setting nonqpp, or --setting qpp for qualifying APM participants.",
    )


def _gpci(context: Context) -> Reading:
    years = set(re.findall(r"\b(20\d\d) P[WE] GPCI", context.head))
    return _reading(context, "gpci", _period(context, _one_year(years)))


def _anesthesia(context: Context) -> Reading:
    years = set(re.findall(r"ANES(20\d\d)", context.name, re.I))
    return _reading(context, "anesthesia_factors", _period(context, _one_year(years)))


def _counties(context: Context) -> Reading:
    years = set(re.findall(r"COUNTIES INCLUDED IN (20\d\d)", context.head))
    return _reading(context, "locality_counties", _period(context, _one_year(years)))


def _wage_index(context: Context) -> Reading:
    years = {f"20{yy}" for yy in re.findall(r"\bWI(\d\d)\b", context.head)}
    return _reading(context, "asc_wage_index", _period(context, _one_year(years)))


def _one_year(years: set[str]) -> Period | None:
    return Period(int(next(iter(years)))) if len(years) == 1 else None


def _zip5(context: Context) -> Reading:
    stated = context.head.partition("\n")[0].rstrip()[75:80]
    period = Period(int(stated[:4]), int(stated[4])) if stated.isdigit() else None
    return _reading(context, "zip_localities", _period(context, period))


def _ptp(context: Context) -> Reading:
    name = context.name.lower()
    setting = _setting(context) or next(
        (s for mark, s in (("ccipra", "practitioner"), ("ccioph", "hospital")) if mark in name), ""
    )
    if setting not in ("practitioner", "hospital"):
        raise _unsaid(context, "setting", "--setting practitioner or --setting hospital")
    period = _period(context, ncci_version(name))
    part = re.search(r"-f([1-4])\b", name)
    return _reading(context, f"ptp_{setting}", period, part=part[1] if part else "?")


def _mue(context: Context) -> Reading:
    titles = (("Practitioner", "practitioner"), ("Outpatient", "hospital"), ("DME", "dme"))
    setting = next(s for title, s in titles if f"{title} " in context.head.split("HCPCS/", 1)[1])
    if _setting(context) not in ("", setting):
        raise BadSourceFileError(
            f"the file states that it is of the {setting} setting.", where=context.found.name
        )
    starts = re.search(r"Eff_(\d\d)-\d\d-(20\d\d)", context.name)
    by_name = Period(int(starts[2]), (int(starts[1]) + 2) // 3) if starts else None
    return _reading(context, f"mue_{setting}", _period(context, by_name))


def _add_ons(context: Context) -> Reading:
    named = re.search(r"AOC_V(20\d\d)Q([1-4])", context.name, re.I)
    period = _period(context, Period(int(named[1]), int(named[2])) if named else None)
    return _reading(context, "add_on_edits", period)


def _addendum(context: Context) -> Reading:
    table = {
        "asc-aa": "asc_surgical", "asc-bb": "asc_ancillary", "asc-ee": "asc_excluded",
        "asc-ff": "opps_rates",
    }[context.label]  # fmt: skip
    stated = month_and_year(context.head)
    return _reading(context, table, _period(context, stated or context.beside))


def _hcpcs(context: Context) -> Reading:
    named = re.search(r"HCPC(20\d\d)_([A-Z]{3})", context.name, re.I)
    by_name = month_and_year(f"{named[2]} {named[1]}") if named else None
    return _reading(context, "hcpcs_codes", _period(context, by_name))


def _hcpcs_copy(context: Context) -> Reading:
    return _undated(context, "hcpcs_codes", "HCPCS-2024-COPY")


def _places(context: Context) -> Reading:
    return _undated(context, "place_of_service_list", "POS-COPY")


def _taxonomies(context: Context) -> Reading:
    version = re.search(r"(\d\d)([01])(?=\.|$)", context.name)
    said = f"{version[1]}.{version[2]}" if version else "UNKNOWN"
    return _undated(context, "taxonomy_list", f"NUCC-{said}-FILE")


def _adjustments(context: Context) -> Reading:
    return _undated(context, "adjustment_codes", "CARC-RARC-COPY")


def _setting(context: Context) -> str:
    said = context.asked.setting.lower()
    if said and said not in _SETTINGS:
        raise BadSourceFileError(
            f"{said[:20]!r} is not a setting.",
            where="--setting",
            todo=f"Settings: {', '.join(_SETTINGS)}.",
        )
    return _SETTINGS.get(said, "")


def _period(context: Context, stated: Period | None) -> Period:
    """What the file states; else what the user says, which must not contradict it."""
    said = context.asked.edition
    if stated is None:
        if said is None:
            raise _unsaid(context, "edition", "--edition, such as 2026Q3")
        return said
    if said and (said.year != stated.year or (said.quarter or stated.quarter) != stated.quarter):
        raise BadSourceFileError(
            f"the file is of {stated}, not of {said}.", where=context.found.name
        )
    return stated


def _unsaid(context: Context, what: str, option: str) -> BadSourceFileError:
    return BadSourceFileError(
        f"neither the file nor its name says which {what} it is of.",
        where=context.found.name,
        todo=f"Say {option}, or give the file the name CMS gives it.",
    )


def _reading(
    context: Context, table: str, period: Period, *, released: str | None = None, part: str = ""
) -> Reading:
    kind = KINDS[table]
    if not period.quarter and not kind.whole_year:
        raise _unsaid(context, "quarter", "--edition, such as 2026Q3")
    entry = _entry(context, kind, period)
    if released:
        entry["released"] = released
    if part:
        entry |= {"scope": str(Scope.LISTED), "listed_by": ["column_1"]}
    rows = READERS[context.label]
    return Reading(
        kind, entry, kind.columns, lambda: rows(context.path), part, remarks=context.remarks
    )


def _entry(context: Context, kind: Kind, period: Period) -> dict[str, Any]:
    if kind.whole_year:
        first, last = quarter_of(period.year, 1)[0], quarter_of(period.year, 4)[1]
        name = f"{kind.prefix}{period.year}"
    else:
        first, last = quarter_of(period.year, period.quarter)
        is_rvu = kind.prefix.startswith("RVU")
        tail = f"{period.year % 100:02d}{'ABCD'[period.quarter - 1]}"
        name = f"{kind.prefix}{tail if is_rvu else f'{period.year}Q{period.quarter}'}"
    entry: dict[str, Any] = {
        "id": name, "table": kind.table, "first": str(first), "last": str(last),
    }  # fmt: skip
    if kind.whole_year or kind.table in _YEARLY:
        entry["answers_last"] = f"{period.year}-12-31"
    if kind.table == "add_on_edits":  # each of its rows is dated
        shipped = context.base.tables[kind.table].editions[0].answers.first
        entry["answers_first"] = str(min(shipped or first, first))
    return entry | _source(context.base, kind.table)


def _undated(context: Context, table: str, name: str) -> Reading:
    kind = KINDS[table]
    entry = {
        "id": name, "table": table, "note": "The file states no dates of its own.",
        **_source(context.base, table),
    }  # fmt: skip
    rows = READERS[context.label]
    return Reading(kind, entry, kind.columns, lambda: rows(context.path), remarks=context.remarks)


def _source(base: Catalogue, table: str) -> dict[str, Any]:
    source = OWN[table].source if table in OWN else base.tables[table].editions[-1].source
    return {
        "source": source.key, "title": source.title, "publisher": source.publisher,
        "url": source.url,
    }  # fmt: skip


_MAKERS: Mapping[str, Callable[[Context], Reading]] = {
    "pprrvu": _rvu,
    "pprrvu-text": _rvu,
    "gpci": _gpci,
    "anesthesia": _anesthesia,
    "counties": _counties,
    "zip5": _zip5,
    "ptp": _ptp,
    "mue": _mue,
    "add-ons": _add_ons,
    "asc-aa": _addendum,
    "asc-bb": _addendum,
    "asc-ee": _addendum,
    "asc-ff": _addendum,
    "wage-index": _wage_index,
    "hcpcs": _hcpcs,
    "hcpcs-copy": _hcpcs_copy,
    "places": _places,
    "taxonomies": _taxonomies,
    "adjustments": _adjustments,
}
