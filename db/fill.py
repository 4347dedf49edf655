"""First fill: rows of the backend's snapshot laid into this store, in the order that makes a desk usable soonest.

Open rows → usable → the log from number S → their events, bodies, senders → closed rows, newest first → what happened to
those, for figures of past months: after all the rest, so that nobody waits for it. What is pending here stays, folded over
the rows as they come. The same again after a `reset` (`db/fill_again.py`); what the new log no longer has goes at the end.
Where a fill stands is kept in the store, so that it goes on after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from db import blobs, fill_parts, link, overlay, projection
from db.chain import genesis
from db.clock import DAY, day_of, now_ms
from db.fill_again import born_again
from db.link import WANTED
from db.model import CLOSED, Case, CaseId, Ms
from db.standing import Standing, book_of_log, hanging, ids_of, show
from db.wire import event_in, inner_in

if TYPE_CHECKING:
    from db.figures.period import Period
    from db.store import Store

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
    """A fill under way. `done`: hashes of blobs that are in; `usable`: the open rows are.

    `oldest`: closed letters are kept if anything happened to them since (UTC ms); `left`: some were left out by that.
    """

    epoch: str
    seq: int
    hash: str
    blobs: tuple[Blob, ...]
    done: frozenset[str] = frozenset()
    usable: bool = False
    total: int = field(default=0)
    oldest: Ms = 0
    left: bool = False
    whole_hash: str = ""  # the log's hash at `seq`, all 64 hex digits
    heard: Ms = 0  # when that event was received

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
    return Fill(**kept | {"blobs": parts, "done": frozenset(kept["done"])})


def _text(fill: Fill) -> str:
    return json.dumps(asdict(fill) | {"done": sorted(fill.done)})


def plan(manifest: Any, now: Ms, scope_days: int | None) -> Fill:
    """What of a manifest is fetched, in order. `scope_days`: closed letters to which anything happened within so many days;
    None: all there are.
    """
    names = ("hash", "bytes", "kind", "scope")
    parts = [Blob(**{k: b[k] for k in names}) for b in manifest["blobs"]]
    opened = [b for b in parts if b.scope == "open"]
    oldest = 0 if scope_days is None else now - scope_days * DAY
    since = f"{day_of(oldest - OLDEST_OPEN):%Y-%m}" if oldest else ""
    closed = [b for b in parts if b.scope != "open"]
    within = sorted((b for b in closed if b.scope.split("..")[-1] >= since), key=lambda b: b.scope, reverse=True)
    shown = [b for b in within if b.kind in ("rows", "senders")]
    past = [b for b in within if b.kind == "events"]
    chosen = (*sorted(opened, key=lambda b: ORDER.index(b.kind)), *shown, *past)
    total = sum(b.bytes for b in chosen)
    left = len(within) < len(closed)
    return Fill(
        manifest["epoch"],
        manifest["seq"],
        manifest["h"],
        chosen,
        total=total,
        oldest=oldest,
        left=left,
        whole_hash=str(manifest.get("hash", "")),
        heard=int(manifest.get("heard", 0)),
    )


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
            oldest, left = max(before.oldest, fill.oldest), before.left or fill.left
            fill = replace(fill, done=done, usable=True, oldest=oldest, left=left)
        else:
            conn.execute("DELETE FROM filled")
            link.put(
                conn, anchor=f"0:{genesis(fill.epoch).hex()}:0"
            )  # the log is read from its beginning, unless rows come
        link.put(conn, fill=_text(fill), epoch=fill.epoch, whole=None)


def widen(store: Store, fill: Fill) -> None:
    """Begins to bring closed letters that a narrower scope left out; the open ones are here and go on with the log."""
    with store.write() as conn:
        conn.execute("INSERT OR IGNORE INTO filled(n) SELECT n FROM cases")
        done = frozenset(b.hash for b in fill.blobs if b.scope == "open")
        link.put(conn, fill=_text(replace(fill, done=done, usable=True)))


def take(store: Store, blob: Blob, body: bytes, now: Ms | None = None) -> list[CaseId]:
    """Lays one part of the fill under way into the store, in short transactions; letters it changed. `now`: UTC ms.
    Closed letters only once the log was read up to the snapshot's number. Raises BlobError, StoreError.
    """
    moment = now_ms() if now is None else now
    wanted = _Wanted(store)
    if blob.kind == "rows":
        changed = fill_parts.rows(store, wanted.of(blobs.read_rows(body)), moment, only_new=blob.scope != "open")
    elif blob.kind == "events":
        changed = fill_parts.events(store, blobs.read_events(body))
    elif blob.kind == "bodies":
        changed = fill_parts.bodies(store, blobs.read_bodies(body))
    else:
        fill_parts.senders(store, blobs.read_senders(body))
        changed = []
    with store.write() as conn:
        tie = link.read(conn)
        fill = read(tie.fill) if tie else None
        if fill is not None:
            done = fill.done | {blob.hash}
            rows_left = any(b.kind == "rows" and b.scope == "open" and b.hash not in done for b in fill.blobs)
            if not fill.usable and not rows_left:
                link.put(conn, cursor=fill.seq, hash=fill.hash)
                link.put(conn, anchor=f"{fill.seq}:{fill.whole_hash}:{fill.heard}" if fill.whole_hash else None)
            usable, left = fill.usable or not rows_left, fill.left or wanted.left
            link.put(conn, fill=_text(replace(fill, done=done, usable=usable, left=left)))
    store.changed()
    return changed


class _Wanted:
    """Which rows of a part this desk keeps. `left`: whether it left one out."""

    def __init__(self, store: Store) -> None:
        tie = link.of(store)
        fill = read(tie.fill) if tie else None
        self.oldest: Ms = fill.oldest if fill else 0
        self.left = False

    def of(self, rows: Iterator[tuple[Case, int]]) -> Iterator[Case]:
        for case, _seq in rows:
            if case.state in CLOSED and case.last_at < self.oldest:
                self.left = True
            else:
                yield case


_LOST = (
    "SELECT id FROM cases WHERE pending = 0 AND refused = 0 AND n NOT IN (SELECT n FROM filled) {among}"
    "AND NOT EXISTS (SELECT 1 FROM event e WHERE e.case_n = cases.n AND e.seq IS NOT NULL)"
)
_AMONG = "AND id IN (SELECT value FROM json_each(?)) "
"""Letters that no part has brought, with nothing pending here and nothing of the log."""

AT_ONCE = 100
"""Letters read at a time to be removed."""


def end(store: Store) -> list[CaseId]:
    """All parts are in: letters that the log does not have, and on which nothing is pending here, go. Those that went."""
    moment = now_ms()
    looked = [id_ for (id_,) in store.rows(_LOST.format(among=""))]  # all letters: not while others wait to write
    with store.write() as conn:
        gone = [id_ for (id_,) in conn.execute(_LOST.format(among=_AMONG), (json.dumps(looked),))]
        left = _hanging_on(conn, gone)
        for first in range(0, len(gone), AT_ONCE):
            for h in projection.fetch(conn, gone[first : first + AT_ONCE]).values():
                projection.remove(conn, h, moment)
        born_again(conn, store, moment)
        if left:
            work = Standing(conn, book_of_log(conn, store.rulebook()))
            work.load(left)
            show(conn, work, moment)
        conn.execute("DELETE FROM filled")
        newest = conn.execute("SELECT coalesce(max(n), 0) FROM event").fetchone()[0]
        conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES ('desk.looked', ?)", (str(newest),))
        tie = link.read(conn)
        fill = read(tie.fill) if tie else None
        link.put(conn, fill=None, whole=fill.oldest if fill and fill.left else 0)
    return gone


def _hanging_on(conn: Any, gone: list[CaseId]) -> list[CaseId]:
    """Letters with something pending that reaches one that goes (merged here into a letter that the new log never had)."""
    found = conn.execute("SELECT n FROM cases WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(gone),))
    ns = {n for (n,) in found}
    return ids_of(conn, hanging(conn, ns) - ns)


def wants_more(tie: link.Link) -> bool:
    """Whether the desk's scope asks for history that no fill has brought or is bringing."""
    return tie.fill is None and (tie.whole is None or (tie.scope is None and tie.whole > 0))


