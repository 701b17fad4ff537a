"""The words of the pages: our own sentences on what a code is, kept as data with their sources.

`content/*.toml` holds them, one file a family of codes. A sentence names the documents or editions
it rests on (`source`), the part of the page it belongs to, and may be narrowed to codes and dates.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from facetwise.coding.cite import cite as cite_document
from facetwise.pages.gather import Context, marked, once
from facetwise.pages.model import Statement
from facetwise.policies import Policy, Version, shipped
from facetwise.policies.standing import Place, basis_on, in_force
from facetwise.policies.standing import cite as cite_version
from facetwise.sources import Citation, Confidence, Window
from facetwise.tables.store import Store

FOLDER = Path(__file__).parent / "content"
PARTS = (
    "what",
    "not",
    "guidance",
    "sites",
    "when",
    "case",
    "record",
    "wrong",
    "reporting",
    "related",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, or one entry of a small table, and to which pages it belongs.

    Attributes:
        kind: `statement`, `worked` or `denial`.
        values: the other keys of the entry, such as `part` and `text`.
        codes: empty for every code of the families.
        window: dates of service on which it is said.
        derived: whether it follows from its sources rather than being said by one.
        file: name of the file it stands in.
    """

    kind: str
    values: Mapping[str, str]
    sources: tuple[str, ...]
    families: frozenset[str]
    codes: frozenset[str]
    window: Window
    derived: bool
    file: str

    def __getitem__(self, name: str) -> str:
        """A value, blank where the entry does not have it."""
        return self.values.get(name, "")


@cache
def every() -> tuple[Said, ...]:
    """All that the content files say, in their order."""
    return tuple(said for path in sorted(FOLDER.glob("*.toml")) for said in _read(path))


def of_page(page: Context, kind: str, part: str = "") -> tuple[Said, ...]:
    """The entries of a kind that speak to a page's code on its date."""
    family = page.text("family")
    return tuple(
        said
        for said in every()
        if said.kind == kind
        and (not part or said["part"] == part)
        and family in said.families
        and (not said.codes or page.code in said.codes)
        and page.day in said.window
    )


def statements(page: Context, part: str) -> tuple[Statement, ...]:
    """The sentences of one part of a page."""
    return tuple(
        Statement(marked(said["text"], cited), cited)
        for said in of_page(page, "statement", part)
        if (cited := citations(page, said))
    )


def citations(page: Context, said: Said) -> tuple[Citation, ...]:
    """What an entry rests on, as it stands to the page's date."""
    found = once(cite(page.store, source, page.day) for source in said.sources)
    if not said.derived:
        return found
    return tuple(replace(one, confidence=Confidence.SECONDARY) for one in found)


def cite(store: Store, source: str, day: date) -> Citation:
    """A document, table edition or policy edition by its id.

    An edition whose rows state their own dates is cited as in force: a sentence that rests on it
    has its own first day.

    Raises:
        KeyError: nobody declares it.
    """
    held = _policy_editions().get(source)
    if held is None:
        by_row = any(
            edition.id == source and table.by == "row"
            for table in store.catalogue.tables.values()
            for edition in table.editions
        )
        return cite_document(store, source, None if by_row else day)
    policy, version = held
    place = Place(policy.reaches[0], False, in_force(policy, day))
    return cite_version(policy, version, basis_on(version, place, day), place, Confidence.PRIMARY)


@cache
def _policy_editions() -> Mapping[str, tuple[Policy, Version]]:
    return {
        version.edition.id: (policy, version)
        for policy in shipped().all
        for version in policy.versions
    }


def _read(path: Path) -> Iterator[Said]:
    held = tomllib.loads(path.read_text("utf-8"))
    families = held.get("families", ())
    for kind in ("statement", "worked", "denial"):
        for raw in held.get(kind, ()):
            yield _said(kind, raw, raw.get("families", families), path.name)


def _said(kind: str, raw: Mapping[str, Any], families: Iterable[str], file: str) -> Said:
    aside = ("source", "families", "codes", "first", "last", "derived")
    sources: Sequence[str] = raw.get("source", ())
    return Said(
        kind,
        {name: str(value) for name, value in raw.items() if name not in aside},
        tuple(sources),
        frozenset(families),
        frozenset(raw.get("codes", ())),
        Window(raw.get("first"), raw.get("last")),
        bool(raw.get("derived")),
        file,
    )
