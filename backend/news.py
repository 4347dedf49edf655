"""News for long polls: each process looks at the log's counter every quarter of a second and wakes those who wait.

No `NOTIFY`: it takes a lock on the whole PostgreSQL cluster at commit.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.log.newsroom import COUNTER

FRESH: Final = 0.5
"""Seconds for which one answer serves all who ask alike."""

logger = logging.getLogger("backend.news")
EVERY: Final = 0.25
"""Seconds between looks at the counter while somebody waits."""


class Pages:
    """The last answers to polls: when something comes, all who stand at the same cursor get the same bytes, packed once."""

    def __init__(self) -> None:
        self._held: dict[tuple[object, ...], tuple[float, bytes]] = {}

    def get(self, key: tuple[object, ...]) -> bytes | None:
        """The answer, while it is fresh; its clock is a second old at most."""
        made, frame = self._held.get(key, (0.0, b""))
        return frame if time.monotonic() - made < FRESH else None

    def put(self, key: tuple[object, ...], frame: bytes) -> None:
        if len(self._held) > 100:
            self._held.clear()
        self._held[key] = (time.monotonic(), frame)


class News:
    """How far the log goes, as this process knows it. Used from one event loop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.seq = -1
        self._moved = asyncio.Event()
        self.waiting = 0
        self.closing = False

    def reached(self, seq: int) -> None:
        """The log goes at least this far."""
        if seq > self.seq:
            self.seq = seq
            self._wake()

    def close(self) -> None:
        """Whoever waits is sent home, and nobody waits any more."""
        self.closing = True
        self._wake()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def beyond(self, seq: int, seconds: float) -> bool:
        """Waits until the log goes beyond `seq`; False where it did not within that time, or the backend stops."""
        end = asyncio.get_running_loop().time() + seconds
        self.waiting += 1
        try:
            while self.seq <= seq and not self.closing:
                left = end - asyncio.get_running_loop().time()
                if left <= 0:
                    return False
                try:
                    await asyncio.wait_for(self._moved.wait(), left)
                except TimeoutError:
                    return False
            return not self.closing
        finally:
            self.waiting -= 1

    async def watch(self) -> None:
        """Looks at the counter for ever, while somebody waits."""
        while True:
            await asyncio.sleep(EVERY)
            if not self.waiting:
                continue
            try:
                self.reached(await asyncio.to_thread(self._look))
            except SQLAlchemyError as e:  # the database is away: /ready says so, polls run into their time
                logger.warning("cannot look for news", extra={"error": type(e).__name__})

    def _look(self) -> int:
        with self._db.read() as conn:
            return int(conn.execute(select(COUNTER.c.seq)).scalar_one())
