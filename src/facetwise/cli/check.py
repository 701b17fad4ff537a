"""`facetwise check FILE...`: every edit and rule a claim meets, with sources."""

import sys
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import click

from facetwise.claim import Claim, ClaimType, Fault
from facetwise.cli.options import IsoDate, output_option, write
from facetwise.engine.answer import ClaimAnswer
from facetwise.errors import UnreadableInputError

_SUFFIXES = (".837", ".x12", ".edi", ".txt", ".csv", ".json")


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=IsoDate(), default=date.today, show_default="today",
    help="The day of the check: a later date of service is in the future.",
)  # fmt: skip
@click.option(
    "--claim-type", type=click.Choice([t.value for t in ClaimType if t is not ClaimType.UNKNOWN]),
    help="What the claims are, whatever the file says.",
)  # fmt: skip
@click.option("--only", multiple=True, metavar="RULE", help="Ask this rule only; repeatable.")
@click.option(
    "--fail-on", type=click.Choice(["fail", "review", "not_checked", "never"]), default="fail",
    show_default=True, help="The least verdict that makes the exit code 1.",
)  # fmt: skip
@click.option("--quiet-pass", is_flag=True, help="Leave claims without findings out of the table.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "ndjson", "csv"]), default="table",
    show_default=True,
)  # fmt: skip
@output_option
def command(
    files: tuple[Path, ...], as_of: date, claim_type: str | None, only: tuple[str, ...],
    fail_on: str, quiet_pass: bool, form: str, output: Path | None,
) -> None:  # fmt: skip
    """Ask every rule of the claims in FILES (837 professional, CSV or JSON; folders too).

    Exit code 0: answered; 1: something fails (see --fail-on); 2: nothing could be read.
    """
    from facetwise.cli.check_output import table
    from facetwise.engine import output as written
    from facetwise.engine.check import Checker
    from facetwise.engine.run import check_all
    from facetwise.rules.registry import rule_by_id
    from facetwise.tables.store import shipped

    rules = {rule_id: rule_by_id(rule_id) for rule_id in only} or None
    checker = Checker(shipped(), as_of=as_of, rules=rules)
    kind = ClaimType(claim_type) if claim_type else None
    answers = list(check_all(_claims(_files(files), kind), checker, progress=_told))
    claims = [answer for answer in answers if isinstance(answer, ClaimAnswer)]
    faults = [answer for answer in answers if isinstance(answer, Fault)]
    match form:
        case "table":
            text = table(claims, faults, quiet_pass=quiet_pass)
        case "csv":
            text = "".join(written.csv_rows(claims, faults))
        case "ndjson":
            text = "\n".join(written.ndjson(written.head(checker), claims, faults))
        case _:
            text = "".join(written.json_document(written.head(checker), claims, faults))
    write(text, output)
    if faults and form in ("csv", "ndjson"):
        for fault in faults:
            click.echo(f"facetwise: {fault}", err=True)
    sys.exit(_exit_code(claims, faults, fail_on))


def _files(given: tuple[Path, ...]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            found = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in _SUFFIXES)
            inside = [p for p in found if p.is_file()]
            if not inside:
                raise UnreadableInputError("the folder holds no claim file.", where=str(path))
            yield from inside
        elif path.exists():
            yield path
        else:
            raise UnreadableInputError("there is no such file.", where=str(path))


def _claims(files: Iterator[Path], kind: ClaimType | None) -> Iterator[Claim | Fault]:
    from facetwise.formats import read

    return chain.from_iterable(read(path, claim_type=kind) for path in files)


def _told(done: int, of: int) -> None:
    """Progress on a terminal; silent in a pipe, where nobody watches."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {of:,} claims", err=True, nl=False)


def _exit_code(claims: list[ClaimAnswer], faults: list[Fault], fail_on: str) -> int:
    if not claims and faults:
        return 2
    order = ["fail", "review", "not_checked"]
    if fail_on == "never":
        return 0
    counted = order[: order.index(fail_on) + 1]
    bad = any(str(f.verdict) in counted for claim in claims for f in claim.findings)
    unanswered = "not_checked" in counted and any(claim.not_checked for claim in claims)
    return int(bad or unanswered or bool(faults and fail_on != "fail"))
