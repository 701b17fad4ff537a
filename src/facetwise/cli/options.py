"""Options and output that the commands share."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from facetwise.errors import BadDateError, UnwritableError

F = TypeVar("F", bound=Callable[..., Any])


class IsoDate(click.ParamType[date]):
    """A day written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 (a day, no clock)
        except ValueError:
            flag = param.opts[0] if param and param.opts else "date"
            raise BadDateError(
                f"{value!r} is not a date.", where=flag, todo="Write a real day as YYYY-MM-DD."
            ) from None


def date_option(function: F) -> F:
    """--date: the date of service, today by default."""
    return click.option(
        "--date", "day", type=IsoDate(), default=date.today, show_default="today",
        help="Date of service.",
    )(function)  # fmt: skip


def output_option(function: F) -> F:
    """-o: write to a file instead of standard output."""
    return click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file.")(
        function
    )


def write(text: str, output: Path | None) -> None:
    """Print the text, or write it to a file whole or not at all.

    Raises:
        UnwritableError: the file cannot be written.
    """
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_text(text if text.endswith("\n") else f"{text}\n", "utf-8", newline="\n")
        draft.replace(output)
    except OSError as error:
        raise UnwritableError(
            f"the file cannot be written ({error.strerror}).", where=str(output)
        ) from error


def as_json(answer: object) -> str:
    """JSON as people and diffs like it."""
    return json.dumps(answer, indent=2, ensure_ascii=False)
