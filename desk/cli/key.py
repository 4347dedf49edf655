"""`desk key show|change`: how the key of the letters is kept, and another one."""

from __future__ import annotations

import argparse
import sys

from db.key_change import change as change_key
from db.keys import Keeper, NoKeyError, keeper
from db.opening import open_store
from db.passphrase import SHORTEST
from db.store_error import StoreError
from db.store_file import FILE
from db.words import _, term
from desk.cli.out import EXIT_USAGE, StopError, as_json
from desk.home import home
from desk.unlocking import asker, hidden, line


def key(options: argparse.Namespace) -> int:
    """`desk key show`, `desk key change [--to WAY] [--quick]`. Raises StoreError, StopError."""
    where = home(options.home)
    if not (where / FILE).exists():
        raise StoreError("missing", {"home": where})
    keys = keeper(where, asker(stdin=options.passphrase_stdin))
    try:
        return _show(keys, options) if options.what == "show" else _change(keys, options)
    except NoKeyError as e:
        raise StoreError(e.code, {"path": keys.path}) from None
    except OSError as e:
        raise StoreError("no_access", {"path": where, "what": e.strerror or type(e).__name__}) from None


def _show(keys: Keeper, options: argparse.Namespace) -> int:
    way = keys.way
    if way is None:
        raise NoKeyError("no_key")
    if options.json:
        print(as_json({"way": way, "store": str(keys.home / FILE)}))
        return 0
    print(says(way, keys))
    return 0


def says(way: str, keys: Keeper) -> str:
    """What this way protects from, and what it does not."""
    if way == "keyring":
        from db.keyrings import name_of, ring

        found = ring()
        return _(
            "The key is in the system's keyring ({name}): a stolen disk or a copied folder does not open the letters, your "
            "login does.",
            name=name_of(found) if found is not None else _("none works here"),
        )
    return term("key_way", way) + _(" ({path})", path=keys.path)


def _change(keys: Keeper, options: argparse.Namespace) -> int:
    where = keys.home
    before = keys.way
    way = options.to or before
    if way is None:
        raise NoKeyError("no_key")
    keys.get()  # the passphrase is asked for once
    open_store(where, create=False, ask=keys.ask).close()  # brought to this schema, and a broken-off change is ended
    said = new_passphrase(stdin=options.passphrase_stdin) if way == "passphrase" else ""
    change_key(where, keys, way, said, quick=options.quick)
    if options.quick:
        print(_("The key is the same; how it is kept has changed."))
    else:
        print(
            _(
                "The letters have a new key: every page was written anew. Backups made with the old key open with the "
                "old key only."
            )
        )
    print(says(way, keys))
    return 0


def new_passphrase(*, stdin: bool) -> str:
    """A new passphrase, typed twice or read as the next line. Raises StopError."""
    if stdin:
        said = line()
    elif sys.stdin.isatty():
        said = hidden(_("New passphrase: "))
        if said is not None and hidden(_("The same again: ")) != said:
            raise StopError(EXIT_USAGE, _("The two are not the same. Nothing was changed."))
    else:
        said = None
    if said is None:
        raise StopError(EXIT_USAGE, _("No new passphrase was given. Nothing was changed."))
    if len(said) < SHORTEST:
        raise StopError(
            EXIT_USAGE,
            _("A passphrase has {n} characters or more; four words that do not belong together are good.", n=SHORTEST)
            + _(" Nothing was changed."),
        )
    return said
