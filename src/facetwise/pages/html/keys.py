"""The few facts a coder looks for first, read from the facts of a page."""

from collections.abc import Callable
from typing import NamedTuple

from facetwise.pages.model import Page, Value
from facetwise.sources import Citation, Fact


class Key(NamedTuple):
    """One fact in large type.

    Attributes:
        value: what it is; words such as `none` where its edition states nothing.
        note: one short line below it.
    """

    label: str
    value: str
    note: str
    quiet: bool
    citations: tuple[Citation, ...]


def key_facts(page: Page) -> tuple[Key, ...]:
    """Add-on relations, units, sides, and what is paid where; only what is held."""
    told = (
        _list(page, "add_on_of", "Add-on to", "not an add-on"),
        _list(page, "add_ons", "Takes as add-ons", "none listed"),
        _plain(page, "mue_practitioner", "Units a day", "no limit listed", "practitioner"),
        _plain(page, "bilateral", "Bilateral", "not listed", "fee-schedule indicator"),
        _plain(page, "global_period", "Global period", "not listed", ""),
        _dollars(page, "amount_national_nonfacility", "Physician, office"),
        _dollars(page, "amount_national_facility", "Physician, facility"),
        _asc(page),
    )
    return tuple(key for key in told if key)


def _held(page: Page, name: str) -> Fact[Value] | None:
    fact = page.facts.get(name)
    return fact if isinstance(fact, Fact) else None


def _key(
    page: Page, name: str, label: str, note: str, silent: str, show: Callable[[Value], str]
) -> Key | None:
    fact = _held(page, name)
    if fact is None:
        return None
    empty = fact.value is None or fact.value == [] or fact.value == ""
    value = silent if empty else show(fact.value)
    return Key(label, value, "" if empty else note, empty, fact.citations)


def _plain(page: Page, name: str, label: str, silent: str, note: str) -> Key | None:
    return _key(page, name, label, note, silent, str)


def _list(page: Page, name: str, label: str, silent: str) -> Key | None:
    def show(value: Value) -> str:
        codes = value if isinstance(value, list) else [str(value)]
        few = codes[:_CODES_SHOWN]
        more = len(codes) - len(few)
        return ", ".join(few) + (f" and {more} more" if more else "")

    return _key(page, name, label, "", silent, show)


def _dollars(page: Page, name: str, label: str) -> Key | None:
    return _key(page, name, label, "national amount", "no amount", lambda value: f"${value}")


def _asc(page: Page) -> Key | None:
    """What an ASC is paid: a rate, or the indicator alone, which the section explains."""
    for indicator, rate in (
        ("asc_indicator", "asc_rate"),
        ("asc_ancillary_indicator", "asc_ancillary_rate"),
    ):
        listed, paid = _held(page, indicator), _held(page, rate)
        if listed is None or not listed.value:
            continue
        note = f"indicator {listed.value}"
        if paid is None or not paid.value:
            return Key("ASC facility", "no rate", note, True, listed.citations)
        cited = tuple(dict.fromkeys((*listed.citations, *paid.citations)))
        return Key("ASC facility", f"${paid.value}", note, False, cited)
    return None


_CODES_SHOWN = 3
"""Codes named in a key fact; the section lists them all."""
