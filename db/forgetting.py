"""What an erasure leaves behind in the file after its rows are blank, and how that goes too (DESIGN.md §8).

The search index is contentless: a letter taken out of it is only crossed out, its bigrams lie in the index until the part
that holds them is merged. The write-ahead log holds pages as they were until it is emptied. Both take longer than an
action may, so an erasure leaves a note, and quiet moments (or the end of a verb) do it: invariant: while the note is
there, it is not yet done; a desk killed in between goes on when it is next opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from db.store import Store

NOTE: Final = "forget"
"""Setting: `begun` once all parts of the index are to become one, `noted` before that. Missing: nothing is left to do."""

PAGES: Final = 24
"""Pages of the index rewritten in one transaction: some milliseconds, so that a key press which writes is not kept waiting."""


def note(conn: Any) -> None:
    """Somebody was erased in this transaction."""
    conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, 'noted')", (NOTE,))


def waits(store: Store) -> bool:
    """Whether traces of an erased person may still lie in the file. Raises StoreError."""
    return store.setting(NOTE) is not None


def step(store: Store) -> bool:
    """Does a little of it; False once nothing is left that can be done now. The words themselves must be out of the index first.

    Raises StoreError.
    """
    with store.write() as conn:
        found = conn.execute("SELECT value FROM setting WHERE name = ?", (NOTE,)).fetchone()
        if found is None:
            return False
        before = conn.total_changes
        pages = PAGES if found[0] == "begun" else -PAGES
        conn.execute("INSERT INTO words(words, rank) VALUES ('merge', ?)", (pages,))
        merged = conn.total_changes - before < 2  # FTS5's own way of saying that nothing was left to merge
        if not merged:
            conn.execute("UPDATE setting SET value = 'begun' WHERE name = ?", (NOTE,))
            return True
    if store.empty_log():
        store.put_setting(NOTE, None)
        store.empty_log()
    return False
