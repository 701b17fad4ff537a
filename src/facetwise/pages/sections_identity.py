"""What the code is, the family it stands in, and what its indicators mean."""

from facetwise.pages.gather import Context, ends_well, marked, once
from facetwise.pages.model import Grid, NotAvailable, Section, Statement
from facetwise.sources import Citation
from facetwise.tables.answer import Absent, Answer, Held, NotHeld

_INDICATORS = (
    ("status", "status"),
    ("global_period", "global_period"),
    ("pctc", "pctc"),
    ("multiple_procedures", "multiple_procedures"),
    ("bilateral", "bilateral"),
    ("assistant", "assistant"),
    ("co_surgeon", "co_surgeon"),
    ("team_surgeon", "team_surgeon"),
    ("asc_indicator", "asc_indicator"),
    ("asc_discounting", "asc_discounting"),
    ("mue_mai", "mai"),
)


def at_a_glance(page: Context) -> Section:
    """What the code is on the date, in a few sentences."""
    lines = [
        *page.say(f"{page.code}: {page.text('name')}.", "name"),
        *page.say(f"One unit is: {page.text('unit')}.{_more(page, 'unit')}", "unit"),
        *page.say(f"Role in its family: {_words(page.text('level_role'))}.", "level_role"),
        *page.say(f"Imaging: {_guidance(page.text('guidance_included'))}.", "guidance_included"),
        *page.say("It is reported at most once a day, however many levels follow.", "once_per_day"),
        *_listed(page),
        *_life(page),
        *page.say(f"It replaced {page.text('replaces')}.{_more(page, 'replaces')}", "replaces"),
    ]  # fmt: skip
    missing = page.missing(
        status="Fee-schedule status",
        valid_from="First day of the code",
        valid_to="Last day of the code",
    )
    if page.text("object"):
        missing += page.missing(guidance_included="Whether imaging guidance is included")
    return Section("at-a-glance", "At a glance", tuple(lines), not_available=missing)


def _more(page: Context, name: str) -> str:
    """What the source adds to a fact, as a sentence after it."""
    fact = page.fact(name)
    return f" {ends_well(fact.how)}" if fact and fact.how else ""


def _listed(page: Context) -> tuple[Statement, ...]:
    fact = page.fact("status")
    if fact is None:
        return ()
    edition = fact.citations[0].edition.id
    if fact.value is None:
        return page.say(f"{edition} does not list {page.code} on this date.", "status")
    return page.say(f"{edition} lists it with status {fact.value}.", "status")


def _life(page: Context) -> tuple[Statement, ...]:
    first = page.say(f"It began on {page.text('valid_from')}.", "valid_from")
    ended = page.text("valid_to")
    return first + (page.say(f"It ended on {ended}.", "valid_to") if ended else ())


def level_family(page: Context) -> Section:
    """The add-on relations both ways, and the codes of the same family."""
    statements: list[Statement] = [*_beside(page)]
    grids = [_relations(page, "add_on", "primary"), _relations(page, "primary", "add_on")]
    primaries = page.fact("add_on_of")
    if primaries and primaries.value:
        listed = ", ".join(primaries.value) if isinstance(primaries.value, list) else ""
        statements += page.say(
            f"It is an add-on: a claim needs one of its primaries ({listed}) from the same "
            "patient, date and practitioner.",
            "add_on_of",
        )
    elif primaries:
        statements += page.say(
            "It is not an add-on: the add-on file lists no primary for it.", "add_on_of"
        )
    members = _family(page)
    return Section(
        "level-family",
        "Level family and add-on relations",
        tuple(statements + _later_primaries(page)),
        tuple(grid for grid in (*grids, members) if grid and grid.rows),
        page.missing(add_on_of="Primaries of this code", add_ons="Its add-on codes"),
    )


