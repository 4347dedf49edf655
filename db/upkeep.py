"""What a store needs beside what people do: words indexed, decisions learned from, what was erased removed from the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import forgetting, learning, search_index

if TYPE_CHECKING:
    from db.store import Store


def settle(store: Store, letters: int = 64) -> int:
    """Puts letters whose words changed into the search index, at most so many, then tidies that index a little, learns from what
    was decided of letters, and removes what an erasure left behind in the file; returns how many still wait. Raises StoreError.

    Not part of an action, so that an action stays short: a warm store does it by itself in quiet moments (`db/tidy.py`).
    """
    if left := search_index.catch_up(store, letters):
        return left
    many = search_index.merge(store)
    return learning.catch_up(store, letters) or int(forgetting.step(store) or many)


def finish(store: Store) -> None:
    """All of it at once: at the end of a verb that erased something. Raises StoreError."""
    while settle(store):
        pass


def warm(store: Store) -> None:
    """Imports and opens what the first change to a letter and the first search need, and begins to work in the quiet moments that
    follow; call it in a thread after the first frame. Raises StoreError.
    """
    import db.commands
    import db.finding
    import db.search  # noqa: F401
    from db.tidy import Tidier

    store.rulebook()
    store.tended(lambda: Tidier(store))
