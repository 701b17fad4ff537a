"""Pairs with codes out of scope, from NCCI files a user added: counted on the page, none lost."""

import time
from datetime import date
from typing import Any

import pytest

from facetwise.pages.facts import facts_of
from facetwise.pages.gather import Context
from facetwise.pages.other_pairs import other_pairs
from facetwise.tables.store import Store

DAY = date(2026, 8, 1)
SETTINGS = ("practitioner", "hospital")
COLUMNS = ("other", "name", "one", "two", "p", "pe", "h", "he")


class Added:
    """A stand-in for a folder of added files: which editions come from it."""

    def __init__(self, held: dict[str, tuple[str, ...]]) -> None:
        self.held = held

    def of_table(self, table: str) -> tuple[str, ...]:
        return self.held.get(table, ())


def _rows(monkeypatch: pytest.MonkeyPatch, store: Store, **listed: list[dict[str, str]]) -> Context:
    """A page whose store holds pairs of an added edition beside its own."""
    own = store.all_rows

    def all_rows(name: str, **key: str) -> Any:
        mine = [r for r in listed.get(name, []) if all(r[c] == v for c, v in key.items())]
        return iter(mine) if "edition" in key and name in listed else own(name, **key)

    editions = {name: tuple({row["edition"] for row in rows}) for name, rows in listed.items()}
    monkeypatch.setattr(store, "added", Added(editions))
    monkeypatch.setattr(store, "all_rows", all_rows)
    return Context(store, "64493", DAY, facts_of(store, "64493", DAY))


def _row(one: str, two: str, modifier: str, edition: str, last: str = "") -> dict[str, str]:
    return {"column_1": one, "column_2": two, "modifier": modifier, "last_day": last,
            "source_row": "1", "edition": edition}  # fmt: skip


def test_without_added_files_nothing_is_said_of_other_codes(store: Store) -> None:
    context = Context(store, "64493", DAY, facts_of(store, "64493", DAY))
    assert other_pairs(context, SETTINGS, COLUMNS).rows == ()


def test_a_pair_with_a_code_of_another_field_is_listed_and_one_in_scope_is_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _rows(monkeypatch, store, ptp_practitioner=[
        _row("64493", "93000", "1", "PTP-PRAC-2026Q3"),
        _row("64493", "77003", "1", "PTP-PRAC-2026Q3"),
        _row("27130", "64493", "0", "PTP-PRAC-2026Q3"),
        _row("64493", "93005", "1", "PTP-PRAC-2026Q3", last="2020-01-01"),
    ])  # fmt: skip
    rows = other_pairs(page, SETTINGS, COLUMNS).rows
    assert [row[2:6] for row in rows] == [
        ("64493", "93000", "1", "PTP-PRAC-2026Q3"),
        ("27130", "64493", "0", "PTP-PRAC-2026Q3"),
    ]
    assert all(row[6] == "not checked" for row in rows)


def test_thousands_of_pairs_do_not_slow_a_page_down(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [_row(f"2{n:04}", "64493", "0", "PTP-PRAC-2026Q3") for n in range(6000)]
    page = _rows(monkeypatch, store, ptp_practitioner=many)
    begun = time.perf_counter()
    assert len(other_pairs(page, SETTINGS, COLUMNS).rows) > 5900
    assert time.perf_counter() - begun < 2
