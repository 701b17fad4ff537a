"""Whether the lines describe something that can be done to a spine."""
