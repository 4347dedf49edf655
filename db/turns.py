"""Whose turn it is to write: whoever a person waits for goes first, and long work comes in pieces of a few milliseconds.

Invariant: a key press that writes waits for one piece of other work at most, however much of that there is to do. One that only
paints shares the interpreter with at most one piece: the next begins when the hands rest.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

AIM = 0.008
"""Seconds that one transaction of long work is meant to take: with a key's own write behind it within two frames."""

GENTLE = 0.003
"""The same while a person is at the keys: so long may a key that comes in the middle of it have to share the interpreter."""

THERE = 3.0
"""Seconds after a key for which the person is taken to be at the keys."""

HAND = 0.1
"""Seconds after a key in which what it does and paints, and what follows it once the cursor rests, is not disturbed."""

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
        self._pressed = -math.inf

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

    @property
    def aim(self) -> float:
        """Seconds that a piece of long work may last now."""
        return GENTLE if self.rested < THERE else AIM

    def breathe(
        self, rest: float = HAND, patience: float = PATIENCE, pause: Callable[[float], object] = time.sleep
    ) -> None:
        """Before a piece of long work: waits until no key was pressed for `rest` seconds, `patience` at the longest.

        Never on the screen's own thread. `pause`: how to wait so many seconds; what it returns ends the waiting if it is true.
        """
        if threading.get_ident() == self._person:
            return
        end = self.clock() + patience
        while (left := rest - self.rested) > 0 and (now := self.clock()) < end:
            if pause(max(0.001, min(left, end - now))):
                return


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
        wanted = int(max(1, count) * self._turns.aim / took)
        self.size = max(SMALLEST, self.size // 2, min(LARGEST, self.size * 2, wanted))
        self._turns.breathe()


def pieces(turns: Turns, given: Iterable[T], first: int) -> Iterator[list[T]]:
    """The things in their order, as many at a time as one transaction may take; each is used before the next is asked for."""
    pace, stream = Pace(turns, first), iter(given)
    while some := list(islice(stream, pace.size)):
        with pace.piece(len(some)):
            yield some
