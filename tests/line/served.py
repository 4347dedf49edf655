"""A backend's app that is served without a socket: in a thread of its own, for desks that wait for each answer as on a line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from backend.app import create
from backend.database import Database
from backend.running import Backend
from backend.settings import Settings

T = TypeVar("T")


class _Thread:
    """The loop that all of them run in."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="served", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs it there; returns here what came of it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


_thread = cache(_Thread)


_idle: list[FastAPI] = []
"""Apps whose processes have ended: preparing an app's routes is most of what a start costs, and it remembers nothing itself."""


class Served(httpx.BaseTransport):
    """One process of the backend, over a database of its own; begins when made. Requests go through it as through a line.

    What a process remembers is in its `Backend`, and that is new each time.
    """

    def __init__(self, settings: Settings) -> None:
        db = Database(settings.database)
        self._app = _idle.pop() if _idle else create(settings, db)
        self._app.state.backend = Backend(settings, db)
        self._app.state.cutting = None
        self._inner = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        self._over = asyncio.Event()
        begun = threading.Event()
        self._lifespan = asyncio.run_coroutine_threadsafe(self._live(begun), _thread().loop)
        while not begun.wait(0.05) and not self._lifespan.done():
            pass

    async def _live(self, begun: threading.Event) -> None:
        async with self._app.router.lifespan_context(self._app):
            begun.set()
            await self._over.wait()

    def end(self) -> None:
        """As a process ends in order; its database is closed. Raises what its beginning or its end raised."""
        _thread().loop.call_soon_threadsafe(self._over.set)
        self._lifespan.result()
        _idle.append(self._app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        status, headers, body = _thread().run(self._ask(request.method, request.url, request.headers, request.read()))
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body), request=request)

    async def _ask(self, *asked: Any) -> tuple[int, httpx.Headers, bytes]:
        method, url, headers, content = asked
        answer = await self._inner.handle_async_request(httpx.Request(method, url, headers=headers, content=content))
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        return answer.status_code, answer.headers, b"".join([part async for part in answer.stream])  # as it travels
