"""First fill: rows of the backend's snapshot laid into this store, in the order that makes a desk usable soonest.

Open rows → usable → the log from number S → their events, bodies, senders → closed rows, newest first. What is pending here
stays, folded over the rows as they come. The same again after a `reset` (the backend was restored from a backup): then every
event ever made here is offered once more, for its id makes that harmless; and what the new log no longer has goes at the end.
Where a fill stands is kept in the store, so that it goes on after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from db import blobs, link, log, projection
from db.casefile import restore
from db.clock import DAY, day_of, now_ms
from db.model import CLOSED, Case, CaseId, Event, EventKind, Ms
from db.people import put_masked
from db.standing import AGAIN, Standing, book_of_log, keep_apart, place_new, show
from db.wire import event_in

if TYPE_CHECKING:
    from db.store import Store

CHUNK = 100
"""Rows in one transaction."""

OLDEST_OPEN = 365 * DAY
"""A segment of closed letters goes by months of receipt: one closed lately was received at most so long before."""

ORDER = ("rows", "events", "bodies", "senders")


@dataclass(frozen=True, slots=True)
class Blob:
    """A part of the snapshot, as the manifest names it."""

    hash: str
    bytes: int
    kind: str
    scope: str


@dataclass(frozen=True, slots=True)
class Fill:
    """A fill under way. `done`: hashes of blobs that are in; `usable`: the open rows are."""

    epoch: str
    seq: int
    hash: str
    blobs: tuple[Blob, ...]
    done: frozenset[str] = frozenset()
    usable: bool = False
    total: int = field(default=0)

    @property
    def next(self) -> Blob | None:
        """The part to be fetched next; None where all is in."""
        return next((b for b in self.blobs if b.hash not in self.done), None)

    @property
    def share(self) -> float:
        """How much of it is in, 0 to 1, by bytes."""
        done = sum(b.bytes for b in self.blobs if b.hash in self.done)
        return done / self.total if self.total else 1.0


def read(text: str | None) -> Fill | None:
    """A fill as it was kept (`Link.fill`); None where none is under way, or it only waits to begin."""
    if not text or text == WANTED:
        return None
    kept = json.loads(text)
    parts = tuple(Blob(**b) for b in kept["blobs"])
    return Fill(
        kept["epoch"],
        kept["seq"],
        kept["hash"],
        parts,
        frozenset(kept["done"]),
        kept["usable"],
        sum(b.bytes for b in parts),
    )


WANTED = "wanted"
"""As `Link.fill`: a manifest is to be fetched."""


def _text(fill: Fill) -> str:
    return json.dumps(asdict(fill) | {"done": sorted(fill.done)})


def plan(manifest: Any, now: Ms, scope_days: int | None) -> Fill:
    """What of a manifest is fetched, in order. `scope_days`: letters closed within so many days; None: all there are."""
    names = ("hash", "bytes", "kind", "scope")
    parts = [Blob(**{k: b[k] for k in names}) for b in manifest["blobs"]]
    opened = [b for b in parts if b.scope == "open"]
    since = "" if scope_days is None else f"{day_of(now - scope_days * DAY - OLDEST_OPEN):%Y-%m}"
    closed = [
        b for b in parts if b.scope != "open" and b.kind in ("rows", "senders") and b.scope.split("..")[-1] >= since
    ]
    closed.sort(key=lambda b: b.scope, reverse=True)
    chosen = tuple(sorted(opened, key=lambda b: ORDER.index(b.kind)) + closed)
    return Fill(manifest["epoch"], manifest["seq"], manifest["h"], chosen, total=sum(b.bytes for b in chosen))


def begin(store: Store, fill: Fill) -> None:
    """Keeps the plan. Of an earlier fill what has the same name stays done."""
    with store.write() as conn:
        tie = link.read(conn)
        before = read(tie.fill) if tie else None
        if before is not None and before.usable and before.epoch == fill.epoch:
            done = before.done & {b.hash for b in fill.blobs}
            done |= {
                b.hash for b in fill.blobs if (b.kind, b.scope) == ("rows", "open")
            }  # the log has gone on over them
            fill = replace(fill, done=done, usable=True)
        else:
            conn.execute("DELETE FROM filled")
        link.put(conn, fill=_text(fill), epoch=fill.epoch)


def widen(store: Store, fill: Fill) -> None:
    """Begins to bring closed letters that a narrower scope left out; the open ones are here and go on with the log."""
    with store.write() as conn:
        conn.execute("INSERT OR IGNORE INTO filled(n) SELECT n FROM cases")
        done = frozenset(b.hash for b in fill.blobs if b.scope == "open")
        link.put(conn, fill=_text(replace(fill, done=done, usable=True)))


def reset(store: Store, user: str) -> None:
    """The backend's log is another one: all events made at this desk are to be offered again, what others did comes with
    the fill. Rows stay as they are until the fill brings them anew: the person goes on working.
    """
    with store.write() as conn:
        conn.execute(
            "INSERT OR IGNORE INTO outbox(event_n, actor, offered, doubt) SELECT n, "
            "CASE WHEN role IN ('import', 'system') THEN ? ELSE actor END, at, ? FROM event "
            "WHERE seq IS NOT NULL AND digest <> x'' AND device IN (SELECT id FROM device)",
            (user, AGAIN),
        )
        lost = "seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_n = event.n)"
        conn.execute(f"DELETE FROM event_touch WHERE event_n IN (SELECT n FROM event WHERE {lost})")  # noqa: S608 - ours
        conn.execute(f"DELETE FROM event WHERE {lost}")  # noqa: S608 - ours
        conn.execute("UPDATE event SET seq = NULL, heard = NULL, absorbed = 0 WHERE seq IS NOT NULL")
        _apart(conn)
        conn.execute("DELETE FROM ahead")
        link.put(conn, cursor=0, hash="", fill=WANTED)


def _apart(conn: Any) -> None:
    """What is shown of letters is all that is known of their confirmed rows until the fill comes."""
    again = "SELECT DISTINCT c.id FROM outbox o JOIN event e ON e.n = o.event_n JOIN cases c ON c.n = e.case_n WHERE o.doubt = ?"
    ids = [i for (i,) in conn.execute(again, (AGAIN,))]
    for first in range(0, len(ids), CHUNK):
        held = projection.fetch(conn, ids[first : first + CHUNK])
        keep_apart(conn, held.values())
        for h in held.values():
            h.pending = _waiting(conn, h.n)
        projection.write(conn, held.values(), now_ms())


def _waiting(conn: Any, n: int | None) -> int:
    sql = "SELECT count(*) FROM outbox o JOIN event e ON e.n = o.event_n WHERE e.case_n = ?"
    return int(conn.execute(sql, (n,)).fetchone()[0])


def _anew(conn: Any, ns: Iterable[int | None]) -> None:
    """The confirmed rows of these letters are the new log's: what is offered again is pending over them like anything else."""
    conn.execute(
        "UPDATE outbox SET doubt = NULL WHERE doubt = ? AND event_n IN "
        "(SELECT e.n FROM event e JOIN json_each(?) j ON e.case_n = j.value)",
        (AGAIN, json.dumps(list(ns))),
    )


