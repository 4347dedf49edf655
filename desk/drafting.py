"""A half-filled dialog is never lost: what is typed is kept in the store and put back at the next opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.action_fields import Values

if TYPE_CHECKING:
    from db.store import Store

DEBOUNCE = 0.25
"""Seconds of rest after a key before a draft is written; leaving and sending write at once."""


class Drafting:
    """The draft of one action on one letter; for several letters that of the first, under a name of its own."""

    def __init__(self, store: Store, case: str, action: str, *, many: bool = False) -> None:
        self.store = store
        self.case = case
        self.name = f"{action}+" if many else action
        self.untouched: dict[str, Any] = {}
        self._kept: dict[str, Any] | None = None

    def begin(self, untouched: Values) -> dict[str, Any] | None:
        """`untouched`: what the dialog holds before anything is typed. Returns the draft kept before, or None."""
        from db import drafts

        self.untouched = dict(untouched)
        found = drafts.get(self.store, self.case, self.name)
        self._kept = dict(found) if found else None
        return self._kept

    def keep(self, typed: Values) -> bool:
        """Stores what is typed, durable; drops the draft where it says nothing. True if a draft is now kept.

        Raises StoreError.
        """
        from db import drafts

        if dict(typed) == self.untouched:
            self.drop()
            return False
        if dict(typed) != self._kept:
            drafts.put(self.store, self.case, self.name, dict(typed))
            self._kept = dict(typed)
        return True

    def drop(self) -> None:
        """Forgets the draft. Raises StoreError."""
        from db import drafts

        if self._kept is not None:
            drafts.drop(self.store, self.case, self.name)
            self._kept = None

    def used(self) -> None:
        """The transaction that did the action took the draft along."""
        self._kept = None
