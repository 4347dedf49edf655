"""The encrypted file that holds the letters of this desk: read and written here and nowhere else (opened by `db/opening.py`).

One file, `letters.db`, in a home of mode 0700: SQLite through sqlcipher3, write-ahead log, `synchronous=FULL`. An
opened store is safe for threads: every thread reads through a connection of its own, writes go one after the other
through a single one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from db import writes
from db.holding import Hold
from db.readers import Reader
from db.readers import close as close_readers
from db.store_error import StoreError
from db.store_file import FILE, PAGE_BYTES, connect, identity, translate
from db.turns import Turns

if TYPE_CHECKING:
    from db.model_rules import Rulebook

CACHE_KIB = 16_384
"""Pages that the writer and the thread that opened the store keep decrypted. That thread turns pages all day."""

ASIDE_KIB = 2_048
"""The same for every other thread: what they read (a month, a board, letters alike) they read once. A month out of a million
letters takes no longer with it, and a long day does not end with eight caches of 16 MiB."""

LOG_PAGES, LOG_PAGES_MOST = 1_000, 10_000
"""Pages in the log from which it is written into the file in a quiet moment, and at the latest: by the write that comes to it."""

WAIT_SECONDS = 2
"""How long a write waits for another process before it says `locked`."""

__all__ = ["Store", "StoreError"]


class Tending(Protocol):
    """Who works in a store's quiet moments (`db/tidy.py`)."""

    def poke(self) -> None: ...

    def stop(self) -> None: ...


