"""A page as a reader gets it: nothing lost on the way to HTML, every sentence with its sources."""

import re
from datetime import date
from html import escape, unescape

import pytest

from facetwise.pages.code_page import code_page
from facetwise.pages.html.charts import (
    FACILITY_GRID,
    GRID,
    facility_charts,
    physician_charts,
    value_charts,
)
from facetwise.pages.html.labels import labels_css
from facetwise.pages.html.ladder import ladder
from facetwise.pages.html.level_map import level_maps
from facetwise.pages.html.render import page_html
from facetwise.pages.html.view import source_anchor, view_of, window_text
from facetwise.pages.model import Grid, Page, Section, Statement
from facetwise.sources import Citation, Edition, Source, Window
from facetwise.tables.store import Store
from tests.conftest import Run

DAY = date(2026, 11, 1)
EDITION = Edition("ED-1", Source("S", "A <title>", "P"), Window(), Window())
CITED = (Citation(EDITION),)


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _with(*sections: Section) -> Page:
    return Page("64494", DAY, {}, sections, "d" * 64, CITED)


def test_every_statement_row_and_gap_of_the_page_is_in_the_html(store: Store) -> None:
    page = code_page(store, "64494", DAY)
    text = " ".join(_plain(page_html(store, page)).split())
    view = view_of(page)
    assert [s.id for s in view.sections] == [
        s.id for s in page.sections if s.statements or s.grids or s.not_available
    ]
    for section in view.sections:
        for line in section.lines:
            assert " ".join(line.text.split()) in text
        for what, file in section.gaps:
            assert " ".join(what.split()) in text
            assert " ".join(file.split()) in text
        for table in section.tables:
            assert table.rows
            for row in table.rows:
                for cell in row:
                    assert " ".join(cell.split()) in text, (section.id, cell)


def test_every_source_mark_leads_to_a_place_in_the_list_of_sources(store: Store) -> None:
    html = page_html(store, code_page(store, "64635", DAY))
    places = re.findall(r'\bid="([^"]+)"', html)
    assert len(places) == len(set(places))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) > 50
    assert set(targets) <= set(places)


def test_editions_with_names_alike_have_places_of_their_own() -> None:
    assert source_anchor("A58403 v27") != source_anchor("A58403-v27")


def test_a_sentence_says_by_badge_what_it_said_in_brackets(store: Store) -> None:
    page = code_page(store, "64494", DAY)
    glance = view_of(page).sections[0]
    role = next(line for line in glance.lines if line.text.startswith("Role"))
    assert role.text.endswith("second.")
    assert role.cited.badges == ("carried",)
    name = glance.lines[0]
    assert name.cited.badges == ("secondary",)


def test_a_link_to_a_statement_outlives_its_numbers_and_its_neighbours() -> None:
    now = Section("edits", "Edits", (Statement("At most 1 a day.", CITED),))
    new = Statement("New here.", CITED)
    later = Section("edits", "Edits", (new, Statement("At most 2 a day.", CITED)))
    anchors = [view_of(_with(section)).sections[0].lines[-1].anchor for section in (now, later)]
    assert anchors == ["edits.at-most-a-day"] * 2


def test_two_statements_alike_keep_links_of_their_own() -> None:
    alike = Section("s", "S", (Statement("Same words.", CITED), Statement("Same words.", CITED)))
    lines = view_of(_with(alike)).sections[0].lines
    assert len({line.anchor for line in lines}) == 2


def test_text_from_a_table_can_never_become_markup(store: Store) -> None:
    bad = "<script>alert(1)</script>"
    grid = Grid("g", bad, (bad, "b"), ((bad, bad),), CITED)
    html = page_html(store, _with(Section("s", bad, (Statement(bad, CITED),), (grid,))))
    assert "<script" not in html
    assert html.count(escape(bad)) >= 5


def test_a_column_name_cannot_end_the_stylesheet_it_stands_in() -> None:
    css = labels_css([("s-a", '"}</style><b>')], [("a", '"}</style>')])
    assert "</style" not in css
    strings = re.findall(r':"([^"]*)"}', css)
    assert len(strings) == 2
    assert not any(set(told) & set("<>{}") for told in strings)


def test_a_page_on_its_own_needs_nothing_beside_it_and_stays_small(facetwise: Run) -> None:
    done = facetwise("page", "64494", "--date", "2026-11-01", "--format", "html")
    assert done.returncode == 0
    html = done.stdout
    assert "<link" not in html
    assert "<script" not in html
    assert not re.search(r"\b(src|href)=\"(?!#|https://)", html)
    assert len(html.encode()) < 150_000


def test_the_level_map_ties_each_add_on_to_its_primaries_of_the_date(store: Store) -> None:
    def told(day: date) -> str:
        return level_maps(store, "64494", day, lambda _: "")[0].svg

    assert "64494 goes with 64490" in told(DAY)
    assert "64494 goes with 64493" in told(date(2022, 6, 1))
    assert "64494 goes with 64490" not in told(date(2022, 6, 1))
    assert told(DAY).count('class="box lit"') == 1


