"""The backend's log is another one than this desk has read: it was restored from a backup (DESIGN.md §6).

Every event ever made here is offered once more, for its id makes that harmless; rows stay as they are until the fill that
follows brings them anew, so that the person goes on working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db import link, projection
from db.casefile import restore
from db.clock import now_ms
from db.fill_parts import anew
from db.link import WANTED
from db.model import Ms
from db.standing import AGAIN, Standing, book_of_log, keep_apart, show

if TYPE_CHECKING:
    from db.store import Store

CHUNK = 100
"""Letters read at a time."""


def reset(store: Store, user: str) -> None:
    """The backend's log is another one: all events made at this desk are to be offered again, what others did comes with
    the fill. Rows stay as they are until the fill brings them anew: the person goes on working.
    """
    with store.write() as conn:
        conn.execute(
            "INSERT OR IGNORE INTO outbox(event_n, actor, offered, doubt) SELECT n, "
            "CASE WHEN role IN ('import', 'system') THEN ? ELSE actor END, at, ? FROM event "
            "WHERE seq IS NOT NULL AND digest <> x'' AND device IN (SELECT id FROM device)",
            (user, AGAIN),
        )
        lost = "seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_n = event.n)"
        conn.execute(f"DELETE FROM event_touch WHERE event_n IN (SELECT n FROM event WHERE {lost})")  # noqa: S608 - ours
        conn.execute(f"DELETE FROM event WHERE {lost}")  # noqa: S608 - ours
        conn.execute("UPDATE event SET seq = NULL, heard = NULL, absorbed = 0 WHERE seq IS NOT NULL")
        _apart(conn)
        conn.execute("DELETE FROM ahead")
        link.put(conn, cursor=0, hash="", page=None, fill=WANTED, whole=None, anchor=None)


def _apart(conn: Any) -> None:
    """What is shown of letters is all that is known of their confirmed rows until the fill comes: of those whose events are
    offered again, and of those that these touch (the letter that another was merged into)."""
    again = (
        "SELECT c.id FROM outbox o JOIN event e ON e.n = o.event_n JOIN cases c ON c.n = e.case_n WHERE o.doubt = ?1 UNION "
        "SELECT c.id FROM outbox o JOIN event_touch t ON t.event_n = o.event_n JOIN cases c ON c.n = t.case_n WHERE o.doubt = ?1"
    )
    ids = [i for (i,) in conn.execute(again, (AGAIN,))]
    for first in range(0, len(ids), CHUNK):
        held = projection.fetch(conn, ids[first : first + CHUNK])
        keep_apart(conn, held.values())
        for h in held.values():
            h.pending = _waiting(conn, h.n)
        projection.write(conn, held.values(), now_ms())


def _waiting(conn: Any, n: int | None) -> int:
    sql = "SELECT count(*) FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.case_n = ?"
    return int(conn.execute(sql, (n,)).fetchone()[0])


def born_again(conn: Any, store: Store, now: Ms) -> None:
    """Letters that the new log does not have: pending events make them, if they do, and nothing else."""
    rows = conn.execute(
        "SELECT c.n, c.id, k.row FROM confirmed k JOIN cases c ON c.n = k.n WHERE c.n NOT IN (SELECT n FROM filled)"
    ).fetchall()
    if rows:
        work = Standing(conn, book_of_log(conn, store.rulebook()))
        work.known = {id_: restore(row) for _n, id_, row in rows if row}
        conn.executemany("DELETE FROM confirmed WHERE n = ?", [(n,) for n, _id, _row in rows])
        anew(conn, [n for n, _id, _row in rows])
        work.load([id_ for _n, id_, _row in rows])
        show(conn, work, now)
