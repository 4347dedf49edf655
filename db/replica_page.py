"""One chunk of news within its transaction: events of the log folded over confirmed rows, verdicts, what is shown then.

Part of `db/replica.py`, which says what holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from db import cases, log, outcome
from db.blobs import Past
from db.model import Absorbed, Case, CaseId, Event, EventId, EventKind, Ms, Refusal
from db.people import put_masked
from db.standing import AGAIN, Standing, book_of_log, place_new, show
from db.wire import dumps, event_in, event_out, inner_in

if TYPE_CHECKING:
    from db.configured import Newsroom
    from db.store import Store


class MissingError(Exception):
    """News of letters that are not here, or further on than the page: fetch these whole (GET /v1/cases/ID), then again."""

    def __init__(self, ids: Iterable[CaseId]) -> None:
        self.ids = tuple(ids)
        super().__init__(len(self.ids))


class UnknownOwnError(Exception):
    """The answer names events by id that this desk no longer has (its file was restored): ask again with `full`."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One letter as the backend has it: its row at number `seq` of the log, and its events up to there and a little on."""

    case: Case
    seq: int
    events: Sequence[Past]
    senders: Sequence[Sequence[str]] = ()


@dataclass(slots=True)
class News:
    """What an answer brought."""

    applied: bool = False  # False: it was made for another cursor, nothing was done
    events: int = 0  # of others
    confirmed: int = 0  # own ones, now in the log
    refused: list[EventId] = field(default_factory=list)
    doubted: list[EventId] = field(default_factory=list)
    cases: set[CaseId] = field(default_factory=set)
    newsroom: bool = False  # it decided something
    surveys: bool = False  # one was decided on, or its answers counted


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the log on its way in. `n`: its place here, if it was pending or held already."""

    event: Event
    inner: bytes | None = None
    n: int | None = None


class Page:
    """One chunk within its transaction."""

    def __init__(self, conn: Any, store: Store, now: Ms, news: News, *, filling: bool = False) -> None:
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

    # the log

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
        entries = []
        for id_, given in zip(ids, chunk, strict=True):
            row = held.get(id_)
            if row is None:
                if isinstance(given, list):
                    raise UnknownOwnError
                entries.append(Entry(event_in(given), inner_in(given)))
            elif row[1] is None:
                entries.append(self._own(row, given))
            else:  # a page that comes again, or a letter that was fetched whole
                entries.append(Entry(log.load(row[3:]), n=row[0]))
        return entries

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
        self.conn.execute("DELETE FROM outbox WHERE event_n = ?", (row[0],))
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
        self.work.load([event.case] if event.case else [])
        held = self.work.get(event.case)
        self._record(event, code, detail, held.n if held is not None else None)
        self.gone.append(n)
        self.news.refused.append(event.id)
        self.news.cases.add(str(event.case))
        self.decided = self.decided or event.kind == EventKind.CONFIGURED
        self._surveyed(event)

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
