"""Is every NPI ten digits with the right check digit?"""

from collections.abc import Iterator
from functools import lru_cache

from facetwise.rules.declare import Claim, Findings, Rows, every, review, rule

_PREFIX = "80840"
"""Issuer prefix that 45 CFR 162.406 and ISO 7812 put before an NPI for its check digit."""
_LENGTH = 10
"""Digits of an NPI (45 CFR 162.406)."""


@rule(
    "form/npi",
    trigger=every("claim"),
    scope="claim",
    reads=("providers",),
    given=("npi",),
    cites=("NPI-STANDARD",),
    verdicts=("review",),
    advice="Look the provider up in NPPES; a digit is likely mistyped.",
    denial_codes=("16", "N257"),
)
def npi(claim: Claim, rows: Rows) -> Findings:
    for role, number, field in _numbers(claim):
        if not _valid(number):
            yield review(
                None, f"The {role} NPI fails its check digit.", cite=rows.said, field=field
            )


def _numbers(claim: Claim) -> Iterator[tuple[str, str, str]]:
    for role in ("billing", "rendering", "referring", "facility"):
        provider = getattr(claim, role)
        if provider is not None and provider.npi:
            yield role, provider.npi, role
    for line in claim.lines:
        if line.rendering is not None and line.rendering.npi and line.rendering != claim.rendering:
            yield f"line {line.number} rendering", line.rendering.npi, "rendering"


@lru_cache(maxsize=10_000)
def _valid(number: str) -> bool:
    if len(number) != _LENGTH or not number.isascii() or not number.isdigit():
        return False
    digits = [int(digit) for digit in _PREFIX + number]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
