"""Ask every rule of a claim: triggers, look-ups, encounters, and what is answered."""
