"""News for long polls: each process looks at the log's counter every quarter of a second and wakes those who wait.

No `NOTIFY`: it takes a lock on the whole PostgreSQL cluster at commit.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.log.newsroom import COUNTER

logger = logging.getLogger("backend.news")
EVERY: Final = 0.25
"""Seconds between looks at the counter while somebody waits."""


class News:
    """How far the log goes, as this process knows it. Used from one event loop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seq = -1
        self._moved = asyncio.Event()
        self.waiting = 0
        self.closing = False

    def reached(self, seq: int) -> None:
        """The log goes at least this far."""
        if seq > self._seq:
            self._seq = seq
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
            while self._seq <= seq and not self.closing:
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