def take(
    store: Store, blob: Blob, body: bytes, now: Ms | None = None, scope_days: int | None = link.SCOPE_DAYS
) -> list[CaseId]:
    """Lays one part into the store, in transactions of `CHUNK`; letters it changed. `scope_days` as `plan` has it, `now` UTC ms.
    Closed letters only once the log was read up to the snapshot's number. Raises BlobError, StoreError.
    """
    moment = now_ms() if now is None else now
    if blob.kind == "rows":
        oldest = 0 if scope_days is None or blob.scope == "open" else moment - scope_days * DAY
        rows = (
            case for case, _seq in blobs.read_rows(body) if case.state not in CLOSED or (case.closed_at or 0) >= oldest
        )
        changed = _rows(store, rows, moment, only_new=blob.scope != "open")
    elif blob.kind == "events":
        changed = _events(store, blobs.read_events(body))
    elif blob.kind == "bodies":
        changed = _bodies(store, blobs.read_bodies(body))
    else:
        with store.write() as conn:
            put_masked(conn, blobs.read_senders(body))
        changed = []
    with store.write() as conn:
        tie = link.read(conn)
        fill = read(tie.fill) if tie else None
        if fill is not None:
            done = fill.done | {blob.hash}
            rows_left = any(b.kind == "rows" and b.scope == "open" and b.hash not in done for b in fill.blobs)
            if not fill.usable and not rows_left:
                link.put(conn, cursor=fill.seq, hash=fill.hash)
            link.put(conn, fill=_text(replace(fill, done=done, usable=fill.usable or not rows_left)))
    store.changed()
    return changed


