"""The form of a claim: pointers, identifiers, totals, duplicates."""
