"""A whole copy of a store's file, page by page, under the same key or another: for backups, restoring, a changed key."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from db.broken_swap import undo_broken_swap
from db.clock import local
from db.model import Ms
from db.store_error import StoreError
from db.store_file import Secret, connect, translate

PAGES = 256
"""Pages copied at a time: 1 MB, so that a store that is in use is never held for long."""

TAILS = ("", "-wal", "-shm", "-journal")

Progress = Callable[[int, int], None]
"""Told how many pages are copied, of how many."""


def copy(path: Path, key: Secret, draft: Path, new_key: Secret, progress: Progress | None = None) -> None:
    """Copies the store at `path` into a new file `draft`, mode 0600, durable when this returns. What others write meanwhile is
    in it or not, never half. Raises StoreError, OSError; then `draft` is gone.
    """
    with translate(path), closing(connect(path, key, wait=5)) as source:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        copy_open(source, draft, new_key, progress)


def copy_open(source: Any, draft: Path, new_key: Secret, progress: Progress | None = None) -> None:
    """As `copy`, of an open connection."""
    remove(draft)
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with translate(draft), closing(connect(draft, new_key, wait=5)) as target:
            told = None if progress is None else lambda _status, left, of: progress(of - left, of)
            source.backup(target, pages=PAGES, progress=told, sleep=0.01)
            target.execute("PRAGMA synchronous = FULL")
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for tail in TAILS[1:]:
            draft.with_name(draft.name + tail).unlink(missing_ok=True)
        fd = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except BaseException:
        remove(draft)
        raise


def look_over(path: Path, key: Secret) -> None:
    """Every page of a file, and what it holds, by SQLite's own checks. Raises StoreError(damaged)."""
    with translate(path), closing(connect(path, key)) as conn:
        found = [str(r[0]) for r in conn.execute("PRAGMA cipher_integrity_check")]
        found += [str(r[0]) for r in conn.execute("PRAGMA quick_check") if r[0] != "ok"]
    if found:
        raise StoreError("damaged", {"path": path, "what": found[0]})


def remove(draft: Path) -> None:
    """A draft and what SQLite keeps beside it."""
    for tail in TAILS:
        draft.with_name(draft.name + tail).unlink(missing_ok=True)


def drop_drafts(path: Path) -> None:
    """Drafts of the store that a killed process left, and what it had begun to swap. Only for whoever holds the home alone."""
    undo_broken_swap(path)
    for left in path.parent.glob(f"{path.name}.*.new*"):
        left.unlink(missing_ok=True)


def free_name(path: Path, why: str, now: Ms) -> Path:
    """Where the store that stood at `path` is to be kept: a name that says why and when, and is nobody's."""
    stem = f"letters.{why}-{local(now):%Y%m%d-%H%M%S}"
    free = (path.with_name(f"{stem}{f'-{n}' if n else ''}.db") for n in count())
    return next(name for name in free if not name.exists())