def history_complete(store: Store, period: Period | str) -> bool:
    """Whether figures of a period (`2024-10`, or parsed) can be computed here in full: everything is here that happened since
    the beginning of the period before it, with which it is compared. True on a desk of its own; False while a fill brings
    what happened to closed letters, and for months before the desk's scope (`desk sync --scope all` brings them).
    Raises BadPeriodError, StoreError.
    """
    from db.figures.period import parse

    tie = link.of(store)
    if tie is None:
        return True
    wanted = parse(period) if isinstance(period, str) else period
    return tie.whole is not None and tie.whole <= wanted.before().start


def put_newsroom(store: Store, told: Any) -> None:
    """People by name and every event without a case (GET /v1/newsroom). Raises BadEventError, StoreError."""
    from db import survey_rows
    from db.configured_rows import rebuild

    given = [blobs.Past(event_in(e), inner=inner_in(e)) for e in told["e"]]
    events = [p for p in given if p.event.case is None]
    with store.write() as conn:
        conn.execute("DELETE FROM user")
        conn.executemany("INSERT INTO user(id, name, role, active) VALUES (?, ?, ?, ?)", told["users"])
        fill_parts.put_events(conn, events)
        rebuild(conn)
        survey_rows.write(conn, [p.event for p in events])
        if any(p.event.kind.startswith("bulletin_") for p in events):
            from db.bulletin import frozen_rows

            frozen_rows.rebuild(conn)
        link.put(conn, newsroom=told["n"])
    overlay.show(store)
