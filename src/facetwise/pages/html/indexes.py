"""Indexes of the site, read from the pages themselves: what is in none of them is in no index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from facetwise.pages.html.listing import Group, Link, Listed, Listing, in_order
from facetwise.pages.html.view import badges_of, slug
from facetwise.pages.model import Grid, Page, Section
from facetwise.sources import Citation, Fact
from facetwise.tables.store import Store

_OTHER = "other"


class _Seen(NamedTuple):
    """A row of a grid and the page it stands on."""

    page: Page
    section: Section
    grid: Grid
    row: tuple[str, ...]


def code_address(code: str) -> str:
    """Where the page of a code is, from the top of the site."""
    return f"code/{code}.html"


def by_family(pages: Sequence[Page]) -> Listing:
    """Codes by family: the first page of the site."""
    families: dict[str, list[Page]] = {}
    for page in pages:
        families.setdefault(_value(page, "family") or _OTHER, []).append(page)
    groups = tuple(
        Group(
            slug(family),
            _heading(family),
            tuple(
                Listed(page.code, page.code, _value(page, "name"), address=code_address(page.code))
                for page in members
            ),
        )
        for family, members in _largest_of_facets_first(families)
    )
    return Listing("index.html", "Codes by family", "", groups, cards=True)


def by_modifier(pages: Sequence[Page]) -> Listing:
    """Each modifier, what it says, and the codes that may carry it."""
    lead = "What each modifier says, and the codes of this site on which it can matter."
    entries = _entries(pages, "modifiers", key=0, notes=(1, 2))
    return Listing("by-modifier.html", "Modifiers", lead, _one(entries))


def by_taxonomy(pages: Sequence[Page]) -> Listing:
    """Each specialty and facility, and the codes it renders or bills."""
    lead = "Provider taxonomies of those who render these services and of those who bill them."
    entries = _entries(pages, "taxonomies", key=0, notes=(1, 2))
    return Listing("by-taxonomy.html", "Provider taxonomies", lead, _one(entries))


def by_diagnosis(pages: Sequence[Page]) -> Listing:
    """Each diagnosis of a billing article, how it stands there, and for which codes."""
    lead = (
        "Diagnoses that a Medicare billing article lists, article by article, and the codes it "
        "lists them for. A diagnosis that is not here is on no list held; that is not a denial."
    )
    groups = tuple(
        Group(slug(grid_id), _title(pages, grid_id), _entries(pages, grid_id, 0, (1, 2, 3)))
        for grid_id in _grid_ids(pages, "diagnoses-")
    )
    return Listing("by-diagnosis.html", "Diagnoses", lead, groups)


def not_held(pages: Sequence[Page]) -> Listing:
    """The coverage register: every gap of every page by the file that would close it."""
    lead = (
        "What these pages cannot say, by the file that would supply it. Add the file, and each "
        "page listed below it says more."
    )
    gaps: dict[str, dict[str, list[Link]]] = {}
    for page in pages:
        for section in page.sections:
            for gap in section.not_available:
                what = gap.what.replace(page.code, "the code").partition(":")[0].rstrip(".")
                link = Link(f"{code_address(page.code)}#{section.id}", page.code)
                links = gaps.setdefault(gap.supplied_by, {}).setdefault(what, [])
                links += [] if link in links else [link]
    groups = tuple(Group(slug(file), file, _gap_entries(file, gaps[file])) for file in sorted(gaps))
    return Listing("coverage.html", "What is not held", lead, groups)


def _gap_entries(file: str, gaps: Mapping[str, list[Link]]) -> tuple[Listed, ...]:
    return tuple(
        Listed(slug(f"{file} {what}"), what, links=tuple(links))
        for what, links in sorted(gaps.items())
    )


def sources(store: Store, pages: Sequence[Page]) -> Listing:
    """Every edition that a page rests on, by the table it is of, and documents quoted by hand."""
    lead = (
        "Every edition these pages rest on: its window of dates of service, its file, and the "
        "SHA-256 sum by which you can tell that you hold the same file."
    )
    cited = {c.edition.id: c for page in pages for c in page.citations}
    groups: list[Group] = []
    for table in sorted(store.catalogue.tables.values(), key=lambda table: table.title):
        mine = [cited.pop(e.id) for e in reversed(table.editions) if e.id in cited]
        if mine:
            groups.append(Group(table.name, table.title, tuple(map(_edition, mine))))
    rest = tuple(_edition(cited[edition]) for edition in sorted(cited))
    if rest:
        groups.append(Group("documents", "Documents", rest))
    return Listing("sources.html", "Sources and editions", lead, tuple(groups))


def _edition(citation: Citation) -> Listed:
    edition = citation.edition
    parts = (
        f"{edition.source.title}, {edition.source.publisher}",
        f"window {edition.window}",
        f"file {edition.file}" if edition.file else "",
        f"SHA-256 {edition.sha256}" if edition.sha256 else "",
        edition.note,
    )
    note = "; ".join(part for part in parts if part)
    badges = badges_of((citation,))
    return Listed(slug(edition.id), edition.id, note, source=edition.source.url, badges=badges)


def _entries(
    pages: Sequence[Page], grid_id: str, key: int, notes: tuple[int, ...]
) -> tuple[Listed, ...]:
    """One entry for each value of a column, with links to the pages that show it."""
    seen: dict[str, list[_Seen]] = {}
    for found in _rows(pages, grid_id):
        seen.setdefault(found.row[key], []).append(found)
    return in_order(
        Listed(
            slug(f"{grid_id} {value}") if grid_id.startswith("diagnoses-") else slug(value),
            value,
            "; ".join(part for at in notes if (part := rows[0].row[at])),
            ", ".join(sorted({c.edition.id for c in rows[0].grid.citations})[:3]),
            tuple(Link(f"{code_address(s.page.code)}#{s.section.id}", s.page.code) for s in rows),
            badges=badges_of(rows[0].grid.citations),
        )
        for value, rows in seen.items()
    )


def _rows(pages: Sequence[Page], grid_id: str) -> Iterator[_Seen]:
    for page in pages:
        for section in page.sections:
            for grid in section.grids:
                if grid.id == grid_id:
                    yield from (_Seen(page, section, grid, row) for row in grid.rows)


def _grid_ids(pages: Sequence[Page], prefix: str) -> list[str]:
    grids = (g for page in pages for section in page.sections for g in section.grids)
    return sorted({grid.id for grid in grids if grid.id.startswith(prefix)})


def _title(pages: Sequence[Page], grid_id: str) -> str:
    return next(seen.grid.title for seen in _rows(pages, grid_id))


def _one(entries: tuple[Listed, ...]) -> tuple[Group, ...]:
    return (Group("all", "", entries),) if entries else ()


def _value(page: Page, name: str) -> str:
    fact = page.facts.get(name)
    return str(fact.value or "") if isinstance(fact, Fact) else ""


def _largest_of_facets_first(
    families: Mapping[str, list[Page]],
) -> Iterable[tuple[str, list[Page]]]:
    """Families with the most levels first, then by name: those are what the site is about."""

    def place(item: tuple[str, list[Page]]) -> tuple[int, int, str]:
        family, members = item
        roles = {_value(page, "level_role") for page in members}
        leveled = len(roles) > 1 and any(_value(page, "region") for page in members)
        return (-len(roles), -len(members), family) if leveled else (0, 0, family)

    return sorted(families.items(), key=place)


def _heading(family: str) -> str:
    words = _words(family)
    return words.replace("si ", "SI ", 1) if words.startswith("si ") else words.capitalize()


def _words(slug_: str) -> str:
    return slug_.replace("-", " ").replace("_", " ")
