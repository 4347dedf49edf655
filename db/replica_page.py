"""One chunk of news within its transaction: events of the log, verdicts on own ones, and what is shown then.

Part of `db/replica.py`, which says what holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from db import log, outcome
from db.model import Event, EventId, EventKind, Ms
from db.replica_lay import Laying
from db.replica_news import Entry
from db.standing import ids_of, place_new, show


class Page(Laying):
    """`lay`, then `stand` and `refuse` with the last chunk of an answer, then `finish`."""

    # own events that are settled

    def stand(self, stands: Mapping[EventId, tuple[int, Ms]]) -> None:
        """Own events, offered again, that stand behind the cursor: the confirmed rows hold them already."""
        for id_, (seq, heard) in stands.items():
            row = self._pending(id_)
            if row is not None:
                event = replace(log.load(row[1:]), seq=seq, heard=heard)
                self.work.load([event.case] if event.case else [])
                self.rows.append((Entry(event, n=row[0]), (), False))
                self.news.cases.add(str(event.case))
                self.decided = self.decided or event.kind == EventKind.CONFIGURED
                self._surveyed(event)

    def refuse(self, refused: Iterable[Sequence[Any]]) -> None:
        """Verdicts: the event leaves the log of this desk, whole, for its author to settle. A letter that is refused takes
        along what hangs on it here."""
        for id_, code, detail, _seen in refused:
            row = self._pending(id_)
            if row is None:
                continue
            event = log.load(row[1:])
            self._refuse(row[0], event, code, detail)
            if event.kind == EventKind.RECEIVED:
                rest = self.conn.execute(
                    f"SELECT e.n, {log.SELECT} FROM outbox o JOIN event e ON e.n = o.event_n JOIN cases c ON c.n = e.case_n "  # noqa: S608
                    "WHERE c.id = ? AND e.id <> ?",
                    (event.case, event.id),
                ).fetchall()
                for other in rest:
                    hanging = log.load(other[1:])
                    self._refuse(other[0], hanging, "depends", {"kind": hanging.kind, "re": event.id})

    def _refuse(self, n: int, event: Event, code: str, detail: Mapping[str, Any]) -> None:
        if n in self.gone:
            return
        held = self.work.get(event.case)
        self._record(event, code, detail, held.n if held is not None else None)
        self.gone.append(n)
        self.news.refused.append(event.id)
        self.news.cases.add(str(event.case))
        self.decided = self.decided or event.kind == EventKind.CONFIGURED
        self._surveyed(event)

    def _pending(self, id_: EventId) -> Any:
        """(place, columns of log.SELECT) of a pending event, None if it is none."""
        if any(entry.event.id == id_ for entry, _touched, _absorbed in self.rows):
            return None  # this very answer has it in the log
        return self.conn.execute(
            f"SELECT e.n, {log.SELECT} FROM outbox o JOIN event e ON e.n = o.event_n "  # noqa: S608 - ours alone
            "LEFT JOIN cases c ON c.n = e.case_n WHERE e.id = ?",
            (id_,),
        ).fetchone()

    # writing

    def finish(self) -> None:
        """Writes the log, then the letters: confirmed, pending over it, shown."""
        place_new(self.conn, self.work, self.now)
        self._reached()
        erased = [
            entry for entry, _touched, absorbed in self.rows if entry.event.kind == EventKind.ERASED and not absorbed
        ]
        self._log()
        for n in self.gone:
            for table, column in (("outbox", "event_n"), ("event_touch", "event_n"), ("event", "n")):
                self.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (n,))  # noqa: S608 - names are ours
        if erased:
            outcome.erase(self.conn, self.work, (entry.event for entry in erased))
        if self.decided:
            from db.configured_rows import rebuild

            rebuild(self.conn)
            self.news.newsroom = True
        if self.surveyed:
            from db import survey_rows

            survey_rows.write(self.conn, self.surveyed)
            self.news.surveys = True
        if self.froze:
            from db.bulletin import frozen_rows

            frozen_rows.rebuild(self.conn)
        if self.decided or self.work.book is not self.shown_book:
            from db.configured_rows import state

            self.work.book = state(self.conn).book
        told = show(self.conn, self.work, self.now)
        outcome.remove_senders(self.conn, self.work, ((e.event, touched) for e, touched, _absorbed in self.rows))
        self.news.doubted += [p.event.id for p in told.doubted]
        self.news.cases.update(told.changed)
        outcome.note_words(self.conn, self.work, (entry.event for entry, _touched, _absorbed in self.rows))
        if self.filling:  # a fill under way brings older rows of these: no longer wanted
            ns = [(found.n,) for i in self.news.cases if (found := self.work.get(i)) is not None]
            self.conn.executemany("INSERT OR IGNORE INTO filled(n) SELECT n FROM cases WHERE n = ?", ns)
        lost = [(h.n,) for i in told.changed if self.gone and (h := self.work.held[i]).n is not None]
        self.conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", lost)

    def _reached(self) -> None:
        """Letters that own events of this page touched while they were pending: refused, or standing behind what others did,
        they touch them no more (the letter that another was merged into, when a colleague merged it elsewhere before).
        """
        ns = [*self.gone, *(entry.n for entry, _touched, _absorbed in self.rows if entry.n is not None)]
        reached = "SELECT case_n FROM event_touch WHERE event_n IN (SELECT value FROM json_each(?))"
        self.work.load(ids_of(self.conn, [n for (n,) in self.conn.execute(reached, (json.dumps(ns),))]))

    def _log(self) -> None:
        last = self.conn.execute("SELECT max(n) FROM event").fetchone()[0] or 0
        fresh, touches = [], []
        done: dict[EventId, int] = {}
        for entry, touched, absorbed in self.rows:
            event, n = entry.event, entry.n
            if event.id in done:
                n = done[event.id]
            elif n is None:
                last += 1
                n = last
                held = self.work.get(event.case)
                fresh.append(log.values(n, event, held.n if held else None, absorbed=absorbed, inner_hash=entry.inner))
                self.news.events += 1
            elif not self._done(entry):
                self.conn.execute(
                    "UPDATE event SET seq = ?, heard = ?, absorbed = ? WHERE n = ?",
                    (event.seq, event.heard, int(absorbed), n),
                )
                self.conn.execute("DELETE FROM outbox WHERE event_n = ?", (n,))
                self.news.confirmed += 1
            done[event.id] = n
            touches += [(h.n, n) for i in touched if (h := self.work.get(i)) is not None]
        self.conn.executemany(log.INSERT, fresh)
        self.conn.executemany("INSERT OR IGNORE INTO event_touch(case_n, event_n) VALUES (?, ?)", touches)
