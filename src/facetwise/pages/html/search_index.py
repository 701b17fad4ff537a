"""What the search of the site looks into: one entry for each part of each page."""

import json
from collections.abc import Iterable, Sequence

from facetwise.pages.gather import marked
from facetwise.pages.html.docs import Document
from facetwise.pages.html.indexes import code_address
from facetwise.pages.html.listing import Listing
from facetwise.pages.html.rule_pages import rule_address
from facetwise.pages.model import Page, Section
from facetwise.rules.declare import Rule
from facetwise.sources import Fact

_TEXT_KEPT = 700
"""Characters of a part that are searched and shown."""
Entry = tuple[str, str, str, str]
"""Kind, title, text and address."""


def search_script(
    pages: Sequence[Page],
    rules: Iterable[Rule],
    listings: Iterable[Listing],
    documents: Iterable[Document],
) -> str:
    """The index as a script that hands it to `search.js`.

    A script, because a page opened from a file may load one and may not fetch data.
    """
    entries: list[Entry] = []
    for page in pages:
        fact = page.facts.get("name")
        name = str(fact.value or "") if isinstance(fact, Fact) else ""
        entries.append(("code", page.code, name, code_address(page.code)))
        entries += [
            ("part", f"{page.code}: {s.title}", _text(s), f"{code_address(page.code)}#{s.id}")
            for s in page.sections
            if s.statements or s.grids
        ]
    entries += [("rule", rule.id, rule.question, rule_address(rule.id)) for rule in rules]
    for listing in listings:
        entries += [
            (
                listing.title.lower(),
                e.title,
                e.note[:_TEXT_KEPT],
                e.address or f"{listing.path}#{e.anchor}",
            )
            for group in listing.groups
            for e in group.entries
        ]
    for document in documents:
        entries += [
            ("docs", heading, text, f"{document.path}#{anchor}")
            for anchor, heading, text in document.parts
        ]
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f"globalThis.facetwiseIndex = [\n{lines}\n];\n"


def _text(section: Section) -> str:
    said = " ".join(s.text.removesuffix(marked("", s.citations)) for s in section.statements)
    firsts = " ".join(row[0] for grid in section.grids for row in grid.rows)
    return f"{said} {firsts}".strip()[:_TEXT_KEPT]
