"""Where it is done and by whom, with which modifiers and diagnoses, and what is missing."""

from collections.abc import Callable

from facetwise.pages.content import statements
from facetwise.pages.gather import Context, once
from facetwise.pages.model import Grid, NotAvailable, Section
from facetwise.sources import Citation
from facetwise.tables.answer import Entry, Held
from facetwise.tables.icd10 import find_diagnosis

_OF_PROCEDURES = (
    "procedures",
    "procedures, facility claims",
    "procedures met by a pair edit with indicator 1",
    "hospital outpatient",
    "ASC facility claims",
    "professional services",
)
_OF_FAMILY = {
    "anesthesia": ("anesthesia",),
    "moderate-sedation": ("procedures met by a pair edit with indicator 1",),
    "guidance": ("procedures met by a pair edit with indicator 1", "codes with PC/TC indicator 1"),
    "drug": ("drugs",),
    "contrast": ("drugs",),
    "evaluation-management": ("evaluation and management", "evaluation and management, hospital"),
}
_RULED_OUT = {"assistant": ("1", "9"), "co-surgeon": ("0", "9"), "team": ("0", "9")}
"""Indicators with which such a modifier is never paid (CMS, RVU file documentation)."""
_LATER = (
    ("The official descriptor of the code", "a licensed CPT file of your own"),
    ("Amounts by locality on this page", "facetwise price, in a later release"),
)


def sites(page: Context) -> Section:
    """Places of service where this is usually given, and which amount applies there."""
    if not page.text("object"):
        return Section("sites", "Sites of service")
    columns = ("place of service", "name", "amount that applies", "how it is used")
    pick = ("pos", "name", "setting", "typical")
    grid = _grid(page, "sites", "Places of service", "places_of_service", columns, pick, _typical)
    return Section("sites", "Sites of service", statements(page, "sites"), grid)


def _typical(entry: Entry) -> bool:
    return bool(entry.row["typical"])


def taxonomies(page: Context) -> Section:
    """Specialties that render the service, and facilities it is billed by."""
    columns = ("taxonomy", "specialty", "role")
    grid = _grid(
        page, "taxonomies", "Provider taxonomies", "taxonomies", columns,
        ("taxonomy", "specialty", "role"),
    )  # fmt: skip
    return Section("taxonomies", "Provider taxonomies", grids=grid)


def modifiers(page: Context) -> Section:
    """Modifiers that matter to the code's family, with their classes."""
    answer = page.store.find("modifiers", page.day)
    if not isinstance(answer, Held):
        return Section("modifiers", "Modifiers")
    served, excluded = _served(page), _excluded(page)
    entries = [
        entry
        for entry in answer.entries
        if entry.row["for"] in served and entry.row["class"] not in excluded
    ]
    classes: dict[str, list[str]] = {}
    for entry in entries:
        classes.setdefault(entry.row["modifier"], []).append(entry.row["class"])
    first = {entry.row["modifier"]: entry.row for entry in reversed(entries)}
    rows = tuple(
        (modifier, first[modifier]["name"], ", ".join(told), first[modifier]["bypasses_ptp"])
        for modifier, told in classes.items()
    )
    columns = ("modifier", "what it says", "class", "bypasses an indicator-1 pair")
    grid = Grid("modifiers", "Modifiers", columns, rows, once(e.citation for e in entries))
    return Section("modifiers", "Modifiers", grids=(grid,) if rows else ())


def _served(page: Context) -> frozenset[str]:
    """What the `for` column of a modifier says, where it fits the code and its indicators."""
    family = page.text("family")
    if family in _OF_FAMILY:
        return frozenset({"any service", *_OF_FAMILY[family]})
    both = page.text("bilateral") in ("1", "3")
    fitting = {
        "procedures on one side": both,
        "procedures with bilateral indicator 1 or 3": both,
        "codes with PC/TC indicator 1": page.text("pctc") == "1",
        "diagnostic facet injections": family.startswith("facet-injection"),
    }
    return frozenset(
        {"any service", *_OF_PROCEDURES, *(words for words, fits in fitting.items() if fits)}
    )


