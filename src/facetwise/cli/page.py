"""`facetwise page CODE`: what is true of a code on a date of service."""

from datetime import date
from pathlib import Path

import click

from facetwise.cli.options import as_json, date_option, output_option, write


@click.command("page")
@click.argument("code")
@date_option
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json", "html"]), default="markdown",
    show_default=True,
)  # fmt: skip
@output_option
def command(code: str, day: date, form: str, output: Path | None) -> None:
    """What is true of CODE on a date, each sentence with its source and edition."""
    from facetwise.pages.as_json import page_json
    from facetwise.pages.as_markdown import page_markdown
    from facetwise.pages.code_page import code_page
    from facetwise.tables.store import shipped

    page = code_page(shipped(), code.strip().upper(), day)
    if form == "html":
        from facetwise.pages.html.render import page_html

        write(page_html(shipped(), page), output)
        return
    write(as_json(page_json(page)) if form == "json" else page_markdown(page), output)
