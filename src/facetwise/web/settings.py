"""How the server is run: where it listens, who may ask, and how much."""

from typing import NamedTuple

LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What this machine calls itself in the Host header of a browser."""


class Settings(NamedTuple):
    """Limits are generous for one person on one machine, and stop a runaway client.

    Attributes:
        host: address to listen at.
        port: port to listen at.
        token: secret every request must bring; blank only where nobody else can ask.
        names: Host headers answered besides those of this machine; empty with a token means any.
        largest: bytes of one request body.
        rate: requests a second one address may send, once its burst is spent.
        burst: requests an address may send at once.
        idle: seconds a body may stand still before it is given up.
    """

    host: str = "127.0.0.1"
    port: int = 8494
    token: str = ""
    names: tuple[str, ...] = ()
    largest: int = 1 << 30
    rate: float = 1000.0
    burst: int = 2000
    idle: float = 20.0
