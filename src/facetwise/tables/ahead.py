"""Rows of several keys of one table, read together: one statement an edition, not one a key."""

from collections.abc import Callable, Mapping, Sequence

from facetwise.tables.answer import Row
from facetwise.tables.catalogue import Table

Asked = Mapping[str, str | tuple[str, ...]]
"""Key columns with the value they must have, or the values of which they must have one."""

Select = Callable[[Table, Asked], Sequence[Row]]
"""Gives the rows of a table that have the key values, in the order of the table."""

MOST = 400
"""Keys read in one statement; SQLite may be built to bind no more than 999 values."""


class Ahead:
    """A `Select` that answers for any of the keys after one statement for all of them."""

    def __init__(self, select: Select, keys: Sequence[Mapping[str, str]]) -> None:
        """Prepare for keys of the same columns, at most `MOST` of them."""
        self._ask = select
        self._columns = tuple(keys[0])
        self._values: Asked = {
            column: tuple(dict.fromkeys(key[column] for key in keys)) for column in self._columns
        }
        self._held: dict[object, dict[tuple[str, ...], list[Row]]] = {}

    def select(self, table: Table, key: Asked) -> Sequence[Row]:
        """The rows of one of the keys, in one edition or all; any other key is read by itself."""
        edition = key.get("edition")
        if len(key) - (edition is not None) != len(self._columns):
            return self._ask(table, key)
        return self.rows(table, edition, {c: str(key[c]) for c in self._columns})

    def rows(
        self, table: Table, edition: str | tuple[str, ...] | None, key: Mapping[str, str]
    ) -> Sequence[Row]:
        """The rows of one of the keys as it was given, in one edition or all."""
        held = self._held.get(edition)
        if held is None:
            held = self._held[edition] = self._read(table, edition)
        return held.get(tuple(key.values()), ())

    def _read(
        self, table: Table, edition: str | tuple[str, ...] | None
    ) -> dict[tuple[str, ...], list[Row]]:
        asked = self._values if edition is None else {**self._values, "edition": edition}
        held: dict[tuple[str, ...], list[Row]] = {}
        for row in self._ask(table, asked):
            held.setdefault(tuple(row[column] for column in self._columns), []).append(row)
        return held


def condition(key: Asked) -> tuple[str, tuple[str, ...]]:
    """A key as SQL and the values it binds."""
    parts: list[str] = []
    values: list[str] = []
    for column, value in key.items():
        if isinstance(value, str):
            parts.append(f'"{column}" = ?')
            values.append(value)
        else:
            parts.append(f'"{column}" in ({", ".join("?" * len(value))})')
            values += value
    return " and ".join(parts) or "true", tuple(values)
