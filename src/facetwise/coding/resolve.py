"""Which ruleset a claim is written by: named, or found from payer, claim type and setting."""

from datetime import date

from facetwise.anatomy import Question
from facetwise.coding import questions
from facetwise.coding.rulesets import Ruleset, ruleset_named, rulesets, rulesets_of
from facetwise.procedure import ClaimType, Procedure
from facetwise.tables.answer import Held
from facetwise.tables.store import Store


def resolve(
    store: Store, procedure: Procedure, ruleset: str | None, day: date
) -> tuple[Ruleset | None, list[Question]]:
    """The ruleset, or the question that stands in the way.

    Raises:
        UnknownRulesetError: a ruleset is named that does not exist.
    """
    if ruleset:
        held = ruleset_named(ruleset)
        return held, _fits(held, procedure)
    if not procedure.payer:
        return None, [questions.no_ruleset(list(rulesets()))]
    candidates = rulesets_of(procedure.payer)
    if not candidates:
        return None, [questions.payer_unknown(procedure.payer, list(rulesets()))]
    wanted = procedure.claim_type or _implied(store, procedure.place_of_service, day)
    if len(candidates) == 1 and (wanted or not procedure.place_of_service):
        return candidates[0], _fits(candidates[0], procedure)
    for held in candidates:
        if held.claim_type is wanted:
            return held, _fits(held, procedure)
    known = {
        str(held.claim_type): f"lines as {held.id} has them"
        for held in candidates
        if held.claim_type
    }
    if len(candidates) == 1:
        known["facility"] = "no rule of this payer on facility claims is held"
    return None, [questions.claim_type(known)]


def _implied(store: Store, place: str, day: date) -> ClaimType | None:
    """Outside a facility there is only the practitioner's claim."""
    if not place:
        return None
    found = store.find("places_of_service", day, pos=place)
    if isinstance(found, Held) and found.entry.row["setting"] == "non-facility":
        return ClaimType.PRACTITIONER
    return None


def _fits(held: Ruleset, procedure: Procedure) -> list[Question]:
    """Whether the claim and the place it is for are ones the ruleset speaks of."""
    wanted, place = procedure.claim_type, procedure.place_of_service
    if wanted and held.claim_type and wanted is not held.claim_type:
        return [questions.other_claim_type(held.id, held.claim_type, wanted)]
    if held.places and place and place not in held.places:
        return [questions.place(held.id, place, held.places)]
    return []
