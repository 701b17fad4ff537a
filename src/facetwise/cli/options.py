"""Options and output that the commands share."""

import json
import os
import re
import tempfile
from collections.abc import Callable
from datetime import date
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
            return _day(value)
        except ValueError:
            flag = param.opts[0] if param and param.opts else "date"
            raise BadDateError(
                f"{value[:40]!r} is not a date.", where=flag, todo="Write a real day as YYYY-MM-DD."
            ) from None


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


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
    text = text if text.endswith("\n") else f"{text}\n"
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        target = output.resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, "utf-8", newline="\n")  # a pipe or device: not to be replaced
        else:
            _replace(target, text)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "not a file name"
        raise UnwritableError(
            f"the file cannot be written ({why}).", where=str(output) or "-o"
        ) from error


def _replace(target: Path, text: str) -> None:
    """Write beside the target under a name of its own, then rename."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=".facetwise-", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        draft.chmod(mode)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def as_json(answer: object) -> str:
    """JSON as people and diffs like it."""
    return json.dumps(answer, indent=2, ensure_ascii=False)
