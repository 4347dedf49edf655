"""uvicorn's HTTP protocol, which waits for a slow caller without end, with an end: for heads that drip in, for bodies that go on
after their answer, for answers that nobody reads.

Found by `tests/backend/test_hostile_sockets.py`: uvicorn 0.54 has a time limit for idle connections only, and the first byte of
a next request switches it off.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from backend.guarding import PATIENCE, SLOWEST

HEAD: Final = 20.0
"""Seconds from a connection, or from the first byte of a next request, until its head must be whole."""


class Patient(H11Protocol):
    """One connection. At most one of the two timers runs for what it is named after."""

    head = HEAD

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._coming: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._answering():
            self._arrived()
        else:
            self._expect()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        waiting = self.transport.get_write_buffer_size()
        if self._unread is not None:
            self._unread.cancel()
        self._unread = self.loop.call_later(PATIENCE + waiting / SLOWEST, self._not_read) if waiting else None
        if not self._answering() and self.conn.their_state is not h11.IDLE:  # the rest of a body that was refused
            self._expect()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect(self) -> None:
        if self._coming is None:
            self._coming = self.loop.call_later(self.head, self._too_late)

    def _arrived(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None

    def _too_late(self) -> None:
        self._coming = None
        if not self._answering():
            self.transport.abort()

    def _not_read(self) -> None:
        self._unread = None
        if self.transport.get_write_buffer_size() and not self._answering():
            self.transport.abort()
