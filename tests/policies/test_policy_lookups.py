"""What a biller is told of a contractor's policy on a date, and how far it can be relied on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.policies import Book, Text, UnknownPolicyError, shipped
from facetwise.sources import Basis, Confidence
from facetwise.tables.answer import Absent, Answer, Held, NotHeld

POLICIES = shipped()


def medicare(contractor: str) -> Book:
    return Book("medicare", "medicare", contractor)


CGS, NGS, WPS = medicare("cgs-j15"), medicare("ngs-jk"), medicare("wps-j5")
NORIDIAN, NORIDIAN_JF = medicare("noridian-je"), medicare("noridian-jf")
PALMETTO, FIRST_COAST = medicare("palmetto-jm"), medicare("first-coast-jn")
READ = {CGS: "L38773", NGS: "L35936", NORIDIAN: "L38801", PALMETTO: "L38765", WPS: "L38841"}
BOOKS = [
    *READ, NORIDIAN_JF, FIRST_COAST, medicare("novitas-jl"), medicare(""),
    Book("cigna", "commercial", "", "TX"), Book("humana", "medicare-advantage", "", "AZ"),
    Book("alabama-medicaid", "medicaid", "", "AL"), Book("unitedhealthcare", "commercial"),
]  # fmt: skip
IN_V23 = date(2026, 8, 1)


def facet(book: Book, day: date, name: str) -> Answer:
    return POLICIES.criteria(book, day, subject="facet", name=name)


# ---------------------------------------------------------------- who may decide, and when


def test_a_limit_decides_from_the_first_known_day_of_its_version_and_not_before() -> None:
    for day, decides in ((date(2026, 4, 15), False), (date(2026, 4, 16), True), (IN_V23, True)):
        answer = facet(NORIDIAN, day, "levels-per-session")
        assert isinstance(answer, Held)
        assert (answer.entry["compare"], answer.entry["number"]) == ("at_most", "2")
        assert answer.entry.citation.edition.id == "L38801 v23"
        assert answer.entry.citation.decides is decides


@pytest.mark.parametrize("book", [b for b in READ if b is not NORIDIAN])
@pytest.mark.parametrize("day", [date(2024, 6, 3), date(2026, 5, 4), date(2026, 10, 1)])
def test_a_text_without_a_known_first_day_denies_nothing_on_any_date(book: Book, day: date) -> None:
    answer = POLICIES.criteria(book, day, subject="facet")
    assert isinstance(answer, Held)
    texts = [e for e in answer.entries if e["policy"] == READ[book]]
    assert texts
    assert not any(entry.citation.decides for entry in texts)


@pytest.mark.parametrize("book", [CGS, NORIDIAN, NORIDIAN_JF, NGS])
def test_a_claim_of_2009_gets_the_first_text_read_and_is_told_so(book: Book) -> None:
    answer = facet(book, date(2009, 6, 1), "levels-per-session")
    assert isinstance(answer, Held)
    citation = answer.entry.citation
    assert citation.basis is Basis.DERIVED
    assert not citation.decides
    assert "read back to an earlier date" in citation.note


def test_a_reader_learns_that_the_document_did_not_exist_yet() -> None:
    answer = facet(CGS, date(2009, 6, 1), "levels-per-session")
    assert isinstance(answer, Held)
    assert "L38773 itself began on 2021-05-02" in answer.entry.citation.note


def test_a_text_whose_successor_is_known_is_carried_and_names_the_successor() -> None:
    answer = facet(CGS, IN_V23, "levels-per-session")
    assert isinstance(answer, Held)
    citation = answer.entry.citation
    assert (citation.edition.id, citation.basis) == ("L38773 v31", Basis.CARRIED)
    assert "L38773 v32, whose whole text is not held" in citation.note


def test_a_statement_quoted_from_the_version_in_force_is_preferred_to_the_one_before() -> None:
    answer = facet(CGS, IN_V23, "ablation-repeat-function")
    assert isinstance(answer, Held)
    assert answer.entry.citation.edition.id == "L38773 v32"
    assert answer.entry.citation.confidence is Confidence.SECONDARY


def test_jf_is_bound_by_the_je_text_by_a_secondary_source_only() -> None:
    after, before = date(2026, 5, 4), date(2026, 4, 15)
    held = facet(NORIDIAN_JF, after, "levels-per-session")
    assert isinstance(held, Held)
    assert held.entry.citation.basis is Basis.IN_FORCE
    assert not held.entry.citation.decides
    earlier = facet(NORIDIAN_JF, before, "levels-per-session")
    assert isinstance(earlier, Held)
    assert earlier.entry.citation.basis is Basis.DERIVED
    assert "only from 2026-04-16 in place of L38803" in earlier.entry.citation.note


@given(st.sampled_from(BOOKS), st.dates(date(2005, 1, 1), date(2028, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_nothing_decides_without_a_primary_statement_and_a_known_first_day(
    book: Book, day: date
) -> None:
    answer = POLICIES.criteria(book, day)
    entries = answer.entries if isinstance(answer, Held) else ()
    for entry in entries:
        citation = entry.citation
        policy = POLICIES.policy(entry["policy"])
        version = next(v for v in policy.versions if v.edition is citation.edition)
        if citation.decides:
            assert version.starts
            assert day in version.edition.window
            assert version.edition.confidence is Confidence.PRIMARY
        if citation.basis is not Basis.IN_FORCE:
            assert citation.note, "a text used outside its window must say so"


def test_the_statements_that_can_deny_are_few_and_known() -> None:
    """A reviewer can read this list; whatever joins it must be argued for."""
    decides = {
        version.edition.id
        for policy in POLICIES.all
        for version in policy.versions
        for one in (*policy.criteria, *policy.codes)
        if one.edition == version.edition.id
        and version.starts
        and one.confidence is Confidence.PRIMARY
    }
    assert decides == {
        "L38801 v23",
        "A58350 v22",
        "A58364 v32",
        "42 CFR 419.83, list of 2023-07-01",
        "42 CFR 419.83, list of early 2024",
        "42 CFR 419.83, list of 2024-08-05",
        "alabama-medicaid-alert-16374 2024-05",
        "bcbs-north-carolina-prior-review 2012-04",
        "cigna-precertification 2025-06",
        "unitedhealthcare-site-bulletin-2020 2020-08",
    }


# ---------------------------------------------------------------- what the texts ask


@pytest.mark.parametrize(
    ("name", "compare", "number", "unit"),
    [
        ("pain-duration", "at_least", "3", "months"),
        ("second-block-interval", "at_least", "2", "weeks"),
        ("second-block-relief", "at_least", "80", "percent"),
        ("therapeutic-repeat-relief", "at_least", "50", "percent"),
        ("therapeutic-repeat-duration", "at_least", "3", "months"),
        ("ablation-two-blocks", "at_least", "80", "percent"),
        ("ablation-repeat-relief", "at_least", "50", "percent"),
        ("ablation-repeat-duration", "at_least", "6", "months"),
        ("ablation-temperature", "at_least", "80", "degrees C"),
        ("diagnostic-sessions", "at_most", "4", "sessions"),
        ("therapeutic-sessions", "at_most", "4", "sessions"),
        ("ablation-sessions", "at_most", "2", "sessions"),
        ("levels-per-session", "at_most", "2", "levels"),
        ("regions-per-session", "at_most", "1", "region"),
    ],
)
@pytest.mark.parametrize("book", READ)
def test_what_is_equal_in_the_five_texts_read(
    book: Book, name: str, compare: str, number: str, unit: str
) -> None:
    answer = facet(book, date(2026, 7, 1), name)
    assert isinstance(answer, Held)
    (entry,) = answer.entries
    assert (entry["compare"], entry["number"], entry["unit"]) == (compare, number, unit)
    assert entry["policy"] == READ[book]


@pytest.mark.parametrize(
    ("name", "book", "marks"),
    [
        ("ablation-rediagnose", NGS, "or-source-in-question"),
        ("ablation-rediagnose", CGS, "and-source-in-question"),
        ("regions-per-session", WPS, "routinely"),
        ("regions-per-session", CGS, ""),
        ("cyst-repeat-duration", NGS, "once"),
        ("cyst-repeat-duration", PALMETTO, "once-per-cyst"),
    ],
)
def test_what_differs_between_the_texts_is_kept_apart(name: str, book: Book, marks: str) -> None:
    answer = facet(book, date(2026, 7, 1), name)
    assert isinstance(answer, Held)
    assert answer.entry["values"] == marks


def test_cgs_names_no_percentage_for_a_repeat_ablation_by_function() -> None:
    day = date(2026, 7, 1)
    cgs, ngs = (facet(book, day, "ablation-repeat-function") for book in (CGS, NGS))
    assert isinstance(cgs, Held)
    assert isinstance(ngs, Held)
    assert (cgs.entry["number"], ngs.entry["number"]) == ("", "50")


def test_sessions_are_counted_per_region_in_a_rolling_year() -> None:
    answer = POLICIES.limits(
        NORIDIAN, IN_V23, subject="facet", counts="sessions", applies=("ablation",)
    )
    assert isinstance(answer, Held)
    (entry,) = answer.entries
    assert entry["per"] == "region"
    assert (entry["within"], entry["within_unit"], entry["period"]) == ("12", "months", "rolling")
    assert Decimal(entry["number"]) == 2


def test_a_question_about_ablation_is_not_answered_with_what_binds_injections() -> None:
    answer = POLICIES.criteria(
        NORIDIAN, IN_V23, subject="facet", topic="sedation", applies=("ablation",)
    )
    assert isinstance(answer, Held)
    assert [entry["id"] for entry in answer.entries] == ["sedation-ablation"]


def test_a_first_block_is_a_diagnostic_one_and_not_yet_a_second() -> None:
    first, second = (
        POLICIES.criteria(NORIDIAN, IN_V23, topic="diagnostic", applies=(purpose,))
        for purpose in ("diagnostic-first", "diagnostic-second")
    )
    assert isinstance(first, Held)
    assert isinstance(second, Held)
    said = {entry["id"] for entry in second.entries} - {entry["id"] for entry in first.entries}
    assert said == {"second-block-interval", "second-block-relief"}
    assert "ablation-intended" in {entry["id"] for entry in first.entries}


def test_other_blocks_on_the_day_exclude_sacroiliac_work_but_not_facet_work() -> None:
    day = date(2026, 7, 1)
    facets = POLICIES.criteria(CGS, day, subject="facet", name="other-blocks")
    joints = POLICIES.criteria(CGS, day, subject="sacroiliac", name="other-blocks")
    assert isinstance(facets, Held)
    assert isinstance(joints, Held)
    assert facets.entry["values"] == "document-each"
    assert joints.entry["values"] == "excluded"


def test_the_junction_rule_of_cgs_is_in_force_from_2025() -> None:
    held = facet(CGS, date(2025, 3, 3), "t12-l1-injection")
    assert isinstance(held, Held)
    assert held.entry.citation.edition.id == "A58364 v32"
    assert held.entry.citation.decides
    later = facet(CGS, date(2026, 3, 3), "t12-l1-injection")
    assert isinstance(later, Held)
    assert later.entry.citation.basis is Basis.CARRIED


# ---------------------------------------------------------------- what is not known


def test_a_contractor_whose_text_was_not_read_gets_no_answer_and_the_file_that_has_it() -> None:
    answer = facet(FIRST_COAST, IN_V23, "levels-per-session")
    assert isinstance(answer, NotHeld)
    assert "L33930" in answer.reason
    assert answer.supplied_by == "L33930 in current_lcd.zip of the Medicare Coverage Database"


def test_the_version_in_force_is_named_even_where_its_text_is_not_held() -> None:
    on = {p.policy.id: p for p in POLICIES.policies_for(FIRST_COAST, date(2025, 8, 1))}
    version = on["L33930"].in_force
    assert version is not None
    assert (version.edition.id, version.text) == ("L33930 v49", Text.NOT_HELD)
    assert on["L33930"].text is None


def test_a_version_only_listed_is_not_said_to_be_in_force_after_it_was_last_seen() -> None:
    on = {p.policy.id: p for p in POLICIES.policies_for(FIRST_COAST, date(2026, 8, 1))}
    assert on["L33930"].in_force is None
    assert "Last seen in force to 2025-08-17" in on["L33930"].citation.note


def test_the_text_used_for_an_earlier_date_stands_beside_the_version_then_in_force() -> None:
    on = {p.policy.id: p for p in POLICIES.policies_for(NORIDIAN, date(2025, 8, 1))}
    policy = on["L38801"]
    assert policy.in_force is not None
    assert policy.text is not None
    assert (policy.in_force.name, policy.text.name) == ("20", "23")
    assert policy.citation.basis is Basis.DERIVED


def test_the_silence_of_a_text_is_never_an_answer() -> None:
    assert isinstance(POLICIES.criteria(NORIDIAN, IN_V23, name="no such question"), NotHeld)


def test_a_payer_of_whom_nothing_is_held_is_not_answered_by_another() -> None:
    stranger = Book("aetna", "commercial")
    assert POLICIES.policies_for(stranger, IN_V23) == ()
    assert isinstance(POLICIES.criteria(stranger, IN_V23), NotHeld)
    assert isinstance(POLICIES.diagnosis(stranger, IN_V23, "64493", "M47816"), NotHeld)
    assert isinstance(POLICIES.authorization(stranger, IN_V23, "64493"), NotHeld)


def test_medicare_advantage_is_not_read_as_original_medicare() -> None:
    book = Book("humana", "medicare-advantage", "", "OH")
    assert isinstance(POLICIES.criteria(book, IN_V23, subject="facet"), NotHeld)


def test_a_document_that_is_not_held_is_an_error_in_one_line() -> None:
    with pytest.raises(UnknownPolicyError, match="no policy is called 'L00000'"):
        POLICIES.policy("L00000")


# ---------------------------------------------------------------- lists of codes


@pytest.mark.parametrize(
    ("code", "listed"), [("M47816", "covered"), ("M4812", "covered"), ("M5386", "limited")]
)
def test_a_diagnosis_of_the_noridian_list_supports_the_procedure(code: str, listed: str) -> None:
    answer = POLICIES.diagnosis(NORIDIAN, IN_V23, "64493", code)
    assert isinstance(answer, Held)
    assert answer.entry["list"] == listed
    assert ("cyst" in answer.entry["note"]) is (listed == "limited")


@pytest.mark.parametrize("code", ["M5450", "M47811", "M47818"])
@pytest.mark.parametrize("day", [date(2024, 2, 1), IN_V23])
def test_a_diagnosis_off_the_list_is_a_question_and_never_a_denial(code: str, day: date) -> None:
    answer = POLICIES.diagnosis(NORIDIAN, day, "64493", code)
    assert isinstance(answer, Absent)
    assert not answer.citation.decides


@pytest.mark.parametrize("book", [CGS, NGS, PALMETTO, WPS, FIRST_COAST])
def test_one_contractors_diagnosis_list_is_never_held_against_another(book: Book) -> None:
    answer = POLICIES.diagnosis(book, IN_V23, "64493", "M5450")
    assert isinstance(answer, NotHeld)
    assert "current_article.zip" in answer.supplied_by


def test_a_pooled_sacroiliac_list_confirms_a_code_but_its_silence_says_nothing() -> None:
    listed = POLICIES.diagnosis(NORIDIAN, IN_V23, "27096", "M461")
    other = POLICIES.diagnosis(NORIDIAN, IN_V23, "27096", "M5450")
    assert isinstance(listed, Held)
    assert listed.entry.citation.confidence is Confidence.SECONDARY
    assert isinstance(other, NotHeld)


@pytest.mark.parametrize(
    ("code", "listed"), [("64494", "covered"), ("64495", "noncovered"), ("0216T", "noncovered")]
)
def test_the_article_says_which_procedures_it_covers(code: str, listed: str) -> None:
    answer = POLICIES.procedure(CGS, date(2026, 6, 1), code)
    assert isinstance(answer, Held)
    assert answer.entry["list"] == listed
    assert not answer.entry.citation.decides


# ---------------------------------------------------------------- authorization


@pytest.mark.parametrize(
    ("day", "code", "kind", "decides"),
    [
        (date(2023, 6, 30), "64493", Absent, False),
        (date(2023, 7, 1), "64493", Held, True),
        (date(2023, 7, 1), "64492", Held, True),
        (date(2023, 12, 31), "64495", Held, True),
        (date(2024, 1, 1), "64495", Held, False),
        (date(2024, 8, 4), "64495", Held, False),
        (date(2024, 8, 5), "64495", Absent, True),
        (date(2026, 8, 1), "64494", Held, True),
    ],
)
def test_the_hospital_list_began_in_2023_and_lost_the_third_levels_in_2024(
    day: date, code: str, kind: type, decides: bool
) -> None:
    answer = POLICIES.authorization(CGS, day, code, place="22")
    assert isinstance(answer, kind)
    cited = answer.entry.citation if isinstance(answer, Held) else answer.citation
    assert cited.decides is decides


def test_an_office_or_surgical_center_needs_no_authorization_from_medicare() -> None:
    for place in ("11", "24"):
        assert isinstance(POLICIES.authorization(CGS, IN_V23, "64493", place=place), NotHeld)


def test_a_hospital_may_be_exempt_so_that_a_missing_number_is_no_proof() -> None:
    answer = POLICIES.criteria(CGS, IN_V23, name="exemption")
    assert isinstance(answer, Held)
    assert answer.entry["policy"] == "42-CFR-419.83"


@pytest.mark.parametrize(
    ("book", "day", "code", "vendor"),
    [
        (Book("cigna", "commercial", "", "TX"), date(2025, 6, 10), "64493", "EviCore"),
        (Book("humana", "medicare-advantage", "", "FL"), date(2026, 8, 1), "64635", ""),
        (Book("anthem", "commercial", "", "OH"), date(2026, 8, 1), "64490", "Carelon"),
        (Book("alabama-medicaid", "medicaid", "", "AL"), date(2024, 5, 1), "64495", ""),
        (Book("bcbs-arizona", "medicare-advantage", "", "NV"), date(2026, 2, 1), "64493",
         "EviCore"),
    ],
)  # fmt: skip
def test_a_payers_own_list_asks_for_authorization(
    book: Book, day: date, code: str, vendor: str
) -> None:
    answer = POLICIES.authorization(book, day, code)
    assert isinstance(answer, Held)
    assert vendor in {entry["vendor"] for entry in answer.entries}


@pytest.mark.parametrize("state", ["HI", "PR", "GU"])
def test_where_cigna_does_not_use_its_vendor_the_list_is_not_held_against_a_claim(
    state: str,
) -> None:
    book = Book("cigna", "commercial", "", state)
    assert isinstance(POLICIES.authorization(book, date(2025, 6, 10), "64493"), NotHeld)


def test_a_code_is_not_asked_for_before_the_day_it_joined_the_list() -> None:
    cigna = Book("cigna", "commercial", "", "TX")
    assert isinstance(POLICIES.authorization(cigna, date(2015, 12, 31), "64493"), Absent)
    read_back = POLICIES.authorization(cigna, date(2016, 1, 1), "64493")
    assert isinstance(read_back, Held)
    assert not read_back.entry.citation.decides
    alabama = Book("alabama-medicaid", "medicaid", "", "AL")
    assert isinstance(POLICIES.authorization(alabama, date(2024, 4, 30), "64493"), Absent)


def test_site_review_does_not_touch_what_is_done_in_an_office() -> None:
    book = Book("unitedhealthcare", "commercial", "", "TX")
    assert isinstance(POLICIES.authorization(book, IN_V23, "64635", place="24"), Held)
    assert isinstance(POLICIES.authorization(book, IN_V23, "64635", place="11"), NotHeld)


@given(
    st.sampled_from(BOOKS),
    st.dates(date(2005, 1, 1), date(2028, 12, 31)),
    st.sampled_from(["64490", "64492", "64493", "64495", "64635", "27096", "99213"]),
)
@settings(max_examples=150, deadline=None)
def test_every_code_answer_that_decides_is_in_force_and_primary(
    book: Book, day: date, code: str
) -> None:
    for answer in (
        POLICIES.authorization(book, day, code),
        POLICIES.procedure(book, day, code),
        POLICIES.diagnosis(book, day, code, "M5450"),
    ):
        match answer:
            case Held(entries):
                citations = [entry.citation for entry in entries]
            case Absent(citation, _):
                citations = [citation]
            case NotHeld():
                assert answer.reason
                citations = []
        for citation in citations:
            if citation.decides:
                assert citation.edition.window.first is not None
                assert citation.edition.window.first <= day
                assert day in citation.edition.window
                assert citation.edition.confidence is Confidence.PRIMARY


def test_a_day_more_or_less_never_turns_review_into_silence() -> None:
    """Around every boundary of every version, the five texts read keep answering."""
    for book, document in READ.items():
        policy = POLICIES.policy(document)
        ends = {v.edition.window.first for v in policy.versions} | {
            v.edition.window.last for v in policy.versions
        }
        for end in sorted(day for day in ends if day):
            for day in (end - timedelta(days=1), end, end + timedelta(days=1)):
                assert isinstance(facet(book, day, "levels-per-session"), Held), (document, day)
