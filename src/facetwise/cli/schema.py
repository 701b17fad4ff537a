"""`facetwise schema NAME`: the JSON Schema of an answer."""

from pathlib import Path

import click

from facetwise.cli.options import output_option, write
from facetwise.schemas import names, read


@click.command("schema")
@click.argument("name", required=False)
@output_option
def command(name: str | None, output: Path | None) -> None:
    """The JSON Schema of an answer; without NAME, the names there are."""
    write(read(name) if name else "\n".join(names()), output)
