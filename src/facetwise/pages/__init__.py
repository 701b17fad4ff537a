"""Pages: what the tables say of a code on a date, each sentence with its sources."""