def _excluded(page: Context) -> frozenset[str]:
    """Classes of modifier that the code's own indicators rule out."""
    never = {"assistant": "assistant", "co-surgeon": "co_surgeon", "team": "team_surgeon"}
    return frozenset(kind for kind, fact in never.items() if page.text(fact) in _RULED_OUT[kind])


def _grid(
    page: Context,
    grid_id: str,
    title: str,
    table_name: str,
    columns: tuple[str, ...],
    pick: tuple[str, ...],
    wanted: Callable[[Entry], bool] = lambda _: True,
) -> tuple[Grid, ...]:
    """Rows of a reference table that speak for the date."""
    answer = page.store.find(table_name, page.day)
    if not isinstance(answer, Held):
        return ()
    entries = [entry for entry in answer.entries if wanted(entry)]
    rows = tuple(tuple(entry.row[column] for column in pick) for entry in entries)
    return (Grid(grid_id, title, columns, rows, once(e.citation for e in entries)),)


def diagnoses(page: Context) -> Section:
    """Diagnoses of each billing article that lists the code, and whether each is billable."""
    table = page.store.table("article_codes")
    rows = page.store.all_rows("article_codes", code=page.code)
    mine = [page.store.entry_of(table, row, page.day) for row in rows]
    articles = sorted({entry.row["article"] for entry in mine})
    not_covered = {e.row["article"] for e in mine if e.row["list"] == "noncovered"}
    covering = [article for article in articles if article not in not_covered]
    grids = tuple(grid for article in covering if (grid := _article(page, article)))
    listing = _listing(mine)
    named = {grid.id.removeprefix("diagnoses-") for grid in grids}
    silent = [article for article in covering if article not in named]
    missing = [
        NotAvailable(f"Diagnosis list of article {article}", table.supplied_by)
        for article in silent
    ]
    if not articles:
        missing = [NotAvailable("A billing article that lists this code", table.supplied_by)]
    return Section(
        "diagnoses", "Diagnoses by billing article", (), (*listing, *grids), tuple(missing)
    )


def _listing(entries: list[Entry]) -> tuple[Grid, ...]:
    if not entries:
        return ()
    rows = tuple(
        (
            *(e.row[column] for column in ("article", "lcd", "contractors", "list")),
            e.citation.edition.id,
            str(e.citation.basis),
        )
        for e in entries
    )
    columns = ("article", "LCD", "contractors", "code stands as", "edition", "on the date")
    cited = once(entry.citation for entry in entries)
    return (Grid("articles", "Articles that list the code", columns, rows, cited),)


def _article(page: Context, article: str) -> Grid | None:
    table = page.store.table("article_codes")
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    for row in page.store.all_rows("article_codes", article=article):
        if row["system"] != "ICD10CM":
            continue
        entry = page.store.entry_of(table, row, page.day)
        cited.append(entry.citation)
        known = find_diagnosis(page.store, row["code"], page.day)
        billable = "not checked"
        if isinstance(known, Held):
            billable = (
                "billable" if known.entry.row["kind"] == "billable" else "header, not billable"
            )
            cited.append(known.entry.citation)
        rows.append((_dotted(row["code"]), row["list"], billable, row["note"], row["edition"]))
    if not rows:
        return None
    columns = ("diagnosis", "stands as", "on the date", "note", "edition")
    title = f"Diagnoses of {article}"
    return Grid(f"diagnoses-{article}", title, columns, tuple(sorted(rows)), once(cited))


def _dotted(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def not_available(page: Context) -> Section:
    """What this edition of the page leaves out, and what would supply it."""
    missing = [NotAvailable(what, file) for what, file in _LATER]
    return Section("not-available", "Not available here", not_available=tuple(missing))
