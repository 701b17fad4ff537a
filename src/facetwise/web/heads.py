"""HTTP/1.1 that does not wait for ever for a request to begin.

The server below limits how long a connection may stand idle between requests, but not how long the
head of one may take: a few hundred connections that send a byte now and then would keep everyone
else out. `Guard` sees to the pace of bodies.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0
"""Seconds for the head of a request to come whole."""


class PromptHeads(H11Protocol):
    """Closes a connection whose request head does not come whole in time."""

    _head: asyncio.TimerHandle | None = None
    patience = PATIENCE

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection is open: its first request must follow."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Some bytes: perhaps the end of a head, perhaps the beginning of one."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """An answer is whole; the head of the next request may have come in part."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side is gone."""
        self._forget()
        super().connection_lost(exc)

    def _look(self) -> None:
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        after = self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY
        if not (begun or after):
            self._forget()
        elif self._head is None:
            self._expect()

    def _expect(self) -> None:
        self._head = self.loop.call_later(self.patience, self._give_up)

    def _forget(self) -> None:
        if self._head:
            self._head.cancel()
            self._head = None

    def _give_up(self) -> None:
        self._head = None
        if not self.transport.is_closing():
            self.transport.close()
