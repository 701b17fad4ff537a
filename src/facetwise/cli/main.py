"""The `facetwise` command: finds the sub-command, turns our errors into one line and exit 2."""

import os
import sys
from importlib import import_module

import click

from facetwise.errors import FacetwiseError
from facetwise.version import __version__

_COMMANDS = {
    "check": "every edit and rule a claim meets, with sources",
    "code": "what was done to the lines to bill, by ruleset",
    "decode": "claim lines back to what they say was done",
    "rules": "every question that is asked of a claim",
    "page": "what is true of a code on a date, with sources",
    "site": "every page as a folder that opens without a server",
    "why": "one fact of a code: value, file, edition, window, row",
    "tables": "the tables held and the editions they are made of",
    "serve": "the workbench in a browser and the API, on this machine",
    "mcp": "the same answers as tools for a model's client",
    "schema": "the JSON Schema of an answer",
}


class _Lazy(click.Group):
    """Imports a command only when it is called, so that --help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"facetwise.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from facetwise.tables.store import shipped

    catalogue = shipped().catalogue
    click.echo(f"facetwise {__version__}, tables {catalogue.digest[:16]}")
    for table in catalogue.tables.values():
        held = ", ".join(edition.id for edition in table.editions)
        click.echo(f"  {table.name}: {held or 'kept by hand, each row with its source'}")
    ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version and every edition held.",
)  # fmt: skip
def cli() -> None:
    """Cited, dated answers for image-guided spine procedures.

    Every statement names its source, edition and window. Decision support, not legal or medical
    advice.
    """


def main() -> None:
    """Entry point: exit 0 answered, 1 a finding that fails, 2 not understood."""
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except FacetwiseError as error:
        code = _told(str(error))
    except click.ClickException as error:
        code = _told(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:  # the reader has seen enough
        code = _quietly(0)
    except OSError as error:
        code = _quietly(_told(f"the answer cannot be written ({error.strerror})."))
    sys.exit(code)


def _told(message: str) -> int:
    click.echo(f"facetwise: {message}", err=True)
    return 2


def _quietly(code: int) -> int:
    """Nothing more can be written: keep the interpreter from trying at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
