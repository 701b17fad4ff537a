"""A statement without a source, or a denial on a weak one, must be impossible to build."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.errors import BadWindowError, UnsourcedFactError
from facetwise.finding import Finding, Verdict
from facetwise.sources import Basis, Citation, Confidence, Edition, Fact, Source, Window

CMS = Source("CMS-PPRRVU", "Fee schedule file", "CMS")
QUARTER = Window(date(2026, 7, 1), date(2026, 9, 30))
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))
EDITION = Edition("RVU26C", CMS, QUARTER, YEAR)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_a_fact_without_a_source_cannot_be_built() -> None:
    with pytest.raises(UnsourcedFactError, match="no source"):
        Fact("1.00", ())


def test_a_source_without_a_name_cannot_be_built() -> None:
    with pytest.raises(UnsourcedFactError):
        Source(" ", "Fee schedule file", "CMS")


def test_a_window_cannot_end_before_it_begins() -> None:
    with pytest.raises(BadWindowError, match="before"):
        Window(date(2026, 2, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), Basis.DERIVED),
        (date(2026, 6, 30), Basis.DERIVED),
        (date(2026, 7, 1), Basis.IN_FORCE),
        (date(2026, 9, 30), Basis.IN_FORCE),
        (date(2026, 10, 1), Basis.CARRIED),
        (date(2026, 12, 31), Basis.CARRIED),
        (date(2027, 1, 1), None),
    ],
)
def test_an_edition_says_how_it_stands_to_a_date(day: date, basis: Basis | None) -> None:
    assert EDITION.basis_on(day) is basis


@given(first=DAYS, length=st.integers(0, 400), day=DAYS)
def test_a_window_holds_both_its_ends_and_nothing_outside(
    first: date, length: int, day: date
) -> None:
    window = Window(first, first + timedelta(days=length))
    assert first in window
    assert window.last in window
    assert (day in window) == (0 <= (day - first).days <= length)


@pytest.mark.parametrize(
    "weak",
    [
        Citation(EDITION, Basis.CARRIED, note="Last held: RVU26C."),
        Citation(EDITION, Basis.DERIVED),
        Citation(EDITION, confidence=Confidence.SECONDARY),
    ],
)
def test_nobody_is_denied_on_a_source_that_cannot_decide(weak: Citation) -> None:
    with pytest.raises(UnsourcedFactError, match="no primary source in force"):
        Finding("ncci/mue", Verdict.FAIL, "too many units", (weak,))
    assert Finding("ncci/mue", Verdict.REVIEW, "too many units", (weak,)).citations == (weak,)


def test_a_primary_source_in_force_may_deny() -> None:
    finding = Finding("ncci/mue", Verdict.FAIL, "too many units", (Citation(EDITION),))
    assert finding.verdict is Verdict.FAIL


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.NOT_CHECKED])
def test_a_finding_is_never_a_pass(verdict: Verdict) -> None:
    with pytest.raises(ValueError, match="fail or a review"):
        Finding("ncci/mue", verdict, "", (Citation(EDITION),))


def test_a_fact_is_as_weak_as_its_weakest_source() -> None:
    weak = Citation(EDITION, confidence=Confidence.SECONDARY)
    assert Fact("1", (Citation(EDITION), weak)).confidence is Confidence.SECONDARY
    assert Fact("1", (Citation(EDITION),)).confidence is Confidence.PRIMARY