class Store:
    """An open store. `open_store` makes one; close it when done."""

    def __init__(self, home: Path, key: bytes, hold: Hold) -> None:
        self.home = home
        self.path = home / FILE
        self._key = key
        self._hold = hold
        self._file = identity(self.path)
        self._local = threading.local()
        self._home_thread = threading.get_ident()
        self._readers: list[Reader] = []
        self._writer: Any = None
        self.turns = Turns()
        self._seen_version = 0
        self._book: tuple[Any, Rulebook] | None = None
        self._tidier: Tending | None = None
        self.closed = False

    @property
    def secret(self) -> bytes:
        """The key of this store's file."""
        return self._key

    # reading

    def reader(self) -> Any:
        """This thread's own connection for reading; what it returns is a sqlcipher3 connection in autocommit.

        For whoever closes the store itself: beside a closing only what is done in `reading` is safe.
        """
        return self._own_reader().conn

    def _own_reader(self) -> Reader:
        mine: Reader | None = getattr(self._local, "reader", None)
        if mine is None:
            if self.closed:
                raise StoreError("closed")
            cache = CACHE_KIB if threading.get_ident() == self._home_thread else ASIDE_KIB
            with translate(self.path):
                conn = connect(self.path, self._key, cache_kib=cache, wait=WAIT_SECONDS)
                conn.execute("PRAGMA query_only = ON")
            self._local.reader = mine = Reader(conn)
            with self.turns:
                self._readers.append(mine)
        return mine

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """The same, while the block lasts not closed by another thread: that interrupts it. Raises StoreError(closed)."""
        mine = self._own_reader()
        mine.inside += 1
        try:
            if self.closed:
                raise StoreError("closed")
            yield mine.conn
        finally:
            mine.inside -= 1

    def rows(self, sql: str, values: Any = ()) -> list[Any]:
        """All rows of a query, read by this thread. Raises StoreError."""
        with translate(self.path), self._reading() as conn:
            return conn.execute(sql, values).fetchall()  # type: ignore[no-any-return]

    @contextmanager
    def view(self) -> Iterator[Any]:
        """Several reads of one moment: what is written meanwhile is not seen in between. Writes nothing, and nobody writes in it."""
        mine = getattr(self._local, "viewed", None)
        if mine is not None:  # a view within a view is the same moment
            yield mine
            return
        with translate(self.path), self._reading() as conn:
            conn.execute("BEGIN")
            self._local.viewed = conn
            try:
                yield conn
            finally:
                self._local.viewed = None
                if conn.in_transaction:
                    conn.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """What this thread reads through: the screen's thread through the connection that writes, while nobody writes.

        A connection forgets every page it holds when another one has written, so after each action what the screen shows was read
        from the file and decrypted again; the one that wrote still knows it (a page of the list: 1.5 ms and 0.4 ms).
        """
        viewed = getattr(self._local, "viewed", None)
        if viewed is not None:
            yield viewed
            return
        if self._writer is None or not self.turns.tried_by_person():
            with self.reading() as conn:
                yield conn
            return
        try:
            yield self._writer if self._writer and not self._writer.in_transaction else self.reader()
        finally:
            self.turns.release()

    # writing

    def writer(self) -> Any:
        """The one connection that writes; only to be used by whoever holds `write()`."""
        if self._writer is None:
            if self.closed:
                raise StoreError("closed")
            conn = connect(self.path, self._key, cache_kib=CACHE_KIB, wait=WAIT_SECONDS)
            log = f"wal_autocheckpoint = {LOG_PAGES_MOST}"
            for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", log):
                conn.execute(f"PRAGMA {pragma}")
            self._writer = conn
        return self._writer

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Any]:
        """One durable transaction: all of it is on the disk when this ends, or nothing. Raises StoreError.

        `lasting` False: whole or not at all as well, but a power cut may take it, with all that came after it: for what can be
        fetched or made anew. The next lasting one brings it to the disk; without a wait of its own it takes half the time.
        """
        with self.turns, translate(self.path):
            conn = self.writer()
            if not lasting:
                conn.execute("PRAGMA synchronous = NORMAL")
            try:
                conn.execute("BEGIN IMMEDIATE")
                yield conn
                self._still_there()
                conn.execute("COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                raise
            finally:
                if not lasting:
                    conn.execute("PRAGMA synchronous = FULL")

    def mark(self) -> tuple[int, int]:
        """A value that every write to letters changes, whoever makes it. Raises StoreError."""
        with self.turns, translate(self.path):
            return self.marked(self.writer())

    @staticmethod
    def marked(writer: Any) -> tuple[int, int]:
        """`mark`, for whoever holds `write()`."""
        return int(writer.execute("PRAGMA data_version").fetchone()[0]), writes.last()

    def _still_there(self) -> None:
        """What is written into a file that lost its name is lost: better not to say that it was saved. Raises StoreError(gone)."""
        if identity(self.path) != self._file:
            raise StoreError("gone", {"path": self.home})

    def empty_log(self) -> bool:
        """Writes what the write-ahead log holds into the file and empties it; False where a reader still needs it."""
        with self.turns, translate(self.path):
            return not self.writer().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    def shorten_log(self) -> None:
        """Writes a log that has grown into the file, beside whoever reads and writes; for a thread in a quiet moment.

        The write whose commit finds a thousand pages would else do it, and its person wait for two more waits for the disk.
        """
        log = self.path.with_name(f"{FILE}-wal")
        if log.exists() and log.stat().st_size >= LOG_PAGES * PAGE_BYTES:
            with translate(self.path), self.reading() as conn:
                conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def tended(self, tidier: Callable[[], Tending]) -> None:
        """From now on `tidier` works in this store's quiet moments, until it is closed; the first one stays. Opens what writes."""
        with self.turns, translate(self.path):
            if self.closed:  # the person was quicker
                return
            self.writer()
            if self._tidier is None:
                self._tidier = tidier()
                self._tidier.poke()

    @property
    def warmed(self) -> bool:
        """Whether somebody works in its quiet moments: the first change and search are prepared (`db/upkeep.py`)."""
        return self._tidier is not None

    def changed(self) -> None:
        """Letters changed here; whoever ran a command calls it."""
        if self._tidier is not None:
            self._tidier.poke()

    # small things that everybody asks for

    def setting(self, name: str) -> str | None:
        """A setting kept with the letters, or None."""
        found = self.rows("SELECT value FROM setting WHERE name = ?", (name,))
        return str(found[0][0]) if found else None

    def put_setting(self, name: str, value: str | None) -> None:
        """Keeps a setting durably; None forgets it."""
        with self.write() as conn:
            if value is None:
                conn.execute("DELETE FROM setting WHERE name = ?", (name,))
            else:
                conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, value))

    def rulebook(self) -> Rulebook:
        """All versions of the newsroom's rules that this store knows; what ships with the desk is version 1."""
        from db.rulebook import RULEBOOK_STATE, rulebook

        mark = self.rows(RULEBOOK_STATE)[0]
        if self._book is None or self._book[0] != mark:
            self._book = (mark, rulebook(self.rows("SELECT version, body FROM rules"), mark[2]))
        return self._book[1]

    def data_version(self) -> int:
        """A number that changes when another process has written; this process's own writes leave it alone."""
        if self.turns.tried():  # a write under way here: the next look will tell
            try:
                with translate(self.path):
                    self._seen_version = int(self.writer().execute("PRAGMA data_version").fetchone()[0])
            finally:
                self.turns.release()
        return self._seen_version

    def close(self) -> None:
        """Closes every connection that no other thread is inside of; those are interrupted and get a moment to come out
        (`db/readers.py`). Words not yet indexed stay listed for the next one who opens the store."""
        if self._tidier is not None:
            self._tidier.stop()
        with self.turns:
            if self.closed:
                return
            self.closed = True
            writer, self._writer = self._writer, None
            readers, self._readers = self._readers, []
        self._readers = close_readers(readers)
        if writer is not None:
            writer.close()
        self._hold.let_go()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