def _rows(store: Store, rows: Iterable[Case], now: Ms, *, only_new: bool) -> list[CaseId]:
    changed: list[CaseId] = []
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        with store.write() as conn:
            work = Standing(conn, book_of_log(conn, store.rulebook()))
            work.load(case.id for case in chunk)
            # closed: what came with the open ones, or by news since, is at least as new
            ns = json.dumps([h.n for h in work.held.values()])
            here = "SELECT n FROM filled WHERE n IN (SELECT value FROM json_each(?))"
            done = {n for (n,) in conn.execute(here, (ns,))} if only_new else set()
            for case in chunk:
                held = work.get(case.id)
                if held is None or held.case is None or held.n not in done:
                    work.put(case.id, case)
            new = place_new(conn, work, now)
            _anew(conn, [h.n for h in work.held.values()])
            shown = show(conn, work, now)
            conn.executemany("INSERT OR IGNORE INTO filled(n) VALUES (?)", [(h.n,) for h in work.held.values()])
            conn.executemany("INSERT OR IGNORE INTO to_index(n) VALUES (?)", [(h.n,) for h in new])
            changed += [h.case.id for h in new if h.case is not None] + shown.changed
    return changed


def _events(store: Store, events: Iterable[tuple[Event, bool]]) -> list[CaseId]:
    """What happened to letters: to be read, for the rows hold it already. Own ones keep their words and salts."""
    changed: set[CaseId] = set()
    stream = iter(events)
    while chunk := list(islice(stream, CHUNK * 3)):
        with store.write() as conn:
            changed |= put_events(conn, chunk, inner_hash=b"")
    return sorted(changed)


def put_events(conn: Any, events: Sequence[tuple[Event, bool]], *, inner_hash: bytes | None = None) -> set[CaseId]:
    """Keeps events of the log whose effect the rows hold already; letters of own ones among them that are pending no more."""
    ids = json.dumps([e.id for e, _absorbed in events])
    known = dict(
        conn.execute("SELECT id, n FROM event WHERE id IN (SELECT value FROM json_each(?))", (ids,)).fetchall()
    )
    places = dict(
        conn.execute(
            "SELECT id, n FROM cases WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list({e.case for e, _a in events if e.case})),),
        ).fetchall()
    )
    last = conn.execute("SELECT max(n) FROM event").fetchone()[0] or 0
    fresh, settled = [], []
    for event, absorbed in events:
        if event.id in known:
            settled.append((event.seq, event.heard, int(absorbed), known[event.id]))
        elif event.case is None or event.case in places:
            last += 1
            fresh.append(log.values(last, event, places.get(event.case), absorbed=absorbed, inner_hash=inner_hash))
    conn.executemany(log.INSERT, fresh)
    conn.executemany("UPDATE event SET seq = ?, heard = ?, absorbed = ? WHERE n = ?", settled)
    conn.executemany(
        "INSERT OR IGNORE INTO to_index(n) VALUES (?)", [(places[e.case],) for e, _a in events if e.case in places]
    )
    own = [n for _seq, _heard, _absorbed, n in settled]
    waited = [
        n
        for (n,) in conn.execute(
            "SELECT event_n FROM outbox WHERE event_n IN (SELECT value FROM json_each(?))", (json.dumps(own),)
        )
    ]
    conn.executemany("DELETE FROM outbox WHERE event_n = ?", [(n,) for n in waited])
    return _shown_again(conn, waited)


