"""Objects that hold each other are collected between keys, not in the middle of one: a round takes 1 to 30 ms.

In the long rest, what Textual and Rich remember of regions, strips and colours is let go of where it has grown, and what the C
library keeps of memory given back (a month out of many letters: 16 MB at a time) is handed to the system.

Python looks for them whenever a few hundred objects were made, whatever thread makes them, and holds everything else up.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import suppress
from functools import _lru_cache_wrapper

YOUNG, MIDDLE, OLD = 10_000, 10, 10
"""When Python does it by itself after all: after a bulk, a page of news, or hours of keys without a rest."""

REST = 0.2
"""Seconds after a key in which the young ones are looked at, if there are some."""

FEW = 700
"""So many are left alone."""

REMEMBERED = 1_024
"""Results that a function of theirs keeps through a long rest: what a day's screens need again and again is less."""

DRAWING = (
    "textual.color",
    "textual.css.scalar",
    "textual.filter",
    "textual.geometry",
    "textual.strip",
    "rich.segment",
    "rich.style",
)
"""Modules whose functions remember up to 16,384 results each."""

LONG_REST = 30.0
"""Seconds without a key after which all are, if anything was done since the last time."""


def begin() -> None:
    """What is here stays and is never looked at; from now on it is mostly done between keys."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.enable()


class Sweeping:
    """To be told of each key, on the loop of the screen."""

    def __init__(self) -> None:
        self._soon: asyncio.TimerHandle | None = None
        self._later: asyncio.TimerHandle | None = None

    def pressed(self) -> None:
        """A key: the next moment for it is after a rest from this one on."""
        loop = asyncio.get_running_loop()
        for waits in (self._soon, self._later):
            if waits is not None:
                waits.cancel()
        self._soon = loop.call_later(REST, self._young)
        self._later = loop.call_later(LONG_REST, self._all)

    def _young(self) -> None:
        if gc.isenabled() and gc.get_count()[0] >= FEW:
            gc.collect(1)

    def _all(self) -> None:
        if gc.isenabled():
            _forget()
            gc.collect()
            _hand_back()


def _forget() -> None:
    for name in DRAWING:
        for place in list(vars(sys.modules[name]).values()) if name in sys.modules else ():
            for found in (place, *(vars(place).values() if isinstance(place, type) else ())):
                remembers = getattr(found, "__func__", found)  # a class method's own
                if isinstance(remembers, _lru_cache_wrapper) and remembers.cache_info().currsize > REMEMBERED:
                    remembers.cache_clear()


def _hand_back() -> None:
    """Where the C library is glibc; others do it by themselves. Takes some milliseconds."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
