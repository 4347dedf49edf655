"""Open letters by district, unit, topic, editor and chase level, with their chases, returns and redos: kept, never counted.

Invariant, after every transaction: a row of `board_count` is the sum over the open letters of that group (`shares`), and
there is none for a group without open letters. What time alone changes (late, due today) is read from queue 4 (`db/board.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from db.model import OPEN, Case

GROUPS = ("district", "unit", "topic", "editor", "level")
"""What the board groups by."""

Share = tuple[tuple[str, ...], tuple[int, int, int, int]]
"""A letter's key in each of GROUPS, and what it adds there: itself, its chases, returns, redos."""


def shares(case: Case | None) -> Share | None:
    """What a letter adds to the counts; None where it is not open."""
    if case is None or case.state not in OPEN:
        return None
    lead = case.lead_dispatch
    keys = (
        case.district or (lead.district if lead else ""),
        f"{lead.district}/{lead.unit}" if lead else "",
        case.topic or "",
        case.assignee or "",
        str(case.chase_level),
    )
    return keys, (1, case.chases, case.returns, case.redos)


def sums(changes: Iterable[tuple[Share | None, Share | None]]) -> dict[tuple[str, str], list[int]]:
    """What letters that were (before, after) move: group → open, chases, returns, redos more."""
    moved: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for before, after in changes:
        if before == after:
            continue
        for share, sign in ((before, -1), (after, 1)):
            if share is None:
                continue
            for at in zip(GROUPS, share[0], strict=True):
                of_it = moved[at]
                for i, n in enumerate(share[1]):
                    of_it[i] += sign * n
    return {at: of_it for at, of_it in moved.items() if any(of_it)}


def shift(conn: Any, changes: Iterable[tuple[Share | None, Share | None]]) -> None:
    """Keeps the counts in step with letters that were (before, after)."""
    moved = sums(changes)
    if not moved:
        return
    rows = [(*at, *of_it) for at, of_it in moved.items()]
    fewer = [at for at, of_it in moved.items() if of_it[0] < 0]
    conn.executemany(
        "INSERT INTO board_count(dim, key, open, chases, returns, redos) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(dim, key) DO UPDATE SET open = open + excluded.open, chases = chases + excluded.chases, "
        "returns = returns + excluded.returns, redos = redos + excluded.redos",
        rows,
    )
    conn.executemany("DELETE FROM board_count WHERE dim = ? AND key = ? AND open <= 0", fewer)
