"""The late board: what each district (unit, topic, editor, chase level) has open, due today, late, and how it replies.

`read` gives the figures, `letters` those behind one of them: a figure is a number and the way to its letters, never a number
alone. Counts of open letters are kept (`db/board_counts.py`); late and due today are one range of queue 4; replies come from
dispatches of the last twelve weeks by their indexes. All of it is added up by SQLite, outside Python: read it in a thread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db import held
from db.board_counts import GROUPS
from db.clock import DAY, day_of, midnight
from db.figures.figure import HOUR, MINIMUM
from db.model import Ms

if TYPE_CHECKING:
    from db.store import Store

__all__ = ["FIGURES", "GROUPS", "Board", "Group", "letters", "read"]

WEEKS = 12
"""Weeks that rates, reply times and the trend look back."""

FIGURES = ("open", "today", "late", "worst", "chases", "returns", "redos", "replied", "median", "trend")
"""What can be asked of a group: its columns, in order."""

IMPORTED = 20_000
"""Imported letters whose reply times are looked at: the newest of them."""

MOST = 20_000
"""Letters opened behind a figure; of more the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One line. Times are UTC ms or hours, as named; None where there is nothing, or too little to say (§4: three)."""

    key: str
    open: int = 0
    today: int = 0
    late: int = 0
    worst: Ms | None = None  # the due time that has been over the longest
    chases: int = 0
    returns: int = 0
    redos: int = 0
    sent: int = 0  # dispatches of the window, without recalled ones and returns that stand
    replied: int = 0  # of them
    times: int = 0  # first replies made in the window
    median: float | None = None  # hours from forwarded to first reply
    slowest: float | None = None  # hours
    trend: tuple[int, ...] = (
        0,
    ) * WEEKS  # dispatches that ran over their reply time, by the week they were due, oldest first
    imported: int = 0  # letters that came with their reply, outside the units' figures
    imported_median: float | None = None  # hours from received to replied
    imported_slowest: float | None = None

    @property
    def rate(self) -> float | None:
        """回复率; None below the minimum sample."""
        return self.replied / self.sent if self.sent >= MINIMUM else None


@dataclass(frozen=True, slots=True)
class Board:
    """The groups of one grouping, the most late first, and the sum of them all (its key is "")."""

    by: str
    now: Ms
    groups: tuple[Group, ...]
    whole: Group


def window(now: Ms) -> Ms:
    """Where the twelve weeks begin that end with today, UTC ms."""
    return midnight(day_of(now)) + DAY - WEEKS * 7 * DAY


_LEAD = "LEFT JOIN dispatch l ON l.n = c.n AND l.id = json_extract(c.rest, '$.lead')"
_OF_CASE = {
    "district": ("coalesce(c.district, '')", ""),
    "unit": ("coalesce(l.district || '/' || l.unit, '')", _LEAD),
    "topic": ("coalesce(c.topic, '')", ""),
    "editor": ("coalesce(c.assignee, '')", ""),
    "level": ("CAST(c.chase_level AS TEXT)", ""),
}
"""Grouping → a letter's key in SQL (of `cases c`), and what must be joined for it."""

_OF_DISPATCH = {
    "district": ("d.district", ""),
    "unit": ("d.district || '/' || d.unit", ""),
    **{by: (_OF_CASE[by][0], "JOIN cases c ON c.n = d.n") for by in ("topic", "editor", "level")},
}
"""The same of `dispatch d`: whom it was sent to, not whom the letter is with by now."""

_SOUND = "NOT (d.recalled OR d.returned IS NOT NULL)"
_OVER = (
    "d.reply_due >= :start AND d.reply_due <= :now AND d.state <> 'cancelled' AND d.returned IS NULL "
    "AND (d.replied_at IS NULL OR d.replied_at >= d.reply_due)"
)
_LATE = "e.queue = 4 AND e.sort <= :now"
_TODAY = "e.queue = 4 AND e.sort > :now AND e.sort <= :tonight"
_IMPORTED = "c.source = 'import' AND json_extract(c.rest, '$.imported_reply_at') IS NOT NULL"


def _moments(now: Ms) -> dict[str, Any]:
    return {"now": now, "tonight": midnight(day_of(now)) + DAY, "start": window(now), "week": 7 * DAY}


