"""What an index page shows: groups of entries, each with links to where it is told in full."""

from collections.abc import Iterable
from typing import NamedTuple


class Link(NamedTuple):
    """A link by its address from the top of the site."""

    address: str
    words: str


class Listed(NamedTuple):
    """One entry: what it is, what is known of it, whose word that is, and where it is used."""

    anchor: str
    title: str
    note: str = ""
    source: str = ""
    links: tuple[Link, ...] = ()
    address: str = ""
    badges: tuple[str, ...] = ()


class Group(NamedTuple):
    """Entries under one heading."""

    anchor: str
    title: str
    entries: tuple[Listed, ...]


class Listing(NamedTuple):
    """A whole index page.

    Attributes:
        path: its address from the top of the site.
        cards: whether entries are shown as cards; else one below the other.
    """

    path: str
    title: str
    lead: str
    groups: tuple[Group, ...]
    cards: bool = False


def in_order(entries: Iterable[Listed]) -> tuple[Listed, ...]:
    """Entries by title."""
    return tuple(sorted(entries, key=lambda entry: entry.title))
