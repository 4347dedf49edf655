"""What screens and commands read: pages of a queue, its counts, one letter. Every read is bounded and plain SQL.

Pages go by keyset: the next one begins behind a row's (sort, n), so the millionth row costs what the first does.
With a search the order is always newest first (`db/finding.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from db.counts import counts
from db.model_codes import CaseId, Ms
from db.queues import ALL, LATE
from db.rows import COLUMNS, BadQueryError, Page, Row, page_of

if TYPE_CHECKING:
    from db.letters import Letter
    from db.model import Case
    from db.search import Query
    from db.store import Store

__all__ = ["ALL", "BadQueryError", "Page", "Row", "counts", "find", "letter", "page"]

Key = Row | tuple[int, int]
"""A row, or its (sort, n)."""

LIMIT = 5_000
"""Most rows of one page."""


def page(
    store: Store,
    queue: int,
    *,
    after: Key | None = None,
    before: Key | None = None,
    end: bool = False,
    limit: int = 200,
    query: str | Query | None = None,
    now: Ms,
    me: str | None = None,
) -> Page:
    """Rows of a queue (`ALL`: of the store) in its order: the first, those behind or before a row, or the last.

    `more`: whether the list goes on, in the direction read. `query` as typed or parsed; `me` is whom `assignee:me`
    means. Raises BadQueryError for a search that cannot be understood, StoreError.
    """
    limit = max(1, min(limit, LIMIT))
    start, back = (before, True) if before is not None else (after, end)
    key = None if start is None else (start.sort, start.n) if isinstance(start, Row) else start
    if query or queue == ALL:
        from db.finding import find_rows  # not needed for the first frame

        return find_rows(store, queue, query or "", key=key, back=back, limit=limit, now=now, me=me)
    late = "AND e.sort <= :now" if queue == LATE else ""
    beyond = "" if key is None else f"AND (e.sort, e.n) {'<' if back else '>'} (:sort, :n)"
    way = "DESC" if back else "ASC"
    sort, n = key or (0, 0)
    rows = store.rows(
        f"SELECT e.sort, {COLUMNS} FROM queue_entry e CROSS JOIN cases c ON c.n = e.n "  # noqa: S608 - no outside text
        f"WHERE e.queue = :queue {late} {beyond} ORDER BY e.sort {way}, e.n {way} LIMIT :limit",
        {"queue": queue, "now": now, "sort": sort, "n": n, "limit": limit + 1},
    )
    return page_of(rows, limit, back=back)


def find(store: Store, code: str) -> CaseId | None:
    """The letter of that code (or id) as typed, or None."""
    typed = code.strip()
    rows = store.rows(
        "SELECT id FROM cases WHERE code IN (?, ?) OR id = ? ORDER BY n LIMIT 1", (typed, typed.upper(), typed)
    )
    return str(rows[0][0]) if rows else None


def cases_of(store: Store, ids: Iterable[CaseId]) -> dict[CaseId, Case]:
    """The cases of these ids that are here; two reads however many. Raises StoreError."""
    from db import projection

    with store.view() as conn:
        return {id_: held.case for id_, held in projection.fetch(conn, ids).items() if held.case is not None}


def became_late(store: Store, since: Ms, now: Ms, limit: int) -> list[tuple[str, str]]:
    """(code, title) of letters whose clock ran out after `since` and by `now`, the first one first. Raises StoreError."""
    return [
        (str(code), str(title))
        for code, title in store.rows(
            "SELECT c.code, c.title FROM queue_entry e JOIN cases c ON c.n = e.n "
            "WHERE e.queue = 4 AND e.sort > ? AND e.sort <= ? ORDER BY e.sort, e.n LIMIT ?",
            (since, now, limit),
        )
    ]


RECENT = 20_000
"""Events looked through for the tags in use: a bounded read of the newest."""


def tags(store: Store) -> list[str]:
    """Tags given lately, the newest first."""
    rows = store.rows(
        "SELECT t.value FROM event e, json_each(e.facts, '$.add') t WHERE e.kind = 'tagged' "
        "AND e.n > (SELECT coalesce(max(n), 0) FROM event) - ? GROUP BY t.value ORDER BY max(e.n) DESC",
        (RECENT,),
    )
    return [str(tag) for (tag,) in rows]


def letter(store: Store, case_id: CaseId) -> Letter | None:
    """One letter with all its events; None if it is not here. Raises StoreError."""
    from db import letters  # nor is a letter whole

    return letters.read(store, case_id)
