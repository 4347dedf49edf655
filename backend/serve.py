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
from backend.patient import Patient
from backend.settings import KEEP_ALIVE, Settings

MOST_CONNECTIONS = 4_000
"""Beyond that a request is answered with 503 at once: the others go on."""

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
        http=Patient,
        limit_concurrency=MOST_CONNECTIONS,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        lifespan="on",
    )
    _as_many_files_as_allowed()
    server = _Server(config, app.state.backend.news)
    server.run(sockets=[listening.socket])
    return 0


def _as_many_files_as_allowed() -> None:
    """A connection is a file; a thousand, which many systems begin with, is soon less than `MOST_CONNECTIONS`."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
