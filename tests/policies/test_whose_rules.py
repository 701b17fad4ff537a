"""Whose rules apply: a claim judged by the wrong payer's rules is a false denial."""

from datetime import date

import pytest

from facetwise.claim import Claim
from facetwise.policies import Book, whose_rules, whose_rules_of
from facetwise.sources import Basis
from facetwise.tables.store import Store

DAY = date(2026, 8, 1)

# CMS contractors by state, coding-and-medicare.md section 6.
SERVED = {
    "cgs-j15": "KY OH",
    "first-coast-jn": "FL PR VI",
    "ngs-j6": "IL MN WI",
    "ngs-jk": "CT MA ME NH NY RI VT",
    "noridian-je": "CA HI NV",
    "noridian-jf": "AK AZ ID MT ND OR SD UT WA WY",
    "novitas-jh": "AR CO LA MS NM OK TX",
    "novitas-jl": "DE DC MD NJ PA",
    "palmetto-jj": "AL GA TN",
    "palmetto-jm": "NC SC WV",
    "wps-j5": "IA KS MO NE",
    "wps-j8": "IN MI",
}


@pytest.mark.parametrize(
    ("contractor", "state"), [(who, st) for who, states in SERVED.items() for st in states.split()]
)
def test_every_state_finds_its_contractor(store: Store, contractor: str, state: str) -> None:
    for day in (date(2022, 2, 2), date(2024, 11, 5), DAY):
        found = whose_rules(store, day, filing_code="MB", state=state)
        assert found.book == Book("medicare", "medicare", contractor, state)
        assert found.resolved


def test_the_answer_says_why(store: Store) -> None:
    found = whose_rules(store, DAY, filing_code="MB", state="OH")
    assert found.explanation == (
        "Medicare, CGS J15, because SBR09 is MB and the provider is in OH."
    )
    assert [c.edition.id for c in found.citations] == ["FACETWISE", "GPCI2026", "GPCI2026"]


@pytest.mark.parametrize("state", ["OH", "CA", "GU", "VA"])
def test_who_the_payer_is_can_never_carry_a_denial(store: Store, state: str) -> None:
    """A finding needs one citation that decides; it must be the policy's, never the payer's."""
    for said in ({"filing_code": "MB"}, {"filing_code": "CI", "payer_name": "Cigna"}):
        found = whose_rules(store, DAY, state=state, **said)
        assert found.citations
        assert not any(citation.decides for citation in found.citations)


def test_the_contractor_of_a_claim_of_2009_is_read_back_and_labelled(store: Store) -> None:
    found = whose_rules(store, date(2009, 6, 1), filing_code="MB", state="OH")
    assert found.contractor == "cgs-j15"
    cited = next(c for c in found.citations if c.edition.id.startswith("GPCI2"))
    assert cited.basis is Basis.DERIVED
    assert "read back to an earlier date" in cited.note


def test_a_state_that_two_contractors_share_is_not_guessed(store: Store) -> None:
    """Northern Virginia belongs to Novitas, the rest to Palmetto (ZIP file of October 2025)."""
    found = whose_rules(store, DAY, filing_code="MB", state="VA")
    assert not found.resolved
    assert found.contractor == ""
    assert "Palmetto JM and Novitas JL share VA" in found.explanation
    north = whose_rules(store, DAY, filing_code="MB", state="VA", zip_code="22201-1234")
    south = whose_rules(store, DAY, filing_code="MB", state="VA", zip_code="23220")
    assert (north.contractor, south.contractor) == ("novitas-jl", "palmetto-jm")


@pytest.mark.parametrize(
    ("said", "book"),
    [
        ({"payer_name": "CIGNA", "filing_code": "CI"}, ("cigna", "commercial")),
        ({"payer_name": "Humana Inc.", "filing_code": "16"}, ("humana", "medicare-advantage")),
        ({"payer_name": "UHC", "line_of_business": "Medicare Advantage"},
         ("unitedhealthcare", "medicare-advantage")),
        ({"payer_name": "Alabama Medicaid"}, ("alabama-medicaid", "medicaid")),
        ({"payer_id": "LIFE1"}, ("unitedhealthcare", "medicare-advantage")),
        ({"payer_name": "BCBS of Arizona", "filing_code": "BL"}, ("bcbs-arizona", "commercial")),
    ],
)  # fmt: skip
def test_a_payer_other_than_medicare_is_known_by_name_and_line_of_business(
    store: Store, said: dict[str, str], book: tuple[str, str]
) -> None:
    found = whose_rules(store, DAY, state="AZ", **said)
    assert found.resolved
    assert found.book[:2] == book
    assert found.contractor == ""


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, "no name or id of it is given"),
        ({"payer_name": "Aetna"}, "SBR09 or the file must say it"),
        ({"filing_code": "BL", "payer_name": "Blue Cross"}, "not in the table of payers"),
        ({"filing_code": "MB"}, "no state of two letters"),
        ({"filing_code": "MB", "state": "Ohio"}, "no state of two letters"),
        ({"filing_code": "MB", "state": "ZZ"}, "no locality file held names ZZ"),
        ({"filing_code": "QQ"}, "the line of business"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_filled_in(
    store: Store, said: dict[str, str], missing: str
) -> None:
    found = whose_rules(store, DAY, **said)
    assert not found.resolved
    assert missing in found.explanation


@pytest.mark.parametrize(
    "said",
    [
        {"filing_code": "MB", "payer_name": "Aetna"},
        {"filing_code": "CI", "payer_name": "Medicare"},
        {"filing_code": "MB", "line_of_business": "Medicare Advantage"},
        {"filing_code": "16", "payer_name": "Medicare Part B"},
        {"payer_name": "Humana", "payer_id": "LIFE1"},
    ],
)
def test_a_claim_that_contradicts_itself_is_bound_by_nobody(
    store: Store, said: dict[str, str]
) -> None:
    found = whose_rules(store, DAY, state="OH", **said)
    assert not found.resolved
    assert found.book[:3] == ("", "", "")
    assert "which is right" in found.explanation


def test_railroad_medicare_is_not_given_the_contractor_of_the_state(store: Store) -> None:
    found = whose_rules(store, DAY, filing_code="MB", payer_name="RAILROAD MEDICARE", state="OH")
    assert found.contractor == ""
    assert not found.resolved


def test_a_name_the_table_does_not_have_is_not_repeated(store: Store) -> None:
    found = whose_rules(store, DAY, payer_name="JOHN Q PATIENT TRUST", filing_code="CI")
    assert "PATIENT" not in found.explanation.upper().replace("PAYER", "")


def test_a_medicare_claim_under_an_unknown_name_is_still_medicare(store: Store) -> None:
    found = whose_rules(store, DAY, filing_code="MB", payer_name="OHIO PART B", state="OH")
    assert found.contractor == "cgs-j15"


def test_a_claim_is_read_by_its_own_fields(store: Store) -> None:
    claim = Claim("1", payer_name="Medicare", filing_code="MB", provider_state="ny")
    assert whose_rules_of(store, claim, DAY).contractor == "ngs-jk"


def test_a_contractor_found_is_one_that_policies_know(store: Store) -> None:
    from facetwise.policies import shipped

    bound = {reach.contractor for policy in shipped().all for reach in policy.reaches} - {""}
    assert {row["id"] for row in store.all_rows("contractors")} == bound == set(SERVED)


def test_a_payer_with_an_authorization_list_can_be_found_by_name(store: Store) -> None:
    from facetwise.policies import shipped

    named = {row["payer"] for row in store.all_rows("payers")}
    assert {policy.payer for policy in shipped().all} <= named
