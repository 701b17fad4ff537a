"""Write values as TOML text; the standard library reads TOML and does not write it."""

from typing import Any


def value(thing: Any) -> str:
    """A value in TOML: text, truth, number, date, or a list of these."""
    if isinstance(thing, bool):
        return str(thing).lower()
    if isinstance(thing, str):
        return '"' + thing.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(thing, list):
        return "[" + ", ".join(value(item) for item in thing) + "]"
    return str(thing)
