"""`facetwise serve`: the workbench in a browser and the API, on this machine."""

import ipaddress
import logging
import sys
import threading
import webbrowser
from importlib.util import find_spec
from pathlib import Path

import click

from facetwise.cli.listening import address_of, default_token_file, is_local, listen, token_in
from facetwise.errors import MissingExtraError, UnreadableInputError

_INSTALL = "Install it: pip install 'facetwise[web]'."
_NEEDED = ("fastapi", "python_multipart", "uvicorn")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8494, show_default=True, type=click.IntRange(0, 65535))
@click.option("--open", "opens", is_flag=True, help="Open the first page in the browser.")
@click.option(
    "--token-file", type=click.Path(path_type=Path),
    help="Where the token is that every request must bring; made if absent.",
)  # fmt: skip
@click.option("--name", "names", multiple=True, help="A host name it answers to; repeatable.")
@click.option(
    "--behind", multiple=True, metavar="ADDRESS",
    help="Address of a proxy whose X-Forwarded-For and -Proto are believed; repeatable.",
)  # fmt: skip
@click.option(
    "--largest", default=1024, show_default=True, type=click.IntRange(1), metavar="MB",
    help="The largest body of one request.",
)  # fmt: skip
def command(
    host: str, port: int, opens: bool, token_file: Path | None, names: tuple[str, ...],
    behind: tuple[str, ...], largest: int,
) -> None:  # fmt: skip
    """Serve the workbench at / and the API at /api/v1, until Ctrl-C.

    Only this machine can reach it unless --host says otherwise; then a token is needed.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError("the workbench is not installed.", todo=_INSTALL)
    from facetwise.web.settings import Settings

    settings = Settings(host, port, names=tuple(n.lower() for n in names), largest=largest << 20)
    trusted = [_proxy(address) for address in behind]
    if token_file is None and not is_local(host):
        token_file = default_token_file()
    if token_file is not None:
        settings = settings._replace(token=token_in(token_file))
    if not is_local(host):
        settings = settings._replace(rate=50.0, burst=200)
    listening = listen(host, port)
    if not is_local(host):
        click.echo(
            f"facetwise: warning: {host} can be reached by other machines, without encryption. "
            f"Every request must bring the token in {token_file}; put TLS in front "
            "(docs/serving.md).",
            err=True,
        )
    import uvicorn  # after what may be refused: it and the screens take a while

    from facetwise.web.app import make_app
    from facetwise.web.heads import PromptHeads

    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # its lines may hold what was sent
    config = uvicorn.Config(
        make_app(settings), http=PromptHeads, ws="none", access_log=False, log_config=None,
        log_level="critical", server_header=False, limit_concurrency=256, timeout_keep_alive=30,
        timeout_graceful_shutdown=5, proxy_headers=bool(trusted), forwarded_allow_ips=trusted,
    )  # fmt: skip
    address = address_of(host, listening.getsockname()[1])
    click.echo(f"Facetwise is at {address} (Ctrl-C ends it)")
    sys.stdout.flush()
    if opens:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    uvicorn.Server(config).run(sockets=[listening])


def _proxy(address: str) -> str:
    """An address or network of a proxy, never everyone's.

    Raises:
        UnreadableInputError: it is no address, or any address would do.
    """
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        network = None
    if network is None or network.prefixlen == 0:
        raise UnreadableInputError(
            "expected the address or network of a proxy.",
            where="--behind",
            todo="Such as 10.0.0.5.",
        )
    return str(network)
