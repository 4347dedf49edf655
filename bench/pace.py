"""How much slower than the machine on which the budgets were set this one is just now, by two programs measured on both.

DESIGN.md's times are of one machine, and FACTS.md says what a DataTable and a bare app took on it. Both run here again before
and after every subject of a bench, so that a machine which is slow, or slows down for some minutes, is told from a desk that does.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]

Stick = tuple[str, str]
"""A subject of the plan and what it does."""

BARE: Stick = ("bare app", "start")

STICKS: dict[Stick, float] = {("DataTable", "key j"): 13.0, BARE: 185.0}
"""Milliseconds on the machine of the budgets: the median of a key in 1,000 rows; the middle of 170 to 200."""


def around(records: Iterable[Record]) -> dict[int, dict[Stick, float]]:
    """By turn of the run: the milliseconds of each stick, the mean of its last time before and its first after that turn.

    Empty where a stick was not measured.
    """
    found: dict[Stick, dict[int, list[float]]] = {stick: {} for stick in STICKS}
    turns: set[int] = set()
    for r in records:
        if (turn := r.get("turn")) is None:
            continue
        turns.add(turn)
        stick = (r["subject"], r["op"])
        if stick in STICKS and r.get("shown") is not None:
            found[stick].setdefault(turn, []).append(r["shown"])
    if not all(found.values()):
        return {}
    by_turn = {stick: {turn: statistics.median(ms) for turn, ms in of.items()} for stick, of in found.items()}
    return {turn: {stick: _near(of, turn) for stick, of in by_turn.items()} for turn in turns}


def pace(sticks: dict[Stick, float]) -> float:
    """How many times as long as on the machine of the budgets things take: no more than either stick says."""
    return min(ms / STICKS[stick] for stick, ms in sticks.items())


def _near(by_turn: dict[int, float], turn: int) -> float:
    before = [t for t in by_turn if t <= turn]
    after = [t for t in by_turn if t >= turn]
    near = ([max(before)] if before else []) + ([min(after)] if after else [])
    return statistics.fmean(by_turn[t] for t in near)
