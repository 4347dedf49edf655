"""The connections that threads read through, and how they are closed: never one that somebody is inside of.

SQLite is closed under a running statement without a word, and the statement's thread then ends the whole process (a segfault in
`sqlite3_last_insert_rowid`). So whoever reads says so by a number of its own connection, and closing interrupts what runs there,
waits a moment for it to come out, and leaves alone what does not: the end of the process takes it.

Invariant: either the reader sees that its store is closing and does not begin, or the closing sees the reader and waits. Each
writes its own mark first and reads the other's after it.
"""

from __future__ import annotations

import threading
import time
from typing import Any

PATIENCE = 1.0
"""Seconds that closing waits for readers at the longest: what runs is interrupted after some thousand steps of SQLite, but what
Python does between two reads of one view is not."""

ASKED = 0.005
"""Seconds between two interruptions: one that comes between two statements finds nothing to interrupt."""


class Reader:
    """One thread's connection; `inside` is how often that thread is in it, and only that thread changes it."""

    __slots__ = ("conn", "inside", "thread")

    def __init__(self, conn: Any) -> None:
        self.conn = conn
        self.inside = 0
        self.thread = threading.get_ident()


def close(readers: list[Reader], patience: float = PATIENCE) -> list[Reader]:
    """Closes them, but for those that somebody is still inside of after `patience` seconds: they are returned, and whoever
    calls keeps them. No new reading may begin any more (`Store.closed`)."""
    me, end = threading.get_ident(), time.monotonic() + patience
    while busy := [r for r in readers if r.inside and r.thread != me]:
        for reader in busy:
            reader.conn.interrupt()
        if time.monotonic() >= end:
            break
        time.sleep(ASKED)
    left = [r for r in readers if r.inside and r.thread != me]
    for reader in readers:
        if reader not in left:
            reader.conn.close()
    return left
