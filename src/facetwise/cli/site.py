"""`facetwise site build DIR`: every page as a folder of files that opens without a server."""

from datetime import date
from pathlib import Path

import click

from facetwise.cli.options import date_option


@click.group("site")
def command() -> None:
    """The pages as a static site."""


@command.command("build")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@date_option
@click.option(
    "--source", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A checkout with docs and cases to show; by default the one this runs from, if any.",
)  # fmt: skip
@click.option("--base-url", default="", help="The site's address, for a sitemap.xml.")
def build(folder: Path, day: date, source: Path | None, base_url: str) -> None:
    """Write every page for a date of service into DIR, which must be new, empty or a site."""
    from facetwise.pages.site import build_site, checkout
    from facetwise.tables.store import shipped

    site = build_site(
        shipped(), folder, day, source=source or checkout(), base_url=base_url,
        progress=lambda step: click.echo(f"facetwise: {step}", err=True),
    )  # fmt: skip
    click.echo(f"{len(site.modified)} pages for {day} in {folder}; open {folder / 'index.html'}")
