"""Policies of payers: what their documents ask, dated and sourced, and whose rules apply."""

from facetwise.policies.find import Policies, PolicyOn
from facetwise.policies.model import (
    Book,
    BrokenPolicyError,
    CodeList,
    Criterion,
    Limit,
    Policy,
    Reach,
    Text,
    UnknownPolicyError,
    Version,
)
from facetwise.policies.payers import WhoseRules, whose_rules, whose_rules_of
from facetwise.policies.shipped import load, shipped

__all__ = [
    "Book", "BrokenPolicyError", "CodeList", "Criterion", "Limit", "Policies", "Policy",
    "PolicyOn", "Reach", "Text", "UnknownPolicyError", "Version", "WhoseRules", "load",
    "shipped", "whose_rules", "whose_rules_of",
]  # fmt: skip
