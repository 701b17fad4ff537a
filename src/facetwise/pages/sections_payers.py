"""What each payer asks: one row a plan and a Medicare contractor, with what is not known shown.

The columns are `content/payers.toml`. Plans are read from `payer_reading` and the authorization
lists; contractors from the policies.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from facetwise.pages.content import FOLDER, statements
from facetwise.pages.contractors import (
    UNKNOWN,
    Cell,
    Contractor,
    answered,
    began,
    contractors,
    listed,
    stands,
)
from facetwise.pages.gather import Context, once
from facetwise.pages.model import Grid, NotAvailable, Section
from facetwise.policies import Book, shipped
from facetwise.sources import Basis, Citation, Window
from facetwise.tables.answer import Absent, Entry, Held

Raw = Mapping[str, Any]
_READING = "payer_reading"
_NOTHING = NotAvailable(
    "What payers ask of it", "the policy of the payer that names the code, of the date of service"
)
_UNREAD = NotAvailable(
    "What the plans' own policies ask of it, beyond their authorization lists",
    "the policy of each plan, of the date of service",
)


def payers(page: Context) -> Section:
    """Commercial and Medicare Advantage plans, then Medicare's contractors."""
    columns = _columns(page)
    if not columns:
        return Section("payers", "Payers", not_available=(_NOTHING,) if page.text("object") else ())
    grids = tuple(grid for grid in (_plans(page, columns), _medicare(page, columns)) if grid.rows)
    read = {row["applies"] for row in page.store.all_rows(_READING)}
    gaps = () if read & {_subject(page), page.text("family")} else (_UNREAD,)
    return Section("payers", "Payers", statements(page, "payers"), grids, gaps)


def _subject(page: Context) -> str:
    """What the contractors' documents on the code's family are about; blank for none held."""
    subjects: Mapping[str, list[str]] = _layout()["subjects"]
    return next((s for s, families in subjects.items() if page.text("family") in families), "")


@cache
def _layout() -> Raw:
    return tomllib.loads((FOLDER / "payers.toml").read_text("utf-8"))


def _columns(page: Context) -> list[Raw]:
    layout, family = _layout(), page.text("family")
    if family not in layout["families"]:
        return []
    return [column for column in layout["column"] if family in column.get("families", (family,))]


def _plans(page: Context, columns: list[Raw]) -> Grid:
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    every = {row["plan"]: row for row in page.store.all_rows(_READING)}
    wanted = (_subject(page), page.text("family"))
    speaking = {row["plan"] for row in page.store.all_rows(_READING) if row["applies"] in wanted}
    for plan, about in sorted(every.items(), key=lambda pair: pair[0].casefold()):
        read = _read(page, plan)
        book = Book(about["payer"], about["line_of_business"], "", about["state"])
        cells = [_of_plan(page, column["question"], read, book) for column in columns]
        if plan not in speaking and not any(cell.citations for cell in cells):
            continue
        rows.append((plan, *(_shown(cell) for cell in cells), *_standing(cells)))
        cited += [citation for cell in cells for citation in cell.citations]
    heads = ("plan", *(column["title"] for column in columns), "confidence", "source")
    title = "Commercial and Medicare Advantage plans"
    return Grid("payers-plans", title, heads, tuple(rows) if cited else (), once(cited))


def _read(page: Context, plan: str) -> dict[str, Entry]:
    """What was read of a plan, by question; what speaks of the family goes before the general."""
    answer = page.store.find(_READING, page.day, plan=plan)
    entries = answer.entries if isinstance(answer, Held) else ()
    wanted = (_subject(page), page.text("family"))
    ordered = sorted(
        (entry for entry in entries if entry["applies"] in wanted),
        key=lambda entry: wanted.index(entry["applies"]),
    )
    return {entry["question"]: entry for entry in ordered}


def _of_plan(page: Context, question: str, read: Mapping[str, Entry], book: Book) -> Cell:
    if question in read:
        entry = read[question]
        text = f"{entry['value']} {entry['unit']}".strip()
        return Cell(text, "", (entry.citation,))
    if question == "authorization":
        return _authorization(page, book)
    return Cell(UNKNOWN, "", ())