def read(store: Store, by: str, now: Ms) -> Board:
    """The board by one of GROUPS as of `now`, without the times of imported letters. Raises StoreError; KeyError for a
    grouping that is none.
    """
    given, names = _moments(now), ("times", "median", "slowest")
    with store.view() as conn:
        parts = [_counted(conn, by), _waiting(conn, by, given), _sent(conn, by, given), _over(conn, by, given)]
        parts.append(_times(conn, _reply_times(by), given, names))
        total = _times(conn, _reply_times(""), given, names)
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        for key, values in part.items():
            found.setdefault(key, {}).update(values)
    groups = [Group(key=key, **values) for key, values in found.items()]
    groups.sort(key=lambda g: (-g.late, -g.today, -g.open, g.key))
    return Board(by, now, tuple(groups), replace(_sum(groups), **total.get("", {})))


def with_imported(store: Store, board: Board) -> Board:
    """The same with the times of the newest IMPORTED letters that came with their reply; the board itself where there are
    none. Apart, for it reads letters one by one where all else is counted or indexed. Raises StoreError.
    """
    names = ("imported", "imported_median", "imported_slowest")
    with store.view() as conn:
        if not _any_imported(conn):
            return board
        found = dict(_times(conn, _import_times(board.by), {}, names))
        total = _times(conn, _import_times(""), {}, names)
    groups = [replace(g, **found.pop(g.key, {})) for g in board.groups]
    groups += [Group(key=key, **values) for key, values in found.items()]
    return Board(board.by, board.now, tuple(groups), replace(board.whole, **total.get("", {})))


def _sum(groups: list[Group]) -> Group:
    return Group(
        key="",
        **{name: sum(getattr(g, name) for g in groups)
           for name in ("open", "today", "late", "chases", "returns", "redos", "sent", "replied")},
        worst=min((g.worst for g in groups if g.worst is not None), default=None),
        trend=tuple(sum(week) for week in zip(*(g.trend for g in groups), strict=True)) or (0,) * WEEKS,
    )  # fmt: skip


Part = Mapping[str, Mapping[str, Any]]
"""Key of a group → some of its figures."""


def _counted(conn: Any, by: str) -> Part:
    rows = conn.execute("SELECT key, open, chases, returns, redos FROM board_count WHERE dim = ?", (by,))
    return {key: dict(zip(("open", "chases", "returns", "redos"), n, strict=True)) for key, *n in rows}


def _waiting(conn: Any, by: str, given: dict[str, Any]) -> Part:
    key, join = _OF_CASE[by]
    rows = conn.execute(
        f"SELECT {key}, sum(e.sort <= :now), sum(e.sort > :now), min(e.sort) FROM queue_entry e "  # noqa: S608 - ours alone
        f"CROSS JOIN cases c ON c.n = e.n {join} WHERE e.queue = 4 AND e.sort <= :tonight GROUP BY 1",
        given,
    )
    return {k: {"late": late, "today": today, "worst": first if late else None} for k, late, today, first in rows}


def _sent(conn: Any, by: str, given: dict[str, Any]) -> Part:
    key, join = _OF_DISPATCH[by]
    rows = conn.execute(
        f"SELECT {key}, count(*), count(d.first_reply_at) FROM dispatch d INDEXED BY ix_dispatch_sent {join} "  # noqa: S608
        f"WHERE d.sent_at >= :start AND d.sent_at <= :now AND {_SOUND} GROUP BY 1",
        given,
    )
    return {k: {"sent": sent, "replied": replied} for k, sent, replied in rows}


def _over(conn: Any, by: str, given: dict[str, Any]) -> Part:
    key, join = _OF_DISPATCH[by]
    rows = conn.execute(
        f"SELECT {key}, (d.reply_due - 1 - :start) / :week, count(*) FROM dispatch d INDEXED BY ix_dispatch_due {join} "  # noqa: S608
        f"WHERE {_OVER} GROUP BY 1, 2",
        given,
    )
    weeks: dict[str, list[int]] = {}
    for k, week, n in rows:
        weeks.setdefault(k, [0] * WEEKS)[min(max(week, 0), WEEKS - 1)] += n
    return {k: {"trend": tuple(line)} for k, line in weeks.items()}


def _reply_times(by: str) -> str:
    key, join = _OF_DISPATCH[by] if by else ("''", "")
    return (
        f"SELECT {key} AS k, d.first_reply_at - d.sent_at AS ms FROM dispatch d INDEXED BY ix_dispatch_replied {join} "  # noqa: S608
        "WHERE d.first_reply_at >= :start AND d.first_reply_at <= :now"
    )


def _any_imported(conn: Any) -> bool:
    newest = conn.execute(
        f"SELECT 1 FROM (SELECT * FROM cases ORDER BY n DESC LIMIT 1000) c WHERE {_IMPORTED} LIMIT 1"  # noqa: S608
    )
    return newest.fetchone() is not None


