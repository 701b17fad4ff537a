"""Both sides: written the way the payer and the kind of claim ask for."""
