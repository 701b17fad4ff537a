"""Where the code stands in a sequence of procedures: gates and gaps, by contractor.

The steps are `content/ladder*.toml`, one file a subject of policies; every number is looked up in
the policies for the date.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from facetwise.pages.content import FOLDER, cite, statements
from facetwise.pages.contractors import (
    UNKNOWN,
    Cell,
    Contractor,
    answered,
    began,
    contractors,
    listed,
)
from facetwise.pages.gather import Context, marked, once
from facetwise.pages.model import Grid, NotAvailable, Section, Statement
from facetwise.sources import Citation
from facetwise.tables.answer import Held

Raw = Mapping[str, Any]
TITLE = "Where it stands in the sequence"


class _Column(NamedTuple):
    """One contractor and its answers to the gates of a step."""

    who: Contractor
    cells: tuple[Cell, ...]


def ladder(page: Context) -> Section:
    """Conservative care, two diagnostic blocks, treatment, repeat: what each asks."""
    plan = next((one for one in _plans() if page.text("family") in one["families"]), None)
    if plan is None:
        return Section("ladder", TITLE)
    said = statements(page, "ladder")
    steps = _steps(page, plan["rung"])
    first: date | None = plan.get("first") or began(plan["subject"])
    if first and page.day < first:
        gap = f"What Medicare's contractors asked before {first}"
        return Section(
            "ladder", TITLE, (*said, *_began(page, plan)), (steps,),
            (NotAvailable(gap, "the earlier policies in the archive of the coverage database"),),
        )  # fmt: skip
    every = contractors(page)
    family = page.text("family")
    shown = [rung for rung in plan["rung"] if family in rung.get("gates_for", (family,))]
    grids = tuple(_gates(page, plan["subject"], rung, every) for rung in shown)
    return Section("ladder", TITLE, (*_lit(page, plan["rung"]), *said), (steps, *grids))


@cache
def _plans() -> tuple[Raw, ...]:
    files = sorted(FOLDER.glob("ladder*.toml"))
    return tuple(tomllib.loads(path.read_text("utf-8")) for path in files)


def _began(page: Context, plan: Raw) -> tuple[Statement, ...]:
    if "source" not in plan:
        return ()
    cited = tuple(cite(page.store, source, page.day) for source in plan["source"])
    text = f"The contractors' joint facet policies began from {plan['first']}."
    return (Statement(marked(text, cited), cited),)


def _lit(page: Context, rungs: list[Raw]) -> tuple[Statement, ...]:
    mine = [rung["title"] for rung in rungs if page.text("family") in rung.get("families", ())]
    if not mine:
        return ()
    return page.say(f"{page.code} is used at: {'; '.join(mine)}.", "family")


def _steps(page: Context, rungs: list[Raw]) -> Grid:
    rows: list[tuple[str, ...]] = []
    cited: list[Citation] = [*page.cite("family", "region")]
    near = _codes(page, {family for rung in rungs for family in rung.get("families", ())})
    for rung in rungs:
        mine = [one for one in near if one[1] in rung.get("families", ())]
        codes = [code for code, _, _ in mine]
        cited += [citation for _, _, found in mine for citation in found]
        here = "this code" if page.code in codes else ""
        rows.append((rung["title"], rung["says"], ", ".join(codes), here))
    columns = ("step", "what happens", "codes of the region", "here")
    return Grid("ladder-steps", "The sequence", columns, tuple(rows), once(cited))


def _codes(page: Context, families: set[str]) -> list[tuple[str, str, tuple[Citation, ...]]]:
    """Codes of families, in the page's own region where it has one, and who says so."""
    region = page.text("region")
    found: list[tuple[str, str, tuple[Citation, ...]]] = []
    for code in page.store.scope:
        facts = [
            page.store.find("code_facts", page.day, code=code, fact=fact)
            for fact in ("family", "region")
        ]
        family, where = (answer.entry if isinstance(answer, Held) else None for answer in facts)
        if family is None or family["value"] not in families:
            continue
        if region and (where is None or where["value"] != region):
            continue
        cited = (family.citation, *((where.citation,) if where else ()))
        found.append((code, family["value"], cited))
    return found


def _gates(page: Context, subject: str, rung: Raw, every: tuple[Contractor, ...]) -> Grid:
    """One step: a row a gate, a column for contractors that answer alike."""
    gates = rung["gate"]
    columns = [
        _Column(who, tuple(_cell(page, who, subject, gate) for gate in gates)) for who in every
    ]
    groups: dict[tuple[tuple[str, str], ...], list[_Column]] = {}
    for column in columns:
        alike = tuple((cell.text, cell.stands) for cell in column.cells)
        groups.setdefault(alike, []).append(column)
    heads = ["what is asked"]
    told: list[list[str]] = [[gate["asks"]] for gate in gates]
    for alike, group in groups.items():
        how = {stands for text, stands in alike if text != UNKNOWN}
        one = next(iter(how)) if len(how) == 1 else ""
        names = listed([column.who for column in group], every)
        heads.append(f"{names} ({one})" if one else names)
        for row, (text, stands) in zip(told, alike, strict=True):
            row.append(text if one or not stands else f"{text} ({stands})")
    cited = once(one for c in columns for cell in c.cells for one in cell.citations)
    rows = tuple(tuple(row) for row in told) if cited else ()
    return Grid(f"ladder-{rung['id']}", rung["title"], tuple(heads), rows, cited)


def _cell(page: Context, who: Contractor, subject: str, gate: Raw) -> Cell:
    first: date | None = gate.get("first")
    if first and page.day < first:
        return Cell(UNKNOWN, "", ())
    return answered(page, who, subject, gate["criterion"], gate.get("words", ""))
