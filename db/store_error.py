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
        "or the file is damaged. Nothing was changed: put the right key file back, or restore a backup."
    ),
    "damaged": N_(
        "The store {path} is damaged ({what}). Nothing was changed and nothing was deleted: "
        "keep the file, restore a backup, then look at it with desk doctor."
    ),
    "no_key": N_(
        "The key of the store is missing ({path}). The letters are still there, locked: "
        "put the key file back from a backup."
    ),
    "bad_key": N_(
        "The key file {path} does not hold a key. The letters are still there, locked: "
        "put the right key file back from a backup."
    ),
    "read_only": N_(
        "The store {path} may only be read, so no work could be saved. Nothing was changed: "
        "make the file and its folder writable, then open it again."
    ),
    "locked": N_(
        "Another program holds the store {path} and did not let go within {seconds} s. "
        "Nothing was changed: let it finish, then try again."
    ),
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
}


def code_of(error: Exception) -> str | None:
    """Our code for an error of sqlcipher3; None for one that is a fault of ours and must not be dressed up."""
    name = getattr(error, "sqlite_errorname", None) or ""
    for prefix, code in _BY_NAME.items():
        if name.startswith(prefix):
            return code
    return None
