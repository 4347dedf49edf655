"""What the next shift must know, and who has how much: figures and letters out of the store, nothing kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import people, queries
from db.clock import DAY, day_of, midnight
from db.model import OPEN, Ms, Role
from db.queues import ALL

if TYPE_CHECKING:
    from db.rows import Row
    from db.store import Store

EDITING = (Role.EDITOR, Role.SUPERVISOR)
"""Who letters are assigned to."""

LISTED = 30
"""Letters named in a part; of more, the number is said."""


@dataclass(frozen=True, slots=True)
class Part:
    """Letters of one sort: how many, and the first of them."""

    name: str  # late, today, replies, callbacks, mine
    count: int
    rows: tuple[Row, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Handover:
    """One shift: what this person did since `since` (kind → how often), and what waits at `now`."""

    since: Ms
    now: Ms
    who: str
    done: tuple[tuple[str, int], ...]
    letters: int  # that these were done to
    parts: tuple[Part, ...]
    drafts: tuple[tuple[str, str, str], ...]  # (code, title, action)
    pending: int
    notes: tuple[tuple[str, str, str], ...] = ()  # (code, title, words): what this person noted for the desk


@dataclass(frozen=True, slots=True)
class Load:
    """An editor's letters: open, late among them, waiting for a check."""

    who: str
    open: int
    late: int
    checks: int


_NOTES = """
SELECT c.code, c.title, e.words FROM event e JOIN cases c ON c.n = e.case_n
WHERE e.n > (SELECT coalesce(max(n), 0) FROM event) - 50000 AND e.at >= ? AND e.actor = ?
AND e.kind = 'noted' AND e.words IS NOT NULL ORDER BY e.n DESC LIMIT ?"""
"""What somebody noted for the desk in a shift, the newest first."""


def handover(store: Store, actor: str, since: Ms, now: Ms) -> Handover:
    """The sheet of a shift. Raises StoreError."""
    with store.view() as conn:
        events = conn.execute(
            "SELECT kind, case_n FROM event WHERE n > (SELECT coalesce(max(n), 0) FROM event) - 50000 "
            "AND at >= ? AND actor = ?",  # also what is a little later than now: events of one moment are a ms apart
            (since, actor),
        ).fetchall()
        drafts = conn.execute(
            "SELECT c.code, c.title, d.action FROM draft d JOIN cases c ON c.id = d.case_id ORDER BY d.at DESC LIMIT ?",
            (LISTED,),
        ).fetchall()
        pending = conn.execute("SELECT count(*) FROM outbox").fetchone()[0]
        notes = conn.execute(_NOTES, (since, actor, LISTED)).fetchall()
    parts = (
        _part(store, "late", "", now, actor, queue=4),
        _today(store, now),
        _part(store, "replies", "", now, actor, queue=5),
        _part(store, "callbacks", "list:callbacks", now, actor),
        _part(store, "mine", "list:mine", now, actor),
    )
    return Handover(
        since,
        now,
        people.name_of(store, actor) or "",
        tuple(Counter(kind for kind, _n in events).most_common()),
        len({n for _kind, n in events}),
        parts,
        tuple((str(code), str(title), str(action).rstrip("+")) for code, title, action in drafts),
        int(pending),
        tuple((str(code), str(title), json.loads(words).get("text", "")) for code, title, words in notes),
    )


def _part(store: Store, name: str, query: str, now: Ms, me: str, queue: int = ALL) -> Part:
    if not query:
        page = queries.page(store, queue, limit=LISTED, now=now, me=me)
        return Part(name, queries.counts(store, now)[queue], tuple(page.rows), page.more)
    page = queries.page(store, queue, query=query, limit=200, now=now, me=me)
    return Part(name, len(page.rows), tuple(page.rows[:LISTED]), page.more)


def _today(store: Store, now: Ms) -> Part:
    """Due by tonight and not yet late: a range of queue 4's index."""
    tonight = midnight(day_of(now + DAY))
    from db.rows import COLUMNS, page_of

    rows = store.rows(
        f"SELECT e.sort, {COLUMNS} FROM queue_entry e CROSS JOIN cases c ON c.n = e.n "  # noqa: S608 - ours alone
        "WHERE e.queue = 4 AND e.sort > ? AND e.sort <= ? ORDER BY e.sort, e.n LIMIT 201",
        (now, tonight),
    )
    page = page_of(rows, 200, back=False)
    return Part("today", len(page.rows), tuple(page.rows[:LISTED]), page.more)


def loads(store: Store, now: Ms) -> Sequence[Load]:
    """Who has how much, the most first, with every editor who has nothing; letters of nobody are not in it. Raises
    StoreError.
    """
    states = ", ".join(f"'{state}'" for state in sorted(OPEN))
    rows = store.rows(
        f"SELECT assignee, count(*), sum(next_due IS NOT NULL AND due_kind <> 'promise' AND next_due <= ? AND NOT paused), "  # noqa: S608
        f"sum(state = 'replied') FROM cases WHERE assignee IS NOT NULL AND state IN ({states}) "
        "GROUP BY assignee ORDER BY count(*) DESC, assignee",
        (now,),
    )
    held = {who for who, *_counts in rows}
    free = sorted(user.name for user in people.users(store) if user.role in EDITING and user.id not in held)
    return [
        Load(people.name_of(store, who) or str(who), int(n), int(late or 0), int(checks or 0))
        for who, n, late, checks in rows
    ] + [Load(name, 0, 0, 0) for name in free]
