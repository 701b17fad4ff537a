"""Diagnoses: valid and billable on the date."""
