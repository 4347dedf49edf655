"""The day's lists: which letters stand in them, by indexes and bounded reads.

new: changed by others since this person last looked. callbacks: answered and not rated for three days, asked for four,
or promised within two. same: of one sender, who is never named by it. board: behind a figure of the late board.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.model import Ms

if TYPE_CHECKING:
    from db.search import Query
    from db.store import Store

LOOKED = "desk.looked"
"""Setting: the last event of the log that this person has looked past."""

DAY: Ms = 86_400_000
FIRST_LOOK = DAY
"""Who never looked sees a day."""

MOST = 5_000
"""Events looked through for what is new; of a longer absence the newest count."""

ANSWERED, ASKED, PROMISED = 3 * DAY, 4 * DAY, 2 * DAY

_CALL_BACKS = (
    "SELECT n FROM cases WHERE (state = 'answered' AND score IS NULL AND last_at <= :answered) "
    "OR (state = 'needs_info' AND last_at <= :asked) OR (state = 'tracking' AND next_due <= :promised)"
)


def chosen(store: Store, conn: Any, query: Query, now: Ms, me: str | None) -> set[int] | None:
    """The letters that all lists of the query hold; None where it names none of these."""
    found: set[int] | None = None
    for name in query.lists:
        ns = _of(conn, name, now, me)
        if ns is not None:
            found = ns if found is None else found & ns
    if query.calls:
        ns = _called(conn, query.calls)
        found = ns if found is None else found & ns
    if query.same:
        ns = _same(conn, query.same)
        found = ns if found is None else found & ns
    if query.figures:
        from db.bulletin.tracing import numbers

        ns = set().union(*(numbers(store, figure, now) for figure in query.figures))
        found = ns if found is None else found & ns
    if query.board:
        from db.board import behind

        ns = set().union(*(behind(store, conn, figure, now) for figure in query.board))
        found = ns if found is None else found & ns
    return found


def _of(conn: Any, name: str, now: Ms, me: str | None) -> set[int] | None:
    """The letters of a list by its name; None where the list is a condition on rows (`mine`)."""
    if name == "new":
        return _new(conn, now, me)
    if name == "callbacks":
        return _call_backs(conn, now)
    from db.finding_paper import LISTS

    return LISTS[name](conn, now) if name in LISTS else None


def _called(conn: Any, typed: tuple[str, ...]) -> set[int]:
    """Suggestions of these calls; a name that is no call's finds none."""
    from db import calls

    known = calls.read(conn)
    return {n for name in typed for c in calls.find(name, known) for n in calls.members(conn, c, known)}


def newest(conn: Any) -> int:
    """The last event of the log."""
    return int(conn.execute("SELECT coalesce(max(n), 0) FROM event").fetchone()[0])


def _new(conn: Any, now: Ms, me: str | None) -> set[int]:
    found = conn.execute("SELECT value FROM setting WHERE name = ?", (LOOKED,)).fetchone()
    first = max(int(found[0]) if found else 0, newest(conn) - MOST)
    since = now - FIRST_LOOK if not found else 0
    rows = conn.execute(
        "SELECT DISTINCT case_n FROM event WHERE n > ? AND at >= ? AND actor IS NOT ? AND case_n IS NOT NULL",
        (first, since, me),
    )
    return {n for (n,) in rows}


def _call_backs(conn: Any, now: Ms) -> set[int]:
    moments = {"answered": now - ANSWERED, "asked": now - ASKED, "promised": now + PROMISED}
    return {n for (n,) in conn.execute(_CALL_BACKS, moments)}


def _same(conn: Any, codes: tuple[str, ...]) -> set[int]:
    rows = conn.execute(
        "SELECT c.n FROM cases c WHERE c.sender IN (SELECT o.sender FROM cases o "
        "JOIN json_each(?) k ON o.code = k.value WHERE o.sender IS NOT NULL)",
        (json.dumps(list(codes)),),
    )
    return {n for (n,) in rows}
