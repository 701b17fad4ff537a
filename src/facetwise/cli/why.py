"""`facetwise why CODE FIELD`: one fact, followed to file, edition, window and row."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from facetwise.cli.options import as_json, date_option, output_option, write
from facetwise.pages.model import FactAnswer
from facetwise.sources import Citation
from facetwise.tables.answer import NotHeld


@click.command("why")
@click.argument("code")
@click.argument("field")
@date_option
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)
@output_option
def command(code: str, field: str, day: date, form: str, output: Path | None) -> None:
    """Where one FIELD of CODE comes from: value, file, edition, window, row, derivation.

    FIELD is a fact name of `facetwise page --format json`; for one part or one pair of codes add
    a colon: rvu_work:26, ptp_practitioner:77003.
    """
    from facetwise.pages.as_json import why_json
    from facetwise.pages.facts import FACTS, fact_of
    from facetwise.tables.store import shipped

    store = shipped()
    code = code.strip().upper()
    fact = fact_of(store, code, field, day)
    if form == "json":
        answer = why_json(code, field, day, fact, store.catalogue.digest)
        write(as_json(answer), output)
        return
    meaning = FACTS[field.partition(":")[0]].meaning
    lines = [f"{code} {field} on {day} ({meaning})", *_lines(fact)]
    write("\n".join(lines), output)


def _lines(fact: FactAnswer) -> Iterator[str]:
    if isinstance(fact, NotHeld):
        yield f"  not checked  {fact.reason}"
        yield f"  supplied by  {fact.supplied_by}"
        return
    value = fact.value
    if isinstance(value, list):
        value = ", ".join(value)
    yield f"  value        {'none' if value in (None, '') else value}"
    if fact.how:
        yield f"  how          {fact.how}"
    for citation in fact.citations:
        yield from _source(citation)


def _source(citation: Citation) -> Iterator[str]:
    edition = citation.edition
    yield f"  source       {edition.source.title} ({edition.source.publisher})"
    yield f"  edition      {edition.id}, {citation.basis}, {citation.confidence}"
    yield f"  window       {citation.in_window}"
    if edition.file:
        yield f"  file         {edition.file}, sha256 {edition.sha256[:16]}"
    if citation.row is not None:
        yield f"  row          {citation.row}"
    for note in dict.fromkeys(n for n in (citation.note, edition.note) if n):
        yield f"  note         {note}"
