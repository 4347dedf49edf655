"""A store as an older version of the schema left it, with the letters of one of today."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from db import birth, migrate
from db.keys import keeper
from db.store_file import FILE, connect, make_home

VERSION = 5


def older(source: Path, home: Path) -> None:
    """Makes `home` of version 5, under the same key, with every row of `source` that such a store had a place for."""
    make_home(home)
    (home / "key").write_bytes((source / "key").read_bytes())
    (home / "key").chmod(0o600)
    with mock.patch.object(migrate, "SCHEMA", VERSION), mock.patch("db.store_file.SCHEMA", VERSION):
        birth.make_store(home / FILE, keeper(home))
    key = keeper(home).get()
    new, old = connect(source / FILE, key), connect(home / FILE, key)
    tables = {
        n for (n,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    }
    old.execute("PRAGMA foreign_keys = OFF")
    old.execute("BEGIN")
    for table in sorted(t for t in tables if not t.startswith(("sqlite_", "alembic", "search", "letter_index"))):
        names = [n for _c, n, *_rest in old.execute(f"PRAGMA table_info({table})")]
        here = {n for _c, n, *_rest in new.execute(f"PRAGMA table_info({table})")}
        both = ", ".join(f'"{n}"' for n in names if n in here)
        if not both:
            continue
        marks = ", ".join("?" * len(both.split(", ")))
        rows = new.execute(f"SELECT {both} FROM {table}").fetchall()
        old.execute(f"DELETE FROM {table}")
        old.executemany(f"INSERT INTO {table} ({both}) VALUES ({marks})", rows)
    old.execute("COMMIT")
    for conn in (old, new):
        conn.close()
