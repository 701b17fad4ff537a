"""Which edition a file of each layout is of: by its content, its name, or what the user says."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from facetwise.errors import BadSourceFileError
from facetwise.sources import Scope
from facetwise.tables.importers import articles_download, lists
from facetwise.tables.importers.parquet import releases_in
from facetwise.tables.importers.readers import READERS
from facetwise.tables.official import KINDS, quarter_of
from facetwise.tables.period import Period, month_and_year, ncci_version
from facetwise.tables.reading import (
    Context,
    Reading,
    dated,
    entry_of,
    period_of,
    setting_of,
    source_of,
    undated,
    unsaid,
)

_APRIL = 2
"""The quarter of the second release of ICD-10-CM in a fiscal year."""
_DOWNLOAD = {
    "source": "MCD-ARTICLE-DOWNLOAD", "title": "Medicare billing articles",
    "publisher": "CMS Medicare Coverage Database",
    "url": "https://www.cms.gov/medicare-coverage-database",
}  # fmt: skip


def _rvu(context: Context) -> Reading:
    named = re.search(r"PPRRVU(?:20)?(\d\d)_?([A-Z]{3})", context.name, re.I)
    by_name = month_and_year(f"{named[2]} 20{named[1]}") if named else None
    period = _revised(context, period_of(context, month_and_year(context.head) or by_name))
    table = "rvu_qualifying_apm" if _qualifying(context, period) else "rvu"
    released = re.search(r"RELEASED\s+(\d\d)/(\d\d)/(\d{4})", context.head)
    stated = f"{released[3]}-{released[1]}-{released[2]}" if released else None
    return dated(context, table, period, released=stated)


def _revised(context: Context, period: Period) -> Period:
    """A schedule issued inside a quarter, such as RVU24AR, begins on a day of its own."""
    letter = "ABCD"[period.quarter - 1] if period.quarter else "."
    named = re.search(rf"{period.year % 100:02d}{letter}R(?![A-Z0-9])", context.found.name, re.I)
    if not (named or period.revised) or period.begins:
        return period
    known = context.base.editions.get(f"RVU{period.year % 100:02d}{letter}R")
    if known is None or known.window.first is None:
        raise BadSourceFileError(
            "it was issued inside a quarter, and the day it begins is not known.",
            where=context.found.name,
            todo="Say --edition with that day, such as 2024-03-09.",
        )
    return period._replace(begins=known.window.first, revised=True)


def _qualifying(context: Context, period: Period) -> bool:
    """From 2026 there are two files a quarter, alike but for the conversion factor."""
    name = context.name.lower()
    if setting := setting_of(context):
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
    return dated(context, "gpci", period_of(context, _one_year(years)))


def _anesthesia(context: Context) -> Reading:
    years = set(re.findall(r"ANES(20\d\d)", context.name, re.I))
    return dated(context, "anesthesia_factors", period_of(context, _one_year(years)))


def _counties(context: Context) -> Reading:
    years = set(re.findall(r"COUNTIES INCLUDED IN (20\d\d)", context.head))
    return dated(context, "locality_counties", period_of(context, _one_year(years)))


def _wage_index(context: Context) -> Reading:
    years = {f"20{yy}" for yy in re.findall(r"\bWI(\d\d)\b", context.head)}
    return dated(context, "asc_wage_index", period_of(context, _one_year(years)))


def _one_year(years: set[str]) -> Period | None:
    return Period(int(next(iter(years)))) if len(years) == 1 else None


def _zip5(context: Context) -> Reading:
    stated = context.head.partition("\n")[0].rstrip()[75:80]
    period = Period(int(stated[:4]), int(stated[4])) if stated.isdigit() else None
    return dated(context, "zip_localities", period_of(context, period))


def _ptp(context: Context) -> Reading:
    name = context.name.lower()
    setting = setting_of(context) or next(
        (s for mark, s in (("ccipra", "practitioner"), ("ccioph", "hospital")) if mark in name), ""
    )
    if setting not in ("practitioner", "hospital"):
        raise unsaid(context, "setting", "--setting practitioner or --setting hospital")
    period = period_of(context, ncci_version(name))
    part = re.search(r"-f([1-4])\b", name)
    return dated(context, f"ptp_{setting}", period, part=part[1] if part else "?")


def _mue(context: Context) -> Reading:
    titles = (("Practitioner", "practitioner"), ("Outpatient", "hospital"), ("DME", "dme"))
    setting = next(s for title, s in titles if f"{title} " in context.head.split("HCPCS/", 1)[1])
    if setting_of(context) not in ("", setting):
        raise BadSourceFileError(
            f"the file states that it is of the {setting} setting.", where=context.found.name
        )
    starts = re.search(r"Eff_(\d\d)-\d\d-(20\d\d)", context.name)
    by_name = Period(int(starts[2]), (int(starts[1]) + 2) // 3) if starts else None
    return dated(context, f"mue_{setting}", period_of(context, by_name))


def _add_ons(context: Context) -> Reading:
    named = re.search(r"AOC_V(20\d\d)Q([1-4])", context.name, re.I)
    period = period_of(context, Period(int(named[1]), int(named[2])) if named else None)
    return dated(context, "add_on_edits", period)


def _addendum(context: Context) -> Reading:
    table = {
        "asc-aa": "asc_surgical", "asc-bb": "asc_ancillary", "asc-ee": "asc_excluded",
        "asc-ff": "opps_rates",
    }[context.label]  # fmt: skip
    stated = month_and_year(context.head)
    return dated(context, table, period_of(context, stated or context.beside.period))


def _addendum_b(context: Context) -> Reading:
    written = re.sub(r"[_.]+", " ", context.name)
    year_first = re.search(r"\b(20\d\d) ([a-z]{3})", written, re.I)
    by_name = month_and_year(written) or (
        month_and_year(f"{year_first[2]} {year_first[1]}") if year_first else None
    )
    stated = month_and_year(context.head)
    return dated(context, "opps_addendum_b", period_of(context, stated or by_name))


def _icd10(context: Context) -> Reading:
    """Releases of October speak for a fiscal year, those of April for the half that is left."""
    named = re.search(r"icd10cm[-_ ][a-z]+[-_ ](?:(apr)[a-z]*[-_ ])?(20\d\d)", context.name, re.I)
    period = period_of(context, Period(int(named[2]), 2 if named[1] else 0) if named else None)
    april = period.quarter == _APRIL
    last = quarter_of(period.year, 3)[1]
    entry: dict[str, Any] = {
        "id": f"ICD10CM-FY{period.year}{'-APRIL' * april}", "table": "icd10cm",
        "first": str(quarter_of(period.year, _APRIL)[0] if april else
                     quarter_of(period.year - 1, 4)[0]),
        "last": str(last), "answers_last": str(last), **source_of(context.base, "icd10cm"),
    }  # fmt: skip
    if context.label == "icd10-codes":
        entry["note"] = "The code file lists billable codes only; headers are not in it."
    kind, rows = KINDS["icd10cm"], READERS[context.label]
    return Reading(kind, entry, kind.columns, lambda: rows(context.path))


def _articles(context: Context) -> Reading:
    """A download of billing articles: each version has days of its own."""
    files = context.beside.files
    if missing := [name for name in articles_download.NEEDED if name not in files]:
        raise _apart(context, missing[0])
    articles = articles_download.read_versions(context.path)
    contractors = {row["prefix"]: row["id"] for row in context.store.all_rows("contractors")}
    kind = KINDS["article_codes"]
    entry: dict[str, Any] = {
        **_DOWNLOAD, "id": f"{kind.prefix}{articles.updated}", "table": kind.table,
        "first": min(first for first, _ in articles.windows.values()),
        "released": str(articles.updated), "scope": str(Scope.LISTED), "listed_by": ["article"],
        "note": "The paragraphs that say how a group of codes stands are not read.",
    }  # fmt: skip
    return Reading(
        kind, entry, kind.columns,
        lambda: articles_download.read_article_lists(files, articles, contractors),
    )  # fmt: skip


def _article_part(context: Context) -> list[Reading]:
    if "article.csv" not in context.beside.files:
        raise _apart(context, "article.csv")
    return []


def _apart(context: Context, missing: str) -> BadSourceFileError:
    return BadSourceFileError(
        f"it is one table of a download and is read together with {missing}.",
        where=context.found.name,
        todo="Add current_article.zip whole.",
    )


def _counties_history(context: Context) -> list[Reading]:
    """The last release held of each year."""
    of_year = {release[3:5]: release for release in releases_in(context.path)}
    return [_counties_of(context, release) for release in of_year.values()]


def _counties_of(context: Context, release: str) -> Reading:
    kind = KINDS["locality_counties"]
    entry = entry_of(context, kind, Period(2000 + int(release[3:5])))
    entry["note"] = f"{release}, from a cleaned copy; the row is the record number in the copy."
    rows = lists.read_counties_history
    return Reading(kind, entry, kind.columns, lambda: rows(context.path, release))


def _hcpcs(context: Context) -> Reading:
    named = re.search(r"HCPC(20\d\d)_([A-Z]{3})", context.name, re.I)
    by_name = month_and_year(f"{named[2]} {named[1]}") if named else None
    return dated(context, "hcpcs_codes", period_of(context, by_name))


def _hcpcs_copy(context: Context) -> Reading:
    return undated(context, "hcpcs_codes", "HCPCS-2024-COPY")


def _places(context: Context) -> Reading:
    return undated(context, "place_of_service_list", "POS-COPY")


def _taxonomies(context: Context) -> Reading:
    version = re.search(r"(\d\d)([01])(?=\.|$)", context.name)
    said = f"{version[1]}.{version[2]}" if version else "UNKNOWN"
    return undated(context, "taxonomy_list", f"NUCC-{said}-FILE")


def _adjustments(context: Context) -> Reading:
    return undated(context, "adjustment_codes", "CARC-RARC-COPY")


def _one(make: Callable[[Context], Reading]) -> Callable[[Context], list[Reading]]:
    return lambda context: [make(context)]


MAKERS: Mapping[str, Callable[[Context], list[Reading]]] = {
    "pprrvu": _one(_rvu),
    "pprrvu-text": _one(_rvu),
    "gpci": _one(_gpci),
    "anesthesia": _one(_anesthesia),
    "counties": _one(_counties),
    "zip5": _one(_zip5),
    "ptp": _one(_ptp),
    "mue": _one(_mue),
    "add-ons": _one(_add_ons),
    "asc-aa": _one(_addendum),
    "asc-bb": _one(_addendum),
    "asc-ee": _one(_addendum),
    "asc-ff": _one(_addendum),
    "wage-index": _one(_wage_index),
    "opps-b": _one(_addendum_b),
    "icd10-order": _one(_icd10),
    "icd10-codes": _one(_icd10),
    "articles": _one(_articles),
    "article-part": _article_part,
    "counties-history": _counties_history,
    "hcpcs-text": _one(_hcpcs),
    "hcpcs": _one(_hcpcs),
    "hcpcs-copy": _one(_hcpcs_copy),
    "places": _one(_places),
    "taxonomies": _one(_taxonomies),
    "adjustments": _one(_adjustments),
}
"""What makes the readings of each layout; none for a table that is read with another."""
