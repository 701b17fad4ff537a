"""What policies cover, and what they do not: levels, guidance, sedation, other blocks."""
