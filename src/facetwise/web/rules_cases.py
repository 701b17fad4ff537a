"""The sourced cases of a rule as claims that can be tried; they exist only in a checkout."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.pages.site import checkout

_PLAIN = {
    "claim_type": "practitioner", "filing_code": "MB", "state": "OH", "frequency": "1",
    "billing_npi": "1234567893", "npi": "1234567893", "pos": "11", "patient": "p1",
}  # fmt: skip
"""A plain Medicare claim, from which a case says only what differs."""
_CLAIM = {
    "claim_type": "claim_type", "filing_code": "filing_code", "state": "provider_state",
    "frequency": "frequency_code", "billing_npi": "billing_npi", "payer_name": "payer_name",
    "line_of_business": "line_of_business", "authorization": "prior_authorization",
    "patient": "patient_id",
}  # fmt: skip
"""Names of a case and of the published claim."""
_NOT_WRITTEN = frozenset({"complete", "as_of"})
"""What makes a case something that no claim in a file can say."""


class Example(NamedTuple):
    """A case: what it shows, the verdict it must get, who says so, and the claim.

    Attributes:
        claim: JSON of the published claim format; blank where the case cannot be written so.
    """

    name: str
    verdict: str
    day: str
    source: str
    claim: str


def examples_of(rule_id: str) -> tuple[Example, ...]:
    """The cases of a rule; none where the source tree is not at hand."""
    top = checkout()
    path = top / "tests" / "cases" / "rules" / f"{rule_id}.toml" if top else None
    return _read(path) if path and path.is_file() else ()


def _read(path: Path) -> tuple[Example, ...]:
    cases = tomllib.loads(path.read_text("utf-8")).get("case", [])
    return tuple(
        Example(
            str(case["name"]),
            str(case["verdict"]),
            str(case.get("date", "")),
            str(case.get("source", "")),
            _claims(case),
        )
        for case in cases
    )


def _claims(case: Mapping[str, Any]) -> str:
    """The claim of a case, and those of the same patient beside it, as JSON."""
    others = [{**case, **more} for more in case.get("others", [])]
    every = [case, *others]
    if _NOT_WRITTEN & case.keys() or not all(
        _can_be_written(line, one) for one in every for line in one["lines"]
    ):
        return ""
    claims = [_claim(one, f"T{at}") for at, one in enumerate(every, 1)]
    in_order = [*claims[1:], claims[0]] if case.get("after") else claims
    return json.dumps({"claims": in_order}, indent=1, ensure_ascii=False)


def _can_be_written(line: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
    """Whether a file can say it: readers add the claim's practitioner, and a zero to a place."""
    said = {**_PLAIN, **case, **line}
    return "basis" not in line and said["npi"] != "" and len(said["pos"]) != 1


def _claim(case: Mapping[str, Any], claim_id: str) -> dict[str, Any]:
    said = {**_PLAIN, **case}
    lines = [_line(at, line, said) for at, line in enumerate(case["lines"], 1)]
    total = sum(float(line["charge"]) for line in lines if line["charge"])
    claim: dict[str, Any] = {
        "claim_id": claim_id,
        **{field: said[name] for name, field in _CLAIM.items() if said.get(name)},
        "claim_total": str(said.get("total", f"{total:.2f}")),
        "diagnoses": list(said.get("diagnoses", ["M47816"])),
        "lines": lines,
    }
    return claim


def _line(at: int, line: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    day = line.get("date", said["date"])
    return {
        "line_no": at,
        "code": line["code"],
        "modifiers": str(line.get("modifiers", "")).split(),
        "units": str(line.get("units", 1)),
        "charge": str(line.get("charge", "100")),
        "service_date": str(day),
        "last_service_date": str(line.get("last_date", day)),
        "place_of_service": line.get("pos", said["pos"]),
        "pointers": list(line.get("pointers", (1,))),
        "rendering_npi": line.get("npi", said["npi"]),
    }
