"""Whose turn it is to write: whoever a person waits for goes first, and long work comes in pieces of a few milliseconds.

Invariant: a key press that writes waits for one piece of other work at most, however much of that there is to do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

AIM = 0.008
"""Seconds that one transaction of long work is meant to take: with a key's own write behind it within two frames."""

REST = 0.01
"""Seconds between two pieces while a person presses keys: what a key does and paints goes in between, undisturbed."""

HAND = 0.15
"""Seconds after a key in which the next one is to be expected."""

PATIENCE = 0.25
"""Seconds after which other work goes on although a person's write is not done: nobody waits for ever."""

SMALLEST, LARGEST = 4, 400
"""Things in a piece: what the slowest disk is given at least, and the fastest at most."""


class Turns:
    """A lock that is entered again by its own thread, and left to the screen's thread (the main one) as soon as that waits.

    `clock`: seconds; another one makes the size of pieces repeatable.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = threading.RLock()
        self._person = threading.main_thread().ident
        self._wanted = 0  # changed by the screen's thread alone
        self._clear = threading.Event()
        self._clear.set()
        self._pressed = -HAND

    def __enter__(self) -> None:
        if threading.get_ident() == self._person:
            self._wanted += 1
            self._clear.clear()
        elif self._wanted:
            self._clear.wait(PATIENCE)
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        if threading.get_ident() == self._person:
            self._wanted -= 1
            if not self._wanted:
                self._clear.set()

    def tried(self) -> bool:
        """Takes the turn if it is free at once; then `release` gives it back."""
        return self._lock.acquire(blocking=False)

    def tried_by_person(self) -> bool:
        """The same, for the screen's thread; no other one gets it."""
        return threading.get_ident() == self._person and self.tried()

    def release(self) -> None:
        self._lock.release()

    def pressed(self) -> None:
        """A person pressed a key."""
        self._pressed = self.clock()

    @property
    def rested(self) -> float:
        """Seconds since the last key."""
        return self.clock() - self._pressed

    def breathe(self) -> None:
        """Between two pieces of long work: leaves the machine to the person, while they press keys."""
        if self.rested < HAND:
            time.sleep(REST)


class Pace:
    """How many things one transaction of long work takes, so that it lasts about `AIM`; `first`: to begin with."""

    def __init__(self, turns: Turns, first: int) -> None:
        self._turns = turns
        self.size = first

    @contextmanager
    def piece(self, count: int) -> Iterator[None]:
        """The transaction over `count` things: how long it takes decides how many the next one has."""
        began = self._turns.clock()
        yield
        took = max(self._turns.clock() - began, 1e-6)
        wanted = int(max(1, count) * AIM / took)
        self.size = max(SMALLEST, self.size // 2, min(LARGEST, self.size * 2, wanted))
        self._turns.breathe()


def pieces(turns: Turns, given: Iterable[T], first: int) -> Iterator[list[T]]:
    """The things in their order, as many at a time as one transaction may take; each is used before the next is asked for."""
    pace, stream = Pace(turns, first), iter(given)
    while some := list(islice(stream, pace.size)):
        with pace.piece(len(some)):
            yield some
