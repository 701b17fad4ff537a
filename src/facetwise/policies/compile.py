"""Compile the policy files into one JSON file, so that no TOML is parsed at run time.

People review the TOML; programs read what is compiled from it. The file is made when the package
is built, or on first use. `manifest.toml` holds the sha256 of every policy file.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from facetwise.policies.model import BrokenPolicyError

_REBUILD = "Reinstall Facetwise, or run tools/build_policies.py if you changed it."


def digest_of(folder: Path) -> str:
    """Name the exact set of policies in a folder, as hexadecimal sha256 of its manifest.

    Raises:
        BrokenPolicyError: the manifest is missing.
    """
    return hashlib.sha256(_bytes(folder / "manifest.toml")).hexdigest()


def gather(folder: Path) -> Mapping[str, Any]:
    """Every policy of a folder as plain values, with the digest that names them.

    Raises:
        BrokenPolicyError: a file is missing, or is not the one the manifest describes.
    """
    import tomllib  # only a new set of policies is parsed

    listed = tomllib.loads(_bytes(folder / "manifest.toml").decode("utf-8"))["policy"]
    policies: list[dict[str, Any]] = []
    for entry in listed:
        raw = _bytes(folder / entry["file"])
        if hashlib.sha256(raw).hexdigest() != entry["sha256"]:
            raise BrokenPolicyError(
                "the file is not the one the manifest describes.",
                where=entry["file"],
                todo=_REBUILD,
            )
        policies.append(tomllib.loads(raw.decode("utf-8")))
    return {"digest": digest_of(folder), "policies": policies}


def compile_policies(folder: Path, target: Path) -> None:
    """Write `target` from `folder`: under a temporary name, then renamed."""
    text = json.dumps(gather(folder), default=str, ensure_ascii=False, separators=(",", ":"))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="policies-", suffix=".part", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        draft.chmod(0o644)  # it holds nothing private, and every user of an install reads it
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenPolicyError(
            "the policy file cannot be read.", where=path.name, todo=_REBUILD
        ) from error