def _import_times(by: str) -> str:
    key, join = _OF_CASE[by] if by else ("''", "")
    return (
        f"SELECT {key} AS k, c.at - c.received_at AS ms FROM (SELECT *, json_extract(rest, '$.imported_reply_at') AS at "  # noqa: S608
        f"FROM cases WHERE source = 'import' ORDER BY n DESC LIMIT {IMPORTED}) c {join} WHERE c.at IS NOT NULL"
    )


def _times(conn: Any, source: str, given: dict[str, Any], names: tuple[str, str, str]) -> Part:
    """How many, the middle and the most of what `source` gives as (k, ms), in hours."""
    rows = conn.execute(
        f"WITH t AS ({source}), r AS (SELECT k, ms, row_number() OVER (PARTITION BY k ORDER BY ms) AS i, "  # noqa: S608
        "count(*) OVER (PARTITION BY k) AS c FROM t) SELECT k, max(c), avg(ms) FILTER (WHERE i IN ((c + 1) / 2, "
        "(c + 2) / 2)), max(ms) FROM r GROUP BY k",
        given,
    )
    return {
        k: dict(zip(names, (n, middle / HOUR if n >= MINIMUM else None, most / HOUR), strict=True))
        for k, n, middle, most in rows
    }


# ── from a figure to its letters ─────────────────────────────────────────────────────────────────────────────────────


Asked = tuple[str, str, str]
"""What a figure is asked for by: grouping, key of the group, figure."""


def count(store: Store, asked: Asked, now: Ms) -> None:
    """Reads the letters behind a figure and holds them (`db/held.py`): what is open of a million takes longer than a key may.
    For a thread. Raises StoreError."""
    with store.view() as conn:
        held.hold(store, _name(asked), letters(conn, *asked, now))


def behind(store: Store, conn: Any, asked: Asked, now: Ms) -> Set[int]:
    """The letters behind a figure as they were counted, else read now. What has left it since is for `still` to say."""
    known = held.of(store, _name(asked))
    return letters(conn, *asked, now) if known is None else known


def still(conn: Any, asked: Iterable[Asked], ns: Iterable[int], now: Ms) -> set[int]:
    """Those of some letters that stand behind one of these figures at this moment."""
    among = list(ns)
    return set().union(*(letters(conn, *figure, now, among) for figure in asked))


def _name(asked: Asked) -> str:
    return f"board:{'/'.join(asked)}"


def letters(conn: Any, by: str, key: str, figure: str, now: Ms, among: Iterable[int] | None = None) -> set[int]:
    """`cases.n` of the letters behind a figure, at most MOST, the newest; `key` "*": of all groups. `among`: of these letters."""
    given = _moments(now) | {"key": key, "most": MOST}
    mine = "" if key == "*" else "AND {key} = :key"
    if among is not None:
        mine += " AND {n} IN (SELECT value FROM json_each(:among))"
        given["among"] = json.dumps(list(among))
    if figure in ("replied", "median", "trend"):
        name, join = _OF_DISPATCH[by]
        which = {
            "replied": f"d.sent_at >= :start AND d.sent_at <= :now AND {_SOUND}",
            "median": "d.first_reply_at >= :start AND d.first_reply_at <= :now",
            "trend": _OVER,
        }[figure]
        sql = f"SELECT DISTINCT d.n FROM dispatch d {join} WHERE {which} {mine}"  # noqa: S608
    else:
        name, join = _OF_CASE[by]
        sql = f"SELECT c.n FROM {_OF_LETTER[figure]} {join} {_WHERE[figure]} {mine}"  # noqa: S608
    table = "d" if "FROM dispatch" in sql else "c"
    sql += " ORDER BY e.sort, c.n LIMIT 1" if figure == "worst" else f" ORDER BY {table}.n DESC LIMIT :most"
    return {n for (n,) in conn.execute(sql.format(key=name, n=f"{table}.n"), given)}


_WAITING = "queue_entry e CROSS JOIN cases c ON c.n = e.n"
_OF_LETTER = {"today": _WAITING, "late": _WAITING, "worst": _WAITING} | dict.fromkeys(
    ("open", "chases", "returns", "redos", "imported"), "cases c"
)
_OPEN = "c.state NOT IN ('resolved', 'declined', 'merged', 'withdrawn')"
_WHERE = {
    "open": f"WHERE {_OPEN}",
    "today": f"WHERE {_TODAY}",
    "late": f"WHERE {_LATE}",
    "worst": f"WHERE {_LATE}",
    "chases": f"WHERE {_OPEN} AND json_extract(c.rest, '$.chases') > 0",
    "returns": f"WHERE {_OPEN} AND c.returns > 0",
    "redos": f"WHERE {_OPEN} AND c.redos > 0",
    "imported": f"WHERE {_IMPORTED}",
}
