"""Claims in CSV: one row a service line, rows of one claim together, columns in any order.

Comma, semicolon, tab or bar; the header names the columns, in any case and under the common
synonyms. One claim is in memory at a time.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from facetwise.claim import Claim, ClaimType, Fault, Place
from facetwise.formats.csv_rows import Rows
from facetwise.formats.records import (
    CLAIM_FIELDS,
    LINE_FIELDS,
    Fields,
    Record,
    claim_of,
    fields_at,
)

_MOST_LINES = 1000  # of one claim, as for 837
_MOST_REMEMBERED = 1_000_000  # claim ids, to notice one that comes back
_MOST_NAMED = 20  # unknown columns
_LONGEST_NAME = 40
_NEEDED = ("claim_id", "code")

_SYNONYMS = {
    "claim_id": "claimid claim claimnumber claimno patientcontrolnumber pcn clm01 accountnumber",
    "line_no": "lineno line linenumber linenum serviceline lx",
    "patient_id": "patientid patient memberid subscriberid mrn patientaccount beneficiaryid",
    "payer_id": "payerid insuranceid",
    "payer_name": "payername payer insurance insurancename payor payorname",
    "line_of_business": "lineofbusiness lob",
    "claim_type": "claimtype",
    "provider_state": "providerstate state",
    "service_date": "servicedate dos dateofservice servicefrom servicedatefrom fromdate dosfrom",
    "last_service_date": "lastservicedate serviceto servicedateto todate dosto throughdate",
    "code": "code cpt cptcode hcpcs hcpcscode procedure procedurecode cpthcpcs proccode",
    "modifiers": "modifiers modifier mods",
    "units": "units unit qty quantity serviceunits dosunits",
    "charge": "charge charges chargeamount linecharge billedamount billed amount",
    "claim_total": "claimtotal totalcharge totalcharges claimcharge claimamount clm02",
    "place_of_service": "placeofservice pos poscode",
    "pointers": "pointers pointer diagnosispointers diagnosispointer dxpointers dxpointer dxptr",
    "rendering_npi": "renderingnpi renderingprovidernpi",
    "billing_npi": "billingnpi billingprovidernpi",
    "facility_npi": "facilitynpi servicefacilitynpi",
    "referring_npi": "referringnpi referringprovidernpi",
    "rendering_taxonomy": "renderingtaxonomy renderingtaxonomycode",
    "billing_taxonomy": "billingtaxonomy billingtaxonomycode",
    "frequency_code": "frequencycode frequency claimfrequency claimfrequencycode",
    "prior_authorization": "priorauthorization priorauth priorauthnumber authorization authnumber "
    "authorizationnumber priorauthorizationnumber",
    "file_control_number": "filecontrolnumber controlnumber isa13",
    "filing_code": "filingcode claimfilingcode claimfilingindicator sbr09",
    "original_reference": "originalreference originalclaimnumber icn dcn originalreferencenumber",
    "line_control_number": "linecontrolnumber lineitemcontrolnumber",
    "ndc": "ndc ndccode",
    "drug_quantity": "drugquantity ndcquantity ndcqty",
    "drug_unit": "drugunit ndcunit",
}
_WHOLE = (
    *("code", "place_of_service", "frequency_code", "rendering_npi", "billing_npi"),
    *("facility_npi", "referring_npi", "modifier_1", "modifier_2", "modifier_3", "modifier_4"),
)
_NUMBERED = {
    "modifier": "modifier mod modifiercode",
    "diagnosis": "diagnosis diag dx icd icd10 diagnosiscode dxcode",
}


def read_csv(
    stream: BinaryIO, file: str, *, claim_type: ClaimType | None = None, secret: bytes = b""
) -> Iterator[Claim | Fault]:
    """Claims in file order, and what is wrong with the file; arguments as for `read_837p`."""
    lines = Rows(stream, file)
    try:
        yield from _read(lines, file, claim_type, secret)
        yield from lines.take_faults()
    finally:
        lines.let_go()


def _read(
    lines: Rows, file: str, claim_type: ClaimType | None, secret: bytes
) -> Iterator[Claim | Fault]:
    header = lines.header()
    if header is None:
        return
    columns, unknown = match_columns(header)
    missing = [field for field in _NEEDED if field not in columns]
    if missing:
        yield Fault(
            "csv/no-columns",
            f"the first row does not name the columns {' and '.join(missing)}.",
            Place(file, "row", 1),
            "Begin the file with a row of column names; docs/formats.md lists them.",
            lost=True,
        )
        return
    if unknown:
        yield Fault("csv/unknown-columns", _unknown_message(unknown), Place(file, "row", 1))
    names = {field: header[at].strip() for field, at in columns.items()}
    yield from _claims(lines, columns, fields_at(file, "row", names), claim_type, secret)


def match_columns(header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Field name -> column index, and the names of columns that are not known or come twice."""
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for at, name in enumerate(header):
        field = _FIELD_OF.get(_plain(name))
        if field and field not in columns:
            columns[field] = at
        elif name.strip():
            unknown.append(name.strip())
    return columns, unknown


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _field_names() -> dict[str, str]:
    """Every way to write a column -> its field."""
    names = {_plain(field): field for field in CLAIM_FIELDS + LINE_FIELDS}
    names |= {word: field for field, words in _SYNONYMS.items() for word in words.split()}
    for field in CLAIM_FIELDS + LINE_FIELDS:
        stem, _, number = field.rpartition("_")
        if stem in _NUMBERED:
            names |= {f"{word}{number}": field for word in _NUMBERED[stem].split()}
    return names


