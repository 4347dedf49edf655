"""When the store says no: a code, and a sentence that says what went wrong, what was kept, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.words import N_, _

EXIT_STORE = 4
"""Exit code of every command that meets a StoreError (DESIGN.md §9)."""

SENTENCES = {
    "missing": N_(
        "There is no store in {home} yet. Nothing was made: start desk once, or name another home with --home."
    ),
    "newer": N_(
        "This store was written by a newer desk (schema {found}, this desk knows {known}). "
        "Nothing was changed: install the newer desk, then open it again."
    ),
    "foreign": N_("{path} is not a store of this desk. Nothing was changed: name another home with --home."),
    "unreadable": N_(
        "The store {path} cannot be opened with the key of this home: either the key belongs to another store, "
        "or the file is damaged. Nothing was changed: put the right key file back, or run desk restore with a backup; "
        "if the key is the right one, desk doctor --repair saves what can be read."
    ),
    "damaged": N_(
        "The store {path} is damaged ({what}). Nothing was changed and nothing was deleted: "
        "run desk doctor --repair, which keeps the damaged file and saves all that can be read."
    ),
    "no_key": N_(
        "The key of the store is missing ({path}). The letters are still there, locked: "
        "put the key file back from a backup, or run desk restore with a backup made with a passphrase."
    ),
    "bad_key": N_(
        "The key file {path} does not hold a key. The letters are still there, locked: "
        "put the right key file back from a backup, or run desk restore with a backup made with a passphrase."
    ),
    "no_keyring": N_(
        "The key of the store is to be kept in the system's keyring, and here is none that works (on a machine without a "
        "desktop there is none). Nothing was changed: open the keyring, or work where it is; "
        "desk key change keeps the key in another way."
    ),
    "keyring_lost": N_(
        "The system's keyring has no key for this store ({path}): it is another person's or another machine's keyring, or the "
        "entry was deleted. The letters are still there, locked: open it where the key is, or run desk restore with "
        "a backup made with a passphrase."
    ),
    "no_passphrase": N_(
        "This store is locked with a passphrase, and nobody gave one. Nothing was changed: run it in a terminal, which asks for "
        "it, or give it as the first line of standard input with --passphrase-stdin."
    ),
    "wrong_passphrase": N_(
        "That is not the passphrase of this store. Nothing was changed and the letters are still there, locked: "
        "try again; nobody but the passphrase can open them."
    ),
    "not_opened": N_(
        "The backup {path} opens neither with this home's key nor with a passphrase that was given. Nothing was changed: "
        "put the key file it was made with into the home, or give its passphrase (--passphrase-stdin for scripts)."
    ),
    "in_use": N_(
        "The store in {path} is open in the desk or in another command. Nothing was changed: close it there, then try again."
    ),
    "held": N_(
        "The store in {path} is just being repaired, restored, or given another key. Nothing was changed: "
        "wait until that is done, then open it again."
    ),
    "gone": N_(
        "The folder {path} is no longer where it was (moved, deleted, or its disk was taken away). Nothing of this last "
        "step was saved; what is on the screen can still be read. Bring the folder back, then do it again."
    ),
    "read_only": N_(
        "The store {path} may only be read, so no work could be saved. Nothing was changed: "
        "make the file and its folder writable, then open it again."
    ),
    "locked": N_(
        "Another program holds the store {path} and did not let go within {seconds} s. "
        "Nothing was changed: let it finish, then try again."
    ),
    "closed": N_("The desk is closing: this was not read any more. Nothing was changed: start the desk again."),
    "full": N_(
        "The disk is full: nothing of this last step was saved, everything before it is. "
        "Make room on the disk that holds {path}, then do it again."
    ),
    "no_access": N_(
        "The store's folder {path} cannot be used ({what}). Nothing was changed: check its owner and rights."
    ),
    "io": N_(
        "The disk did not take or give what the store asked ({what}). Nothing of this last step was saved, "
        "everything before it is. Check the disk that holds {path}, then do it again."
    ),
}


class StoreError(Exception):
    """The store cannot be opened, read or written. `facts` fill the sentence of its code."""

    def __init__(self, code: str, facts: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.facts = dict(facts or {})
        super().__init__(code, self.facts)

    def sentence(self, lang: str | None = None) -> str:
        """What a person reads, in their language or in `lang`."""
        facts = {"path": "", "home": "", "what": "", "seconds": 0, "found": "", "known": ""} | self.facts
        return _(SENTENCES[self.code], lang, **facts)

    def __str__(self) -> str:
        return self.sentence()


_BY_NAME = {
    "SQLITE_FULL": "full",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read_only",
    "SQLITE_NOTADB": "unreadable",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_CANTOPEN": "no_access",
    "SQLITE_PERM": "no_access",
    "SQLITE_IOERR": "io",
    "SQLITE_INTERRUPT": "closed",
}


def code_of(error: Exception) -> str | None:
    """Our code for an error of sqlcipher3; None for one that is a fault of ours and must not be dressed up."""
    name = getattr(error, "sqlite_errorname", None) or ""
    for prefix, code in _BY_NAME.items():
        if name.startswith(prefix):
            return code
    return None
