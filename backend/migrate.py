"""Brings a database to this version's tables, by Alembic; makes a new one whole."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select, text

import backend.tables_survey  # noqa: F401 - its tables belong to the same metadata
from backend.database import Database
from backend.tables import Base, Counter, Newsroom
from db import clock

Stand = Literal["empty", "old", "current", "newer"]
LOCK = 0x4C65747465727344
"""Advisory lock of PostgreSQL: one migration at a time."""


def config() -> Config:
    """Alembic's settings, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return made


def head() -> str:
    """The newest revision this version has."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None
    return found


def stand(conn: Connection) -> Stand:
    """How the database's tables are to this version."""
    current = MigrationContext.configure(conn).get_current_revision()
    if current is None:
        return "old" if inspect(conn).has_table("event") else "empty"
    if current == head():
        return "current"
    known = {s.revision for s in ScriptDirectory.from_config(config()).walk_revisions()}
    return "old" if current in known else "newer"


def upgrade(db: Database) -> Stand:
    """Runs what is missing, in one transaction; returns how it stood before."""

    def work(conn: Connection) -> Stand:
        if not db.sqlite:
            conn.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": LOCK})
        before = stand(conn)
        if before in ("current", "newer"):
            return before
        settings = config()
        settings.attributes["connection"] = conn
        command.upgrade(settings, "head")
        if conn.execute(select(Newsroom.id)).first() is None:  # type: ignore[call-overload]
            begin(conn)
        return before

    return db.write(work)


def begin(conn: Connection) -> None:
    """The rows that a log begins with."""
    epoch = secrets.token_hex(4)
    from db.chain import genesis

    conn.execute(
        insert(Newsroom),
        {"id": 1, "epoch": epoch, "secret": secrets.token_bytes(32), "made_at": clock.now_ms(), "people": 1},
    )
    conn.execute(insert(Counter), {"id": 1, "seq": 0, "hash": genesis(epoch), "mark": 0, "decided": 0})


def metadata() -> object:
    """What the migrations are to arrive at."""
    return Base.metadata
