"""Say in words what changed between two builds of the tables."""

import csv
from collections.abc import Iterator, Mapping
from typing import Any

_SHOWN = 40
"""Changes told one by one for a table; the rest are counted."""


def in_words(
    before: Mapping[str, str], after: Mapping[str, str], declared: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """One line a change, table by table.

    Args:
        before: file name to CSV text, as it was.
        after: the same, as it is now.
        declared: file name to the table's declaration (its key).
    """
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) == after.get(name):
            yield f"{name}: unchanged"
            continue
        old, new = (_newest(text.get(name, ""), declared[name]["key"]) for text in (before, after))
        lines = [*_lines(old, new)]
        added, removed = _row_counts(before.get(name, ""), after.get(name, ""))
        yield f"{name}: {len(lines)} changes ({added} rows added, {removed} removed)"
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN} more; see git diff"


def _row_counts(before: str, after: str) -> tuple[int, int]:
    """How many lines came and went, those of earlier editions too."""
    was, now = set(before.splitlines()[1:]), set(after.splitlines()[1:])
    return len(now - was), len(was - now)


def _newest(text: str, key: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    """Each key's row in the last edition that has it: what a reader of today would get."""
    rows = csv.DictReader(text.splitlines())
    columns = list(rows.fieldnames or [])
    names = [name for name in key if name in columns] or columns[:1]
    return {tuple(row[name] for name in names): row for row in rows}


def _lines(
    old: Mapping[tuple[str, ...], dict[str, str]], new: Mapping[tuple[str, ...], dict[str, str]]
) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        shown = " ".join(part for part in key if part)
        was, now = old.get(key), new.get(key)
        if was is None:
            yield f"{shown}: new"
        elif now is None:
            yield f"{shown}: no longer listed"
        else:
            for column in now:
                if column == "source_row" or was.get(column) == now[column]:
                    continue
                yield f"{shown}: {column} {was.get(column) or 'blank'} -> {now[column] or 'blank'}"
