"""Opens the store of a home: makes it where there is none, ends a change of key that was broken off, takes an older one over.

Apart from the store itself (`db/store.py`), which knows nothing of keys, births and migrations: those are built on it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.broken_swap import undo_broken_swap
from db.holding import Hold
from db.overlay import show
from db.pace import Pace, Told
from db.store import Store
from db.store_error import StoreError
from db.store_file import FILE, HALF, SCHEMA, check, make_home

if TYPE_CHECKING:
    from db.keys import Ask


def open_store(home: Path, *, create: bool = True, ask: Ask | None = None, told: Told | None = None) -> Store:
    """Opens the store in `home`; makes it (and the home, and the key) where there is none and `create` is set.
    `ask` is for a passphrase, where the key is kept by one; `told` hears how far the work on an older store is.

    Raises StoreError, and then no file was changed, made or cut.
    """
    from db.keys import NoKeyError, keeper

    home = Path(home)
    path, half = home / FILE, home / HALF
    hold: Hold | None = None
    pace = Pace(told)
    try:
        _prepare(home, create=create, ask=ask)
        hold = Hold(home)
        undo_broken_swap(path)
        keys = keeper(home, ask)
        if not path.exists():
            from db.birth import make_store

            make_store(path, keys)
        key = keys.get()
        older = check(path, key) < SCHEMA
        if older:
            from db.birth import bring_up_to_date

            half.touch(mode=0o600)
            bring_up_to_date(path, key, pace)
        store = Store(home, key, hold)
        hold = None
    except NoKeyError as e:
        raise StoreError(e.code, {"path": home / "key"}) from None
    except OSError as e:
        raise StoreError("no_access", {"path": home, "what": e.strerror or type(e).__name__}) from None
    finally:
        if hold is not None:
            hold.let_go()
    try:
        store.reader()
        show(store)
        if older or half.exists():
            from db.refold import keep_apart, mend

            mend(store, pace=pace)
            keep_apart(store, pace=pace)
            half.unlink(missing_ok=True)
            pace.end()
    except BaseException:
        store.close()
        raise
    return store


def _prepare(home: Path, *, create: bool, ask: Ask | None) -> None:
    """The folder, if it is to be made; and a change of key that was broken off is ended. Raises StoreError, NoKeyError, OSError."""
    if not (home / FILE).exists():
        if not create:
            raise StoreError("missing", {"home": home})
        make_home(home)
    if (home / "key.next").exists():
        from db.key_change import finish

        finish(home, home / FILE, ask)
