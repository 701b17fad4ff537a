"""Rows of tables for a service line, remembered by key and date.

Two tables of NCCI exist per kind of claim; rules speak of `mue` and `ptp`, and the claim type says
which is meant.
"""

from collections.abc import Iterable
from datetime import date

from facetwise.claim import Claim, ClaimType
from facetwise.rules.subject import Line, Looked
from facetwise.sources import Basis, Citation
from facetwise.tables.answer import Absent, Answer, Entry, Held, NotHeld
from facetwise.tables.icd10 import find_diagnosis
from facetwise.tables.store import Store

_BY_CLAIM_TYPE = {
    ClaimType.PRACTITIONER: "practitioner",
    ClaimType.ASC: "practitioner",
    ClaimType.HOSPITAL_OUTPATIENT: "hospital",
}
"""ASC facility claims use the practitioner tables (NCCI manual, introduction)."""
_MODIFIER_LENGTH = 2
"""Characters of a modifier; the HCPCS file lists them among its codes of five."""
_UNCLASSED = {"name": "", "class": "", "bypasses_ptp": "", "for": ""}
_PLACES = "place_of_service_list"
_NO_LIST = NotHeld("no list of places of service was added.", "CMS place of service code set")
_SPLIT = frozenset({"mue", "ptp"})
_NO_TYPE = NotHeld(
    "the claim does not say whether a practitioner, an ASC or a hospital bills.",
    "claim_type, or the billing provider's taxonomy",
)
_NO_DAY = NotHeld("the line has no readable date of service.", "the date of service")


class Lookups:
    """Answers of one store, each asked once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked = 0
        """Look-ups that reached the tables; a test holds this number down."""
        self._memo: dict[tuple[str, date, tuple[tuple[str, str], ...]], Answer] = {}
        self._said: dict[tuple[str, date], Entry] = {}
        self._looked: dict[tuple[object, ...], Looked] = {}

    def find(self, table: str, day: date, **key: str) -> Answer:
        """`Store.find`, remembered."""
        asked = (table, day, tuple(key.items()))
        answer = self._memo.get(asked)
        if answer is None:
            self.asked += 1
            answer = self._memo[asked] = (
                find_diagnosis(self.store, key["code"], day)
                if table == "icd10cm"
                else self.store.find(table, day, **key)
            )
        return answer

    def ahead(self, table: str, day: date, keys: Iterable[dict[str, str]]) -> None:
        """Read the answers for several keys of the same columns together, to be found later."""
        wanted = {tuple(key.items()): key for key in keys}
        new = [key for items, key in wanted.items() if (table, day, items) not in self._memo]
        self.asked += len(new)
        for key, answer in zip(new, self.store.find_each(table, day, new), strict=True):
            self._memo[table, day, tuple(key.items())] = answer

    def looked_of(self, table: str, line: Line) -> Looked:
        """`of_line` as rules read it."""
        if table == _PLACES:
            return looked(self._place(line))
        key = (table, line.code, line.modifiers, line.day, line.claim.claim_type)
        found = self._looked.get(key)
        if found is None:
            found = self._looked[key] = looked(self.of_line(table, line))
        return found

    def of_line(self, table: str, line: Line) -> Answer:
        """What a table says of the line's code (its modifiers, for `modifiers`) on its date."""
        if line.day is None:
            return _NO_DAY
        if table == "modifiers":
            return self._modifiers(line, line.day)
        if table == "rvu":
            return self.find(table, line.day, code=line.code, modifier="")
        name = self.named(table, line.claim.claim_type)
        return self.find(name, line.day, code=line.code) if name else _NO_TYPE

    def pair(self, table: str, first: Line, second: Line) -> Answer:
        """What a pair table says of two lines of one encounter, the first being column 1."""
        if first.day is None:
            return _NO_DAY
        name = self.named(table, second.claim.claim_type)
        if not name:
            return _NO_TYPE
        return self.find(name, first.day, column_1=first.code, column_2=second.code)

    def diagnoses(self, claim: Claim) -> list[tuple[int, str, Answer]]:
        """Every diagnosis of a claim with its place and what ICD-10-CM says of it.

        It is asked on each day of the lines that point to it, since a claim may span two releases;
        on the claim's first day when no dated line does.
        """
        dated = [(line.service_date, line.pointers) for line in claim.lines if line.service_date]
        first = sorted({day for day, _ in dated})[:1]
        answers: list[tuple[int, str, Answer]] = []
        for at, diagnosis in enumerate(claim.diagnoses):
            days = sorted({day for day, pointers in dated if at + 1 in pointers}) or first
            answers += [
                (at, diagnosis.code, self.find("icd10cm", day, code=diagnosis.code)) for day in days
            ]
        return answers

    def document(self, document_id: str, day: date) -> Entry:
        """A document as it stands to a date, for a rule that cites its words."""
        key = (document_id, day)
        if key not in self._said:
            edition = self.store.edition(document_id)
            basis = edition.basis_on(day) or Basis.CARRIED
            cited = Citation(edition, basis, confidence=edition.confidence)
            self._said[key] = Entry({}, cited)
        return self._said[key]

    def _place(self, line: Line) -> Answer:
        """What a list that the user added says of the line's place of service."""
        if line.day is None:
            return _NO_DAY
        if _PLACES not in self.store.catalogue.tables:
            return _NO_LIST
        return self.find(_PLACES, line.day, pos=line.item.place_of_service)

    @staticmethod
    def named(table: str, claim_type: ClaimType) -> str:
        """The table meant; blank when the claim type must say and does not."""
        if table not in _SPLIT:
            return table
        setting = _BY_CLAIM_TYPE.get(claim_type)
        return f"{table}_{setting}" if setting else ""

    def _modifiers(self, line: Line, day: date) -> Answer:
        entries: list[Entry] = []
        for modifier in line.modifiers:
            answer = self.modifier(day, modifier)
            if isinstance(answer, Held):
                entries += answer.entries
        return Held(tuple(entries))

    def modifier(self, day: date, modifier: str) -> Answer:
        """What our list says of a modifier; else that a HCPCS file the user added lists it.

        That file says nothing of a modifier's class, so such a row leaves the classes blank.
        """
        answer = self.find("modifiers", day, modifier=modifier)
        if isinstance(answer, Held) or len(modifier) != _MODIFIER_LENGTH:
            return answer
        listed = self.find("hcpcs_codes", day, code=modifier)
        if not isinstance(listed, Held):
            return answer
        row = {"modifier": modifier, **_UNCLASSED}
        return Held(tuple(Entry(row, entry.citation) for entry in listed.entries))


def looked(answer: Answer) -> Looked:
    """An answer as rules read it."""
    match answer:
        case Held(entries):
            return Looked(entries)
        case Absent(citation, _):
            return Looked((), citation)
        case NotHeld():
            return Looked()