def _shown_again(conn: Any, ns: Sequence[int]) -> set[CaseId]:
    """Letters whose pending events were found in the log: their rows are the confirmed ones again."""
    if not ns:
        return set()
    from db.configured_rows import state

    ids = [
        i
        for (i,) in conn.execute(
            "SELECT DISTINCT c.id FROM event e JOIN cases c ON c.n = e.case_n WHERE e.n IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ns)),),
        )
    ]
    work = Standing(conn, state(conn).book)
    work.load(ids)
    show(conn, work, now_ms())
    return set(ids)


def _bodies(store: Store, bodies: Iterable[tuple[CaseId, str]]) -> list[CaseId]:
    changed: list[CaseId] = []
    stream = iter(bodies)
    while chunk := list(islice(stream, CHUNK * 3)):
        with store.write() as conn:
            for case, body in chunk:
                row = conn.execute(
                    "SELECT e.n, e.words, e.case_n FROM event e WHERE e.id = ? AND e.salt = ''", (case,)
                ).fetchone()
                if row is None:
                    continue
                words = json.loads(row[1]) if row[1] else {}
                conn.execute("UPDATE event SET words = ? WHERE n = ?", (log.canonical(words | {"body": body}), row[0]))
                conn.execute("INSERT OR IGNORE INTO to_index(n) VALUES (?)", (row[2],))
                changed.append(case)
    return changed


def end(store: Store) -> list[CaseId]:
    """All parts are in: letters that the log does not have, and on which nothing is pending here, go. Those that went."""
    gone: list[CaseId] = []
    moment = now_ms()
    with store.write() as conn:
        rows = conn.execute(
            "SELECT id FROM cases WHERE pending = 0 AND refused = 0 AND n NOT IN (SELECT n FROM filled) "
            "AND NOT EXISTS (SELECT 1 FROM event e WHERE e.case_n = cases.n AND e.seq IS NOT NULL)"
        )
        ids = [i for (i,) in rows]
        for first in range(0, len(ids), CHUNK):
            for h in projection.fetch(conn, ids[first : first + CHUNK]).values():
                projection.remove(conn, h, moment)
        gone += ids
        _born_again(conn, store, moment)
        conn.execute("DELETE FROM filled")
        newest = conn.execute("SELECT coalesce(max(n), 0) FROM event").fetchone()[0]
        conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES ('desk.looked', ?)", (str(newest),))
        link.put(conn, fill=None)
    return gone


def _born_again(conn: Any, store: Store, now: Ms) -> None:
    """Letters that the new log does not have: pending events make them, if they do, and nothing else."""
    rows = conn.execute(
        "SELECT c.n, c.id, k.row FROM confirmed k JOIN cases c ON c.n = k.n WHERE c.n NOT IN (SELECT n FROM filled)"
    ).fetchall()
    if rows:
        work = Standing(conn, book_of_log(conn, store.rulebook()))
        work.known = {id_: restore(row) for _n, id_, row in rows if row}
        conn.executemany("DELETE FROM confirmed WHERE n = ?", [(n,) for n, _id, _row in rows])
        _anew(conn, [n for n, _id, _row in rows])
        work.load([id_ for _n, id_, _row in rows])
        show(conn, work, now)


def put_newsroom(store: Store, told: Any) -> None:
    """People by name and every decision of the newsroom (GET /v1/newsroom). Raises BadEventError, StoreError."""
    from db import survey_rows, surveys
    from db.configured_rows import rebuild

    events = [event_in(e) for e in told["e"]]
    with store.write() as conn:
        conn.execute("DELETE FROM user")
        conn.executemany("INSERT INTO user(id, name, role, active) VALUES (?, ?, ?, ?)", told["users"])
        kept = [e for e in events if e.kind == EventKind.CONFIGURED or e.kind in surveys.KINDS]
        put_events(conn, [(e, False) for e in kept])
        rebuild(conn)
        survey_rows.write(conn, kept)
        link.put(conn, newsroom=told["n"])
    store.look_at_newsroom()
