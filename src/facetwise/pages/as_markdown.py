"""A page as Markdown, every sentence with its sources in brackets."""

from collections.abc import Iterable, Iterator

from facetwise.pages.compact import compact
from facetwise.pages.gather import marked
from facetwise.pages.model import Grid, Page, Section
from facetwise.sources import Citation
from facetwise.version import NOTICE


def page_markdown(page: Page) -> str:
    """The whole page as text that also reads well unrendered."""
    lines = [
        f"# {page.code} on {page.day.isoformat()}",
        "",
        f"Tables {page.tables[:16]}. {NOTICE}",
    ]
    for section in compact(page).sections:
        if section.statements or section.grids or section.not_available:
            lines += ["", f"## {section.title}", "", *_section(section)]
    lines += ["", "## Sources", "", *(_source(citation) for citation in page.citations)]
    return "\n".join(_single_blanks(lines)) + "\n"


def _single_blanks(lines: list[str]) -> Iterator[str]:
    """Never two blank lines in a row."""
    for at, line in enumerate(lines):
        if line or at == 0 or lines[at - 1]:
            yield line


def _section(section: Section) -> Iterator[str]:
    for statement in section.statements:
        yield f"- {statement.text} {_cited(statement.citations)}"
    for grid in section.grids:
        heading = f"**{marked(grid.title, grid.citations)}** {_cited(grid.citations)}"
        yield from ("", heading, "", *_same(grid), *_grid(grid))
    if section.not_available:
        yield ""
    for gap in section.not_available:
        yield f"- Not available. {gap.what.rstrip('.')}. Would be supplied by: {gap.supplied_by}."


def _same(grid: Grid) -> Iterator[str]:
    if grid.same:
        yield from (f"In every row: {said(grid)}.", "")


def said(grid: Grid) -> str:
    """What all rows of a table say, by column."""
    return "; ".join(f"{column}: {cell.rstrip('.')}" for column, cell in grid.same)


def _grid(grid: Grid) -> Iterator[str]:
    yield _row(grid.columns)
    yield _row("---" for _ in grid.columns)
    for row in grid.rows:
        yield _row(row)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cited(citations: tuple[Citation, ...]) -> str:
    ids = list(dict.fromkeys(citation.edition.id for citation in citations))
    if len(ids) > 6:
        ids = [*ids[:3], f"and {len(ids) - 4} more", ids[-1]]
    return "[" + ", ".join(ids) + "]"


def _source(citation: Citation) -> str:
    edition = citation.edition
    parts = [f"**{edition.id}**: {edition.source.title}, {edition.source.publisher}"]
    parts.append(f"window {edition.window}")
    if edition.file:
        parts.append(f"file {edition.file}")
    parts += [str(citation.confidence)] if citation.confidence != "primary" else []
    notes = " ".join(dict.fromkeys(n for n in (citation.note, edition.note) if n))
    return f"- {'; '.join(parts)}.{' ' + notes if notes else ''}"
