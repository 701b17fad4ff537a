"""Does the claim carry the authorization number that a list asks for?"""

from datetime import date
from functools import lru_cache

from facetwise.claim import ClaimType
from facetwise.policies import Book, Policies
from facetwise.rules.declare import Encounter, Entry, Findings, Line, Rows, known, review, rule
from facetwise.rules.policy_view import PolicyView
from facetwise.sources import Basis
from facetwise.tables.answer import Answer, Held, NotHeld

_NO_PLACE = NotHeld("the line has no place of service, and the list depends on it.", "the place")


@rule(
    "site/authorization",
    trigger=known("code_facts.code", fact="object"),
    scope="encounter",
    reads=("code", "service_date", "place_of_service", "claim_type", "prior_authorization"),
    verdicts=("review",),
    advice="Put the number on the claim (REF G1), or make sure that none was needed.",
    denial_codes=("197",),
    policies=True,
)
def authorization(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    view = rows.policies
    if _number(line):
        return
    answer = _asked_of(line, view)
    if isinstance(answer, NotHeld):
        view.gaps.append(answer)
    if not isinstance(answer, Held):
        return
    mine = [other for other in encounter.lines if other.claim is line.claim]
    alike = [o for o in mine if not _number(o) and isinstance(_asked_of(o, view), Held)]
    if alike[0].item is not line.item:
        return
    names = " and ".join(dict.fromkeys(other.code for other in alike))
    entry = answer.entry
    if not entry["claim_types"]:
        text = f"{view.payer} lists {names} for authorization{_by(entry)}; the claim has no number."
        advice = ""
    elif line.claim.claim_type in entry["claim_types"].split():
        text = f"{names} at a hospital needs prior authorization; the claim has no number."
        advice = "Put the number on the claim (REF G1), unless CMS exempted the hospital."
    else:
        text = f"{names} at a hospital: the hospital must hold prior authorization."
        advice = "Ask the hospital for its number before you bill; a practitioner needs none."
    if entry["claim_types"] and entry["note"]:
        text = f"{text} {entry['note']}"
    exempt = view.criteria(name="exemption") if entry["claim_types"] else ()
    more = {"field": "prior_authorization", "others": tuple(alike[1:]), "advice": advice}
    yield review(line, text, cite=(*answer.entries, *exempt), **more)


def _number(line: Line) -> str:
    return line.item.prior_authorization or line.claim.prior_authorization


def _by(entry: Entry) -> str:
    """Who decides, and when the list is of another date."""
    vendor = f" by {entry['vendor']}" if entry["vendor"] else ""
    other = entry.citation.basis is not Basis.IN_FORCE
    return f"{vendor} (a list of another date)" if other else vendor


def _asked_of(line: Line, view: PolicyView) -> Answer | None:
    """What the lists say of a line; None where they leave its place or kind of claim out."""
    place, kind = line.item.place_of_service, line.claim.claim_type
    answer = _listed(view.policies, view.book, view.day, line.code, place)
    if isinstance(answer, NotHeld) and place:
        elsewhere = _listed(view.policies, view.book, view.day, line.code, "")
        return answer if isinstance(elsewhere, NotHeld) else None
    if not isinstance(answer, Held):
        return answer
    entry = answer.entry
    kinds = entry["claim_types"].split()
    if not place and (entry["places"] or entry["except_places"]) and kind not in kinds:
        return _NO_PLACE
    return None if kinds and kind is ClaimType.ASC else answer


@lru_cache(maxsize=10_000)
def _listed(policies: Policies, book: Book, day: date, code: str, place: str) -> Answer:
    return policies.authorization(book, day, code, place=place)
