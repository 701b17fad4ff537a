"""What was done to the patient: techniques, targets and sides, guidance, agents, setting, payer."""

from facetwise.procedure.file import procedure_from, read_procedure
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
