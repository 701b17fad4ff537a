"""What an official file is, by its content: the tables it fills, their editions, and its reader.

Where the content names no edition or setting, the name CMS gives the file does, then what the
user says; a copy whose sha256 is that of a file the shipped tables were built from is known.
"""

from collections.abc import Callable, Mapping

from facetwise.sources import Edition, Scope
from facetwise.tables.catalogue import edition_entry
from facetwise.tables.editions import MAKERS
from facetwise.tables.importers import gpci, lists, ncci, pprrvu, ptp_text
from facetwise.tables.importers.readers import READERS, Rows
from facetwise.tables.layouts import check_columns, label_of, text_head
from facetwise.tables.official import KINDS, Kind
from facetwise.tables.period import Period, month_and_year
from facetwise.tables.reading import Asked, Beside, Context, Reading
from facetwise.tables.store import Store
from facetwise.tables.unpack import Found


def recognise(
    found: Found, sha256: str, base: Store, asked: Asked, beside: Beside | None = None
) -> list[Reading] | None:
    """The tables and editions a file holds; None when it is not a file of a known kind.

    A table of a download that is read with another file has none of its own.

    Args:
        base: the shipped tables, whose files are known by their sha256.
        beside: the other files of the same folder or archive.

    Raises:
        BadSourceFileError: it is of a known kind but altered, or its edition must be said.
    """
    head = text_head(found)
    label = label_of(found, head)
    if not label:
        return None
    remarks = check_columns(label, found, head)
    context = Context(found, label, head, base, asked, beside or Beside(), remarks)
    known = [
        (table.name, edition)
        for table in base.base.tables.values()
        for edition in table.editions
        if edition.sha256 == sha256
    ]
    if known:
        return [_known(context, table, edition) for table, edition in known]
    maker = MAKERS.get(label)
    return maker(context) if maker else None


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
