"""What was billed: claims, service lines, diagnoses and providers, and where each value was read.

NamedTuples, because a file of 100,000 claims builds millions of them. Their reprs show no
patient data, dates or identifiers, so that a traceback or a log line cannot leak a claim.
"""

import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from _hashlib import HASH

_PROCESS_SECRET = os.urandom(32)


class ClaimType(StrEnum):
    """Who bills, which decides the tables and the bilateral rules that apply."""

    PRACTITIONER = "practitioner"
    HOSPITAL_OUTPATIENT = "hospital-outpatient"
    ASC = "asc"
    UNKNOWN = "unknown"
    """Not said and not derivable: rules that differ by type are `not_checked`."""


class Place(NamedTuple):
    """Where a value was read.

    Attributes:
        kind: what `at` counts: `segment`, `row`, `line` or `item`; `file` when it counts nothing.
        at: ordinal in the file, from 1; 0 when the place is the file.
        element: element (`SV101-2`), column or path; empty when the place is all of `at`.
    """

    file: str
    kind: str
    at: int
    element: str = ""

    def __str__(self) -> str:
        """As in an error line: `claims.837, segment 24, SV101-2`."""
        counted = f"{self.kind} {self.at}" if self.at else ""
        return ", ".join(part for part in (self.file, counted, self.element) if part)


class Layout(NamedTuple):
    """How the fields of one noun lie in one file; shared by all nouns of a kind in it.

    Attributes:
        elements: field name -> which entry of the noun's `at` holds its ordinal, and its element.
    """

    file: str
    kind: str
    elements: Mapping[str, tuple[int, str]]

    def place(self, at: tuple[int, ...], field: str = "") -> Place:
        """The place of a field; of the whole noun when the field was not in the file."""
        index, element = self.elements.get(field, (0, ""))
        if index < len(at) and at[index]:
            return Place(self.file, self.kind, at[index], element)
        return Place(self.file, self.kind, at[0] if at else 0)


NOWHERE = Layout("", "file", {})
"""For claims built by hand, which were read nowhere."""


class Fault(NamedTuple):
    """Something wrong with the input, at a place; it becomes a `review` finding or an error.

    Attributes:
        id: stable id, `area/name`.
        message: what is wrong, without patient data or any text of the record.
        todo: what the user can do.
        lost: whether something in the input was not read at all.
    """

    id: str
    message: str
    place: Place
    todo: str = ""
    lost: bool = False

    def __str__(self) -> str:
        """One line: where, what, what to do."""
        return f"{self.place}: {self.message}{' ' if self.todo else ''}{self.todo}"


class Provider(NamedTuple):
    """A billing, rendering, referring or facility provider; a blank is a value not given."""

    npi: str = ""
    taxonomy: str = ""
    state: str = ""
    at: tuple[int, ...] = ()
    layout: Layout = NOWHERE

    def where(self, field: str = "") -> Place:
        """The place a field was read."""
        return self.layout.place(self.at, field)


class Drug(NamedTuple):
    """The drug of a service line: NDC, quantity and its unit (`ML`, `UN`, `GR`, `ME`, `F2`)."""

    ndc: str
    quantity: Decimal | None = None
    unit: str = ""


class Measurement(NamedTuple):
    """A test result on a service line: X12 measurement qualifier and value."""

    kind: str
    value: Decimal


class Diagnosis(NamedTuple):
    """A diagnosis of the claim, as the pointers count them.

    Attributes:
        code: without dot, upper case.
        system: `icd-10` or `icd-9` when the file says so, else empty.
        at: ordinal of the segment, row or item it was read from.
        element: element, column or path of it.
    """

    code: str
    system: str = ""
    at: int = 0
    element: str = ""

    def __repr__(self) -> str:
        """Its place only: a diagnosis is patient data."""
        return f"Diagnosis({self.at}, {self.element!r})"


