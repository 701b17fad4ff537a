"""Modifiers: known, and fitting the code and each other."""
