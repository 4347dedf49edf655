"""A database of the backend: SQLite in a file, or PostgreSQL. One place knows how they differ.

A write is a function that may run more than once: where another writer came between, it is rolled back and begun again.
"""

from __future__ import annotations

import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Engine,
    Text,
    Uuid,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError

T = TypeVar("T")

POOL: Final = 16
"""Connections a process holds at most; work waits for one."""

IDLE: Final = 20.0
"""Seconds after which a connection is asked whether it still lives."""

LOG_PAGES: Final = 8_000
"""SQLite: pages of the write-ahead log after which it is carried into the file (32 MB). A case's page is rewritten by many
requests: the later it is carried over, the fewer times. An erasure empties the log by itself (`empty_log`)."""

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
        # one statement sees one moment either way; without a transaction around it there are two round trips less
        self._reader = self.engine if self.sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = threading.Lock()

    @contextmanager
    def read(self, *, steady: bool = False) -> Iterator[Connection]:
        """Reads. `steady`: all queries see the same moment."""
        if not steady:
            with self._reader.connect() as conn:
                yield conn
            return
        with self.engine.connect() as plain:
            conn = plain if self.sqlite else plain.execution_options(isolation_level="REPEATABLE READ")
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
        if e.connection_invalidated:  # the database was started anew: nothing was committed, or the ids tell
            return True
        if self.sqlite:
            busy = isinstance(e.orig, sqlite3.OperationalError) and "locked" in str(e.orig)
            return busy or isinstance(e, IntegrityError)
        return getattr(e.orig, "sqlstate", None) in AGAIN

    def empty_log(self) -> None:
        """SQLite: empties the write-ahead log into the file, which overwrites what was erased; a reader under way puts it off.

        PostgreSQL keeps dead rows until its own vacuum: docs/security.md says what that means for an erasure.
        """
        if self.sqlite:
            with self._writer, self.engine.connect() as plain:
                plain.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()


def among(conn: Connection, column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """`column IN (values)` for any number of strings, as one array (SQLite: one JSON): the same text each time."""
    listed = given(conn, column, values)
    if conn.dialect.name == "postgresql":
        return column == any_(literal(listed, ARRAY(column.type)))
    each = func.json_each(listed).table_valued("value")
    return column.in_(select(each.c.value))


def named(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The same for a statement that is made once: the values come under that name, as `given` makes them."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return column.in_(select(func.json_each(bindparam(name, type_=Text)).table_valued("value").c.value))


def given(conn: Connection, column: ColumnElement[Any], values: Iterable[str]) -> Any:
    """Values of a column as the one array, or the one JSON, that a query takes them in."""
    if conn.dialect.name == "postgresql":
        return list(values)
    bare = isinstance(column.type, Uuid)  # SQLAlchemy keeps ids without dashes where there is no type for them
    return json.dumps([v.replace("-", "") for v in values] if bare else list(values))


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
        engine = create_engine(made, pool_size=POOL, max_overflow=0, hide_parameters=True, pool_timeout=20)
    except ModuleNotFoundError as e:
        raise DatabaseError("psycopg") from e
    event.listen(engine, "checkin", _checked_in)
    event.listen(engine, "checkout", _checked_out)
    return engine


def _checked_in(_conn: Any, record: Any) -> None:
    record.info["since"] = time.monotonic()


def _checked_out(conn: Any, record: Any, _proxy: Any) -> None:
    """A connection that has lain idle is asked whether it still lives; asking each time would cost a round trip each."""
    if time.monotonic() - record.info.get("since", 0.0) < IDLE:
        return
    try:
        conn.execute("SELECT 1")
        conn.rollback()
    except Exception as e:
        raise DisconnectionError from e


def _sqlite_connected(conn: Any, _record: Any) -> None:
    conn.isolation_level = None  # transactions begin where we say so
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA busy_timeout = 20000")
    conn.execute("PRAGMA secure_delete = ON")  # what was erased is not left in free pages
    conn.execute("PRAGMA cache_size = -65536")
    conn.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")


def _sqlite_begin(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("writes") else "BEGIN")