def _later_primaries(page: Context) -> list[Statement]:
    """Primaries that were added after the edit began: say since when, and why if known."""
    table = page.store.table("add_on_edits")
    rows = [
        page.store.entry_of(table, r) for r in page.store.all_rows(table.name, add_on=page.code)
    ]
    start = min((entry.row["first_day"] for entry in rows), default="")
    lines: list[Statement] = []
    for entry in rows:
        if start < entry.row["first_day"] and start <= page.day.isoformat():
            why = _reason(page, entry.row["primary"])
            text = f"From {entry.row['first_day']} also {entry.row['primary']}{why[0]}."
            lines.append(Statement(marked(text, why[1]), (entry.citation, *why[1])))
    return lines


def _beside(page: Context) -> tuple[Statement, ...]:
    """What a contractor says of billing the code beside another one."""
    answer = page.store.find("code_facts", page.day, code=page.code, fact="billed_beside")
    if not isinstance(answer, Held):
        return ()
    cited = (answer.entry.citation,)
    return (Statement(marked(ends_well(answer.entry["value"]), cited), cited),)


def _reason(page: Context, primary: str) -> tuple[str, tuple[Citation, ...]]:
    answer = page.store.find("code_facts", page.day, code=page.code, fact=f"why_primary:{primary}")
    if not isinstance(answer, Held):
        return "", ()
    return f": {answer.entry.row['value']}", (answer.entry.citation,)


def _relations(page: Context, mine: str, other: str) -> Grid | None:
    answer = page.store.find("add_on_edits", page.day, **{mine: page.code})
    if not isinstance(answer, Held):
        return None
    title = "Primaries it may be added to" if other == "primary" else "Add-ons it is a primary of"
    told = ("type", "first_day", "last_day")
    rows = tuple(
        (e.row[other], page.name_of(e.row[other]), *(e.row[column] for column in told))
        for e in answer.entries
    )
    columns = ("code", "what it is", "add-on type", "from", "to")
    return Grid(f"add-on-{other}", title, columns, rows, once(e.citation for e in answer.entries))


def _family(page: Context) -> Grid | None:
    family = page.text("family")
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    if not family:
        return None
    for code in page.store.scope:
        answer = page.store.find("code_facts", page.day, code=code, fact="family")
        if isinstance(answer, Held) and answer.entry.row["value"] == family:
            cited.append(answer.entry.citation)
            rows.append((code, *(_about(page, code, f) for f in ("name", "region", "level_role"))))
    columns = ("code", "what it is", "region", "role")
    return Grid("family", f"The family {_words(family)}", columns, tuple(rows), once(cited))


def _about(page: Context, code: str, fact: str) -> str:
    answer = page.store.find("code_facts", page.day, code=code, fact=fact)
    return _words(answer.entry.row["value"]) if isinstance(answer, Held) else ""


def indicators(page: Context) -> Section:
    """Each indicator with its meaning."""
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = []
    missing: list[NotAvailable] = []
    for name, kind in _INDICATORS:
        value = page.text(name)
        if not value:
            continue
        meaning = page.store.find("indicator_meanings", page.day, indicator=kind, value=value)
        rows.append((_words(name), value, _meaning(meaning)))
        cited += page.cite(name)
        if isinstance(meaning, Held):
            cited.append(meaning.entry.citation)
        elif isinstance(meaning, NotHeld):
            what = f"The meaning of {_words(name)} {value}"
            missing.append(NotAvailable(what, meaning.supplied_by))
    grid = Grid(
        "indicators", "Indicators", ("indicator", "value", "meaning"), tuple(rows), once(cited)
    )
    return Section(
        "indicators",
        "Indicators and what they mean",
        grids=(grid,) if rows else (),
        not_available=(*page.missing(status="Fee-schedule indicators"), *missing),
    )


def _meaning(answer: Answer) -> str:
    match answer:
        case Held():
            return ends_well(answer.entry.row["meaning"])
        case Absent() | NotHeld():
            return ""


def _guidance(value: str) -> str:
    known = {
        "fluoroscopy-or-ct": "fluoroscopy or CT is included",
        "ultrasound": "ultrasound is included",
        "none": "none is included",
        "separate": "not included; reported separately where allowed",
    }
    return known.get(value, f"{_words(value)} is included")


def _words(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ")
