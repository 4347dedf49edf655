"""A new store, and an older one brought up to date. Imported only then: Alembic and SQLAlchemy cost half a second."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from db import clock
from db.keys import Keeper, sync_folder
from db.migrate import upgrade
from db.pace import Pace
from db.store_copy import remove
from db.store_file import APPLICATION_ID, connect, translate


def make_store(path: Path, keys: Keeper) -> None:
    """Makes a store under another name and links it into place when it is whole: killed at any moment, there is
    either no store or a good one. A key that is already there is used. Raises StoreError, OSError, NoKeyError.
    """
    key = keys.make()
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    remove(draft)
    try:
        draft.touch(mode=0o600)
        with translate(path):
            conn = connect(draft, key)
            try:
                conn.execute("PRAGMA journal_mode = WAL")
                conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                upgrade(conn)
                _first_rows(conn)
                conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                conn.close()
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was first; its store is as good
        sync_folder(path.parent)
    finally:
        remove(draft)


STEPS = 100_000
"""Steps of SQLite's machine between two looks at the clock: a few milliseconds."""


def bring_up_to_date(path: Path, key: bytes, pace: Pace) -> None:
    """Runs the missing migrations: a million letters take more than a minute. Raises StoreError; the file is then as it was."""
    with translate(path):
        conn = connect(path, key, wait=5)
        try:
            conn.set_progress_handler(pace.look, STEPS)
            upgrade(conn)
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            conn.close()


def _first_rows(conn: Any) -> None:
    """This terminal as a device, with a number drawn at random: it goes into the codes of letters taken down here."""
    number = 1 + secrets.randbelow(99)
    conn.execute("BEGIN")
    conn.execute(
        "INSERT INTO device(id, number, name, own, since) VALUES (?, ?, '', 1, ?)",
        (f"local-{secrets.token_hex(4)}", number, clock.now_ms()),
    )
    conn.executemany("INSERT INTO queue_count(queue, letters, upto) VALUES (?, 0, 0)", [(q,) for q in range(1, 10)])
    conn.execute("COMMIT")
