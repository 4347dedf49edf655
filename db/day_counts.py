"""Letters received and closed, by day and district: kept with every change, so that what was open at a midnight is a sum.

Invariant, after every transaction: a row of `day_count` says how many letters of that district were received on that day, and
how many that are closed now were closed on it; there is no row of noughts. Days are those of Asia/Shanghai since 1970.
Open at a midnight, by rows = received before it − closed before it: a letter counts as closed no earlier than it came.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from db.casefile import shown_district
from db.clock import DAY
from db.model import CLOSED, Case, Ms

ZONE: Ms = 8 * 3_600_000
"""Asia/Shanghai is ahead of UTC by so much, always."""

Share = tuple[str, int, int | None]
"""Of a letter: its district, the day on which it was received, the day on which it was closed."""


def day(moment: Ms) -> int:
    """The day in Asia/Shanghai that holds a moment, counted from 1970-01-01."""
    return (moment + ZONE) // DAY


def share(case: Case | None) -> Share | None:
    """Where a letter counts; None where there is none."""
    if case is None:
        return None
    closed = max(case.closed_at or case.last_at, case.received_at) if case.state in CLOSED else None
    return shown_district(case) or "", day(case.received_at), None if closed is None else day(closed)


def sums(changes: Iterable[tuple[Share | None, Share | None]]) -> dict[tuple[int, str], list[int]]:
    """What letters that were (before, after) move: day and district → received, closed more."""
    moved: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for before, after in changes:
        if before == after:
            continue
        for counted, sign in ((before, -1), (after, 1)):
            if counted is None:
                continue
            district, received, closed = counted
            moved[received, district][0] += sign
            if closed is not None:
                moved[closed, district][1] += sign
    return {at: of_it for at, of_it in moved.items() if any(of_it)}


def shift(conn: Any, changes: Iterable[tuple[Share | None, Share | None]]) -> None:
    """Keeps the counts in step with letters that were (before, after)."""
    moved = sums(changes)
    if not moved:
        return
    conn.executemany(
        "INSERT INTO day_count(day, district, received, closed) VALUES (?, ?, ?, ?) ON CONFLICT(day, district) "
        "DO UPDATE SET received = received + excluded.received, closed = closed + excluded.closed",
        [(*at, *of_it) for at, of_it in moved.items()],
    )
    fewer = [at for at, (received, closed) in moved.items() if received < 0 or closed < 0]
    conn.executemany("DELETE FROM day_count WHERE day = ? AND district = ? AND received = 0 AND closed = 0", fewer)


def open_at(conn: Any, midnight: Ms, districts: frozenset[str] | None = None) -> int:
    """Letters received before a midnight in Asia/Shanghai and not closed before it, as their rows are now; of some districts."""
    here = "" if districts is None else " AND district IN (SELECT value FROM json_each(?2))"
    values = (day(midnight),) if districts is None else (day(midnight), json.dumps(sorted(districts)))
    found = conn.execute(f"SELECT sum(received - closed) FROM day_count WHERE day < ?1{here}", values)  # noqa: S608 - ours
    return int(found.fetchone()[0] or 0)
