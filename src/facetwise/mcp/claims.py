"""Claims as a client sends them to the tool `check`: objects, or the text of a claim file."""

import io
import json
from typing import cast

from facetwise.claim import Claim, ClaimType, Fault
from facetwise.formats import read
from facetwise.mcp.arguments import BadArgumentError

LARGEST = 1 << 20
"""Bytes of claims in one call, so that an answer still fits what reads it."""
MOST = 100
"""Claims in one call: an answer is some 5 kB a claim."""
_INSTEAD = "Send fewer claims at a time, or use `facetwise check FILE`, which has no limit."


def claims(given: object, name: str) -> bytes:
    """Claims as JSON of the form that `facetwise check` reads."""
    if not isinstance(given, list) or not given:
        raise BadArgumentError(name, "expected a list of at least one claim, each an object.")
    listed = cast("list[object]", given)
    if len(listed) > MOST:
        raise BadArgumentError(name, f"there are more than {MOST} claims.", _INSTEAD)
    if not all(isinstance(claim, dict) for claim in listed):
        raise BadArgumentError(name, "a claim must be an object; nothing was checked.")
    return _within(json.dumps(listed).encode(), name)


def file_text(given: object, name: str) -> bytes:
    """The text of a claim file: 837 professional, CSV or JSON."""
    if not isinstance(given, str) or not given.strip():
        raise BadArgumentError(name, "expected the text of a claim file.")
    return _within(given.encode("utf-8", "surrogatepass"), name)


def read_claims(raw: bytes, name: str, kind: str | None) -> list[Claim | Fault]:
    """Claims and faults in order.

    Args:
        kind: claim type that the caller knows, whatever the claims say.

    Raises:
        BadArgumentError: there are too many to answer in one call.
    """
    claim_type = ClaimType(kind) if kind else None
    items = list(read(io.BytesIO(raw), name=name, claim_type=claim_type))
    if sum(isinstance(item, Claim) for item in items) > MOST:
        raise BadArgumentError(name, f"there are more than {MOST} claims.", _INSTEAD)
    return items


def _within(raw: bytes, name: str) -> bytes:
    if len(raw) > LARGEST:
        raise BadArgumentError(name, f"it is larger than {LARGEST:,} bytes.", _INSTEAD)
    return raw
