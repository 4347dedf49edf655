"""Between keys: drawing that nobody asked for waits until the hands rest, and is done once for all that came meanwhile.

A letter list read anew, with its counts and the open letter, takes as long as two key presses: on a desk into which letters
stream it must never stand before one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

REST = 0.08
"""Seconds without a key after which news is drawn."""

LATEST = 1.0
"""Seconds that news waits at most, however fast keys are pressed."""

EVERY = 0.25
"""Seconds between two drawings."""


class Between:
    """`draw` once what is `wanted` has waited for the right moment; `rested`: seconds since the last key."""

    def __init__(self, draw: Callable[[], None], rested: Callable[[], float]) -> None:
        self._draw = draw
        self._rested = rested
        self._since: float | None = None
        self._drawn = -EVERY

    def wanted(self) -> None:
        """Something came: drawn at once where no key was pressed just now, else soon."""
        if self._since is None:
            self._since = monotonic()
            self._look()

    def _look(self) -> None:
        if self._since is None:
            return
        now = monotonic()
        wait = max(REST - self._rested(), self._drawn + EVERY - now)
        if wait > 0 and now - self._since < LATEST:
            asyncio.get_running_loop().call_later(wait, self._look)
            return
        self._since = None
        self._draw()
        self._drawn = monotonic()
