"""Letters in each queue, kept beside the queues and never counted on a key press.

Invariant: `queue_count.letters` = number of entries of that queue; for queue 4, of those due at or before `upto`.
Every transaction that touches a letter brings `upto` to its own now; a reader adds what became late since: a range of
the index, as long as what happened since the last change and no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from db.model_codes import Ms
from db.queues import LATE, QUEUES

if TYPE_CHECKING:
    from db.store import Store

_BETWEEN = "SELECT count(*) FROM queue_entry WHERE queue = 4 AND sort > ? AND sort <= ?"


def counts(store: Store, now: Ms) -> dict[int, int]:
    """Queue → number of letters, as of `now`. Raises StoreError."""
    with store.view() as conn:
        kept = {q: (letters, upto) for q, letters, upto in conn.execute("SELECT queue, letters, upto FROM queue_count")}
        late, upto = kept[LATE]
        late += _since(conn, upto, now)
    return {q: late if q == LATE else kept[q][0] for q in QUEUES}


def _since(conn: Any, upto: Ms, now: Ms) -> int:
    """How many letters became late between two moments; negative where the clock was set back."""
    if now >= upto:
        return int(conn.execute(_BETWEEN, (upto, now)).fetchone()[0])
    return -int(conn.execute(_BETWEEN, (now, upto)).fetchone()[0])


def shift(conn: Any, removed: Iterable[tuple[int, int, int]], added: Iterable[tuple[int, int, int]], now: Ms) -> None:
    """Keeps the counts in step with entries (queue, sort, n) taken out and put in; call it after both are done."""
    delta = dict.fromkeys(QUEUES, 0)
    upto = int(conn.execute("SELECT upto FROM queue_count WHERE queue = 4").fetchone()[0])
    for entries, sign in ((removed, -1), (added, 1)):
        for queue, sort, _n in entries:
            if queue != LATE or sort <= upto:
                delta[queue] += sign
    delta[LATE] += _since(conn, upto, now)
    conn.executemany(
        "UPDATE queue_count SET letters = letters + ?, upto = ? WHERE queue = ?",
        [(n, now if q == LATE else 0, q) for q, n in delta.items() if n or q == LATE],
    )


def right(conn: Any) -> bool:
    """Whether the counts are those of the entries."""
    kept = conn.execute("SELECT queue, letters, upto FROM queue_count").fetchall()
    real = dict(conn.execute("SELECT queue, count(*) FROM queue_entry GROUP BY queue").fetchall())
    for queue, letters, upto in kept:
        if queue == LATE:
            real[queue] = conn.execute(_BETWEEN, (-1, upto)).fetchone()[0]
        if letters != real.get(queue, 0):
            return False
    return {queue for queue, _letters, _upto in kept} == set(QUEUES)


def recount(conn: Any, now: Ms) -> None:
    """Takes every count anew from the entries: after they were made anew themselves."""
    conn.execute("DELETE FROM queue_count")
    late = "queue <> ? OR sort <= ?"
    found = dict(
        conn.execute(f"SELECT queue, count(*) FROM queue_entry WHERE {late} GROUP BY queue", (LATE, now)).fetchall()  # noqa: S608
    )
    conn.executemany(
        "INSERT INTO queue_count(queue, letters, upto) VALUES (?, ?, ?)",
        [(q, found.get(q, 0), now if q == LATE else 0) for q in QUEUES],
    )
