"""The NCCI edits a code meets: unit limits and pairs, practitioner and hospital apart."""

from facetwise.pages.gather import Context, marked, once
from facetwise.pages.model import Grid, NotAvailable, Section, Statement
from facetwise.pages.other_pairs import other_pairs
from facetwise.sources import Citation
from facetwise.tables.answer import Absent, Answer, Held, NotHeld

_SETTINGS = ("practitioner", "hospital")
_COLUMNS = (
    "other code", "what it is", "column 1", "column 2",
    "practitioner indicator", "practitioner edition", "hospital indicator", "hospital edition",
)  # fmt: skip


def edits(page: Context) -> Section:
    """Units a day, and every pair held in which the code stands."""
    grids, missing = _pairs(page)
    silence, unheard = _silence(page, {row[0] for grid in grids for row in grid.rows})
    units = page.missing(
        mue_practitioner="Units a day, practitioner",
        mue_hospital="Units a day, hospital outpatient",
    )
    statements = (
        *_units(page, "practitioner", "mue_practitioner", "mue_mai"),
        *_units(page, "hospital outpatient", "mue_hospital", "mue_hospital_mai"),
        *(_legend(page) if grids else ()),
        *silence,
    )
    return Section("edits", "Edits it meets", statements, grids, (*units, *missing, *unheard))


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
    """Pairs with codes in scope one by one, then those with all other codes of a file added."""
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
    grid = Grid("ptp", "Pairs with the codes held", _COLUMNS, tuple(rows), once(cited))
    missing = tuple(
        NotAvailable(f"Some pairs, for example: {reason}", file)
        for file, reason in sorted(unanswered.items())
    )
    others = other_pairs(page, _SETTINGS, _COLUMNS)
    return tuple(g for g in (grid, others) if g.rows), missing


def _partners(page: Context) -> list[tuple[str, str]]:
    """Every ordered pair of this code with one in scope that any edition held lists."""
    others = (other for other in page.store.scope if other != page.code)
    pairs = [pair for other in others for pair in ((page.code, other), (other, page.code))]
    listed = [pair for pair in pairs if any(_lists(page, s, pair) for s in _SETTINGS)]
    return sorted(listed, key=lambda pair: (pair[0] != page.code, pair))


def _lists(page: Context, setting: str, pair: tuple[str, str]) -> bool:
    rows = page.store.all_rows(f"ptp_{setting}", column_1=pair[0], column_2=pair[1])
    return any(rows)


def _cells(answers: dict[str, Answer]) -> list[str]:
    cells: list[str] = []
    for setting in _SETTINGS:
        answer = answers[setting]
        if isinstance(answer, Held):
            citation = answer.entry.citation
            how = " (carried)" if citation.carried else ""
            cells += [answer.entry.row["modifier"], citation.edition.id + how]
        elif isinstance(answer, Absent):
            cells += ["no edit", answer.citation.edition.id]
        else:
            cells += ["not checked", ""]
    return cells


def _legend(page: Context) -> tuple[Statement, ...]:
    """What the modifier indicators of a pair mean."""
    told: list[Statement] = []
    for value in ("0", "1"):
        answer = page.store.find(
            "indicator_meanings", page.day, indicator="ptp_modifier_indicator", value=value
        )
        if isinstance(answer, Held):
            cited = (answer.entry.citation,)
            text = f"Pair indicator {value}: {answer.entry['meaning'].rstrip('.')}."
            told.append(Statement(marked(text, cited), cited))
    return tuple(told)


def _silence(
    page: Context, shown: set[str]
) -> tuple[tuple[Statement, ...], tuple[NotAvailable, ...]]:
    """Codes held that have no practitioner pair with this one, or of which nothing is known."""
    quiet: list[str] = []
    cited: list[Citation] = []
    unheard: dict[str, int] = {}
    for other in page.store.scope:
        if other == page.code or other in shown:
            continue
        answers = [
            page.store.find("ptp_practitioner", page.day, column_1=one, column_2=two)
            for one, two in ((page.code, other), (other, page.code))
        ]
        absent = [answer.citation for answer in answers if isinstance(answer, Absent)]
        if len(absent) == len(answers):
            quiet.append(other)
            cited += absent
        for answer in answers[:1]:
            if isinstance(answer, NotHeld):
                unheard[answer.supplied_by] = unheard.get(answer.supplied_by, 0) + 1
    text = f"No practitioner pair, so no modifier is needed for one, with: {', '.join(quiet)}."
    gaps = tuple(
        NotAvailable(f"Practitioner pairs with the {count} codes held that are not shown", file)
        for file, count in sorted(unheard.items())
    )
    return ((Statement(text, once(cited)),) if quiet else ()), gaps
