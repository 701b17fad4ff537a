"""Is a sacroiliac diagnosis the only reason given for a facet procedure?"""

from functools import lru_cache

from facetwise.policies import Book, Policies
from facetwise.policies.model import ICD
from facetwise.rules.declare import Encounter, Entry, Findings, Line, Rows, known, review, rule
from facetwise.rules.diagnosis.pointed import pointed_to, shown
from facetwise.rules.policy_view import PolicyView
from facetwise.tables.answer import Held

_SACROILIAC = "sacroiliac"


@rule(
    "diagnosis/sacroiliac-with-facet",
    trigger=known("code_facts.code", fact="object"),
    scope="encounter",
    reads=("code", "service_date", "pointers", "diagnoses"),
    uses=("code_facts",),
    verdicts=("review",),
    advice="If the sacroiliac joint was treated, bill its code; else point to the facet diagnosis.",
    denial_codes=("11", "50", "N115"),
    policies=True,
)
def sacroiliac_with_facet(line: Line, encounter: Encounter, rows: Rows) -> Findings:
    if not rows.fact("family").startswith("facet-"):
        return
    codes, why_none = pointed_to(line)
    if why_none:
        rows.policies.gaps.append(why_none)
        return
    said = [entry for code in codes if (entry := _sacroiliac(rows.policies, code))]
    if len(said) == len(codes):
        text = f"{shown(codes)} stands for the sacroiliac joint ({said[0].citation.edition.id}), "
        text += f"and {line.code} treats a facet joint."
        yield review(line, text, cite=said, field="pointers")


def _sacroiliac(view: PolicyView, code: str) -> Entry | None:
    """A sacroiliac list with the diagnosis: the payer's own, else any that is held."""
    for book, procedure in (*_lists(view.policies, view.book), *_lists(view.policies, None)):
        answer = view.policies.diagnosis(book, view.day, procedure, code)
        if isinstance(answer, Held):
            return answer.entry
    return None


@lru_cache(maxsize=256)
def _lists(policies: Policies, own: Book | None) -> tuple[tuple[Book, str], ...]:
    """Books with a sacroiliac diagnosis list, each with a procedure that leads to it."""
    found: list[tuple[Book, str]] = []
    for policy in policies.all:
        listing = any(held.system == ICD for held in policy.codes)
        if _SACROILIAC not in policy.subjects or not listing or not policy.named_codes:
            continue
        for reach in policy.reaches:
            book = Book(policy.payer, policy.lines_of_business[0], reach.contractor)
            if own is None or book[:3] == own[:3]:
                found.append((book, min(policy.named_codes)))
    return tuple(found)
