"""Events of the log laid over confirmed rows: each folded in its order, or the letter it is of is wanted whole.

Part of `db/replica.py`, which says what holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db import cases, log
from db.model import Absorbed, CaseId, Event, EventId, EventKind, Ms, Refusal
from db.people import put_masked
from db.replica_news import Entry, MissingError, News, OtherLogError, UnknownOwnError, Whole
from db.standing import AGAIN, Standing, book_of_log
from db.wire import dumps, event_in, event_out, inner_in

if TYPE_CHECKING:
    from db.configured import Newsroom
    from db.store import Store


class Laying:
    """Events of the log over the confirmed rows of one chunk, within its transaction; written by `Page.finish`."""

    def __init__(self, conn: Any, store: Store, now: Ms, news: News, *, filling: bool) -> None:
        self.filling = filling
        self.conn = conn
        self.now = now
        self.news = news
        self.shown_book = store.rulebook()
        self.work = Standing(conn, book_of_log(conn, self.shown_book))
        self._decisions: Newsroom | None = None
        self.ahead: dict[CaseId, int] = {}
        self.rows: list[tuple[Entry, tuple[CaseId, ...], bool]] = []
        self.gone: list[int] = []  # places of events that left the log of this desk: refused
        self.decided = False
        self.surveyed: list[Event] = []  # of surveys, decided, counted or refused
        self.froze = False  # a month was frozen or revised, or that was refused

    def lay(self, chunk: Sequence[Any], wholes: Mapping[CaseId, Whole]) -> None:
        """Folds events over the confirmed rows, in the order of the log."""
        if not chunk:
            return
        entries = self._read(chunk)
        self.ahead = dict(self.conn.execute("SELECT case_id, seq FROM ahead").fetchall())
        for w in wholes.values():
            self.put(w)
        self.work.load({e.event.case for e in entries if e.event.case})
        missing: set[CaseId] = set()
        for entry in entries:
            missing |= self._lay(entry)
        if missing:
            raise MissingError(sorted(missing))

    def _read(self, chunk: Sequence[Any]) -> list[Entry]:
        """The events that are not in this desk's copy of the log yet."""
        ids = [e[0] if isinstance(e, list) else e["id"] for e in chunk]
        held = {
            row[3]: row
            for row in self.conn.execute(
                f"SELECT e.n, e.seq, e.digest, {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours
                "WHERE e.id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids),),
            )
        }
        numbers = [given[1] if isinstance(given, list) else given["seq"] for given in chunk]
        self._same_log(dict(zip(numbers, ids, strict=True)))
        entries = []
        for id_, given in zip(ids, chunk, strict=True):
            row = held.get(id_)
            if row is None:
                if isinstance(given, list):
                    raise UnknownOwnError
                entries.append(Entry(event_in(given), inner_in(given)))
            elif row[1] is None:
                entries.append(self._own(row, given))
            elif row[1] != numbers[len(entries)]:
                raise OtherLogError
            else:  # a page that comes again, or a letter that was fetched whole
                entries.append(Entry(log.load(row[3:]), n=row[0]))
        return entries

    def _same_log(self, given: Mapping[int, EventId]) -> None:
        """What is here already under these numbers, of a page that was broken off or a letter fetched whole, is what comes now.

        The hash that goes with a cursor says nothing of what was laid beyond it.
        """
        held = self.conn.execute(
            "SELECT seq, id FROM event WHERE seq BETWEEN ? AND ?", (min(given), max(given))
        ).fetchall()
        if any(given.get(seq, id_) != id_ for seq, id_ in held):
            raise OtherLogError

    def _own(self, row: Sequence[Any], given: Any) -> Entry:
        """A pending event that the log has now."""
        mine = log.load(row[3:])
        if isinstance(given, list):
            return Entry(replace(mine, seq=given[1], heard=given[2]), n=row[0])
        theirs = event_in(given)
        inner = inner_in(given) or log.inner(theirs.salt, theirs.words)
        if log.digest(theirs, inner) == row[2]:
            return Entry(replace(mine, seq=theirs.seq, heard=theirs.heard), n=row[0])
        # the same letter of a channel, taken down by two desks: theirs was first, mine stays to be read
        self._record(mine, "reused", {}, None)
        values = dict(zip(log.EVENT_COLUMNS, log.values(row[0], theirs, None, inner_hash=inner), strict=True))
        kept = {k: v for k, v in values.items() if k not in ("n", "id", "case_n", "seq", "heard")}
        marks = ", ".join(f"{k} = ?" for k in kept)
        self.conn.execute(f"UPDATE event SET {marks} WHERE n = ?", (*kept.values(), row[0]))  # noqa: S608 - ours
        return Entry(theirs, inner, row[0])

    def _lay(self, entry: Entry) -> set[CaseId]:
        """Folds one; returns the letters that must be fetched whole first."""
        event = entry.event
        if event.case is None or event.kind in cases.WITHOUT_CASE:
            self._decide(entry)
            return set()
        case = self.work.case(event.case)
        if case is None and event.kind != EventKind.RECEIVED:
            return {event.case}
        involved = (event.case, *(i for i in cases.touches(case, event) if i != event.case))
        absent = {i for i in involved[1:] if self.work.case(i) is None}
        if absent:
            return absent
        beyond = [i for i in involved if self.ahead.get(i, 0) >= (event.seq or 0)]
        if len(beyond) == len(involved) or self._done(entry):
            self._keep(entry, involved[1:])
            return set()
        if event.kind == EventKind.RECEIVED and case is not None:
            self._born(event.case)
        elif self.filling and (old := {i for i in involved if i not in self.ahead and self._old(i)}):
            return old
        if beyond:
            return {i for i in involved if i not in beyond}
        verdict = self.work.fold(event, max(event.heard or 0, event.at))
        if isinstance(verdict, Refusal):  # not as this desk would judge: the backend's row is what counts
            return set(involved)
        if isinstance(verdict, Absorbed):
            self.work.put(event.case, verdict.case)
            self._keep(entry, (), absorbed=True)
        else:
            self._keep(entry, verdict)
        return set()

    def _born(self, id_: CaseId) -> None:
        """The log has it only from now on: whatever row there was is of a log that is lost."""
        held = self.work.get(id_)
        if held is not None:
            held.case = None
            again = (
                "UPDATE outbox SET doubt = NULL WHERE doubt = ? AND event_n IN (SELECT n FROM event WHERE case_n = ?)"
            )
            self.conn.execute(again, (AGAIN, held.n))

    def _old(self, id_: CaseId) -> bool:
        """Whether the fill under way has not brought this letter yet: its row may be of a log that is lost."""
        held = self.work.get(id_)
        if held is None or held.before is None:
            return False
        return self.conn.execute("SELECT 1 FROM filled WHERE n = ?", (held.n,)).fetchone() is None

    def _done(self, entry: Entry) -> bool:
        """Held with its number already, so folded already: the page came twice."""
        if entry.n is None:
            return False
        found = self.conn.execute("SELECT seq FROM event WHERE n = ?", (entry.n,)).fetchone()
        return found is not None and found[0] is not None

    def _keep(self, entry: Entry, touched: Sequence[CaseId], *, absorbed: bool = False) -> None:
        self.rows.append((entry, tuple(touched), absorbed))
        self.news.cases.update((str(entry.event.case), *touched))

    def _decide(self, entry: Entry) -> None:
        """A decision of the newsroom counts for what comes after it; all rows of it are made anew at the end."""
        self.decided = self.decided or entry.event.kind == EventKind.CONFIGURED
        self._surveyed(entry.event)
        self.rows.append((entry, (), False))
        if entry.event.kind == EventKind.CONFIGURED and not self._done(entry):
            from db.configured import apply as decided

            self._decisions = decided(self._newsroom(), entry.event)
            self.work.book = self._decisions.book

    def _newsroom(self) -> Newsroom:
        """What the log alone has decided, and what of it this chunk has laid."""
        if self._decisions is None:
            from db.configured_rows import state

            self._decisions = state(self.conn, pending=False)
        return self._decisions

    def put(self, w: Whole) -> None:
        """A letter fetched whole stands in for whatever was confirmed of it."""
        self.work.load((w.case.id,))
        self.work.put(w.case.id, w.case)
        self.ahead[w.case.id] = w.seq
        self.conn.execute("INSERT OR REPLACE INTO ahead(case_id, seq) VALUES (?, ?)", (w.case.id, w.seq))
        self.news.cases.add(w.case.id)
        known = {
            i: (n, seq)
            for i, n, seq in self.conn.execute(
                "SELECT id, n, seq FROM event WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps([p.event.id for p in w.events]),),
            )
        }
        for event, _absorbed, _touched, inner in w.events:
            if event.case == w.case.id and (event.seq or 0) <= w.seq and known.get(event.id, (0, None))[1] is None:
                n = known[event.id][0] if event.id in known else None
                self.rows.append((Entry(event, inner, n), (), False))
        put_masked(self.conn, w.senders)

    def _surveyed(self, event: Event) -> None:
        """Rows of surveys, and of frozen months, are made anew once the log is written."""
        self.froze = self.froze or event.kind.startswith("bulletin_")
        if event.kind.startswith("survey_") and event.case is None:
            self.surveyed.append(event)

    def _record(self, event: Event, code: str, detail: Mapping[str, Any], case_n: int | None) -> None:
        self.conn.execute(
            "INSERT OR REPLACE INTO refused(id, case_n, event, code, detail, at) VALUES (?, ?, ?, ?, ?, ?)",
            (event.id, case_n, dumps(event_out(event)), code, dumps(dict(detail)), self.now),
        )
