"""Claims built from the short form that the case files use."""

from datetime import date
from decimal import Decimal
from typing import Any

from facetwise.claim import Claim, ClaimType, Diagnosis, Provider, ServiceLine

PRACTITIONER = "1234567893"


def claim_of(case: dict[str, Any], claim_id: str = "T1", **more: Any) -> Claim:
    """A claim from a case: `date`, `lines`, and what differs from a plain Medicare claim.

    A line is a table: code, and where it differs from one unit of a lone line: modifiers (as
    text), units, basis, charge, pointers, date, npi, pos.
    """
    day = case["date"]
    diagnoses = case.get("diagnoses", ["M47816"])
    lines = tuple(
        _line(number, line, day, case.get("pos", "11"))
        for number, line in enumerate(case["lines"], 1)
    )
    total = case.get("total", str(sum((line.charge or Decimal(0) for line in lines), Decimal(0))))
    return Claim(
        claim_id=claim_id,
        lines=lines,
        diagnoses=tuple(Diagnosis(code, "icd-10") for code in diagnoses),
        patient_key=case.get("patient", "p1"),
        claim_type=ClaimType(case.get("claim_type", "practitioner")),
        billing=Provider(npi=case.get("billing_npi", PRACTITIONER)),
        rendering=Provider(npi=case.get("npi", PRACTITIONER)),
        filing_code=case.get("filing_code", "MB"),
        line_of_business=case.get("line_of_business", ""),
        payer_name=case.get("payer_name", ""),
        provider_state=case.get("state", "OH"),
        prior_authorization=case.get("authorization", ""),
        place_of_service=case.get("pos", "11"),
        frequency_code=case.get("frequency", "1"),
        claim_total=Decimal(total),
        complete=case.get("complete", True),
        **more,
    )


def _line(number: int, line: dict[str, Any], day: date, pos: str) -> ServiceLine:
    npi = line.get("npi")
    units = line.get("units", 1)
    when = None if line.get("date") == "" else line.get("date", day)
    return ServiceLine(
        number=number,
        code=line["code"],
        modifiers=tuple(line.get("modifiers", "").split()),
        units=None if units == "" else Decimal(str(units)),
        unit_basis=line.get("basis", "UN"),
        charge=Decimal(str(line.get("charge", "100"))),
        place_of_service=line.get("pos", pos),
        pointers=tuple(line.get("pointers", (1,))),
        service_date=when,
        last_service_date=line.get("last_date", when),
        rendering=Provider(npi=npi) if npi else None,
    )
