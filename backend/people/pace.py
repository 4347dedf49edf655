"""A plain limit a minute for whatever anybody may ask without a key; counted in this process's memory, by address."""

from __future__ import annotations

import time
from typing import Final

from backend.problems import ProblemError

MINUTE: Final = 60.0
MOST_KEYS: Final = 50_000


class Pace:
    """At most `most` a minute for each key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._minute = 0
        self._counts: dict[str, int] = {}

    def step(self, key: str) -> None:
        """Counts one. Raises ProblemError(slow_down)."""
        now = time.monotonic()
        minute = int(now // MINUTE)
        if minute != self._minute or len(self._counts) > MOST_KEYS:
            self._minute, self._counts = minute, {}
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if count > self.most:
            raise ProblemError("slow_down", seconds=max(1, int(MINUTE - now % MINUTE) + 1))
