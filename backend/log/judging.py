"""Events of one request, judged one by one, in order, each on what the one before left (docs/sync.md).

Invariants: an id is judged once; the same request again gives the same verdicts and no second effect, also when both run at
the same time (the rows of their cases are locked before anything is looked up); number order is commit order.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from backend.database import Database
from backend.log import looking, newsroom, writing
from backend.log import surveys as survey_log
from backend.log.held import Locked, MoreError, touched_at_first
from backend.log.looking import VERDICTS, Place, Refused
from backend.log.reading import Head
from backend.log.writing import Accepted
from backend.people.person import SYNCING, Person
from db import cases, log, surveys, timers
from db.bulletin import frozen
from db.clock import DAY
from db.copies import maker, replace
from db.model import Absorbed, CaseId, Event, EventId, EventKind, Ms, Refusal, Role
from db.wire import BadEventError, event_in

KEPT: Ms = 180 * DAY
KNOWN_KINDS = frozenset(EventKind)
logger = logging.getLogger("backend.log")


@dataclass(frozen=True, slots=True)
class Offered:
    """An event as it came, with the hashes that tell it from any other."""

    event: Event
    inner: bytes
    digest: bytes


Outcome = Place | Refused
"""What became of an event; None where it was not judged."""


@dataclass(slots=True)
class Judged:
    """What became of a request's events by id, and what was written."""

    outcomes: dict[EventId, Outcome] = field(default_factory=dict)
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)  # for the first time
    clashing: dict[EventId, Refused] = field(default_factory=dict)  # known ids that came with another digest
    end: Head | None = None  # of the log, once these events stand in it; None where none was added


def read(given: Iterable[Any], now: Ms) -> tuple[list[Offered], dict[str, str]]:
    """The events of a request, heard `now`; those that are none, by id, with the field that is wrong."""
    found: list[Offered] = []
    bad: dict[str, str] = {}
    for one in given:
        try:
            event = event_in(one, now)
        except BadEventError as wrong:
            id_ = one.get("id") if isinstance(one, dict) else None
            if not isinstance(id_, str) or wrong.field == "id":
                raise  # nothing to answer it by
            bad[id_] = wrong.field
            continue
        found.append(offer(event))
    return found, bad


def offer(event: Event) -> Offered:
    inner = log.inner(event.salt, event.words)
    return maker(Offered)(event, inner, log.digest(event, inner))


def judge(
    db: Database, offered: Sequence[Offered], who: Person, now: Ms, senders: Sequence[writing.SenderRow] = ()
) -> Judged:
    """Judges and keeps them in one transaction. Raises what the database raises; then nothing was kept."""
    if not offered:
        return Judged()
    wanted: set[CaseId] = {o.event.case for o in offered if o.event.case}
    for o in offered:
        wanted.update(touched_at_first(o.event.facts))
    while True:
        locked = frozenset(wanted)

        def turn(conn: Connection, locked: frozenset[CaseId] = locked) -> Judged:
            return _Turn(conn, offered, who, now, locked).run(senders)

        try:
            return db.write(turn)
        except MoreError as more:
            wanted |= more.ids
        except newsroom.ChangedError:
            continue


