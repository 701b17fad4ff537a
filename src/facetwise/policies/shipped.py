"""The policies that come with the package."""

import contextlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from facetwise.policies.compile import compile_policies, digest_of, gather
from facetwise.policies.find import Policies
from facetwise.policies.read import read_policy

FOLDER = Path(__file__).parent
COMPILED = "compiled.json"


@cache
def shipped() -> Policies:
    """The shipped policies, compiled on first use if need be.

    Raises:
        BrokenPolicyError: a policy file is missing or is not the one the manifest describes.
    """
    return load(FOLDER)


def load(folder: Path) -> Policies:
    """The policies of a folder: compiled where that is current, else read from the TOML."""
    digest = digest_of(folder)
    compiled = _compiled(folder / COMPILED, digest)
    if compiled is None:
        compiled = gather(folder)
        with contextlib.suppress(OSError):  # an install that only an administrator may write
            compile_policies(folder, folder / COMPILED)
    return Policies(digest, (read_policy(raw) for raw in compiled["policies"]))


def _compiled(path: Path, digest: str) -> Any | None:
    try:
        held = json.loads(path.read_text("utf-8"))
        return held if held["digest"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
