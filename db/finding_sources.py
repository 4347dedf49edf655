"""Where a search gets its letters from: streams of `n` in order, read in steps.

A source may give letters that do not match (they are checked afterwards) but never leaves one out. One step is
`(ns, bound, done)`: what lies beyond the old bound up to the new one, whether that was all. Backwards is upwards.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from db.model import Ms
from db.projection import TIE_BITS
from db.queues import ALL, LATE

if TYPE_CHECKING:
    from db.search import Query

LOWEST, HIGHEST = -(1 << 62), 1 << 62

Step = tuple[list[int], int | None, bool]


class Source(Protocol):
    def step(self, bound: int | None, size: int, back: bool) -> Step:
        """At most about `size` letters beyond `bound` (None: from the end where the reading begins)."""
        ...


def _range(bound: int | None, back: bool) -> tuple[int, int, str]:
    """(low, high, order) of what lies beyond a bound, both ends included."""
    if back:
        return (LOWEST if bound is None else bound + 1), HIGHEST, "ASC"
    return LOWEST, (HIGHEST if bound is None else bound - 1), "DESC"


def _stepped(ns: list[int], size: int) -> Step:
    return ns, ns[-1] if ns else None, len(ns) < size


class Everything:
    """All letters."""

    def __init__(self, conn: Any) -> None:
        self.conn = conn

    def step(self, bound: int | None, size: int, back: bool) -> Step:
        low, high, way = _range(bound, back)
        sql = f"SELECT n FROM cases WHERE n BETWEEN ? AND ? ORDER BY n {way} LIMIT ?"  # noqa: S608
        return _stepped([n for (n,) in self.conn.execute(sql, (low, high, size))], size)


class Chosen:
    """Letters that are known by their `n`."""

    def __init__(self, ns: set[int]) -> None:
        self.ns = sorted(ns)

    def step(self, bound: int | None, size: int, back: bool) -> Step:
        low, high, _way = _range(bound, back)
        found = [n for n in (self.ns if back else reversed(self.ns)) if low <= n <= high]
        return found[:size], found[:size][-1] if found else None, len(found) <= size


class Words:
    """Letters that hold every token of the words, with those whose words are newer than the index."""

    def __init__(self, conn: Any, query: Query, waiting: list[int]) -> None:
        from db.search import Query as Parsed
        from db.search import match_expression

        self.conn = conn
        self.match = match_expression(Parsed(words=query.words))
        self.waiting = sorted(waiting)
        self.low, self.high = _received(query)

    def step(self, bound: int | None, size: int, back: bool) -> Step:
        low, high, way = _range(bound, back)
        low, high = max(low, self.low), min(high, self.high)
        sql = f"SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid {way} LIMIT ?"  # noqa: S608
        found, edge, done = _stepped([n for (n,) in self.conn.execute(sql, (self.match, low, high, size))], size)
        if not done and edge is not None:
            low, high = (low, edge) if back else (edge, high)
        return self._with_waiting(found, low, high, back), edge, done

    def within(self, low: int, high: int) -> set[int]:
        """All of them in a range, both ends included."""
        sql = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
        found = [n for (n,) in self.conn.execute(sql, (self.match, max(low, self.low), min(high, self.high)))]
        return set(self._with_waiting(found, low, high, back=False))

    def _with_waiting(self, found: list[int], low: int, high: int, back: bool) -> list[int]:
        new = [n for n in self.waiting if low <= n <= high]
        return sorted({*found, *new}, reverse=not back) if new else found


def _received(query: Query) -> tuple[int, int]:
    """The range of `n` that the query's dates leave."""
    low = LOWEST if query.from_ms is None else query.from_ms << TIE_BITS
    high = HIGHEST if query.to_ms is None else (query.to_ms << TIE_BITS) - 1
    return low, high


class Either:
    """Letters of one source or the other, each once."""

    def __init__(self, one: Source, other: Source) -> None:
        self.parts = (one, other)

    def step(self, bound: int | None, size: int, back: bool) -> Step:
        steps = [part.step(bound, size, back) for part in self.parts]
        found = {n for ns, _edge, _done in steps for n in ns}
        edges = [edge for _ns, edge, done in steps if not done and edge is not None]
        if not edges:
            return sorted(found, reverse=not back), None, True
        near = min(edges) if back else max(edges)  # up to here both are complete
        return sorted((n for n in found if (n <= near if back else n >= near)), reverse=not back), near, False


