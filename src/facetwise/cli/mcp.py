"""`facetwise mcp`: the same answers as tools for a model's client."""

import sys
from pathlib import Path

import click

from facetwise.cli.listening import address_of, default_token_file, is_local, listen, token_in
from facetwise.errors import MissingExtraError

_INSTALL = "Install it: pip install 'facetwise[mcp]'."
_HTTP_ONLY = ("host", "port", "token_file", "names")
_TYPED = click.core.ParameterSource.COMMANDLINE


@click.command("mcp")
@click.option("--http", is_flag=True, help="Streamable HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: address.")
@click.option(
    "--port", default=8495, show_default=True, type=click.IntRange(0, 65535), help="With --http."
)
@click.option(
    "--token-file", type=click.Path(path_type=Path),
    help="With --http: where the token is that every request must bring; made if absent.",
)  # fmt: skip
@click.option(
    "--name", "names", multiple=True, help="With --http: a host name it answers to; repeatable."
)
@click.pass_context
def command(
    ctx: click.Context,
    http: bool,
    host: str,
    port: int,
    token_file: Path | None,
    names: tuple[str, ...],
) -> None:
    """Serve code, decode, check, page, why and tables as tools (Model Context Protocol).

    A client starts it and speaks to it over standard input and output. With --http it listens;
    only this machine can reach it unless --host says otherwise, and then a token is needed.
    """
    given = [name for name in _HTTP_ONLY if ctx.get_parameter_source(name) is _TYPED]
    if given and not http:
        raise click.UsageError("--host, --port, --token-file and --name need --http.")
    try:
        from facetwise.mcp.transports import run_stdio
    except ImportError as error:
        raise MissingExtraError("the MCP server is not installed.", todo=_INSTALL) from error
    if http:
        _serve_http(host, port, token_file, tuple(name.lower() for name in names))
        return
    if sys.stdin.isatty():
        click.echo("Waiting for a client on standard input (docs/mcp.md); Ctrl-C ends it", err=True)
    run_stdio()


def _serve_http(host: str, port: int, token_file: Path | None, names: tuple[str, ...]) -> None:
    from facetwise.mcp.transports import PATH, Door, run_http

    if token_file is None and not is_local(host):
        token_file = default_token_file()
    token = token_in(token_file) if token_file else ""
    listening = listen(host, port)
    if not is_local(host):
        click.echo(
            f"facetwise: warning: {host} can be reached by other machines, without encryption. "
            f"Every request must bring the token in {token_file}; put TLS in front.",
            err=True,
        )
    address = address_of(host, listening.getsockname()[1]).rstrip("/") + PATH
    click.echo(f"Facetwise is at {address} (Ctrl-C ends it)")
    sys.stdout.flush()
    run_http(Door(host, token, names), listening)
