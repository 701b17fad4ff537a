"""The NCCI edits a code meets: unit limits and pairs, practitioner and hospital apart."""

from facetwise.pages.gather import Context, once
from facetwise.pages.model import Grid, NotAvailable, Section, Statement
from facetwise.sources import Citation
from facetwise.tables.answer import Answer, Held, NotHeld

_SETTINGS = ("practitioner", "hospital")


def edits(page: Context) -> Section:
    """Units a day, and every pair held in which the code stands."""
    grids, missing = _pairs(page)
    return Section(
        "edits",
        "Edits it meets",
        (*_units(page, "practitioner", "mue_practitioner", "mue_mai"),
         *_units(page, "hospital outpatient", "mue_hospital", "mue_hospital_mai")),
        grids,
        (*page.missing(mue_practitioner="Units a day, practitioner",
                       mue_hospital="Units a day, hospital outpatient"), *missing),
    )  # fmt: skip


def _units(page: Context, setting: str, units: str, mai: str) -> tuple[Statement, ...]:
    fact = page.fact(units)
    if fact is None:
        return ()
    edition = fact.citations[0].edition.id
    if fact.value is None:
        return page.say(f"{edition} lists no unit limit for {page.code} ({setting}).", units)
    limit = f"Medically unlikely edit, {setting}: at most {fact.value} a day, indicator MAI"
    return page.say(f"{limit} {page.text(mai)} ({edition}).", units, mai)


def _pairs(page: Context) -> tuple[tuple[Grid, ...], tuple[NotAvailable, ...]]:
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    unanswered: dict[str, str] = {}
    for one, two in _partners(page):
        answers = {
            setting: page.store.find(f"ptp_{setting}", page.day, column_1=one, column_2=two)
            for setting in _SETTINGS
        }
        held = [a.entry.citation for a in answers.values() if isinstance(a, Held)]
        for answer in answers.values():
            if isinstance(answer, NotHeld):
                unanswered[answer.supplied_by] = answer.reason
        if held:
            cited += held
            other = two if one == page.code else one
            rows.append((other, page.name_of(other), one, two, *_cells(answers)))
    columns = (
        "other code", "what it is", "column 1", "column 2 (denied)",
        "practitioner indicator", "practitioner edition", "hospital indicator", "hospital edition",
    )  # fmt: skip
    grid = Grid("ptp", "Pairs with the codes held", columns, tuple(rows), once(cited))
    missing = tuple(
        NotAvailable(f"Some pairs, for example: {reason}", file)
        for file, reason in sorted(unanswered.items())
    )
    return ((grid,) if rows else ()), missing


def _partners(page: Context) -> list[tuple[str, str]]:
    """Every ordered pair with this code that any edition held lists."""
    pairs: set[tuple[str, str]] = set()
    for setting in _SETTINGS:
        for column in ("column_1", "column_2"):
            found = page.store.all_rows(f"ptp_{setting}", **{column: page.code})
            pairs.update((row["column_1"], row["column_2"]) for row in found)
    return sorted(pairs, key=lambda pair: (pair[0] != page.code, pair))


def _cells(answers: dict[str, Answer]) -> list[str]:
    cells: list[str] = []
    for setting in _SETTINGS:
        answer = answers[setting]
        if isinstance(answer, Held):
            citation = answer.entry.citation
            how = " (carried)" if citation.carried else ""
            cells += [answer.entry.row["modifier"], citation.edition.id + how]
        else:
            cells += ["", ""]
    return cells
