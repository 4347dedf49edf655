"""Letters as they stood at a moment, folded from their events: only those that something later has changed back.

A row is the truth for most letters: what was received, sent, first replied to and closed by then is still so. Not where a
later event undid it: reopened, redone, merged or unmerged, returned, recalled, extended. Those few are folded again up to then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from db import cases, refold
from db.case_turn import effective
from db.model import Absorbed, Case, CaseId, Event, EventKind, Ms, Refusal
from db.model_rules import Rulebook

UNDOING = (
    EventKind.EXTENDED,
    EventKind.LEAD_CHANGED,
    EventKind.MERGED,
    EventKind.RECALLED,
    EventKind.REDONE,
    EventKind.REOPENED,
    EventKind.RETURNED,
    EventKind.UNMERGED,
    EventKind.UPHELD,
)
TOUCHING = (EventKind.DECLINED, EventKind.WITHDRAWN)
"""Closings that may hand a master's letter over to another."""

KNOWN = frozenset(
    {
        EventKind.CLASSIFIED,
        EventKind.CORRECTED,
        EventKind.RATED,
        EventKind.PUBLISHED,
        EventKind.UNPUBLISHED,
        EventKind.ERASED,
    }
)
"""What is said about a letter rather than done with it: it counts as it is known, whenever it was said."""

# The term of the partial index `ix_event_figures`, letter by letter, or SQLite does not use it.
INDEXED = (
    "kind IN ('declined', 'extended', 'lead_changed', 'merged', 'published', 'rated', 'recalled', 'redone', "
    "'reopened', 'returned', 'unmerged', 'upheld', 'withdrawn')"
)


def undone(conn: Any, since: Ms, before: int) -> set[int]:
    """Letters with a number below `before` that an event written down at or after `since` may have changed back, with
    all letters they were ever merged with."""
    own = ", ".join(f"'{kind}'" for kind in UNDOING)
    other = ", ".join(f"'{kind}'" for kind in TOUCHING)
    rows = conn.execute(
        f"SELECT case_n FROM event WHERE {INDEXED} AND kind IN ({own}) AND at >= ?1 AND case_n < ?2 "  # noqa: S608 - ours alone
        f"UNION SELECT t.case_n FROM event e JOIN event_touch t ON t.event_n = e.n WHERE e.{INDEXED} "
        f"AND e.kind IN ({other}) AND e.at >= ?1 AND t.case_n < ?2",
        (since, before),
    )
    return families(conn, {n for (n,) in rows})


def families(conn: Any, ns: set[int]) -> set[int]:
    """These letters and all they were ever merged with."""
    seen, new = set(ns), set(ns)
    while new:
        listed = json.dumps(sorted(new))
        rows = conn.execute(
            "SELECT t.case_n FROM event e JOIN event_touch t ON t.event_n = e.n "
            "WHERE e.case_n IN (SELECT value FROM json_each(?1)) UNION "
            "SELECT e.case_n FROM event_touch t JOIN event e ON e.n = t.event_n "
            "WHERE t.case_n IN (SELECT value FROM json_each(?1)) AND e.case_n IS NOT NULL",
            (listed,),
        )
        new = {n for (n,) in rows} - seen
        seen |= new
    return seen


def standing(conn: Any, ns: set[int], book: Rulebook, moment: Ms, known_until: Ms) -> dict[int, Case]:
    """Number → the letter as it stood at that moment, with what was known of it until `known_until`; those there were."""
    if not ns:
        return {}
    numbers = dict(conn.execute("SELECT id, n FROM cases WHERE n IN (SELECT value FROM json_each(?))", (_listed(ns),)))
    folded = fold(refold.history(conn, ns), book, moment, known_until)
    return {numbers[id_]: case for id_, case in folded.items()}


def fold(entries: Iterable[tuple[Event, bool]], book: Rulebook, moment: Ms, known_until: Ms) -> dict[CaseId, Case]:
    """Folds events in order, but for those that happened at or after `moment`, and what hangs on them; pure."""
    held: dict[CaseId, Case] = {}
    for event, absorbed in entries:
        case = held.get(event.case or "")
        if _happened(case, event) >= (known_until if event.kind in KNOWN else moment):
            continue
        near = {i: held[i] for i in cases.touches(case, event) if i != event.case and i in held} if case else {}
        verdict = cases.fold(case, event, near, book, max(moment, event.at))
        if isinstance(verdict, Refusal):
            continue
        after = {str(event.case): verdict.case if isinstance(verdict, Absorbed) else verdict}
        for other, was in near.items() if not absorbed else ():
            around = {i: c for i, c in near.items() if i != other} | ({case.id: case} if case else {})
            told = cases.fold(was, event, around, book, max(moment, event.at))
            if not isinstance(told, Refusal):
                after[other] = told.case if isinstance(told, Absorbed) else told
        held |= after
    return held


def _happened(case: Case | None, event: Event) -> Ms:
    """A letter taken down or imported later came when it came."""
    return int(event.facts["received_at"]) if event.kind == EventKind.RECEIVED else effective(case, event)


def _listed(ns: Iterable[int]) -> str:
    return json.dumps(sorted(ns))
