"""A file on its way into the store: what it is told from, and what it will be stored as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.errors import BadSourceFileError
from facetwise.sources import Confidence, Scope
from facetwise.tables.catalogue import Catalogue
from facetwise.tables.importers.readers import READERS, Rows
from facetwise.tables.official import KINDS, OWN, Kind, quarter_of
from facetwise.tables.period import Period
from facetwise.tables.store import Store
from facetwise.tables.unpack import Found

_SETTINGS = {
    "practitioner": "practitioner", "hospital": "hospital", "outpatient": "hospital",
    "dme": "dme", "qpp": "qpp", "nonqpp": "nonqpp",
}  # fmt: skip
_YEARLY = frozenset(
    {
        "rvu", "rvu_qualifying_apm", "asc_surgical", "asc_ancillary", "asc_excluded",
        "opps_rates", "opps_addendum_b",
    }
)  # fmt: skip
"""Tables whose editions may be carried to the end of their year only."""


class Asked(NamedTuple):
    """What the user said of the files: `--edition` and `--setting`, where given."""

    edition: Period | None = None
    setting: str = ""


class Beside(NamedTuple):
    """The other files of the folder or archive a file came from.

    Attributes:
        period: the one period that they state, where they state one.
        files: each by the last part of its name, in lower case.
    """

    period: Period | None = None
    files: Mapping[str, Path] = {}


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
    store: Store
    asked: Asked
    beside: Beside
    remarks: tuple[str, ...] = field(default=())

    @property
    def base(self) -> Catalogue:
        """The catalogue of the shipped tables."""
        return self.store.base

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return self.found.path

    @property
    def name(self) -> str:
        """What the publisher called the file, without the archive it came in."""
        return self.found.name.rpartition("/")[2]


def setting_of(context: Context) -> str:
    """The setting the user said; blank when none was said.

    Raises:
        BadSourceFileError: it is not a setting.
    """
    said = context.asked.setting.lower()
    if said and said not in _SETTINGS:
        raise BadSourceFileError(
            f"{said[:20]!r} is not a setting.",
            where="--setting",
            todo=f"Settings: {', '.join(_SETTINGS)}.",
        )
    return _SETTINGS.get(said, "")


def period_of(context: Context, stated: Period | None) -> Period:
    """What the file states; else what the user says, which must not contradict it.

    Raises:
        BadSourceFileError: they contradict each other, or neither says.
    """
    said = context.asked.edition
    if stated is None:
        if said is None:
            raise unsaid(context, "edition", "--edition, such as 2026Q3")
        return said
    if said and (said.year != stated.year or (said.quarter or stated.quarter) != stated.quarter):
        raise BadSourceFileError(
            f"the file is of {stated}, not of {said}.", where=context.found.name
        )
    return stated._replace(begins=said.begins, revised=said.revised) if said else stated


def unsaid(context: Context, what: str, option: str) -> BadSourceFileError:
    """The error that asks the user for what neither file nor name says."""
    return BadSourceFileError(
        f"neither the file nor its name says which {what} it is of.",
        where=context.found.name,
        todo=f"Say {option}, or give the file the name CMS gives it.",
    )


def dated(
    context: Context, table: str, period: Period, *, released: str | None = None, part: str = ""
) -> Reading:
    """A file of one table and one quarter or year.

    Args:
        released: ISO day of the release, where the file states it.
        part: of an edition that is shipped in parts.

    Raises:
        BadSourceFileError: the quarter is not known.
    """
    kind = KINDS[table]
    if not period.quarter and not kind.whole_year:
        raise unsaid(context, "quarter", "--edition, such as 2026Q3")
    entry = entry_of(context, kind, period)
    if released:
        entry["released"] = released
    if part:
        entry |= {"scope": str(Scope.LISTED), "listed_by": ["column_1"]}
    rows = READERS[context.label]
    return Reading(
        kind, entry, kind.columns, lambda: rows(context.path), part, remarks=context.remarks
    )


def entry_of(context: Context, kind: Kind, period: Period) -> dict[str, Any]:
    """The manifest entry of an edition of a quarter or year.

    Raises:
        BadSourceFileError: a day inside a quarter was said of a file that has none.
    """
    if kind.whole_year:
        first, last = quarter_of(period.year, 1)[0], quarter_of(period.year, 4)[1]
        name = f"{kind.prefix}{period.year}"
    else:
        first, last = quarter_of(period.year, period.quarter)
        is_rvu = kind.prefix.startswith("RVU")
        tail = f"{period.year % 100:02d}{'ABCD'[period.quarter - 1]}{'R' * period.revised}"
        name = f"{kind.prefix}{tail if is_rvu else f'{period.year}Q{period.quarter}'}"
        if period.begins and not is_rvu:
            raise BadSourceFileError(
                f"{period.begins} begins no quarter; only fee schedules are issued inside one.",
                where=context.found.name,
                todo="Say --edition with the quarter, such as 2026Q3.",
            )
        first = period.begins or first
    entry: dict[str, Any] = {
        "id": name, "table": kind.table, "first": str(first), "last": str(last),
    }  # fmt: skip
    if kind.whole_year or kind.table in _YEARLY:
        entry["answers_last"] = f"{period.year}-12-31"
    if kind.table == "add_on_edits":  # each of its rows is dated
        shipped = context.base.tables[kind.table].editions[0].answers.first
        entry["answers_first"] = str(min(shipped or first, first))
    return entry | source_of(context.base, kind.table)


def undated(context: Context, table: str, name: str) -> Reading:
    """A list that states no dates: what it holds can ask for review, its silence says nothing."""
    kind = KINDS[table]
    entry = {
        "id": name, "table": table, "note": "The file states no dates of its own.",
        "scope": str(Scope.LISTED), "listed_by": [kind.columns[0]],
        "confidence": str(Confidence.SECONDARY),
        **source_of(context.base, table),
    }  # fmt: skip
    rows = READERS[context.label]
    return Reading(kind, entry, kind.columns, lambda: rows(context.path), remarks=context.remarks)


def source_of(base: Catalogue, table: str) -> dict[str, Any]:
    """Who publishes the files of a table, as an edition's entry names it."""
    source = OWN[table].source if table in OWN else base.tables[table].editions[-1].source
    return {
        "source": source.key, "title": source.title, "publisher": source.publisher,
        "url": source.url,
    }  # fmt: skip
