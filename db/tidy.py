"""Keeps the search index up with the letters while a desk is open: a thread that works when nobody is pressing keys."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from db.store_error import StoreError
from db.turns import AIM
from db.upkeep import settle

if TYPE_CHECKING:
    from db.store import Store

QUIET_SECONDS = 0.4
"""How long no change must have come before it begins: a bulk, its repaint and the next key go first."""


AT_REST, AT_KEYS = 8, 2
"""Letters at a time: while nobody is there, and between the keys of somebody who is."""

PATIENCE = 2.0
"""Seconds after which a piece is done although keys go on being pressed."""

SHARE = 0.25
"""Of the time at most so much is worked: what is left over from years may take an hour, and a key must never wait for it."""


class Tidier:
    """One daemon thread a store. What it does not get to stays listed in `to_index`: nothing depends on it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._poked = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tidy", daemon=True)
        self._thread.start()

    def poke(self) -> None:
        """Something changed."""
        self._poked.set()

    def stop(self) -> None:
        """Ends the thread after the letters it has in hand."""
        self._stopped.set()
        self._poked.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _shorten(self) -> None:
        try:
            self._store.shorten_log()
        except (StoreError, OSError):
            return  # it grows until the write that does it itself, and says why it cannot

    def _run(self) -> None:
        while True:
            self._poked.wait()
            while not self._stopped.is_set() and self._poked.is_set():
                self._poked.clear()
                self._stopped.wait(QUIET_SECONDS)
            left = 1
            while left and not self._stopped.is_set() and not self._poked.is_set():
                turns = self._store.turns
                turns.breathe(QUIET_SECONDS, PATIENCE, self._stopped.wait)
                began = time.monotonic()
                try:
                    left = settle(self._store, AT_REST if turns.aim == AIM else AT_KEYS)
                except StoreError:
                    break  # locked or full: the next change tries again, and says so where a person sees it
                self._shorten()
                if left:
                    self._stopped.wait((time.monotonic() - began) * (1 / SHARE - 1))
            if self._stopped.is_set():
                return
