"""The file under the store: connecting with its key, and looking at it before anything could change it."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlcipher3 import dbapi2 as sqlite

from db.store_error import StoreError, code_of

APPLICATION_ID = 0x4C747273
"""`PRAGMA application_id` of our files: "Ltrs"."""

PAGE_BYTES = 4096
LOOKS = 4
"""How often the first page is read before it counts as unreadable while another process has the file open."""

SCHEMA = 9
"""What `PRAGMA user_version` of a current file says; a higher one belongs to a newer desk."""

FILE = "letters.db"
HALF = "letters.half"
"""A file beside it while a newer edition takes it over: killed in between, the next opening does the rest."""

PLAIN = b"SQLite format 3\0"
"""How an unencrypted SQLite file begins: none of ours."""


Secret = bytes | str
"""What opens a file: a store's raw key, or a backup's passphrase, from which SQLCipher derives one."""


def connect(path: Path, key: Secret, *, cache_kib: int = 2048, wait: float = 1.0, flags: str = "mode=rw") -> Any:
    """A sqlcipher3 connection in autocommit; nothing has been read of the file yet. Raises sqlcipher3's errors.

    A store's key is given raw (no key derivation: 0.2 ms instead of 120), as hex, so that it cannot be SQL.
    """
    given = f"x'{key.hex()}'" if isinstance(key, bytes) else key.replace('"', '""')
    conn = sqlite.connect(
        f"file:{quote(str(path.absolute()))}?{flags}",
        uri=True,
        isolation_level=None,
        timeout=wait,
        check_same_thread=False,
    )
    try:
        # errors come back as exceptions; on stderr they would be written across the person's screen
        conn.execute("PRAGMA cipher_log_level = NONE")
        conn.execute(f'PRAGMA key = "{given}"')
        conn.execute(f"PRAGMA cache_size = -{cache_kib:d}")
        conn.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        conn.close()
        raise
    return conn


@contextmanager
def translate(path: Path, wait: float = 2) -> Iterator[None]:
    """Turns what SQLite raises about disks, locks and damage into StoreError; faults of ours pass as they are."""
    try:
        yield
    except sqlite.Error as e:
        code = code_of(e)
        if code is None:
            raise
        if code == "io" and _no_room(path):
            code = "full"
        name = getattr(e, "sqlite_errorname", "")
        raise StoreError(code, {"path": path, "what": name, "seconds": wait}) from e


def _no_room(path: Path) -> bool:
    """Whether the disk has no block left: SQLite tells a full disk as an I/O error in its shared memory."""
    try:
        return os.statvfs(path.parent).f_bavail == 0
    except OSError:
        return False


def identity(path: Path) -> tuple[int, int] | None:
    """Which file has that name now: device and inode; None if none has."""
    try:
        info = path.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def make_home(home: Path) -> None:
    """The folder of a home, for its owner only. A folder that is already there keeps its content."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.stat().st_mode & 0o077:
        home.chmod(0o700)


def check(path: Path, key: Secret) -> int:
    """Looks at an existing file without changing anything in its folder; returns its schema number.

    Raises StoreError: foreign, damaged, unreadable, newer, read_only, locked, full, no_access.
    """

    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise StoreError("foreign", {"path": path})
        with path.open("rb") as f:
            head = f.read(len(PLAIN))
    except OSError as e:
        raise StoreError("no_access", {"path": path, "what": e.strerror or type(e).__name__}) from None
    if head == PLAIN:
        raise StoreError("foreign", {"path": path})
    if info.st_size < PAGE_BYTES:
        raise StoreError("damaged", {"path": path, "what": f"{info.st_size} B"})
    version = _peek(path, key, info.st_size)
    if version > SCHEMA:
        raise StoreError("newer", {"path": path, "found": version, "known": SCHEMA})
    if not _writable(path) or not _writable(path.parent):
        raise StoreError("read_only", {"path": path})
    if _no_room(path):
        raise StoreError("full", {"path": path})
    return version


def _peek(path: Path, key: Secret, size: int) -> int:
    """The schema number in the file's first page.

    `immutable` reads without locks, logs or shared memory, so the folder stays as it is. Whoever has the file open
    may have newer pages in its log, but the numbers read here are written before a file gets its name (`db/birth.py`)
    and by migrations, which empty the log.
    """
    logged = path.with_name(path.name + "-wal").exists()
    for attempt in range(LOOKS):
        try:
            version, application, pages = _head(path, key)
            break
        except sqlite.Error as e:
            if code_of(e) not in ("unreadable", "damaged"):
                raise StoreError(code_of(e) or "io", {"path": path, "what": getattr(e, "sqlite_errorname", "")}) from e
            if not logged or attempt == LOOKS - 1:
                # a wrong key is told from the first page; a page beyond it that fails is damage
                raise StoreError(code_of(e) or "io", {"path": path, "what": e.sqlite_errorname}) from None
            time.sleep(0.02)  # somebody has it open and may be writing this very page
    if application != APPLICATION_ID:
        raise StoreError("foreign", {"path": path})
    if not logged and pages * PAGE_BYTES > size:
        raise StoreError("damaged", {"path": path, "what": f"{size} < {pages * PAGE_BYTES} B"})
    return version


def opens(path: Path, key: Secret) -> bool:
    """Whether that key opens the file. Raises StoreError for what is wrong with the disk."""
    try:
        _head(path, key)
    except sqlite.Error as e:
        if code_of(e) == "unreadable":
            return False
        with translate(path):
            raise
    return True


def _head(path: Path, key: Secret) -> tuple[int, int, int]:
    """Schema number, application and pages as the first page has them. Raises sqlcipher3's errors.

    Where somebody was killed while the log was being written into the file, the first page may be newer than the rest and name
    more pages than there are yet: the key is right, and the log says which pages count.
    """
    try:
        return _read_head(path, key, "immutable=1")
    except sqlite.Error as e:
        if code_of(e) != "damaged" or not path.with_name(path.name + "-wal").exists():
            raise
    return _read_head(path, key, "mode=ro")


def _read_head(path: Path, key: Secret, flags: str) -> tuple[int, int, int]:
    conn = connect(path, key, flags=flags)
    try:
        version, application, pages = (
            int(conn.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("user_version", "application_id", "page_count")
        )
    finally:
        conn.close()
    return version, application, pages


def _writable(path: Path) -> bool:
    """Whether the owner's write bit is set and the system lets us: what is marked read-only, root leaves alone too."""
    return bool(path.stat().st_mode & stat.S_IWUSR) and os.access(path, os.W_OK)