class Facet:
    """Letters by one indexed filter: the queue, else codes, districts, topics, states. The others are checked later."""

    def __init__(self, conn: Any, parts: list[tuple[str, tuple[Any, ...]]], query: Query) -> None:
        self.conn = conn
        self.parts = parts  # one covering index range each: FROM … WHERE … with an `n`, and its values
        self.low, self.high = _received(query)

    @classmethod
    def of(cls, conn: Any, queue: int, query: Query, now: Ms) -> Facet | None:
        """The filter that leads; None where no indexed one is asked."""
        queues = (queue,) if queue != ALL else (LATE,) if query.late else query.queues
        if queues:
            return cls(conn, [_queue(q, now) for q in queues], query)
        if query.codes:
            return cls(conn, [_codes(code) for code in query.codes], query)
        for column, wanted in (("district", query.districts), ("topic", query.topics), ("state", query.states)):
            if wanted:
                table = f"cases INDEXED BY ix_cases_{column} WHERE {column} = ?"
                return cls(conn, [(table, (str(value),)) for value in wanted], query)
        if query.from_ms is not None or query.to_ms is not None:
            return cls(conn, [("cases WHERE 1", ())], query)
        return None

    def step(self, bound: int | None, size: int, back: bool) -> Step:
        low, high, way = _range(bound, back)
        low, high = max(low, self.low), min(high, self.high)
        found: set[int] = set()
        for table, values in self.parts:
            sql = f"SELECT n FROM {table} AND n BETWEEN ? AND ? ORDER BY n {way} LIMIT ?"  # noqa: S608 - ours alone
            found.update(n for (n,) in self.conn.execute(sql, (*values, low, high, size)))
        # each part gave its nearest `size`, so the nearest `size` of all of them are complete
        return _stepped(sorted(found, reverse=not back)[:size], size)

    def among(self, ns: list[int]) -> list[int]:
        """Those of these letters that belong to it, in the same order."""
        given = json.dumps(ns)
        found: set[int] = set()
        for table, values in self.parts:
            sql = f"SELECT n FROM {table} AND n IN (SELECT value FROM json_each(?))"  # noqa: S608 - ours alone
            found.update(n for (n,) in self.conn.execute(sql, (*values, given)))
        return [n for n in ns if n in found]


def _queue(queue: int, now: Ms) -> tuple[str, tuple[Any, ...]]:
    table = "queue_entry INDEXED BY ix_queue_entry_n WHERE queue = ?"
    return (table + " AND sort <= ?", (queue, now)) if queue == LATE else (table, (queue,))


def _codes(code: str) -> tuple[str, tuple[Any, ...]]:
    if code[:1].isdigit():  # the end of one: every code is read, from the index alone
        return "cases INDEXED BY ix_cases_code WHERE substr(code, -length(?)) = ?", (code, code)
    return "cases INDEXED BY ix_cases_code WHERE code >= ? AND code < ? || char(1114111)", (code, code)


class Both:
    """Letters of two sources at once: each step is led by the one that gets farther with as many letters."""

    def __init__(self, words: Words, facet: Facet) -> None:
        self.words = words
        self.facet = facet

    def step(self, bound: int | None, size: int, back: bool) -> Step:
        held, word_edge, words_done = self.words.step(bound, size, back)
        if words_done:
            return self.facet.among(held), word_edge, True
        members, edge, done = self.facet.step(bound, size, back)
        if done and not members:
            return [], edge, True
        farther = edge is not None and word_edge is not None and (edge > word_edge if back else edge < word_edge)
        if done or farther:
            low, high, _way = _range(bound, back)
            if not done and edge is not None:
                low, high = (low, edge) if back else (edge, high)
            if done and members:
                low, high = min(members), max(members)
            hits = self.words.within(low, high)
            return [n for n in members if n in hits], edge, done
        return self.facet.among(held), word_edge, False
