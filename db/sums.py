"""Do the lists and sums kept beside the letters follow from them? `desk doctor` asks, and has them made anew.

Of what stands in queues (`queue_entry`), how many (`queue_count`), the board's sums (`board_count`) and those of the days
(`day_count`), nothing is known but what a letter's row says: whatever befell them, they can be made again.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from db import board_counts, counts, day_counts, projection
from db.model import Ms

if TYPE_CHECKING:
    from db.store import Store


def wrong(store: Store) -> list[str]:
    """The tables that are not what the letters make them; empty when all is well. Raises StoreError."""
    found = []
    with store.view() as conn:
        entries = set(conn.execute("SELECT queue, sort, n FROM queue_entry"))
        board: Counter[Any] = Counter()
        days: Counter[Any] = Counter()
        for held in projection.pages(conn):
            entries ^= {e for h in held for e in projection.entries_of(h)}
            for total, counted in (
                (board, board_counts.sums((None, board_counts.shares(h.case)) for h in held)),
                (days, day_counts.sums((None, day_counts.share(h.case)) for h in held)),
            ):
                total.update({(*at, i): n for at, of_it in counted.items() for i, n in enumerate(of_it)})
        if entries:
            found.append("queue_entry")
        if not counts.right(conn):
            found.append("queue_count")
        for name, total in (("board_count", board), ("day_count", days)):
            rows = conn.execute(f"SELECT * FROM {name}")  # noqa: S608 - names are ours
            kept = {(*row[:2], i): n for row in rows for i, n in enumerate(row[2:]) if n}
            if kept != {at: n for at, n in total.items() if n}:
                found.append(name)
    return found


def again(store: Store, now: Ms) -> None:
    """Makes them anew, in one transaction. Raises StoreError."""
    with store.write() as conn:
        projection.relist(conn)
        counts.recount(conn, now)
