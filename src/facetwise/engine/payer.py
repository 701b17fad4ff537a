"""Whether Medicare's own edits bind a claim, from what the claim says of its payer."""

from datetime import date

from facetwise.claim import Claim
from facetwise.engine.lookups import Lookups
from facetwise.tables.answer import Held


def binds_medicare(look: Lookups, claim: Claim, day: date) -> bool:
    """Whether the claim names original Medicare as its payer; unknown counts as no."""
    said = (
        ("filing_code", claim.filing_code.upper()),
        ("line_of_business", claim.line_of_business.casefold()),
        ("payer_name", claim.payer_name.casefold()),
    )
    for kind, value in said:
        answer = look.find("payer_words", day, kind=kind, value=value) if value else None
        if isinstance(answer, Held):
            return answer.entry["line_of_business"] == "medicare"
    return False
