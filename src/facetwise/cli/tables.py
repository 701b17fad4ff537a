"""`facetwise tables`: what is held, adding official files to it, and what two editions change."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import click

from facetwise.claim import Claim
from facetwise.cli.options import IsoDate, as_json, output_option, write
from facetwise.engine.answer import ClaimAnswer
from facetwise.errors import UnreadableInputError

_COLUMNS = (
    "table", "edition", "window", "carried_to", "scope", "rows", "age_days", "superseded_by",
    "missing_since", "next_file", "newer_file",
)  # fmt: skip
_OUTCOMES = {
    "added": "added",
    "held": "held already",
    "twin": "left out, the same edition was read from another form of it",
    "part": "read together with another file of the download",
    "doubtful": "added, but compare it with its source",
    "unknown": "left out, not a file of a kind we read",
}


@click.group("tables")
def command() -> None:
    """The tables held, the editions they are made of, and official files added to them."""


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
    """Every edition held: window, scope, rows, age in days, what supersedes it, what is missing.

    MISSING SINCE is the first day after the window that no edition held speaks for, NEXT FILE the
    file that would, and NEWER FILE the one for the day of the list.
    """
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


@command.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--edition", help="Where neither file nor name says it: 2026Q3, RVU26C, v32.2, 2026.")
@click.option("--setting", help="practitioner, hospital or dme; qpp or nonqpp for fee schedules.")
def add(files: tuple[Path, ...], edition: str | None, setting: str | None) -> None:
    """Add official FILES, archives or folders of them, as CMS ships them.

    All of them are added, or none. What is held already is left as it is.
    """
    from facetwise.tables.add import Added, add_files
    from facetwise.tables.period import parse_period
    from facetwise.tables.reading import Asked
    from facetwise.tables.store import packaged

    def told(one: Added) -> None:
        held = ", ".join(f"{name} ({rows:,} rows)" for _, name, rows in one.editions[:3])
        more = f" and {len(one.editions) - 3} more editions" if len(one.editions) > 3 else ""
        tail = f": {held}{more}" if held else ""
        click.echo(f"{one.name}: {_OUTCOMES[one.outcome]}{tail}")
        for remark in one.remarks:
            click.echo(f"  {remark}")

    asked = Asked(parse_period(edition) if edition else None, setting or "")
    add_files(files, packaged(), asked=asked, told=told)


@command.command("remove")
@click.argument("names", nargs=-1, required=True)
def remove(names: tuple[str, ...]) -> None:
    """Remove added files by edition, file name or sha256; shipped tables stay."""
    from facetwise.tables.add import remove as remove_files

    for name in remove_files(names):
        click.echo(f"{name}: removed")


@command.command("verify")
def verify() -> None:
    """Compare every added file with the hash recorded when it was added."""
    from facetwise.tables.add import verify as verify_files

    told = verify_files()
    for name, wrong in told:
        click.echo(f"{name}: {wrong or 'as added'}")
    if not told:
        click.echo("No official file was added; the shipped tables carry their own hashes.")
    sys.exit(int(any(wrong for _, wrong in told)))


@command.command("missing")
@click.argument("claims", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as-of", type=IsoDate(), default=date.today, help="The day of the check.")
def missing(claims: tuple[Path, ...], as_of: date) -> None:
    """The files, by the names CMS gives them, that would answer more about CLAIMS."""
    from facetwise.engine.check import Checker
    from facetwise.engine.run import check_all
    from facetwise.formats import read
    from facetwise.tables.official import files_by_name
    from facetwise.tables.store import shipped

    store = shipped()
    items = list(chain.from_iterable(read(path) for path in _files(claims)))
    days = {line.service_date for item in items if isinstance(item, Claim) for line in item.lines}
    answers = list(check_all(items, Checker(store, as_of=as_of)))
    files = files_by_name(store.catalogue, (day for day in days if day))
    wanted: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer, ClaimAnswer):
            wanted.update(name for name in _asked_for(answer) if name in files)
    if not wanted:
        click.echo("No official file we can read would answer more about these claims.")
    for name, count in sorted(wanted.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"{name}: {count} answer{'s' * (count != 1)}")


def _files(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from (p for p in sorted(path.rglob("*")) if p.is_file())
        elif path.exists():
            yield path
        else:
            raise UnreadableInputError("there is no such file.", where=str(path))


def _asked_for(answer: ClaimAnswer) -> Iterator[str]:
    """The files that an unanswered or carried answer names."""
    for gap in answer.not_checked:
        yield gap.supplied_by
    for finding in answer.findings:
        for citation in finding.citations:
            if citation.carried:
                yield (
                    citation.note.partition("Newer file: ")[2]
                    .partition(". The same")[0]
                    .rstrip(".")
                )


@command.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--codes", help="Only changes that name one of these codes, comma-separated.")
@output_option
def diff(before: str, after: str, codes: str | None, output: Path | None) -> None:
    """What changed from edition BEFORE to edition AFTER of one table, in words."""
    from facetwise.tables.diff import changes, editions_to_compare, is_cut
    from facetwise.tables.store import shipped

    store = shipped()
    table, old, new = editions_to_compare(store, before, after)
    wanted = {code.strip().upper() for code in (codes or "").split(",") if code.strip()}
    lines = [str(change) for change in changes(store, table, old, new, wanted)]
    told = f"{old.id} to {new.id}, {table.title}: {len(lines)} change{'s' * (len(lines) != 1)}"
    if is_cut(store, table, old, new):
        told += " among the codes shipped; add both files to compare every code"
    write("\n".join([f"{told}.", *lines]), output)


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
