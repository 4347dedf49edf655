"""From cases to rows: the one place that reads cases for a change and writes what became of them.

Invariants, after every transaction: a row of `cases` and its dispatches are the fold of the case's events;
`queue_entry` holds exactly what `db/queueing.py` says of that case; `queue_count` agrees with it, `board_count` with the
open letters, `day_count` with all; what was decided anew waits in `to_learn`.
Changes are collected and written with one `executemany` a table: a bulk of 500 letters costs few statements.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from db import board_counts, codes, counts, day_counts, deadlines, learning, writes
from db.casefile import (
    CASE_COLUMNS,
    DISPATCH_COLUMNS,
    case_values,
    dispatch_values,
    load_case,
    load_dispatch,
    shown_district,
)
from db.model import Case, CaseId, Dispatch, Ms
from db.queueing import queues_of

TIE_BITS = 20
"""`cases.n` = received_at << TIE_BITS | tie: a million letters can come in one millisecond."""

_KEPT = (*CASE_COLUMNS, "rest")
_MADE = ("district", "next_due", "due_kind", "paused", "score", "pending", "doubtful", "refused")
_FIXED = frozenset({"id", "code", "received_at", "channel", "number", "source"})
"""Columns that no event but the receipt sets: an update leaves them and their indexes alone, unless it was another one."""

# SQL is put together from column names of ours alone
_INSERT = f"INSERT INTO cases(n, {', '.join(_KEPT + _MADE)}) VALUES (?{', ?' * len(_KEPT + _MADE)})"  # noqa: S608
_INDEXED = ("state", "kind", "topic", "assignee", "sender", "district")
"""Columns with an index that events do move: naming one in an update writes its index, also where the value stays."""

_STAYING = tuple(i for i, c in enumerate(_KEPT + _MADE) if c not in _FIXED and c not in _INDEXED)
_RECEIPT = "UPDATE cases SET code = ?, received_at = ?, channel = ?, number = ?, source = ? WHERE n = ?"
_SELECT = (
    f"SELECT n, pending, doubtful, refused, {', '.join(_KEPT)} FROM cases WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
)
_DISPATCH_INSERT = (
    f"INSERT OR REPLACE INTO dispatch(n, place, {', '.join(DISPATCH_COLUMNS)}, rest) "  # noqa: S608
    f"VALUES (?, ?{', ?' * len(DISPATCH_COLUMNS)}, ?)"
)
_DISPATCH_SELECT = (
    f"SELECT n, {', '.join(DISPATCH_COLUMNS)}, rest FROM dispatch "  # noqa: S608
    "WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n, place"
)


@cache
def _update(moved: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """The update of a case that names only those of the indexed columns, and where its values stand in `_values`."""
    columns = _KEPT + _MADE
    places = (*_STAYING, *(columns.index(c) for c in moved))
    return f"UPDATE cases SET {', '.join(f'{columns[i]} = ?' for i in places)} WHERE n = ?", places  # noqa: S608


@dataclass(slots=True)
class Held:
    """A case under work: as it was read, and as it is now."""

    n: int | None  # None until a new letter has its place
    before: Case | None
    case: Case | None
    pending: int = 0
    doubtful: int = 0
    refused: int = 0
    flags_before: tuple[int, int, int] = (0, 0, 0)  # pending, refused, doubtful

    @classmethod
    def of(cls, read: Held) -> Held:
        """The case as that one was read, whatever became of it there."""
        pending, refused, doubtful = read.flags_before
        return cls(read.n, read.before, read.before, pending, doubtful, refused, read.flags_before)

    @property
    def changed(self) -> bool:
        return self.case is not self.before or self.flags_before != (self.pending, self.refused, self.doubtful)


def fetch(conn: Any, ids: Iterable[CaseId]) -> dict[CaseId, Held]:
    """The cases of these ids that are here, with their dispatches: two queries however many they are."""
    rows = conn.execute(_SELECT, (json.dumps(list(ids)),)).fetchall()
    if not rows:
        return {}
    sent: dict[int, list[Dispatch]] = defaultdict(list)
    for row in conn.execute(_DISPATCH_SELECT, (json.dumps([r[0] for r in rows]),)):
        sent[row[0]].append(load_dispatch(row[1:]))
    found = {}
    for n, pending, doubtful, refused, *kept in rows:
        case = load_case(kept, tuple(sent[n]))
        found[case.id] = Held(n, case, case, pending, doubtful, refused, (pending, refused, doubtful))
    return found


def place(conn: Any, held: Iterable[Held]) -> None:
    """Gives new letters their `n`: behind those that came in the same millisecond."""
    new = [(h.case.received_at << TIE_BITS, h) for h in held if h.n is None and h.case is not None]
    if not new:
        return
    found = conn.execute(
        "SELECT value, (SELECT max(n) FROM cases WHERE n >= value AND n < value + ?) FROM json_each(?)",
        (1 << TIE_BITS, json.dumps([low for low, _h in new])),
    )
    last = {low: low - 1 if n is None else n for low, n in found}
    for low, h in new:
        last[low] += 1
        h.n = last[low]


def write(conn: Any, held: Iterable[Held], now: Ms) -> None:
    """Writes cases, dispatches, queue entries and counts of all that changed. Every `n` must be there (`place`)."""
    writes.made()
    new: list[tuple[Any, ...]] = []
    moved: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)  # by the indexed columns that changed
    sent: list[tuple[Any, ...]] = []
    cut: list[tuple[int, int]] = []
    removed: list[tuple[int, int, int]] = []
    added: list[tuple[int, int, int]] = []
    for h in held:
        if not h.changed or h.case is None:
            continue
        n = h.n
        assert n is not None
        values = _values(h)
        if h.before is None:
            new.append((n, *values))
        else:
            other = tuple(c for c, a, b in zip(_INDEXED, _indexed(h.before), _indexed(h.case), strict=True) if a != b)
            moved[other].append((*(values[i] for i in _update(other)[1]), n))
            if _receipt(h.case) != _receipt(h.before):  # two desks took the same letter down: the log's is the other's
                conn.execute(_RECEIPT, (*_receipt(h.case), n))
        _dispatches(n, h, sent, cut)
        was = set() if h.before is None else _entries(n, h.before, *h.flags_before[:2])
        is_ = _entries(n, h.case, h.pending, h.refused)
        removed += was - is_
        added += is_ - was
    new.sort()
    conn.executemany(_INSERT, new)
    for other, rows in moved.items():
        conn.executemany(_update(other)[0], rows)
    conn.executemany("DELETE FROM dispatch WHERE n = ? AND place >= ?", cut)
    conn.executemany(_DISPATCH_INSERT, sent)
    conn.executemany("DELETE FROM queue_entry WHERE queue = ? AND sort = ? AND n = ?", removed)
    conn.executemany("INSERT INTO queue_entry(queue, sort, n) VALUES (?, ?, ?)", sorted(added))
    counts.shift(conn, removed, added, now)
    learning.note(conn, held)
    changed = [(h.before, h.case) for h in held if h.changed and h.case is not None]
    _shift_sums(conn, changed)


def _shift_sums(conn: Any, changes: Sequence[tuple[Case | None, Case | None]]) -> None:
    """The sums of the board and of the days, over letters that were (before, after)."""
    board_counts.shift(conn, [(board_counts.shares(a), board_counts.shares(b)) for a, b in changes])
    day_counts.shift(conn, [(day_counts.share(a), day_counts.share(b)) for a, b in changes])


def _receipt(case: Case) -> tuple[Any, ...]:
    return case.code, case.received_at, case.channel, case.number, case.source


def _indexed(case: Case) -> tuple[Any, ...]:
    """What `_INDEXED` hold for a case."""
    return case.state, case.kind, case.topic, case.assignee, case.sender, shown_district(case)


def remove(conn: Any, h: Held, now: Ms) -> None:
    """Takes a letter away that is in no log and has nothing pending: its row, wherever it is listed, its sender."""
    writes.made()
    assert h.before is not None
    assert h.n is not None
    learning.forget(conn, h.n)
    _shift_sums(conn, [(h.before, None)])
    codes.spent(conn, h.before.code)
    entries = list(_entries(h.n, h.before, *h.flags_before[:2]))
    conn.executemany("DELETE FROM queue_entry WHERE queue = ? AND sort = ? AND n = ?", entries)
    counts.shift(conn, entries, [], now)
    for table in ("refused", "attachment"):  # what was typed and brought stays
        conn.execute(f"UPDATE {table} SET case_n = NULL WHERE case_n = ?", (h.n,))  # noqa: S608 - names are ours
    for table, column in _OF_A_LETTER:
        conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (h.n,))  # noqa: S608 - names are ours
    conn.execute("DELETE FROM words WHERE rowid = ?", (h.n,))
    conn.execute("DELETE FROM draft WHERE case_id = ?", (h.before.id,))
    if h.before.sender:
        conn.execute(
            "DELETE FROM sender WHERE id = ? AND NOT EXISTS (SELECT 1 FROM cases WHERE sender = ?)",
            (h.before.sender, h.before.sender),
        )


def relist(conn: Any) -> None:
    """Puts every letter into the queues it belongs in and into the sums of board and days, from its row alone; how many are in
    each queue is to be counted anew (`counts.recount`)."""
    writes.made()
    for table in ("queue_entry", "board_count", "day_count"):
        conn.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
    for held in pages(conn):
        added = {e for h in held for e in entries_of(h)}
        _shift_sums(conn, [(None, h.case) for h in held])
        conn.executemany("INSERT INTO queue_entry(queue, sort, n) VALUES (?, ?, ?)", sorted(added))


def pages(conn: Any) -> Iterator[Sequence[Held]]:
    """Every letter that is here, by receipt, some at a time."""
    ids = [id_ for (id_,) in conn.execute("SELECT id FROM cases ORDER BY n")]
    for first in range(0, len(ids), _PAGE):
        yield list(fetch(conn, ids[first : first + _PAGE]).values())


def entries_of(h: Held) -> set[tuple[int, int, int]]:
    """(queue, sort, n) of every queue in which a letter that is here stands, by its row."""
    assert h.case is not None
    assert h.n is not None
    return _entries(h.n, h.case, h.pending, h.refused)


_PAGE = 500
"""Letters read at a time."""

_OF_A_LETTER = (
    ("dispatch", "n"),
    ("to_index", "n"),
    ("confirmed", "n"),
    ("filled", "n"),
    ("event_touch", "case_n"),
    ("event", "case_n"),
    ("cases", "n"),
)


def _entries(n: int, case: Case, pending: int, refused: int) -> set[tuple[int, int, int]]:
    return {(queue, sort, n) for queue, sort in queues_of(case, pending=pending, refused=refused)}


def _dispatches(n: int, h: Held, sent: list[tuple[Any, ...]], cut: list[tuple[int, int]]) -> None:
    assert h.case is not None
    before = h.before.dispatches if h.before else ()
    after = h.case.dispatches
    if len(after) < len(before):
        cut.append((n, len(after)))
    for i, dispatch in enumerate(after):
        if i >= len(before) or dispatch != before[i]:
            sent.append((n, i, *dispatch_values(dispatch)))


def _values(h: Held) -> tuple[Any, ...]:
    """A row of `cases` without its `n`: what is kept of the case, then what lists are shown."""
    case = h.case
    assert case is not None
    clock = deadlines.next_due(case)
    return (
        *case_values(case),
        shown_district(case),
        clock.due if clock else None,
        str(clock.kind) if clock else None,
        int(deadlines.paused(case)),
        case.rating.score if case.rating else None,
        h.pending,
        h.doubtful,
        h.refused,
    )
