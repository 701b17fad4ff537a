"""Claims that read alike: what is asked of their lines, and found, is worked out once.

Two claims read alike when they differ only in who the patient is, in identifiers, in amounts of
money and in where they stand in their files. Most claims of a practice repeat a few patterns.
"""

from typing import NamedTuple

from facetwise.claim import Claim, Provider, ServiceLine
from facetwise.engine.answer import Found, NotChecked


class Spoken(NamedTuple):
    """A finding without its place: the line's index on the claim (None: the claim) and field."""

    found: Found
    line: int | None
    field: str


class Alike(NamedTuple):
    """What came of asking the lines of one claim; the same for every claim that reads like it."""

    asked: tuple[str, ...]
    gaps: tuple[NotChecked, ...]
    spoken: tuple[Spoken, ...]

    def findings(self, claim: Claim) -> list[Found]:
        """The findings in the places of another claim that reads alike."""
        return [
            spoken.found._replace(
                where=claim.where(spoken.field)
                if spoken.line is None
                else claim.lines[spoken.line].where(spoken.field)
            )
            for spoken in self.spoken
        ]


def signature(claim: Claim) -> tuple[object, ...]:
    """All that rules about lines can read of a claim that is alone with its patient."""
    return (
        claim.claim_type,
        claim.diagnoses and tuple((d.code, d.system) for d in claim.diagnoses),
        _who(claim.billing),
        _who(claim.rendering),
        _who(claim.referring),
        _who(claim.facility),
        claim.provider_state,
        claim.payer_id,
        claim.payer_name,
        claim.filing_code,
        claim.line_of_business,
        claim.place_of_service,
        claim.frequency_code,
        bool(claim.prior_authorization),
        bool(claim.original_reference),
        claim.statement_first,
        claim.statement_last,
        claim.complete,
        claim.layout.kind,
        *[_line(line) for line in claim.lines],
    )


def lacks(item: ServiceLine, field: str) -> bool:
    """Whether a line was read from a table without such a column, which leaves the field unsaid."""
    return item.layout.kind == "row" and field not in item.layout.elements


def _line(line: ServiceLine) -> tuple[object, ...]:
    return (
        line.number,
        line.code,
        line.modifiers,
        line.units,
        line.units is None and lacks(line, "units"),
        None if line.charge is None else line.charge > 0,
        line.place_of_service,
        line.pointers,
        line.service_date,
        line.last_service_date,
        _who(line.rendering),
        line.unit_basis,
        line.code_set,
        bool(line.prior_authorization),
        line.drug,
        line.measurements,
        line.layout.kind,
    )


def _who(provider: Provider | None) -> tuple[str, str, str] | None:
    return provider and (provider.npi, provider.taxonomy, provider.state)
