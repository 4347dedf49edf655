"""A database of the backend: SQLite in a file, or PostgreSQL. One place knows how they differ.

A write is a function that may run more than once: where another writer came between, it is rolled back and begun again.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Connection, Engine, any_, create_engine, event, literal, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

T = TypeVar("T")

POOL: Final = 16
"""Connections a process holds at most; work waits for one."""

TRIES: Final = 12
AGAIN: Final = frozenset({"40001", "40P01", "23505", "55P03"})
"""PostgreSQL: serialization failure, deadlock, unique violation (two wrote the same at once), lock not available."""


class DatabaseError(Exception):
    """The address is none, or nobody answers there; says which."""


class Database:
    """Connections to one newsroom's database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._writer = threading.Lock()

    @contextmanager
    def read(self, *, steady: bool = False) -> Iterator[Connection]:
        """A transaction that only reads. `steady`: all its queries see the same moment."""
        with self.engine.connect() as plain:
            conn = plain
            if steady and not self.sqlite:
                conn = plain.execution_options(isolation_level="REPEATABLE READ")
            with conn.begin():
                yield conn

    def write(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a transaction that is durable when this returns; again from the start where others came between."""
        for left in range(TRIES, 0, -1):
            try:
                return self._once(work)
            except DBAPIError as e:
                if left == 1 or not self._again(e):
                    raise
                time.sleep(random.uniform(0, 0.01 * (TRIES - left + 1)))
        raise AssertionError

    def _once(self, work: Callable[[Connection], T]) -> T:
        if not self.sqlite:
            with self.engine.begin() as conn:
                return work(conn)
        # one writer at a time in this process: waiting for SQLite's own lock is polling
        with self._writer, self.engine.connect() as plain:
            conn = plain.execution_options(writes=True)
            with conn.begin():
                return work(conn)

    def _again(self, e: DBAPIError) -> bool:
        if self.sqlite:
            busy = isinstance(e.orig, sqlite3.OperationalError) and "locked" in str(e.orig)
            return busy or isinstance(e, IntegrityError)
        return getattr(e.orig, "sqlstate", None) in AGAIN

    def close(self) -> None:
        self.engine.dispose()


def among(conn: Connection, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN (values)`, the values as one array on PostgreSQL: a text that is the same for any number is prepared once."""
    given = list(values)
    if conn.dialect.name != "postgresql":
        return column.in_(given)
    return column == any_(literal(given, ARRAY(column.type)))


def _engine(url: str) -> Engine:
    try:
        made = make_url(url)
    except Exception as e:
        raise DatabaseError(str(e)) from e
    if made.drivername in ("postgres", "postgresql"):
        made = made.set(drivername="postgresql+psycopg")
    if made.get_backend_name() == "sqlite" and not made.database:
        raise DatabaseError("a log in memory is no log")
    if made.get_backend_name() == "sqlite":
        engine = create_engine(
            made, pool_size=POOL, max_overflow=0, hide_parameters=True, connect_args={"check_same_thread": False}
        )
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    if made.get_backend_name() != "postgresql":
        raise DatabaseError(made.get_backend_name())
    try:
        return create_engine(
            made, pool_size=POOL, max_overflow=0, hide_parameters=True, pool_pre_ping=True, pool_timeout=20
        )
    except ModuleNotFoundError as e:
        raise DatabaseError("psycopg") from e


def _sqlite_connected(conn: Any, _record: Any) -> None:
    conn.isolation_level = None  # transactions begin where we say so
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA busy_timeout = 20000")
    conn.execute("PRAGMA secure_delete = ON")  # what was erased is not left in free pages
    conn.execute("PRAGMA cache_size = -65536")


def _sqlite_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("writes") else "BEGIN")
