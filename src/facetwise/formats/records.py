"""Flat records to claims: what CSV and JSON have in common.

A record is one service line with everything known of its claim, as text by field name. Field
names are those of the CSV columns. A value that cannot be read becomes None and a fault that
names its place and never its text: a shifted column would put a patient's name there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from facetwise.claim import (
    Claim,
    ClaimType,
    Diagnosis,
    Drug,
    Fault,
    Layout,
    Provider,
    ServiceLine,
    patient_key,
)
from facetwise.formats.values import (
    compact,
    diagnosis_code,
    money,
    written_day,
    written_modifiers,
    written_pointers,
)

T = TypeVar("T")

MOST_DIAGNOSES = 12
MOST_MODIFIERS = 4
MOST_FAULTS = 50

CLAIM_FIELDS = (
    "claim_id",
    "patient_id",
    "payer_id",
    "payer_name",
    "line_of_business",
    "claim_type",
    "provider_state",
    "claim_total",
    *(f"diagnosis_{at}" for at in range(1, MOST_DIAGNOSES + 1)),
    "billing_npi",
    "frequency_code",
    "prior_authorization",
    "file_control_number",
    "billing_taxonomy",
    "facility_npi",
    "referring_npi",
    "filing_code",
    "original_reference",
)
"""Fields that say the same on every line of a claim."""

LINE_FIELDS = (
    "line_no",
    "service_date",
    "code",
    *(f"modifier_{at}" for at in range(1, MOST_MODIFIERS + 1)),
    "modifiers",
    "units",
    "charge",
    "place_of_service",
    "pointers",
    "rendering_npi",
    "rendering_taxonomy",
    "last_service_date",
    "line_control_number",
    "ndc",
    "drug_quantity",
    "drug_unit",
)
"""Fields of one service line."""

_CLAIM_TYPES = {
    "practitioner": ClaimType.PRACTITIONER,
    "professional": ClaimType.PRACTITIONER,
    "physician": ClaimType.PRACTITIONER,
    "hospitaloutpatient": ClaimType.HOSPITAL_OUTPATIENT,
    "outpatient": ClaimType.HOSPITAL_OUTPATIENT,
    "opps": ClaimType.HOSPITAL_OUTPATIENT,
    "asc": ClaimType.ASC,
    "unknown": ClaimType.UNKNOWN,
    "": ClaimType.UNKNOWN,
}
# Names that the nouns give to what the columns call otherwise.
_NOUN_FIELDS = {
    "line_no": "number",
    "line_control_number": "control_number",
    "ndc": "drug",
    "drug_quantity": "drug.quantity",
    "drug_unit": "drug.unit",
    "patient_id": "patient_key",
}


class Fields(NamedTuple):
    """Where the fields of a record stand, for the line or claim and for each provider in it."""

    own: Layout
    providers: Mapping[str, Layout]


class Record(NamedTuple):
    """One service line as text; `at` is its ordinal, `fields` tells where its values stand."""

    values: Mapping[str, str]
    at: int
    fields: Fields


def fields_at(file: str, kind: str, elements: Mapping[str, str]) -> Fields:
    """Fields by the nouns' own names.

    Args:
        elements: field name -> column or path.
    """
    own = dict(elements)
    for field, noun_field in _NOUN_FIELDS.items():
        if field in elements:
            own[noun_field] = elements[field]
    if "modifier_1" in elements:
        own["modifiers"] = elements["modifier_1"]
    for at in range(MOST_MODIFIERS):
        column = elements.get(f"modifier_{at + 1}") or elements.get("modifiers")
        if column:
            own[f"modifiers.{at}"] = column
    providers = {
        party: Layout(file, kind, _under(elements, f"{party}_"))
        for party in ("billing", "rendering", "facility", "referring")
    }
    return Fields(Layout(file, kind, _under(own, "")), providers)


def _under(elements: Mapping[str, str], prefix: str) -> dict[str, tuple[int, str]]:
    return {
        field.removeprefix(prefix): (0, element)
        for field, element in elements.items()
        if field.startswith(prefix)
    }


def claim_of(
    records: Sequence[Record],
    faults: Sequence[Fault] = (),
    *,
    claim_fields: Fields | None = None,
    claim_type: ClaimType | None = None,
    secret: bytes = b"",
) -> Claim:
    """The claim of records with the same claim id.

    Args:
        records: at least one, in file order; what is said once for the claim is taken from
            the first.
        faults: what is already known to be wrong with the claim's records.
        claim_fields: where the claim's own fields stand, when not in the first record.
        claim_type: what the caller knows, instead of the records' own.
        secret: see `patient_key`.
    """
    return _Builder(records, faults, claim_fields).claim(claim_type, secret)


class _Builder:
    """Builds one claim and gathers its faults."""

    def __init__(
        self, records: Sequence[Record], faults: Sequence[Fault], fields: Fields | None
    ) -> None:
        self.records = records
        self.first = records[0]
        self.fields = fields or self.first.fields
        self.faults = list(faults)

    def claim(self, claim_type: ClaimType | None, secret: bytes) -> Claim:
        """The whole claim."""
        first = self.first._replace(fields=self.fields)
        said = first.values.get
        self._same_claim()
        lines = self._lines()
        places = [line.place_of_service for line in lines]
        claim = Claim(
            claim_id=said("claim_id", ""),
            lines=lines,
            diagnoses=self._diagnoses(first),
            patient_key=patient_key(said("patient_id", ""), secret=secret),
            claim_type=claim_type or self._claim_type(first),
            billing=self._provider(first, "billing"),
            rendering=lines[0].rendering,
            referring=self._provider(first, "referring"),
            facility=self._provider(first, "facility"),
            provider_state=said("provider_state", "").upper(),
            payer_id=said("payer_id", ""),
            payer_name=said("payer_name", ""),
            filing_code=said("filing_code", "").upper(),
            line_of_business=said("line_of_business", ""),
            place_of_service=places[0],
            frequency_code=said("frequency_code", ""),
            prior_authorization=said("prior_authorization", ""),
            original_reference=said("original_reference", ""),
            claim_total=self._value(first, "claim_total", money, "an amount"),
            file_control_number=said("file_control_number", ""),
            at=(first.at,),
            layout=self.fields.own,
        )
        faults = tuple(self.faults[:MOST_FAULTS])
        return claim._replace(faults=faults, complete=not any(fault.lost for fault in self.faults))

    def _same_claim(self) -> None:
        """Say once for each field that the lines of the claim do not agree on."""
        for field in CLAIM_FIELDS:
            given = self.first.values.get(field, "")
            for record in self.records[1:]:
                if record.values.get(field, given) != given:
                    message = f"{field} differs from the claim's first line, which is used."
                    self._fault("claim/lines-disagree", record, field, message)
                    break

    def _lines(self) -> tuple[ServiceLine, ...]:
        numbers = [_line_number(record) for record in self.records]
        trusted = None not in numbers and len(set(numbers)) == len(numbers)
        if not trusted and any(record.values.get("line_no") for record in self.records):
            message = "the line numbers are not whole numbers that differ; file order is used."
            self._fault("claim/line-numbers", self.first, "line_no", message)
        return tuple(
            self._line(record, number if trusted and number else place)
            for place, (record, number) in enumerate(zip(self.records, numbers, strict=True), 1)
        )

    def _line(self, record: Record, number: int) -> ServiceLine:
        said = record.values.get
        modifiers, layout = self._modifiers(record)
        first = self._value(record, "service_date", written_day, "a day (YYYY-MM-DD)")
        last = self._value(record, "last_service_date", written_day, "a day (YYYY-MM-DD)")
        if not said("code"):
            self._fault("claim/no-code", record, "code", "the line has no procedure code.")
        return ServiceLine(
            number=number,
            code=said("code", "").upper(),
            modifiers=modifiers,
            units=self._value(record, "units", money, "a number"),
            charge=self._value(record, "charge", money, "an amount"),
            place_of_service=_two_digits(said("place_of_service", "")),
            pointers=self._value(record, "pointers", written_pointers, "diagnosis numbers") or (),
            service_date=first,
            last_service_date=last or first,
            rendering=self._provider(record, "rendering"),
            control_number=said("line_control_number", ""),
            drug=self._drug(record),
            at=(record.at,),
            layout=layout,
        )

    def _modifiers(self, record: Record) -> tuple[tuple[str, ...], Layout]:
        """Modifiers from their columns or from the one column, and where each one stands."""
        values = record.values
        columns = [f"modifier_{at}" for at in range(1, MOST_MODIFIERS + 1)]
        given, gapped = compact([values.get(column, "").upper() for column in columns])
        if not given and values.get("modifiers"):
            given = written_modifiers(values["modifiers"])
            if len(given) > MOST_MODIFIERS:
                message = "more than four modifiers; the first four are used."
                self._fault("claim/too-many-modifiers", record, "modifiers", message)
            return given[:MOST_MODIFIERS], record.fields.own
        if not gapped:
            return given, record.fields.own
        elements = dict(record.fields.own.elements)
        for at, column in enumerate(gapped):
            elements[f"modifiers.{at}"] = elements[columns[column]]
        return given, record.fields.own._replace(elements=elements)

    def _diagnoses(self, record: Record) -> tuple[Diagnosis, ...]:
        """Diagnoses in order; a blank before one keeps its number, as pointers count it."""
        found: list[Diagnosis] = []
        for at in range(1, MOST_DIAGNOSES + 1):
            field = f"diagnosis_{at}"
            place = record.fields.own.place((record.at,), field)
            code = diagnosis_code(record.values.get(field, ""))
            found.append(Diagnosis(code, at=place.at, element=place.element))
        while found and not found[-1].code:
            found.pop()
        return tuple(found)

    def _claim_type(self, record: Record) -> ClaimType:
        written = "".join(filter(str.isalnum, record.values.get("claim_type", ""))).lower()
        kind = _CLAIM_TYPES.get(written)
        if kind is None:
            message = "claim_type is not practitioner, hospital-outpatient or asc; read as unknown."
            self._fault("claim/claim-type", record, "claim_type", message)
        return kind or ClaimType.UNKNOWN

    def _provider(self, record: Record, party: str) -> Provider | None:
        npi = record.values.get(f"{party}_npi", "")
        taxonomy = record.values.get(f"{party}_taxonomy", "").upper()
        if not (npi or taxonomy):
            return None
        return Provider(npi, taxonomy, at=(record.at,), layout=record.fields.providers[party])

    def _drug(self, record: Record) -> Drug | None:
        ndc = record.values.get("ndc", "")
        if not ndc:
            return None
        quantity = self._value(record, "drug_quantity", money, "a number")
        return Drug(ndc, quantity, record.values.get("drug_unit", "").upper())

    def _value(
        self, record: Record, field: str, read: Callable[[str], T | None], kind: str
    ) -> T | None:
        text = record.values.get(field, "")
        if not text:
            return None
        value = read(text)
        if value is None:
            self._fault("claim/unreadable", record, field, f"{field} is not {kind}.")
        return value

    def _fault(self, fault_id: str, record: Record, field: str, message: str) -> None:
        place = record.fields.own.place((record.at,), field)
        self.faults.append(Fault(fault_id, message, place))


def _line_number(record: Record) -> int | None:
    text = record.values.get("line_no", "").removesuffix(".0")
    readable = text.isascii() and text.isdigit() and len(text) < 5
    return int(text) or None if readable else None


def _two_digits(place: str) -> str:
    """A place of service as spreadsheets leave it: 5 for 05."""
    return place.zfill(2) if place.isdigit() else place.upper()
