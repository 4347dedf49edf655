"""Runs the app on a socket until it is told to stop: requests under way are finished, long polls sent home."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
from collections.abc import Iterator

import uvicorn

from backend.app import create
from backend.news import News
from backend.settings import KEEP_ALIVE, Settings

GRACE = 20
"""Seconds that requests under way may still take after SIGTERM."""


class Listening:
    """A socket that accepts connections already; port 0 has become a free one. Raises OSError."""

    def __init__(self, host: str, port: int) -> None:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # with its protocol named, or asyncio leaves Nagle's algorithm on: 40 ms for each answer of two packets
        self.socket = socket.socket(found[0], found[1], found[2] or socket.IPPROTO_TCP)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(found[4])
        self.socket.listen(2048)
        self.socket.setblocking(False)
        self.port = int(self.socket.getsockname()[1])
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.port}"


class _Server(uvicorn.Server):
    """uvicorn waits for every connection before it tells the app; whoever polls must be sent home first."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but having stopped as told is an end like any: the signal is not raised again."""
        kept = {sig: signal.signal(sig, self.handle_exit) for sig in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for sig, handler in kept.items():
                signal.signal(sig, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._news.close()
        await super().shutdown(sockets)


def run(settings: Settings, listening: Listening) -> int:
    """Serves until SIGTERM or Ctrl+C."""
    app = create(settings)
    # what is here stays, and a request of 100 events makes some 10,000 things: the collector need not look at all that each time
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
    )
    server = _Server(config, app.state.backend.news)
    server.run(sockets=[listening.socket])
    return 0