_FIELD_OF = _field_names()


def _unknown_message(unknown: list[str]) -> str:
    shown = ", ".join(name[:_LONGEST_NAME] for name in unknown[:_MOST_NAMED])
    more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
    return f"columns that are not known, or come twice, were not read: {shown}{more}."


def _claims(
    lines: Rows,
    columns: Mapping[str, int],
    fields: Fields,
    claim_type: ClaimType | None,
    secret: bytes,
) -> Iterator[Claim | Fault]:
    """Consecutive rows with the same claim id are one claim.

    A row that could not be read may have been of the claim before it or of the one after it:
    both are told.
    """
    records: list[Record] = []
    faults: list[Fault] = []
    seen: set[int] = set()
    for at, row in lines:
        broken = lines.take_faults()
        yield from (fault for fault in broken if not fault.lost)
        lost = [fault for fault in broken if fault.lost]
        values = _values(row, columns)
        key = values["claim_id"]
        if not records or key != records[0].values["claim_id"] or not key:
            if records:
                yield claim_of(records, faults + lost, claim_type=claim_type, secret=secret)
            records = []
            faults = _claim_id_faults(key, seen, Place(fields.own.file, "row", at))
        faults += lost
        if len(records) < _MOST_LINES:
            records.append(Record(values, at, fields))
        elif len(records) == _MOST_LINES and not any(f.id == "csv/too-many" for f in faults):
            message = f"only the first {_MOST_LINES:,} lines of the claim were read."
            faults.append(
                Fault("csv/too-many", message, Place(fields.own.file, "row", at), lost=True)
            )
    if records:
        faults += lines.take_faults()
        yield claim_of(records, faults, claim_type=claim_type, secret=secret)


def _values(row: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    """Cells by field; whole numbers that a spreadsheet wrote as `64493.0` are whole again."""
    values = {
        field: row[column].strip() if column < len(row) else "" for field, column in columns.items()
    }
    for field in _WHOLE:
        text = values.get(field, "")
        if text.endswith(".0") and text[:-2].isdigit():
            values[field] = text[:-2]
    return values


def _claim_id_faults(key: str, seen: set[int], place: Place) -> list[Fault]:
    """A row without claim id is a claim alone; a claim that comes back may lack lines."""
    if not key:
        message = "the row has no claim id; it was read as a claim of its own."
        return [Fault("csv/no-claim-id", message, place, "Give every row its claim id.", lost=True)]
    mark = hash(key)
    if mark in seen:
        message = "rows of this claim also stand further up; they were read as another claim."
        return [Fault("csv/claim-split", message, place, "Sort the file by claim id.", lost=True)]
    if len(seen) < _MOST_REMEMBERED:
        seen.add(mark)
    return []
