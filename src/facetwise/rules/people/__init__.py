"""Who did it: anesthesia and sedation by the operator or by another."""
