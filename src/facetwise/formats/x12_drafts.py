"""The pieces of an 837 claim as its segments come in, and the nouns built from them."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from facetwise.claim import (
    Claim,
    ClaimType,
    Diagnosis,
    Drug,
    Fault,
    Layout,
    Measurement,
    Provider,
    ServiceLine,
)
from facetwise.formats.values import diagnosis, number, period, pointers, procedure

AMBULATORY_SURGERY = "261QA1903X"
"""Taxonomy (NUCC) of an ambulatory surgical centre billing for itself."""
SURGERY_CENTRE_PLACE = "24"
"""Place of service (CMS) where both the centre and the practitioner bill on an 837P."""

Report = Callable[[str, str, int, str], None]
"""What is wrong with a value: fault id, message, ordinal of the segment, element."""
Elements = list[str]

_PROVIDER = {"npi": (0, "NM109"), "taxonomy": (1, "PRV03"), "state": (2, "N402")}
_LINE = {
    "code": (0, "SV101-2"),
    "code_set": (0, "SV101-1"),
    "modifiers": (0, "SV101-3"),
    **{f"modifiers.{at}": (0, f"SV101-{at + 3}") for at in range(4)},
    "charge": (0, "SV102"),
    "unit_basis": (0, "SV103"),
    "units": (0, "SV104"),
    "place_of_service": (0, "SV105"),
    "pointers": (0, "SV107"),
    "service_date": (1, "DTP03"),
    "last_service_date": (1, "DTP03"),
    "control_number": (2, "REF02"),
    "prior_authorization": (3, "REF02"),
    "drug": (4, "LIN03"),
    "drug.quantity": (5, "CTP04"),
    "drug.unit": (5, "CTP05-1"),
    "measurements": (6, "MEA03"),
}
_CLAIM = {
    "claim_id": (0, "CLM01"),
    "claim_total": (0, "CLM02"),
    "place_of_service": (0, "CLM05-1"),
    "frequency_code": (0, "CLM05-3"),
    "patient_key": (1, "NM109"),
    "filing_code": (2, "SBR09"),
    "payer_id": (3, "NM109"),
    "payer_name": (3, "NM103"),
    "prior_authorization": (4, "REF02"),
    "original_reference": (5, "REF02"),
    "statement_first": (6, "DTP03"),
    "statement_last": (6, "DTP03"),
    "provider_state": (7, "N402"),
    "claim_type": (8, "PRV03"),
    "file_control_number": (9, "ISA13"),
}
_MOST_COMPOSITES = 12  # of an HI segment, by the standard
_DIAGNOSIS_ELEMENTS = tuple((at, f"HI{at:02}-2") for at in range(1, _MOST_COMPOSITES + 1))


class Layouts(NamedTuple):
    """The layouts of one file; a line without its own place of service has the claim's."""

    claim: Layout
    line: Layout
    line_at_claim_place: Layout
    provider: Layout


def layouts(file: str) -> Layouts:
    """The layouts of one 837 professional file."""
    at_claim = _LINE | {"place_of_service": (7, "CLM05-1")}
    return Layouts(*(Layout(file, "segment", at) for at in (_CLAIM, _LINE, at_claim, _PROVIDER)))


class Party:
    """A provider as its loop comes in."""

    def __init__(self, npi: str, at: int) -> None:
        self.npi = npi
        self.taxonomy = ""
        self.state = ""
        self.at = at
        self.taxonomy_at = 0
        self.state_at = 0

    def provider(self, layout: Layout) -> Provider:
        """The provider, as far as it is known."""
        places = (self.at, self.taxonomy_at, self.state_at)
        return Provider(self.npi, self.taxonomy, self.state, places, layout)


class Person:
    """The subscriber or patient as the loops come in; only a digest of it leaves the reader."""

    member = last = first = birth = ""
    at = 0


class LineDraft:
    """A service line as its segments come in: each is kept whole until the line ends."""

    at = 0
    sv1: Elements | None = None
    date: Elements | None = None
    date_at = 0
    control_number = ""
    control_number_at = 0
    prior_authorization = ""
    prior_authorization_at = 0
    ndc = ""
    ndc_at = 0
    quantity: Elements | None = None
    quantity_at = 0
    rendering: Party | None = None
    measurements: tuple[Measurement, ...] = ()
    measurements_at = 0

    def __init__(self, at: int) -> None:
        self.at = at


class ClaimDraft:
    """A claim as its segments come in."""

    statement: Elements | None = None
    statement_at = 0
    prior_authorization = ""
    prior_authorization_at = 0
    original_reference = ""
    original_reference_at = 0
    rendering: Party | None = None
    rendering_built: Provider | None = None
    referring: Party | None = None
    facility: Party | None = None
    complete = True

    def __init__(self, clm: Elements, at: int, component: str) -> None:
        self.clm = clm
        self.at = at
        setting = clm[5].split(component)
        self.place_of_service = setting[0].strip()
        self.frequency_code = setting[2].strip() if len(setting) > 2 else ""
        self.diagnoses: list[Diagnosis] = []
        self.lines: list[ServiceLine] = []
        self.faults: list[Fault] = []


class Context(NamedTuple):
    """What a claim takes from the levels above it."""

    patient_key: str
    patient_at: int
    billing: Party | None
    payer_id: str
    payer_name: str
    payer_at: int
    filing_code: str
    filing_code_at: int
    interchange: str
    interchange_at: int
    claim_type: ClaimType | None


def diagnoses(elements: Elements, at: int, component: str) -> list[Diagnosis]:
    """The diagnoses of an HI segment; other kinds of information in it are left out."""
    found: list[Diagnosis] = []
    for index, element in _DIAGNOSIS_ELEMENTS:
        composite = elements[index]
        if composite and (known := diagnosis(composite, component)):
            found.append(Diagnosis(known[0], known[1], at, element))
    return found


