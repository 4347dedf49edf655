"""Ready-made events in bulk: imports, the demo, measurements. The same fold as for one action, in big transactions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from db import log, outcome, overlay, search_index
from db.clock import now_ms
from db.codes import Codes
from db.model import Absorbed, Event, EventKind, Ms, Refusal
from db.outcome import Entry
from db.people import Sender, put_senders
from db.work import Work

if TYPE_CHECKING:
    from db.store import Store

BATCH = 5_000
"""Events a transaction: big enough that the commit costs nothing beside the work, small enough to hold in memory."""


@dataclass(slots=True)
class Received:
    """What came of ready-made events."""

    events: int = 0  # now in the log
    letters: int = 0  # of them new letters
    known: int = 0  # were already here, by their id
    absorbed: int = 0
    refused: list[tuple[Event, Refusal]] = field(default_factory=list)


def receive(
    store: Store,
    events: Iterable[Event],
    senders: Iterable[Sender] = (),
    *,
    pending: bool = True,
    now: Ms | None = None,
    batch: int = BATCH,
    progress: Callable[[Received], None] | None = None,
) -> Received:
    """Folds and keeps events in the order given; each `batch` of them is one durable transaction.

    pending: what carries no `seq` goes to the outbox; False keeps it as already settled (demo, measurements).
    A `received` event without a code gets this device's next one for its day. Events already here are skipped, refused
    ones listed and not kept, absorbed ones kept only if they carry a `seq`. `progress` is called after each batch.
    Raises StoreError; batches before it stay.
    """
    total = Received()
    people: Iterator[Sender] = iter(senders)
    stream = iter(events)
    while chunk := list(islice(stream, batch)):
        moment = now_ms() if now is None else now
        with store.write() as conn:
            put_senders(conn, islice(people, batch))
            fresh = _unknown(conn, chunk)
            total.known += len(chunk) - len(fresh)
            work = Work(conn, store.rulebook())
            work.load({e.case for e in fresh if e.case})
            entries = _judge(conn, work, fresh, moment, total, pending=pending)
            born = {i for i, h in work.held.items() if h.before is None}
            outcome.write(conn, work, entries, moment, index=False)
            _index(conn, work, entries, born)
            total.letters += len(born)
            total.events += len(entries)
        if progress:
            progress(total)
    with store.write() as conn:
        put_senders(conn, people)
    overlay.show(store)
    return total


def _unknown(conn: Any, chunk: list[Event]) -> list[Event]:
    """Those not in the log, each id once."""
    ids = json.dumps([e.id for e in chunk])
    here = {r[0] for r in conn.execute("SELECT id FROM event WHERE id IN (SELECT value FROM json_each(?))", (ids,))}
    fresh = []
    for event in chunk:
        if event.id not in here:
            here.add(event.id)
            fresh.append(event)
    return fresh


def _judge(conn: Any, work: Work, fresh: list[Event], now: Ms, total: Received, *, pending: bool) -> list[Entry]:
    codes = Codes(conn)
    entries = []
    for given in fresh:
        event = given
        if event.kind == EventKind.RECEIVED and not event.facts.get("code"):
            event = replace(event, facts={**event.facts, "code": codes.next(event.facts["received_at"])})
        if event.words and not event.salt:
            event = replace(event, words=log.storable(event.words), salt=log.salted(event))
        verdict = work.fold(event, now)
        if isinstance(verdict, Refusal):
            total.refused.append((event, verdict))
        elif not isinstance(verdict, Absorbed):
            entries.append(Entry(event, verdict, pending=pending and event.seq is None))
        else:
            total.absorbed += 1
            if event.seq is not None:
                work.put(event.case, verdict.case)
                entries.append(Entry(event, absorbed=True, pending=False))
    return entries


def _index(conn: Any, work: Work, entries: list[Entry], born: set[str]) -> None:
    """New letters go into the search index at once, with the words they came with; others wait like any."""
    texts: dict[int, list[str]] = {}
    for entry in entries:
        held = work.get(entry.event.case)
        if held is not None and held.n is not None and entry.event.case in born:
            texts.setdefault(held.n, []).extend(entry.event.words.values())
    search_index.add(conn, texts)
    outcome.note_words(conn, work, (e.event for e in entries if e.event.case not in born))
