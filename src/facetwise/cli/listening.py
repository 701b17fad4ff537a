"""Where a server of ours listens, and the token others must bring; what its commands share."""

import ipaddress
import os
import re
import secrets
import socket
import stat
from pathlib import Path

from facetwise.errors import FacetwiseError, UnreadableInputError, UnwritableError

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}", re.ASCII)
_WAITING = 1024
"""Connections that may wait to be taken."""


class CannotListenError(FacetwiseError):
    """An address or port the server cannot listen at."""

    id = "serve/cannot-listen"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a second server on the port is told so at once.

    Raises:
        CannotListenError: the port is taken, or the host is no address of this machine.
    """
    where = f"--host {host} --port {port}"
    try:
        family, kind, proto, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, proto)
        try:
            if os.name == "posix":  # elsewhere it would let two servers share a port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
            listening.listen(_WAITING)
        except OSError:
            listening.close()
            raise
    except (OSError, UnicodeError, OverflowError) as error:
        why = (getattr(error, "strerror", None) or "not a host name").lower()
        todo = "Choose another --port, or an address of this machine as --host."
        raise CannotListenError(f"cannot listen ({why}).", where=where, todo=todo) from error
    return listening


def address_of(host: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (a comparison)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def default_token_file() -> Path:
    from facetwise.tables.folder import data_folder

    return data_folder() / "serve-token"


def token_in(path: Path) -> str:
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
        why = getattr(error, "strerror", None) or "not text"
        raise UnwritableError(
            f"the token file cannot be used ({why.lower()}).", where=str(path),
            todo="Give a file of yours, or one that can be made.",
        ) from error  # fmt: skip
    if not _TOKEN.fullmatch(token):
        raise UnreadableInputError(
            "the token must be 16 to 512 letters, digits and - . _ ~ + / =.", where=str(path),
            todo="Remove the file; a new token is made.",
        )  # fmt: skip
    if shared:
        raise UnreadableInputError(
            "others can read the token.", where=str(path), todo=f"Run chmod 600 {path}."
        )
    return token


def is_local(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