class _Turn:
    """One attempt at a request, in its transaction."""

    def __init__(
        self, conn: Connection, offered: Sequence[Offered], who: Person, now: Ms, wanted: Iterable[CaseId]
    ) -> None:
        self.conn = conn
        self.offered = offered
        self.who = who
        self.now = now
        deciding = any(o.event.case is None for o in offered)
        self.newsroom, self.decided = newsroom.decided(conn, lock=deciding)
        self.work = Locked(conn, self.newsroom.book, wanted)
        self.done = Judged()
        self.surveys: surveys.Surveys | None = None
        self.months: dict[str, tuple[int, str]] | None = None  # frozen ones, read when first asked for
        self.stopped: set[CaseId | None] = set()  # cases whose order a kind from a newer desk has broken off

    def run(self, senders: Sequence[writing.SenderRow]) -> Judged:
        found = looking.look(self.conn, [o.event for o in self.offered])
        self.known, self.verdicts, self.codes, self.seq = found.places, found.verdicts, found.codes, found.seq
        for o in self.offered:
            self._one(o)
        if self.done.accepted or self.done.refused:
            written = writing.Written(self.done.accepted, self.done.refused, senders)
            places, self.done.end = writing.write(self.conn, self.work, written, self.decided, self.now)
            if self.surveys is not None:
                survey_log.write(self.conn, self.surveys, (a.event for a in self.done.accepted))
            place = maker(Place)
            self.done.outcomes |= {id_: place(seq, self.now, self.known[id_].digest) for id_, seq in places.items()}
        return self.done

    def _one(self, o: Offered) -> None:
        event = o.event
        before = self.known.get(event.id) or self.verdicts.get(event.id)
        if before is not None:
            if before.digest == o.digest:
                self.done.outcomes[event.id] = before
            else:
                self.done.clashing[event.id] = Refused(event.id, o.digest, Refusal("reused"), self.seq, self.who.device)
            return
        if event.kind not in KNOWN_KINDS or event.case in self.stopped:
            self.stopped.add(event.case)
            return
        if event.heard != self.now:
            event = replace(event, heard=self.now)
        verdict = self._verdict(event)
        if isinstance(verdict, Refusal):
            refused = Refused(event.id, o.digest, verdict, self.seq, self.who.device)
            self.done.outcomes[event.id] = refused
            if self.who.role in SYNCING:  # only desks ask again; at a door, or for a timer, the next try may be right
                self.done.refused.append(refused)
                self.verdicts[event.id] = refused
            return
        if isinstance(verdict, Absorbed):
            self.work.put(event.case, verdict.case)
            kept = maker(Accepted)(event, o.inner, o.digest, absorbed=True)
        else:
            kept = maker(Accepted)(event, o.inner, o.digest, verdict)
        self.done.accepted.append(kept)
        # the number comes at the end; the same id again in this request is the same event
        self.known[event.id] = maker(Place)(0, self.now, o.digest)

    def _verdict(self, event: Event) -> tuple[CaseId, ...] | Refusal | Absorbed:
        if no := self._author(event):
            return no
        if event.case is None or event.kind in cases.WITHOUT_CASE:
            return self._decision(event)
        if event.kind == EventKind.RECEIVED:
            code = event.facts.get("code")
            if self.codes.setdefault(str(code), event.id) != event.id:
                return Refusal("code_taken", {"code": code})
        try:
            return self.work.fold(event, max(self.now, event.at))
        except MoreError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
            logger.exception("the rules stumbled", extra={"event_kind": event.kind})
            return Refusal("bad_event", {"field": "facts"})

    def _decision(self, event: Event) -> tuple[CaseId, ...] | Refusal:
        """What the newsroom decides: what comes after it in this request goes by it."""
        if event.case is None and event.kind in surveys.KINDS:
            return self._survey(event)
        if event.case is None and event.kind in frozen.KINDS:
            return self._freeze(event)
        after = newsroom.decide(self.newsroom, event)
        if isinstance(after, Refusal):
            return after
        self.newsroom = after
        self.work.book = after.book
        return ()

    def _survey(self, event: Event) -> tuple[CaseId, ...] | Refusal:
        """A decision on a survey, or what was counted of one."""
        if self.surveys is None:
            self.surveys = survey_log.state(self.conn)
        after = surveys.decide(self.surveys, event)
        if isinstance(after, Refusal):
            return after
        self.surveys = after
        return ()

    def _freeze(self, event: Event) -> tuple[CaseId, ...] | Refusal:
        """A month is frozen once; who freezes or revises it second is told so."""
        if self.months is None:
            self.months = newsroom.frozen_months(self.conn)
        if no := frozen.why_not(self.months, event):
            return no
        self.months = frozen.after(self.months, event)
        return ()

    def _author(self, event: Event) -> Refusal | None:
        if event.role is Role.SYSTEM and self.who.role in (Role.EDITOR, Role.SUPERVISOR):
            case = self.work.case(event.case)
            due = timers.waiting(case, self.work.book) if case is not None else ()
            return None if replace(event, heard=None) in due else Refusal("forbidden", {"actor": event.actor})
        if self.who.wrote(event) or (event.role is Role.SYSTEM and self.who.role is Role.BACKEND):
            return None
        if event.actor != self.who.actor(event.role):
            return Refusal("forbidden", {"actor": event.actor})
        return Refusal("forbidden", {"role": str(event.role), "kind": event.kind})


def tidy(conn: Connection, now: Ms) -> None:
    """Verdicts are kept for half a year: no desk asks again after that."""
    conn.execute(VERDICTS.delete().where(VERDICTS.c.at < now - KEPT))