class ServiceLine(NamedTuple):
    """One service line.

    Attributes:
        number: the line's number in its claim, from 1.
        code: HCPCS or CPT code; empty when the line could not be read.
        modifiers: up to four, in order, blanks left out.
        units: quantity billed; None when absent or unreadable, never zero for that.
        unit_basis: `UN` units, `MJ` minutes, else empty.
        charge: in dollars; None when absent or unreadable.
        place_of_service: the line's own, else the claim's.
        pointers: 1-based numbers of diagnoses, first is primary; may be out of range.
        service_date: first day of service.
        last_service_date: last day; the same as the first for one day.
        rendering: the line's own provider, else the claim's.
        code_set: X12 qualifier of the code; `HC` for HCPCS and CPT.
    """

    number: int
    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal | None = None
    charge: Decimal | None = None
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    service_date: date | None = None
    last_service_date: date | None = None
    rendering: Provider | None = None
    unit_basis: str = ""
    code_set: str = ""
    control_number: str = ""
    prior_authorization: str = ""
    drug: Drug | None = None
    measurements: tuple[Measurement, ...] = ()
    at: tuple[int, ...] = ()
    layout: Layout = NOWHERE

    def where(self, field: str = "") -> Place:
        """The place a field was read; `modifiers.0` is the first modifier."""
        return self.layout.place(self.at, field)

    def __repr__(self) -> str:
        """Number, code and place; nothing that tells of a patient."""
        return f"ServiceLine({self.number}, {self.code!r}, {self.where()})"


class Claim(NamedTuple):
    """One claim.

    Attributes:
        claim_id: CLM01, or the file's own id.
        patient_key: keyed digest of who the patient is; empty when the file does not say enough.
            It is never shown, and differs from process to process unless a secret is given.
        provider_state: state of the facility, else of the billing provider.
        filing_code: claim filing indicator (SBR09).
        line_of_business: as stated by the file; empty when a payer table must resolve it.
        frequency_code: 1 original, 7 replacement, 8 void.
        original_reference: the payer's number of the claim that this one replaces or voids.
        claim_total: in dollars; None when absent or unreadable.
        statement_first: first day of the statement period, where a claim states one.
        complete: False when part of the claim could not be read; what seems absent from it
            may have been in the part lost, so nothing may fail on an absence.
        faults: what was wrong with this claim's own record.
    """

    claim_id: str
    lines: tuple[ServiceLine, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    patient_key: str = ""
    claim_type: ClaimType = ClaimType.UNKNOWN
    billing: Provider | None = None
    rendering: Provider | None = None
    referring: Provider | None = None
    facility: Provider | None = None
    provider_state: str = ""
    payer_id: str = ""
    payer_name: str = ""
    filing_code: str = ""
    line_of_business: str = ""
    place_of_service: str = ""
    frequency_code: str = ""
    prior_authorization: str = ""
    original_reference: str = ""
    claim_total: Decimal | None = None
    statement_first: date | None = None
    statement_last: date | None = None
    file_control_number: str = ""
    complete: bool = True
    faults: tuple[Fault, ...] = ()
    at: tuple[int, ...] = ()
    layout: Layout = NOWHERE

    def where(self, field: str = "") -> Place:
        """The place a field was read; `diagnoses.0` is the first diagnosis."""
        name, _, index = field.partition(".")
        if name == "diagnoses" and index and int(index) < len(self.diagnoses):
            diagnosis = self.diagnoses[int(index)]
            return Place(self.layout.file, self.layout.kind, diagnosis.at, diagnosis.element)
        return self.layout.place(self.at, field)

    def __repr__(self) -> str:
        """Place and number of lines; nothing that tells of a patient."""
        return f"Claim({self.where()}, {len(self.lines)} lines)"


def patient_key(*parts: str, secret: bytes = b"") -> str:
    """Digest of what identifies a patient: equal for equal people, and useless outside.

    Args:
        parts: member id, names, birth date; spaces, punctuation and letter case do not count.
        secret: key of the digest; by default a random one of this process. Give one when
            several processes must agree.

    Returns:
        32 hexadecimal digits; empty when every part is blank.
    """
    normal = [
        part.upper() if part.isalnum() else "".join(filter(str.isalnum, part)).upper()
        for part in parts
    ]
    if not any(normal):
        return ""
    digest = _begun(secret or _PROCESS_SECRET).copy()
    digest.update("\0".join(normal).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def _begun(secret: bytes) -> "HASH":
    """A digest that has read the secret; a claim file asks for one at every patient."""
    return sha256(secret)
