"""Drugs and contrast: codes that ended, units, and what a procedure includes."""
