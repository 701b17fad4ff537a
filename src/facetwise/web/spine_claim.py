"""A claim of coded lines and nothing else, so that the checks the lines meet can be shown."""

from datetime import date
from decimal import Decimal

from facetwise.claim import Claim, ClaimType, Layout, ServiceLine
from facetwise.coding import Coding, rulesets
from facetwise.policies.payers import MEDICARE

_COMMERCIAL = "commercial"
"""The line of business that every ruleset of a payer other than Medicare names in its title."""
_PICKED = Layout("", "item", {})


def claim_of(coding: Coding, place: str, state: str) -> Claim:
    """The lines as a claim of their ruleset's payer; what the picker does not know stays blank.

    Args:
        coding: an answer with a ruleset, a date and lines.
        place: place of service; blank where not said.
        state: of the provider, two letters; blank where not said.
    """
    assert coding.ruleset is not None
    held = rulesets()[coding.ruleset]
    payer = held.payers[0] if held.payers else ""
    business = "" if not payer else MEDICARE if payer == MEDICARE else _COMMERCIAL
    kind = held.claim_type or coding.procedure.claim_type
    assert coding.day is not None
    return Claim(
        "",
        tuple(_lines(coding, coding.day, place)),
        claim_type=ClaimType(str(kind)) if kind else ClaimType.UNKNOWN,
        payer_name=payer,
        line_of_business=business,
        place_of_service=place,
        provider_state=state,
    )


def _lines(coding: Coding, day: date, place: str) -> list[ServiceLine]:
    return [
        ServiceLine(
            number, line.code, line.modifiers, Decimal(line.units), place_of_service=place,
            service_date=day, last_service_date=day, unit_basis="UN", code_set="HC",
            layout=_PICKED,
        )
        for number, line in enumerate(coding.lines, 1)
    ]  # fmt: skip
