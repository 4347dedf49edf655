"""What a person did on this desk, run by run: taken back with `u`, done again with `.`.

A run is everything one key press wrote: one transaction, so its events stand together in the log, `first` to `last`.
The record is this desk's own and never travels. It holds what was typed; erasing a person blanks it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.model import CaseId, Ms

if TYPE_CHECKING:
    from db.store import Store

KEPT = 100
"""Runs remembered: far more than anybody takes back."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What `db/commands.py` is told of the key press: the action and the dialog as it was filled in."""

    action: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `offered`: a request has carried some of it, so it can no longer be taken back."""

    n: int
    at: Ms
    action: str
    said: dict[str, Any]
    first: int
    last: int
    cases: tuple[CaseId, ...]
    offered: bool


def note(conn: Any, actor: str, doing: Doing, first: int, last: int, at: Ms) -> None:
    """Remembers a run within the transaction that wrote its events; lets go of the oldest."""
    said = json.dumps(dict(doing.said), ensure_ascii=False, default=list)
    conn.execute(
        "INSERT INTO run(at, actor, action, said, first, last, undone) VALUES (?, ?, ?, ?, ?, ?, 0)",
        (at, actor, doing.action, said, first, last),
    )
    conn.execute("DELETE FROM run WHERE n <= (SELECT max(n) FROM run) - ?", (KEPT,))


def last(store: Store, actor: str) -> Run | None:
    """What that person did last and has not taken back; None if nothing. Raises StoreError."""
    found = runs(store, actor, 1)
    return found[0] if found else None


def runs(store: Store, actor: str, limit: int) -> list[Run]:
    """The last runs of a person that stand, the newest first."""
    with store.view() as conn:
        rows = conn.execute(
            "SELECT n, at, action, said, first, last FROM run WHERE actor = ? AND undone = 0 ORDER BY n DESC LIMIT ?",
            (actor, limit),
        ).fetchall()
        return [_run(conn, row) for row in rows]


def read(conn: Any, n: int) -> Run | None:
    """The run of that number, as the connection sees it."""
    row = conn.execute("SELECT n, at, action, said, first, last FROM run WHERE n = ?", (n,)).fetchone()
    return _run(conn, row) if row else None


def _run(conn: Any, row: Any) -> Run:
    n, at, action, said, first, last_ = row
    inside = "FROM event e {} WHERE e.n BETWEEN ? AND ?"
    cases = [
        id_
        for (id_,) in conn.execute(
            "SELECT c.id " + inside.format("JOIN cases c ON c.n = e.case_n") + " GROUP BY c.id ORDER BY min(e.n)",
            (first, last_),
        )
    ]
    (kept,) = conn.execute(
        "SELECT count(*) " + inside.format("JOIN outbox o ON o.event_n = e.n AND o.offered IS NULL"), (first, last_)
    ).fetchone()
    return Run(n, at, action, json.loads(said or "{}"), first, last_, tuple(cases), kept < last_ - first + 1)
