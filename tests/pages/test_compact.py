"""A page made short for reading: fewer rows, and nothing of them lost or changed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from facetwise.pages.code_page import code_page
from facetwise.pages.compact import compact, shorter
from facetwise.pages.model import Grid
from facetwise.sources import Citation, Edition, Source, Window
from facetwise.tables.store import Store

DAY = date(2026, 11, 1)
CITED = (Citation(Edition("ED-1", Source("S", "T", "P"), Window(), Window())),)
RELEASES = ("release", "window", "work", "office")


def _grid(grid_id: str, columns: tuple[str, ...], *rows: tuple[str, ...]) -> Grid:
    return Grid(grid_id, "t", columns, rows, CITED)


def test_neighbouring_releases_that_state_the_same_are_one_row_with_their_span() -> None:
    (told,) = shorter(
        _grid(
            "rvu-releases",
            RELEASES,
            ("RVU24A", "2024-01-01/2024-03-31", "1.00", "2.50"),
            ("RVU24B", "2024-04-01/2024-06-30", "1.00", "2.50"),
            ("RVU24C", "2024-07-01/2024-09-30", "1.00", "2.50"),
            ("RVU25A", "2025-01-01/2025-03-31", "1.10", "2.60"),
        )
    )
    assert told.rows == (
        ("RVU24A to RVU24C", "2024-01-01/2024-09-30", "1.00", "2.50"),
        ("RVU25A", "2025-01-01/2025-03-31", "1.10", "2.60"),
    )


def test_months_that_no_release_held_speaks_for_are_not_bridged() -> None:
    (told,) = shorter(
        _grid(
            "rvu-releases",
            RELEASES,
            ("RVU24A", "2024-01-01/2024-03-31", "1.00", "2.50"),
            ("RVU24C", "2024-07-01/2024-09-30", "1.00", "2.50"),
            ("RVU25A", "2025-01-01/2025-03-31", "1.10", "2.60"),
        )
    )
    assert told.rows[0][:2] == (
        "RVU24A, RVU24C", "2024-01-01/2024-03-31, 2024-07-01/2024-09-30",
    )  # fmt: skip


def test_a_value_that_returns_after_a_change_keeps_its_place_in_time() -> None:
    values = ("1", "2", "1")
    rows = [(f"R{n}", f"202{n}-01-01/202{n}-12-31", v, "") for n, v in enumerate(values)]
    (told,) = shorter(_grid("rvu-releases", RELEASES, *rows))
    assert [row[2] for row in told.rows] == list(values)


CELLS = st.sampled_from(("a", "b", ""))


@given(st.lists(st.tuples(st.integers(0, 999).map(str), CELLS, CELLS, CELLS), max_size=8))
def test_no_cell_of_any_table_is_lost(rows: list[tuple[str, str, str, str]]) -> None:
    columns = ("code", "one", "two", "three")
    for grid_id in ("diagnoses-A1", "modifiers", "articles"):
        (told,) = shorter(_grid(grid_id, columns, *rows))
        same = dict(told.same)
        shown = set()
        for row in told.rows:
            cells = dict(zip(told.columns, row, strict=True))
            for code in cells["code"].split(", "):
                shown.add((code, *(cells.get(c, same.get(c, "")) for c in columns[1:])))
        assert shown == set(rows)


def test_pairs_that_stand_alike_are_one_row_and_the_one_that_differs_is_not() -> None:
    columns = ("other code", "what it is", "column 1", "column 2",
               "practitioner indicator", "practitioner edition",
               "hospital indicator", "hospital edition")  # fmt: skip
    told, names = shorter(
        _grid(
            "ptp", columns,
            ("77002", "x", "64493", "77002", "1", "P", "1", "H"),
            ("77003", "y", "64493", "77003", "1", "P", "1", "H"),
            ("01991", "z", "64493", "01991", "0", "P", "no edit", "H"),
            ("64633", "w", "64633", "64493", "1", "P", "1", "OLD"),
        )
    )  # fmt: skip
    assert told.rows == (
        ("77002, 77003", "1", "1", "column 2"),
        ("01991", "0", "no edit", "column 2"),
        ("64633", "1", "1, OLD", "column 1"),
    )
    assert ("77003", "y") in names.rows


def test_a_contractor_of_whom_nothing_is_known_is_named_and_never_merged_with_others() -> None:
    grid = _grid(
        "ladder-second", ("what is asked", "CGS", "Novitas", "WPS"),
        ("gap", "2 weeks", "not known", "2 weeks"), ("relief", "80", "not known", "80"),
    )  # fmt: skip
    (told,) = shorter(grid)
    assert told.columns == ("what is asked", "CGS; WPS")
    assert told.same == (("Novitas", "not known"),)


def test_a_page_for_reading_keeps_every_statement_and_every_source(store: Store) -> None:
    page = code_page(store, "64493", DAY)
    short = compact(page)
    assert short.citations == page.citations
    for one, two in zip(page.sections, short.sections, strict=True):
        assert one.statements == two.statements
        cited = {c for grid in two.grids for c in grid.citations}
        assert {c for grid in one.grids for c in grid.citations} == cited
        files = {gap.supplied_by for gap in one.not_available}
        assert files == {gap.supplied_by for gap in two.not_available}
        assert len(two.grids) <= len(one.grids) + 1
    rows = [sum(len(g.rows) for s in p.sections for g in s.grids) for p in (page, short)]
    assert rows[1] < rows[0]
