"""`facetwise tables list`: what is held, for which dates, and what is newer."""

import csv
import io
from datetime import date
from pathlib import Path

import click

from facetwise.cli.options import IsoDate, as_json, output_option, write

_COLUMNS = ("table", "edition", "window", "carried_to", "scope", "rows", "age_days", "newer_file")


@click.group("tables")
def command() -> None:
    """The tables held and the editions they are made of."""


@command.command("list")
@click.option(
    "--as-of", type=IsoDate(), default=date.today, show_default="today",
    help="The day ages are counted to.",
)  # fmt: skip
@click.option("--table", "only", help="One table only.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table",
    show_default=True,
)  # fmt: skip
@output_option
def list_tables(as_of: date, only: str | None, form: str, output: Path | None) -> None:
    """Every edition held: window, scope, rows, age in days, and the newer file to look for."""
    from facetwise.pages.holdings import holdings
    from facetwise.tables.store import shipped
    from facetwise.version import header

    store = shipped()
    rows = holdings(store, as_of, only)
    if form == "json":
        answer = {**header("tables", store.catalogue.digest), "as_of": as_of.isoformat()}
        write(as_json({**answer, "editions": rows}), output)
        return
    cells = [
        [str(row[column] if row[column] is not None else "") for column in _COLUMNS] for row in rows
    ]
    if form == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *cells])
        write(text.getvalue(), output)
    else:
        write(_aligned([[c.replace("_", " ") for c in _COLUMNS], *cells]), output)


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
