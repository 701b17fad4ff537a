"""Claims from bytes: X12 837 professional, CSV and JSON, each read one claim at a time.

Readers know no rule. `read` detects the format; what is wrong with a file comes as faults
between the claims or on them, with places, and never with text of a record.
"""

from facetwise.formats.detect import Format, format_of, read

__all__ = ["Format", "format_of", "read"]