def service_line(
    draft: LineDraft, claim: ClaimDraft, component: str, known: Layouts, report: Report
) -> ServiceLine:
    """The line of a draft; values that cannot be read are None, and reported."""
    sv1 = draft.sv1
    at = (
        draft.at,
        draft.date_at,
        draft.control_number_at,
        draft.prior_authorization_at,
        draft.ndc_at,
        draft.quantity_at,
        draft.measurements_at,
        claim.at,
    )
    if sv1 is None:
        return ServiceLine(len(claim.lines) + 1, "", at=at, layout=known.line)
    done = procedure(sv1[1], component)
    layout = known.line if sv1[5] else known.line_at_claim_place
    if done.gapped:
        moved = {f"modifiers.{i}": (0, f"SV101-{p + 3}") for i, p in enumerate(done.gapped)}
        layout = layout._replace(elements={**layout.elements, **moved})
    if not done.code:
        report("claim/no-code", "the line has no procedure code.", draft.at, "SV101-2")
    pointed = pointers(sv1[7], component)
    days = period(draft.date[2], draft.date[3]) if draft.date else None
    charge, units = number(sv1[2]), number(sv1[4])
    if pointed is None or charge is None or units is None or (days is None and draft.date):
        _report_values(draft, sv1, pointed, charge, units, report)
    return ServiceLine(
        len(claim.lines) + 1,
        done.code,
        done.modifiers,
        units,
        charge,
        sv1[5].strip() or claim.place_of_service,
        pointed or (),
        days[0] if days else None,
        days[1] if days else None,
        draft.rendering.provider(known.provider)
        if draft.rendering
        else claim.rendering_built or _rendering(claim, known),
        sv1[3],
        done.code_set,
        draft.control_number,
        draft.prior_authorization,
        _drug(draft, component, report) if draft.ndc_at else None,
        draft.measurements,
        at,
        layout,
    )


def _rendering(claim: ClaimDraft, known: Layouts) -> Provider | None:
    """The claim's rendering provider, built once for all its lines."""
    if claim.rendering and claim.rendering_built is None:
        claim.rendering_built = claim.rendering.provider(known.provider)
    return claim.rendering_built


def _report_values(
    draft: LineDraft,
    sv1: Elements,
    pointed: tuple[int, ...] | None,
    charge: Decimal | None,
    units: Decimal | None,
    report: Report,
) -> None:
    if sv1[2] and charge is None:
        report("claim/not-an-amount", "the charge is not an amount.", draft.at, "SV102")
    if sv1[4] and units is None:
        report("claim/not-a-number", "the units are not a number.", draft.at, "SV104")
    if pointed is None:
        report("claim/not-a-pointer", "the pointers are not numbers.", draft.at, "SV107")
    if draft.date and period(draft.date[2], draft.date[3]) is None:
        report("claim/not-a-date", "the service date is not a day.", draft.date_at, "DTP03")


def _drug(draft: LineDraft, component: str, report: Report) -> Drug:
    if draft.quantity is None:
        return Drug(draft.ndc)
    quantity = number(draft.quantity[4])
    if quantity is None and draft.quantity[4]:
        report(
            "claim/not-a-number", "the drug quantity is not a number.", draft.quantity_at, "CTP04"
        )
    return Drug(draft.ndc, quantity, draft.quantity[5].partition(component)[0])


def claim_of(draft: ClaimDraft, context: Context, known: Layouts, report: Report) -> Claim:
    """The claim of a draft, with what it takes from the levels above it."""
    total = number(draft.clm[2])
    if total is None and draft.clm[2]:
        report("claim/not-an-amount", "the claim total is not an amount.", draft.at, "CLM02")
    days = period(draft.statement[2], draft.statement[3]) if draft.statement else None
    billing, facility = context.billing, draft.facility
    located = facility if facility and facility.state else billing
    return Claim(
        draft.clm[1].strip(),
        tuple(draft.lines),
        tuple(draft.diagnoses),
        context.patient_key,
        context.claim_type or _claim_type(draft, billing),
        billing.provider(known.provider) if billing else None,
        _rendering(draft, known),
        draft.referring.provider(known.provider) if draft.referring else None,
        facility.provider(known.provider) if facility else None,
        located.state if located else "",
        context.payer_id,
        context.payer_name,
        context.filing_code,
        "",
        draft.place_of_service,
        draft.frequency_code,
        draft.prior_authorization,
        draft.original_reference,
        total,
        days[0] if days else None,
        days[1] if days else None,
        context.interchange,
        draft.complete,
        tuple(draft.faults),
        (
            draft.at,
            context.patient_at,
            context.filing_code_at,
            context.payer_at,
            draft.prior_authorization_at,
            draft.original_reference_at,
            draft.statement_at,
            located.state_at if located else 0,
            billing.taxonomy_at if billing else 0,
            context.interchange_at,
        ),
        known.claim,
    )


def _claim_type(draft: ClaimDraft, billing: Party | None) -> ClaimType:
    """A surgery centre says so by its taxonomy; without one, its place of service is a question."""
    taxonomy = billing.taxonomy if billing else ""
    if taxonomy == AMBULATORY_SURGERY:
        return ClaimType.ASC
    if not taxonomy and (
        draft.place_of_service == SURGERY_CENTRE_PLACE
        or any(line.place_of_service == SURGERY_CENTRE_PLACE for line in draft.lines)
    ):
        return ClaimType.UNKNOWN
    return ClaimType.PRACTITIONER
