"""National Correct Coding Initiative edits: add-on codes, units a day, pairs."""
