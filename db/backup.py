"""A backup of the letters while the desk goes on working, and its way back.

A backup is one file: the store itself, page by page, of one moment. Without a passphrase it has the home's own key (and is
worth nothing without it); with one it is an ordinary SQLCipher 4 file that any tool opens with that passphrase (SQLCipher's own
derivation, PBKDF2 with 256,000 rounds), so that it outlives this desk.
"""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from db.clock import local, now_ms
from db.holding import Hold
from db.joining import KEY as TERMINAL
from db.joining import LEASE, WISH
from db.key_change import settle, swap
from db.keys import Ask, Keeper, NoKeyError, sync_folder
from db.link import CHECKED
from db.store import Store
from db.store_copy import Progress, copy, copy_open, drop_drafts, free_name, look_over, remove
from db.store_error import StoreError
from db.store_file import FILE, Secret, check, connect, make_home, opens, translate


@dataclass(frozen=True, slots=True)
class Saved:
    """What is in a backup, or was brought back: letters, things not sent; `kept`: where what was here before now lies."""

    letters: int
    unsent: int
    kept: Path | None = None


class UnsentError(Exception):
    """What is here has things that are not sent and not in the backup: so many."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(count)


def backup(store: Store, file: Path, key: Secret | None = None, progress: Progress | None = None) -> Saved:
    """Writes the store into a new file, mode 0600, whole or not at all; others go on writing meanwhile. `key`: a passphrase;
    None: the home's own key. Raises StoreError, OSError (FileExistsError: the file is there already).
    """
    if file.exists():
        raise FileExistsError(file)
    secret = store.secret if key is None else key
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with store.reading() as conn:
            copy_open(conn, draft, secret, progress)
        look_over(draft, secret)
        made = _counted(draft, secret)
        os.link(draft, file)
        sync_folder(file.absolute().parent)
    finally:
        remove(draft)
    return made


def restore(home: Path, file: Path, ask: Ask | None, passphrase: Ask | None, *, anyway: bool = False) -> Saved:
    """Makes that backup the store of `home`; what was there is kept under another name. `ask` gives the home's passphrase,
    `passphrase` the backup's, where it has one. `anyway`: also where something that is not sent would be left behind.

    The desk goes on from where the backup's log stood, its pending events are offered under their ids: nothing is doubled
    (docs/sync.md). In a home without a store the next login makes it a terminal of its own.
    Raises StoreError, UnsentError, OSError; then everything is as it was.
    """
    if not file.exists():
        raise FileNotFoundError(2, os.strerror(2), str(file))
    make_home(home)
    path = home / FILE
    try:
        with Hold(home, alone=True):
            keys = Keeper(home, ask)
            settle(home, path, keys)
            drop_drafts(path)
            secret = _opening(file, keys, passphrase)
            check(file, secret)
            here = path.exists()
            if here and not anyway and (count := _left_behind(path, keys, file, secret)):
                raise UnsentError(count)
            return _restored(path, file, secret, _own_key(keys, path), here=here)
    except NoKeyError as e:
        raise StoreError(e.code, {"path": home / "key"}) from None


def _own_key(keys: Keeper, path: Path) -> bytes:
    """The home's key. Where it is lost, with a backup that needs it not: a new one; the lost one's file is kept beside."""
    try:
        return keys.make()
    except NoKeyError as e:
        if e.code not in ("keyring_lost", "bad_key"):
            raise
    keys.path.replace(keys.path.with_name(f"key.lost-{local(now_ms()):%Y%m%d-%H%M%S}"))
    return keys.make()


def _opening(file: Path, keys: Keeper, passphrase: Ask | None) -> Secret:
    """What opens the backup: the home's key, else a passphrase. Raises StoreError(not_opened)."""
    try:
        own: Secret = keys.get()
        if opens(file, own):
            return own
    except NoKeyError as e:
        if e.code in ("no_passphrase", "wrong_passphrase"):
            raise
    for tries in range(3):
        said = passphrase(tries) if passphrase is not None else None
        if said is None:
            break
        if said and opens(file, said):
            return said
    raise StoreError("not_opened", {"path": file})


def _restored(path: Path, file: Path, secret: Secret, key: bytes, *, here: bool) -> Saved:
    draft = path.with_name(f"{FILE}.{os.getpid()}.new")
    kept = None
    try:
        copy(file, secret, draft, key)
        look_over(draft, key)
        with translate(draft), closing(connect(draft, key)) as conn:
            conn.execute("PRAGMA secure_delete = ON")
            forgotten = [LEASE, WISH, CHECKED] + ([] if here else [TERMINAL])
            conn.executemany("DELETE FROM setting WHERE name = ?", [(name,) for name in forgotten])
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if here:
            kept = free_name(path, "before", now_ms())
            for tail in ("", "-wal"):
                old = path.with_name(path.name + tail)
                if old.exists():
                    os.link(old, kept.with_name(kept.name + tail))
        made = _counted(draft, key)
        swap(draft, path)
    finally:
        remove(draft)
    return Saved(made.letters, made.unsent, kept)


def _counted(path: Path, key: Secret) -> Saved:
    with translate(path), closing(connect(path, key)) as conn:
        letters, unsent = (int(conn.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) for t in ("cases", "outbox"))  # noqa: S608
    return Saved(letters, unsent)


def _left_behind(path: Path, keys: Keeper, file: Path, secret: Secret) -> int:
    """Things of the store that is here, not sent, that the backup has not. A store that cannot be read hides none."""
    sql = "SELECT e.id FROM outbox o JOIN event e ON e.n = o.event_n"
    try:
        with translate(path), closing(connect(path, keys.get())) as conn:
            mine = {id_ for (id_,) in conn.execute(sql)}
        with translate(file), closing(connect(file, secret)) as conn:
            theirs = {id_ for (id_,) in conn.execute("SELECT id FROM event")}
    except (StoreError, NoKeyError):
        return 0
    return len(mine - theirs)