def _authorization(page: Context, book: Book) -> Cell:
    """Whether a list held names the code for the book on the date, and for whom."""
    answer = shipped().authorization(book, page.day, page.code)
    if isinstance(answer, Absent):
        return Cell("not listed", stands(answer.citation), (answer.citation,))
    if not isinstance(answer, Held):
        return Cell(UNKNOWN, "", ())
    row = answer.entry
    if row.citation.basis is Basis.DERIVED and not row["since"]:
        return Cell(UNKNOWN, "", ())  # a later list says nothing of the date
    who = f"by {row['vendor']}" if row["vendor"] else ""
    where = f"for a {row['claim_types'].replace('-', ' ')} claim" if row["claim_types"] else ""
    outside = f"except place of service {row['except_places']}" if row["except_places"] else ""
    text = ", ".join(part for part in ("yes", who, where, outside) if part)
    return Cell(text, stands(row.citation), (row.citation,))


def _medicare(page: Context, columns: list[Raw]) -> Grid:
    """One row for the contractors' jurisdictions that answer alike."""
    every = contractors(page)
    alike: dict[tuple[str, ...], list[Contractor]] = {}
    cited: list[Citation] = []
    for who in every:
        cells = [_of_contractor(page, column, who) for column in columns]
        telling = [cell for cell in cells if cell.citations != who.citations]
        row = (*_once_said(columns, cells), *_standing(telling))
        alike.setdefault((who.name, *row), []).append(who)
        cited += [c for cell in cells for c in cell.citations] + list(who.citations)
    rows = tuple((listed(group, every), _states(group), *row[1:]) for row, group in alike.items())
    heads = (
        "Medicare contractor", "states", *(column["title"] for column in columns),
        "confidence", "source",
    )  # fmt: skip
    return Grid("payers-medicare", "Medicare contractors", heads, rows, once(cited))


def _states(group: Iterable[Contractor]) -> str:
    return " ".join(sorted({state for who in group for state in who.states})) or UNKNOWN


def _once_said(columns: list[Raw], cells: list[Cell]) -> list[str]:
    """The cells; how the text stands is told with the version, and where it differs from that."""
    at = next((n for n, c in enumerate(columns) if c["question"] == "version"), None)
    told = cells[at].stands if at is not None else ""
    return [
        cell.text if number != at and cell.stands == told else _shown(cell)
        for number, cell in enumerate(cells)
    ]


def _of_contractor(page: Context, column: Raw, who: Contractor) -> Cell:
    match column["question"]:
        case "document":
            return _documents(page, who)
        case "version":
            return _version(page, who)
        case "reviewer":
            return Cell("the contractor", "", who.citations)
        case "authorization":
            return _authorization(page, who.book)
        case _:
            subject = _subject(page)
            first = max((d for d in (column.get("first"), began(subject)) if d), default=None)
            if first and page.day < first:
                return Cell(UNKNOWN, "", ())
            return answered(page, who, subject, column["criterion"], column.get("words", ""))


def _documents(page: Context, who: Contractor) -> Cell:
    """The determination and its billing articles."""
    held = _papers(page, who)
    if not held:
        return Cell(UNKNOWN, "", ())
    return Cell(", ".join(one.policy.id for one in held), "", tuple(one.citation for one in held))


def _version(page: Context, who: Contractor) -> Cell:
    """The version in force, where known, and the one whose text is used, where held."""
    held = [one for one in _papers(page, who) if one.policy.kind == "determination"]
    if not held:
        return Cell(UNKNOWN, "", ())
    one = held[0]
    force = f"in force: {one.in_force.edition.id}" if one.in_force else "in force: not known"
    text = f"text used: {one.text.edition.id}" if one.text else "text not held"
    return Cell(f"{force}; {text}", stands(one.citation) if one.text else "", (one.citation,))


def _papers(page: Context, who: Contractor) -> list[Any]:
    wanted = ("determination", "article")
    subject = _subject(page)
    held = shipped().policies_for(who.book, page.day, subject=subject)
    first = began(subject)
    if first and page.day < first:
        return []
    return sorted(
        (one for one in held if one.policy.kind in wanted),
        key=lambda one: (wanted.index(one.policy.kind), one.policy.id),
    )


def _shown(cell: Cell) -> str:
    return f"{cell.text} ({cell.stands})" if cell.stands else cell.text


def _standing(cells: Iterable[Cell]) -> tuple[str, str]:
    """How sure a row is, and the editions it rests on."""
    cited = once(citation for cell in cells for citation in cell.citations)
    if not cited:
        return UNKNOWN, ""
    kinds = {citation.confidence for citation in cited}
    sure = str(next(iter(kinds))) if len(kinds) == 1 else "mixed"
    undated = any(citation.edition.window == Window() for citation in cited)
    return f"{sure}, undated" if undated else sure, ", ".join(
        dict.fromkeys(citation.edition.id for citation in cited)
    )
