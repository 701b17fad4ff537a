"""`facetwise decode`: claim lines back to what they claim was done."""

from datetime import date
from pathlib import Path

import click

from facetwise.cli.options import as_json, date_option, output_option, write


@click.command("decode")
@click.argument("lines", nargs=-1, required=True)
@click.option("--ruleset", help="How the lines are written; without it readings may differ.")
@date_option
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@output_option
def command(
    lines: tuple[str, ...], ruleset: str | None, day: date, form: str, output: Path | None
) -> None:
    """What the claim LINES of one session say was done, and whether any procedure produces them.

    A line is code, modifiers and units: 64493-50, 64494-RT-KX, "64636 x2".
    """
    from facetwise.coding import decode
    from facetwise.coding.as_json import decode_json
    from facetwise.coding.as_text import decode_text

    decoding = decode(lines, ruleset, day)
    write(as_json(decode_json(decoding)) if form == "json" else decode_text(decoding), output)
