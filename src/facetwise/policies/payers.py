"""Whose rules apply to a claim: its payer, the line of business, and Medicare's contractor.

Nothing is guessed: what a claim says of its payer must be in the tables and must agree, else the
answer says what is missing. A contractor follows from the state of the provider, by the contract
numbers in the locality files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from facetwise.claim import Claim
from facetwise.policies.model import Book
from facetwise.sources import Basis, Citation, Confidence, Edition
from facetwise.tables.answer import Entry, Held, Row
from facetwise.tables.store import Store

MEDICARE = "medicare"
"""Payer and line of business of original Medicare."""
_PREFIX = 2
"""Digits of a contract number that name the jurisdiction (CMS consolidation plan)."""
_ZIP, _STATE = 5, 2


@dataclass(frozen=True, slots=True)
class WhoseRules:
    """Whose rules apply, why, and what is missing to know it.

    Attributes:
        payer: id in the payers table; blank when not known.
        payer_title: its name in plain words.
        line_of_business: blank when not known.
        contractor: Medicare contractor and jurisdiction, `cgs-j15`; blank when there is none.
        contractor_title: the same in plain words, `CGS J15`.
        because: what was read, as parts of a sentence.
        missing: what would settle it, as parts of a sentence; empty when it is settled.
        citations: rows of the tables it follows from; they never decide by themselves.
    """

    payer: str
    payer_title: str
    line_of_business: str
    contractor: str
    contractor_title: str
    state: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def resolved(self) -> bool:
        """Whether payer, line of business and, for Medicare, the contractor are known."""
        return not self.missing

    @property
    def book(self) -> Book:
        """What to look policies up by; blanks where something is missing."""
        return Book(self.payer, self.line_of_business, self.contractor, self.state)

    @property
    def explanation(self) -> str:
        """Who it is and why, in one or two sentences."""
        line = "" if self.line_of_business == MEDICARE else self.line_of_business.replace("-", " ")
        who = ", ".join(part for part in (self.payer_title, line, self.contractor_title) if part)
        why = f", because {_and(self.because)}" if self.because else ""
        settled = f"{who}{why}." if who else ""
        if self.resolved:
            return settled
        return " ".join(
            part for part in (settled, f"Not known: {'; '.join(self.missing)}.") if part
        )


class _Said(NamedTuple):
    """One thing the claim says of its payer, as the tables read it."""

    words: str
    line: str
    payer: str
    title: str
    citation: Citation


class _Served(NamedTuple):
    """A contractor of a state: its row, and the row of the locality file that names it."""

    row: Row
    citations: tuple[Citation, ...]

    @property
    def title(self) -> str:
        return f"{self.row['contractor']} {self.row['jurisdiction']}"


def whose_rules_of(store: Store, claim: Claim, day: date) -> WhoseRules:
    """Whose rules apply to a claim on a date of service."""
    return whose_rules(
        store,
        day,
        payer_id=claim.payer_id,
        payer_name=claim.payer_name,
        filing_code=claim.filing_code,
        line_of_business=claim.line_of_business,
        state=claim.provider_state,
    )


@lru_cache(maxsize=4096)
def whose_rules(
    store: Store,
    day: date,
    *,
    payer_id: str = "",
    payer_name: str = "",
    filing_code: str = "",
    line_of_business: str = "",
    state: str = "",
    zip_code: str = "",
) -> WhoseRules:
    """Whose rules apply, from what is known of the payer and the provider; blanks are not known.

    Args:
        filing_code: claim filing indicator, SBR09.
        state: of the facility or billing provider, two letters.
        zip_code: of the same; settles a state that two contractors share.
    """
    letters = state.strip().upper()
    state = letters if len(letters) == _STATE and letters.isalpha() else ""
    said = _said(store, day, payer_id, payer_name, filing_code, line_of_business)
    because = tuple(one.words for one in said)
    citations = tuple(dict.fromkeys(one.citation for one in said))
    if conflict := _conflict(said):
        return WhoseRules("", "", "", "", "", state, because, (conflict,), citations)
    line = next((one.line for one in said if one.line), "")
    named = next((one for one in said if one.payer), None)
    payer, title = (named.payer, named.title) if named else ("", "")
    if not payer and line == MEDICARE:
        payer, title = MEDICARE, MEDICARE.capitalize()
    missing = [*_lacking(payer, line, given=bool(payer_id or payer_name))]
    if payer != MEDICARE:
        if line == MEDICARE:
            missing.append(f"which contractor's documents bind {title}")
        return WhoseRules(payer, title, line, "", "", state, because, tuple(missing), citations)
    served = _contractors(store, state, zip_code.strip()[:_ZIP], day)
    if len(served) == 1:
        one = served[0]
        because += (f"the provider is in {state}" if state else "of the provider's ZIP code",)
        return WhoseRules(
            payer, title, line, one.row["id"], one.title, state, because, tuple(missing),
            citations + one.citations,
        )  # fmt: skip
    missing.append(_which(served, state))
    return WhoseRules(payer, title, line, "", "", state, because, tuple(missing), citations)


def _said(
    store: Store, day: date, payer_id: str, payer_name: str, filing_code: str, line: str
) -> list[_Said]:
    code = filing_code.strip().upper()
    looked = (
        (f"SBR09 is {code}", "payer_words", "filing_code", code),
        ("the claim says {line}", "payer_words", "line_of_business", line.strip().casefold()),
        ("the payer is named {title}", "payers", "name", _plain(payer_name)),
        ("the payer id is that of {title}", "payers", "id", _plain(payer_id)),
    )
    said: list[_Said] = []
    for words, table, kind, value in looked:
        answer = store.find(table, day, kind=kind, value=value) if value else None
        if isinstance(answer, Held):
            row = answer.entry.row
            of_business, title = row["line_of_business"], row.get("title", "")
            told = words.format(line=of_business.replace("-", " "), title=title)
            citation = answer.entry.citation
            said.append(_Said(told, of_business, row.get("payer", ""), title, citation))
    return said


def _plain(name: str) -> str:
    """A name as the payers table has it: lower case, letters and digits, single spaces."""
    kept = "".join(letter if letter.isalnum() else " " for letter in name.casefold())
    return " ".join(kept.split())


def _conflict(said: Sequence[_Said]) -> str:
    """What two things say against each other; blank when all agree."""
    for kind in ("line", "payer"):
        told = {getattr(one, kind): one.words for one in reversed(said) if getattr(one, kind)}
        if len(told) > 1:
            return f"which is right, as {_and([*reversed(told.values())])}"
    line = next((one for one in said if one.line == MEDICARE), None)
    payer = next((one for one in said if one.payer), None)
    if line and payer and not payer.line:
        return f"which is right, as {line.words} and {payer.words}"
    return ""


def _lacking(payer: str, line: str, *, given: bool) -> list[str]:
    lacking: list[str] = []
    if not payer:
        held = "the name or id on the claim is not in the table of payers"
        lacking.append(f"the payer: {held if given else 'no name or id of it is given'}")
    if not line:
        lacking.append("the line of business: SBR09 or the file must say it")
    return lacking


def _which(served: Sequence[_Served], state: str) -> str:
    if served:
        titles = _and([one.title for one in served])
        return f"the contractor: {titles} share {state}; the provider's ZIP code decides"
    if state:
        return f"the contractor: no locality file held names {state}"
    return "the contractor: no state of two letters is given for the provider"


def _contractors(store: Store, state: str, zip_code: str, day: date) -> list[_Served]:
    """The contractors of a state, or of a ZIP code where one is given."""
    best: dict[str, tuple[int, Citation]] = {}
    for prefix, row in _places(store, state, zip_code):
        citation, away = _cite(store.edition(row["edition"]), row, day)
        if prefix not in best or away < best[prefix][0]:
            best[prefix] = away, citation
    served: dict[str, _Served] = {}
    for prefix, (_, citation) in sorted(best.items()):
        answer = store.find("contractors", day, prefix=prefix)
        if isinstance(answer, Held):
            entry = answer.entry
            served.setdefault(entry["id"], _Served(entry.row, (citation, _noted(entry))))
    return list(served.values())


@lru_cache(maxsize=4096)
def _places(store: Store, state: str, zip_code: str) -> Sequence[tuple[str, Row]]:
    """Jurisdiction prefixes of a place: one row of each edition that lists it there."""
    found = [*store.all_rows("zip_localities", zip=zip_code)] if zip_code else []
    if not found and state:
        found = [
            *store.all_rows("gpci", state=state),
            *store.all_rows("zip_localities", state=state),
        ]
    one_each = {(row["contractor"][:_PREFIX], row["edition"]): row for row in reversed(found)}
    return tuple((prefix, row) for (prefix, _), row in one_each.items())


def _noted(entry: Entry) -> Citation:
    cited = entry.citation
    return Citation(cited.edition, cited.basis, confidence=Confidence.SECONDARY, note=entry["note"])


def _cite(edition: Edition, row: Row, day: date) -> tuple[Citation, int]:
    """A row of a locality file as it stands to a date, and how many days it lies away.

    Always secondary: it says who decides, and no denial may rest on that alone.
    """
    window, contract = edition.window, f"Contract {row['contractor']}"
    basis, away, note = Basis.IN_FORCE, 0, f"{contract}."
    if window.first and day < window.first:
        basis, away = Basis.DERIVED, (window.first - day).days
        note = f"{contract} as of {window.first}; read back to an earlier date."
    elif window.last and day > window.last:
        basis, away = Basis.CARRIED, (day - window.last).days
        note = f"{contract} as of {window.last}; used for a later date."
    weak = Confidence.SECONDARY
    return Citation(edition, basis, int(row["source_row"]), confidence=weak, note=note), away


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
