"""What the reader tests share: public sample files, and a way to read bytes."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from facetwise.claim import Claim, ClaimType, Fault
from facetwise.formats import read

Both = tuple[list[Claim], list[Fault]]


@pytest.fixture(scope="session")
def samples(data: Path) -> Path:
    """Folder of public X12 samples."""
    return data / "x12"


@pytest.fixture
def read_bytes() -> Callable[..., Both]:
    """Claims, and all faults: those between claims, then those of each claim."""

    def reading(data: bytes, claim_type: ClaimType | None = None, secret: bytes = b"") -> Both:
        items = list(read(io.BytesIO(data), name="f", claim_type=claim_type, secret=secret))
        claims = [item for item in items if isinstance(item, Claim)]
        faults = [item for item in items if isinstance(item, Fault)]
        return claims, faults + [fault for claim in claims for fault in claim.faults]

    return reading
