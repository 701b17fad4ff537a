"""The published JSON contracts: one JSON Schema a file, for the CLI and all later doors."""

from pathlib import Path

from facetwise.errors import UnknownSchemaError

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The contracts this version publishes."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def read(name: str) -> str:
    """The text of one JSON Schema.

    Raises:
        UnknownSchemaError: no contract has this name.
    """
    if name not in names():
        raise UnknownSchemaError(
            f"no schema is called {name!r}.", todo=f"Schemas: {', '.join(names())}."
        )
    return (_FOLDER / f"{name}.json").read_text("utf-8")