def test_a_folded_table_still_tells_its_limits_and_its_sources(store: Store) -> None:
    view = view_of(code_page(store, "64493", DAY))
    tables = {t.anchor: t for section in view.sections for t in section.tables}
    second = tables["ladder.ladder-second-diagnostic"]
    assert second.fold.closed
    assert "at least 2 weeks" in second.fold.headline
    assert "Noridian" in second.fold.headline
    assert second.cited.marks
    assert not tables["reporting.worked-lines"].fold.closed


def test_a_folded_payer_shows_authorization_and_names_what_is_not_known(store: Store) -> None:
    view = view_of(code_page(store, "64493", DAY))
    plans = next(t for s in view.sections for t in s.tables if t.anchor == "payers.payers-plans")
    cigna = next(row for row in plans.rows if row[0].startswith("Cigna"))
    assert "authorization: yes, by EviCore (carried)" in plans.fold.beside(cigna, plans.columns)
    assert "levels a session" in plans.fold.unknown(cigna, plans.columns)


def test_codes_without_levels_have_no_map(store: Store) -> None:
    assert level_maps(store, "77003", DAY, lambda _: "") == ()


def test_the_ladder_lights_the_steps_of_the_code_and_skips_what_it_cannot_read() -> None:
    rows = (("1. Care", ""), ("2. Block", "this code"), ("3a. Inject", ""), ("3b. Ablate", ""))
    (drawn,) = ladder(Grid("ladder-steps", "The sequence", ("step", "here"), rows, CITED))
    assert drawn.svg.count('class="box lit"') == 1
    assert "2. Block (this code)" in drawn.svg
    assert drawn.svg.count('class="tie"') == 3
    assert ladder(Grid("ladder-steps", "t", ("step", "here"), (("Care", ""),), CITED)) == ()


def _history(*rows: tuple[str, str, str]) -> Grid:
    columns = ("window", "total office", "total facility", "national amount office",
               "national amount facility")  # fmt: skip
    cells = tuple((w, office, facility, "", "") for w, office, facility in rows)
    return Grid(GRID, "t", columns, cells, CITED)


def test_a_chart_starts_at_zero_and_holds_its_highest_value() -> None:
    held = _history(("2020-01-01/2020-12-31", "2.87", "1.31"))
    chart = value_charts(held, date(2020, 6, 1))
    assert physician_charts(held, date(2020, 6, 1)) == ()  # no amounts, so no chart of them
    ticks = re.findall(r'text-anchor="end">([^<]+)<', chart[0].svg)
    assert ticks[0] == "0"
    assert float(ticks[-1]) >= 2.87
    assert all(float(y) >= 0 for y in re.findall(r"[MV][\d.]* ?([\d.]+)", chart[0].svg))
    assert "office 2.87" in chart[0].svg


@pytest.mark.parametrize("gap", ["", "not held"])
def test_a_release_without_a_value_leaves_a_gap_and_not_a_zero(gap: str) -> None:
    rows = (("2020-01-01/2020-12-31", "2", "1"), ("2021-01-01/2021-12-31", gap, "1"),
            ("2022-01-01/2022-12-31", "2", "1"))  # fmt: skip
    svg = value_charts(_history(*rows), date(2022, 1, 1))[0].svg
    office = re.findall(r'class="line office" d="([^"]+)"', svg)[0]
    assert office.count("M") == 2


def test_a_release_that_is_not_held_leaves_a_gap_between_its_neighbours() -> None:
    rows = (("2020-01-01/2020-03-31", "2", "1"), ("2020-07-01/2020-09-30", "2", "1"))
    svg = value_charts(_history(*rows), date(2020, 8, 1))[0].svg
    assert re.findall(r'class="line office" d="([^"]+)"', svg)[0].count("M") == 2


def _facility(*rows: tuple[str, str, str]) -> Grid:
    columns = ("window", "ASC rate", "hospital rate")
    return Grid(FACILITY_GRID, "t", columns, rows, CITED)


def test_years_without_a_facility_release_are_shaded_and_said_to_be_missing() -> None:
    grid = _facility(("2022-01-01/2022-12-31", "425.96", "840.73"))
    (chart,) = facility_charts(grid, date(2022, 6, 1), date(2020, 1, 1))
    assert 'class="none"' in chart.svg
    assert ">not held<" in chart.svg
    assert "nothing is held of 2020 to 2021" in chart.svg
    assert "ASC $425.96" in chart.svg


def test_a_packaged_service_is_drawn_as_packaged_and_not_as_zero() -> None:
    grid = _facility(("2022-01-01/2022-12-31", "packaged", "no APC of its own"))
    (chart,) = facility_charts(grid, date(2022, 6, 1), date(2022, 1, 1))
    assert ">ASC: packaged<" in chart.svg.replace("\n", "")
    assert "hospital: no APC of its own" in chart.svg
    assert "$0" not in chart.svg


def test_windows_are_told_in_words() -> None:
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    assert window_text(Window(first, last)) == "2026-01-01 to 2026-03-31"
    assert window_text(Window(first)) == "from 2026-01-01"
    assert window_text(Window(None, last)) == "until 2026-03-31"
    assert window_text(Window()) == "no dates stated"
