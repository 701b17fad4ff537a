"""The version of the package, and how every JSON answer begins."""

from typing import Any

__version__ = "0.1.0"
NOTICE = (
    "Decision support, not legal or medical advice; sources and dates are there to be checked. "
    "CPT is a trademark of the American Medical Association; no descriptor of theirs is used here."
)
"""Stands under every answer for people."""


def header(schema: str, digest: str) -> dict[str, Any]:
    """Contract, version, and the exact set of tables an answer rests on."""
    return {"schema": f"facetwise.{schema}/1", "facetwise": __version__, "tables": digest[:16]}
