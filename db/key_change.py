"""Another key, or another way of keeping it: killed at any moment, one good store is left, and a key that opens it.

The new key lies in `key.next` before the store is swapped, and takes its name after: whoever opens the home next finds at
most one step undone and ends it (`settle`). A changed key means a changed file: copied page by page under the new key into a
draft, looked at, renamed over the old one. Nobody else may have the store open meanwhile (`db/holding.py`).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from db.holding import Hold
from db.keys import KEY_BYTES, KEY_FILE, Ask, Keeper, NoKeyError, forget, place, seal, sync_folder
from db.store_copy import copy, drop_drafts, look_over, remove
from db.store_error import StoreError
from db.store_file import check, opens

NEXT = "key.next"


def change(home: Path, keys: Keeper, way: str, said: str = "", *, quick: bool = False) -> None:
    """Keeps the key in that way from now on (`said`: the new passphrase); unless `quick`, it is a new key and every page is
    written anew. Raises StoreError, NoKeyError; then everything is as it was.
    """
    from db.store_file import FILE

    path = home / FILE
    with Hold(home, alone=True):
        settle(home, path, keys)
        old = keys.get()
        before = keys.path.read_text("ascii").strip()
        check(path, old)
        new = old if quick else secrets.token_bytes(KEY_BYTES)
        line = seal(new, way, said)
        draft = path.with_name(f"{FILE}.{os.getpid()}.new")
        try:
            if not quick:
                copy(path, old, draft, new)
                look_over(draft, new)
            place(home / NEXT, line, over=True)
        except BaseException:
            forget(line)
            remove(draft)
            raise
        if not quick:
            swap(draft, path)
        (home / NEXT).replace(home / KEY_FILE)
        sync_folder(home)
        forget(before)


def swap(draft: Path, path: Path) -> None:
    """The draft takes the store's name. The old file's log was emptied into it when it was copied; it goes with it."""
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    draft.replace(path)
    sync_folder(path.parent)


def unsettled(home: Path) -> bool:
    """Whether a change of key was broken off here."""
    return (home / NEXT).exists()


def finish(home: Path, path: Path, ask: Ask | None) -> None:
    """As `settle`, alone in the home; where somebody else is in it the change is theirs. Raises StoreError, NoKeyError."""
    with Hold(home, alone=True):
        settle(home, path, Keeper(home, ask))


def settle(home: Path, path: Path, keys: Keeper) -> None:
    """Ends a change that was broken off: the key that opens the store is the key. Raises NoKeyError, OSError."""
    drop_drafts(path)
    coming = home / NEXT
    if not coming.exists():
        return
    try:
        current = path.exists() and opens(path, keys.get())
    except NoKeyError:
        current = False
    line = coming.read_text("ascii", errors="replace").strip()
    if current:
        coming.unlink()
        if line != keys.path.read_text("ascii").strip():
            forget(line)
    elif path.exists() and opens(path, keys.get(NEXT)):
        before = keys.path.read_text("ascii", errors="replace").strip() if keys.path.exists() else ""
        coming.replace(home / KEY_FILE)
        forget(before)
    sync_folder(home)


__all__ = ["NEXT", "StoreError", "change", "finish", "settle", "swap", "unsettled"]
