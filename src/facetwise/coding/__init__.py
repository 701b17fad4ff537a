"""Joints and nerves to claim lines by ruleset, and claim lines back to what they claim."""

from facetwise.coding.decoding import Claimed, Decoding, decode
from facetwise.coding.model import (
    BadLineError,
    Coding,
    Level,
    Line,
    Step,
    UnknownRulesetError,
    Words,
)
from facetwise.coding.rulesets import rulesets
from facetwise.coding.steps import declared
from facetwise.coding.write import as_procedure, code, compare

__all__ = [
    "BadLineError",
    "Claimed",
    "Coding",
    "Decoding",
    "Level",
    "Line",
    "Step",
    "UnknownRulesetError",
    "Words",
    "as_procedure",
    "code",
    "compare",
    "declared",
    "decode",
    "rulesets",
]
