"""What was done to the patient: techniques, targets and sides, guidance, agents, setting, payer."""

from typing import TYPE_CHECKING, Any

from facetwise.procedure.model import (
    Agent,
    BadProcedureError,
    ClaimType,
    Guidance,
    Intervention,
    Procedure,
    Purpose,
    Sedation,
    Target,
    Technique,
)

if TYPE_CHECKING:
    from facetwise.procedure.file import procedure_from, read_procedure
    from facetwise.procedure.text import read_text

__all__ = [
    "Agent",
    "BadProcedureError",
    "ClaimType",
    "Guidance",
    "Intervention",
    "Procedure",
    "Purpose",
    "Sedation",
    "Target",
    "Technique",
    "procedure_from",
    "read_procedure",
    "read_text",
]

_READERS = {"procedure_from": "file", "read_procedure": "file", "read_text": "text"}
"""Readers of words and files, imported when one is called for: a check of claims needs none."""


def __getattr__(name: str) -> Any:
    if name not in _READERS:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_READERS[name]}"), name)
