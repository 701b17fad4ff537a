"""A page for each document of a payer: its versions, what it asks, its limits and code lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from facetwise.pages.contractors import COMPARES
from facetwise.pages.html.listing import Link
from facetwise.pages.html.view import window_text
from facetwise.policies import CodeList, Criterion, Policy, Reach, Text, Version
from facetwise.policies.model import ICD
from facetwise.tables.store import Store

TEXTS = {
    Text.READ: "text read",
    Text.PART: "read in part",
    Text.NOT_HELD: "text not held",
}
CRITERIA_COLUMNS = ("what it asks", "limit", "of", "topic")
"""Of the table of criteria on a document's page."""
_LISTS = {
    "covered": "Covered",
    "limited": "Covered with a limit",
    "noncovered": "Not covered",
    "prior_auth": "Needs authorization",
}


class VersionView(NamedTuple):
    """One version: when, how much of it was read, and all that was read of it.

    Attributes:
        stands: how it stands to the date of the page.
        criteria: rows of `CRITERIA_COLUMNS`, and whether a row rests on a secondary source.
        open: whether it is shown unfolded.
    """

    name: str
    edition: str
    anchor: str
    window: str
    read: str
    stands: str
    url: str
    note: str
    criteria: tuple[tuple[tuple[str, ...], bool], ...]
    lists: tuple["ListView", ...]
    open: bool


class ListView(NamedTuple):
    """Codes that a version lists alike."""

    title: str
    codes: tuple[str, ...]
    note: str
    secondary: bool


class PolicyView(NamedTuple):
    """All that the template of a document shows."""

    policy: Policy
    payer: str
    about: tuple[tuple[str, str], ...]
    versions: tuple[VersionView, ...]
    rules: tuple[Link, ...]
    codes: tuple[str, ...]


def policy_address(policy_id: str) -> str:
    """Where the page of a document is, from the top of the site."""
    return f"policies/{policy_id}.html"


def payer_titles(store: Store) -> dict[str, str]:
    """What a payer is called, by its id."""
    held = {row["payer"]: row["title"] for row in store.all_rows("payers") if row["title"]}
    return {"medicare": "Medicare", **held}


def policy_view(
    policy: Policy,
    titles: Mapping[str, str],
    rules: Iterable[Link],
    scope: Iterable[str],
    day: date,
) -> PolicyView:
    """A document as it stands to a date.

    Args:
        titles: names of payers by id.
        rules: rules that cite it, or whose cases do.
        scope: codes that have a page.
    """
    shown = shown_version(policy, day)
    versions = tuple(_version(policy, one, day, one is shown) for one in reversed(policy.versions))
    return PolicyView(
        policy,
        titles.get(policy.payer, policy.payer),
        tuple((name, words) for name, words in _about(policy) if words),
        versions,
        tuple(rules),
        tuple(sorted(policy.named_codes & frozenset(scope))),
    )


def shown_version(policy: Policy, day: date) -> Version:
    """The version in force on the date, where one is known to be; else the last that was read."""
    told = {one.edition for one in (*policy.criteria, *policy.codes)}
    read = [v for v in policy.versions if v.edition.id in told] or list(policy.versions)
    return next((v for v in policy.versions if v.dated and day in v.edition.window), read[-1])


def _about(policy: Policy) -> tuple[tuple[str, str], ...]:
    return (
        ("Kind", policy.kind.replace("-", " ")),
        ("Publisher", policy.publisher),
        ("Book", ", ".join(book.replace("-", " ") for book in policy.lines_of_business)),
        ("Subject", ", ".join(policy.subjects)),
        ("Decided by", policy.vendor),
        ("Binds", "; ".join(words for reach in policy.reaches if (words := _reach(reach)))),
        ("Claims", ", ".join(kind.replace("-", " ") for kind in policy.claim_types)),
        ("Places of service", ", ".join(policy.places)),
        ("Not at places", ", ".join(policy.except_places)),
        ("First version", str(policy.began or "")),
        ("Goes with", ", ".join(policy.companions)),
        ("Would supply what is missing", policy.supplied_by),
    )


def _reach(reach: Reach) -> str:
    parts = (
        reach.contractor,
        f"in {', '.join(reach.states)}" if reach.states else "",
        f"not in {', '.join(reach.except_states)}" if reach.except_states else "",
        window_text(reach.window) if reach.window.first or reach.window.last else "",
        f"before: {reach.replaces}" if reach.replaces else "",
        "secondary source" if reach.confidence == "secondary" else "",
    )
    return ", ".join(part for part in parts if part)


def _version(policy: Policy, version: Version, day: date, shown: bool) -> VersionView:
    edition = version.edition
    mine = [one for one in policy.criteria if one.edition == edition.id]
    lists = [one for one in policy.codes if one.edition == edition.id]
    return VersionView(
        version.name,
        edition.id,
        f"v-{''.join(c if c.isalnum() else '-' for c in version.name)}",
        window_text(edition.window),
        TEXTS[version.text],
        _stands(version, day),
        edition.source.url,
        edition.note,
        tuple((_criterion(one), one.confidence == "secondary") for one in mine),
        tuple(_list(one) for one in lists),
        shown,
    )


def _stands(version: Version, day: date) -> str:
    if version.dated and day in version.edition.window:
        return "in force on the date"
    return "not known to be in force on the date"


def _criterion(one: Criterion) -> tuple[str, ...]:
    applies = ", ".join(word.replace("-", " ") for word in one.applies)
    return one.asks, _limit(one), applies, one.topic.replace("-", " ")


def _limit(one: Criterion) -> str:
    """The number and what it counts, or the words compared with; blank for words alone."""
    words = ", ".join(value.replace("-", " ") for value in one.values)
    compare = COMPARES.get(one.compare, "")
    if one.number is None:
        return f"{compare} {words}".strip() if one.compare else words
    parts = [f"{compare} {one.number} {one.unit}".strip()]
    if one.limit:
        parts += [f"a {per}" for per in one.limit.per]
        if one.limit.within is not None:
            within = f"within {one.limit.within} {one.limit.within_unit}"
            parts.append(f"{within} ({one.limit.period})" if one.limit.period else within)
    return ", ".join(part for part in (" ".join(parts), words) if part)


def _list(held: CodeList) -> ListView:
    dotted = [f"{c[:3]}.{c[3:]}" if held.system == ICD and len(c) > 3 else c for c in held.codes]
    parts = (
        held.system,
        f"group {held.group}" if held.group else "",
        f"since {held.since}" if held.since else "",
        "the whole list" if held.complete else "codes read; others may be listed",
    )
    title = f"{_LISTS.get(held.list, held.list)}: {len(dotted)} codes"
    told = "; ".join(part for part in parts if part)
    return ListView(f"{title} ({told})", tuple(dotted), held.note, held.confidence == "secondary")
