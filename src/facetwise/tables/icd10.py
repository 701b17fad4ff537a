"""Is an ICD-10-CM code billable, a header, or not a code, on a date of service?

Each release answers its fiscal year (1 October to 30 September). Between two releases that are
held, a code that both list alike is answered as derived; anything else is not known.
"""

from datetime import date

from facetwise.sources import Basis, Citation, Confidence, Edition
from facetwise.tables.answer import Absent, Answer, Entry, Held, NotHeld
from facetwise.tables.naming import file_for
from facetwise.tables.store import Store

_KINDS = {"B": "billable", "H": "header"}


def find_diagnosis(store: Store, code: str, day: date) -> Answer:
    """Answer for a diagnosis code, with or without its dot.

    Returns:
        Held: one entry, `kind` being `billable` or `header`.
        Absent: the release in force does not list the code.
        NotHeld: no release speaks for the date, or the ones around it disagree.
    """
    code = code.replace(".", "").strip().upper()
    if held := _stated(store, code, day):
        return held
    table = store.table("icd10cm")
    letters = _letters(store, code)
    listed = [(edition, letters.get(edition.id, "-")) for edition in table.editions]
    for edition, letter in reversed(listed):
        basis = edition.basis_on(day)
        if basis is Basis.IN_FORCE and letter not in _KINDS:
            return Absent(Citation(edition), f"{edition.id} does not list {code}.")
        if basis and letter in _KINDS:
            newer = file_for(table.supplied_by, day)
            note = (
                f"Last held: {edition.id}. Newer file: {newer}." if basis is Basis.CARRIED else ""
            )
            return _held(code, letter, Citation(edition, basis, note=note))
        if basis:
            break
    return _between(code, day, listed) or NotHeld(
        f"no release of ICD-10-CM that is held answers for {code} on {day}.",
        file_for(table.supplied_by, day),
    )


def _letters(store: Store, code: str) -> dict[str, str]:
    """Edition to letter: the shipped row has one a release, an added file one row a release."""
    letters: dict[str, str] = {}
    for row in store.all_rows("icd10cm", code=code):
        if edition := row.get("edition"):
            letters[edition] = row["listed"]
        else:
            releases = store.base.tables["icd10cm"].editions
            letters |= {e.id: letter for e, letter in zip(releases, row["listed"], strict=True)}
    return letters


def _stated(store: Store, code: str, day: date) -> Held | None:
    """A dated statement about this code, which outranks the releases around it."""
    answer = store.find("diagnosis_facts", day, code=code, fact="kind")
    if not isinstance(answer, Held):
        return None
    entry = answer.entry
    return Held((Entry({"code": code, "kind": entry.row["value"]}, entry.citation),))


def _between(code: str, day: date, listed: list[tuple[Edition, str]]) -> Held | None:
    before = [(e, letter) for e, letter in listed if e.window.last and e.window.last < day]
    after = [(e, letter) for e, letter in listed if e.window.first and e.window.first > day]
    if not before or not after:
        return None
    (earlier, was), (later, becomes) = before[-1], after[0]
    if was != becomes or was != "B":
        return None  # only a code billable on both sides was surely billable between
    note = f"Derived: {earlier.id} and {later.id} list it alike; the years between are not held."
    return _held(
        code, was, Citation(later, Basis.DERIVED, confidence=Confidence.SECONDARY, note=note)
    )


def _held(code: str, letter: str, citation: Citation) -> Held:
    return Held((Entry({"code": code, "kind": _KINDS[letter]}, citation),))
