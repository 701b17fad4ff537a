"""The questions asked of a claim: one small module a rule, found by importing this package."""
