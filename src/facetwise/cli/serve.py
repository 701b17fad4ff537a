"""`facetwise serve`: the workbench in a browser and the API, on this machine."""

import os
import secrets
import stat
import threading
import webbrowser
from pathlib import Path

import click

from facetwise.errors import MissingExtraError, UnreadableInputError, UnwritableError

_INSTALL = "Install it: pip install 'facetwise[web]'."


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
    "--largest", default=1024, show_default=True, type=click.IntRange(1), metavar="MB",
    help="The largest body of one request.",
)  # fmt: skip
def command(
    host: str, port: int, opens: bool, token_file: Path | None, names: tuple[str, ...], largest: int
) -> None:
    """Serve the workbench at / and the API at /api/v1, until Ctrl-C.

    Only this machine can reach it unless --host says otherwise; then a token is needed.
    """
    try:
        import uvicorn

        from facetwise.web.app import make_app
        from facetwise.web.settings import Settings
    except ImportError as error:
        raise MissingExtraError("the workbench is not installed.", todo=_INSTALL) from error
    settings = Settings(host, port, names=tuple(n.lower() for n in names), largest=largest << 20)
    if token_file is None and not settings.local:
        token_file = _default_token_file()
    if token_file is not None:
        settings = settings._replace(token=_token(token_file))
    if not settings.local:
        settings = settings._replace(rate=50.0, burst=200)
        click.echo(
            f"facetwise: warning: {host} can be reached by other machines, without encryption. "
            f"Every request must bring the token in {token_file}; put TLS in front "
            "(docs/serving.md).",
            err=True,
        )
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (a comparison)
    config = uvicorn.Config(
        make_app(settings), host=host, port=port, access_log=False, log_level="error",
        server_header=False, limit_concurrency=256, timeout_keep_alive=30, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    click.echo(f"Facetwise is at {address} (Ctrl-C ends it)")
    if opens:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    server.run(sockets=[listening])


def _default_token_file() -> Path:
    from facetwise.tables.folder import data_folder

    return data_folder() / "serve-token"


def _token(path: Path) -> str:
    """The token in a file, which only its owner may read; a new one where there is none."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(f"{secrets.token_urlsafe(32)}\n")
        token = path.read_text("utf-8").strip()
        shared = os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except (OSError, UnicodeDecodeError) as error:
        raise UnwritableError("the token file cannot be used.", where=str(path)) from error
    if len(token) < 16:
        raise UnreadableInputError("the token is shorter than 16 characters.", where=str(path))
    if shared:
        raise UnreadableInputError(
            "others can read the token.", where=str(path), todo=f"Run chmod 600 {path}."
        )
    return token
