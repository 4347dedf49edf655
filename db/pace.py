"""How far a long piece of work is, told now and then to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

SPEAK = 1.0
"""Seconds between two words."""

Told = Callable[[str, int, int, int], None]
"""(step, seconds so far, done, of how many; 0 where that is not known). Steps: `tables`, `letters`, `waiting`, at last `done`."""


class Pace:
    """One piece of work in steps. What takes less than a second is not told at all."""

    def __init__(self, told: Told | None = None) -> None:
        self._told = told
        self._began = self._spoken = monotonic()
        self.step = "tables"

    def look(self, done: int = 0, of: int = 0) -> int:
        """To be called every few milliseconds. Returns 0, which lets SQLite go on."""
        now = monotonic()
        if self._told is not None and now - self._spoken >= SPEAK:
            self._spoken = now
            self._told(self.step, round(now - self._began), done, of)
        return 0

    def end(self) -> None:
        """It is done: said where anything was said before."""
        if self._told is not None and self._spoken != self._began:
            self._told("done", round(monotonic() - self._began), 0, 0)
