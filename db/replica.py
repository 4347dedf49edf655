"""The backend's log on this desk: pages of news are laid under what is pending here (DESIGN.md §6, docs/sync.md).

Invariants, looked at after every step of `tests/line/world.py`:
shown = confirmed + pending, folded again after every answer; a pending event that no longer fits is skipped and marked,
never dropped, never fatal. Every event ever made here is in exactly one of: pending, log, refused. An event leaves the
pending ones only when it comes back in the log or as refused; the cursor moves only over what was delivered, and only
by the answer made for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from db import casefile, link, overlay
from db.blobs import Past
from db.clock import now_ms
from db.fill_parts import put_events
from db.model import CaseId, Ms
from db.people import put_masked
from db.replica_news import News, Whole
from db.replica_page import Page
from db.turns import Pace
from db.wire import event_in, inner_in

if TYPE_CHECKING:
    from db.store import Store

FIRST = 16
"""Events of news in the first transaction; how long that takes decides how many the next one has (`db/turns.py`)."""


def whole(answer: Mapping[str, Any]) -> Whole:
    """The answer of GET /v1/cases, read. Raises BadEventError, KeyError, ValueError."""
    events = [Past(event_in(e), inner=inner_in(e)) for e in answer["e"]]
    return Whole(casefile.from_plain(answer["row"]), int(answer["seq"]), events, answer.get("p", ()))


def furthest(store: Store) -> int:
    """The highest number of the log that anything here was laid from; beyond the cursor where a page was broken off or a
    letter fetched whole, and then no hash says that the backend still has it. Raises StoreError.
    """
    return int(
        store.rows("SELECT max(ifnull((SELECT max(seq) FROM event), 0), ifnull((SELECT max(seq) FROM ahead), 0))")[0][0]
    )


def apply(
    store: Store,
    asked: tuple[int, str],
    answer: Mapping[str, Any],
    wholes: Mapping[CaseId, Whole] | None = None,
    now: Ms | None = None,
) -> News:
    """Lays an answer of /v1/sync under what is shown here. `asked`: cursor and hash it was made for.

    In transactions of some milliseconds: broken off in the middle, the same page comes again and goes on where it was.
    Raises MissingError, UnknownOwnError, OtherLogError (nothing of that chunk was done), StoreError.
    """
    moment = now_ms() if now is None else now
    entries = list(answer.get("e", ()))
    stands = {id_: (seq, heard) for id_, seq, heard in answer.get("y", ())}
    news = News()
    pace, first, last = Pace(store.turns, FIRST), 0, False
    while not last:
        chunk = entries[first : first + pace.size]
        first += len(chunk)
        last = first >= len(entries)
        with pace.piece(len(chunk)), store.write(lasting=last) as conn:
            tie = link.read(conn)
            if tie is None or tie.place != asked or not tie.usable:
                return news
            page = Page(conn, store, moment, news, filling=tie.fill is not None)
            page.lay(chunk, wholes or {})
            if last:
                page.stand(stands)
                page.refuse(answer.get("x", ()))
            page.finish()
            if last:
                put_masked(conn, answer.get("p", ()))
            if not last and "c" in answer:
                link.put(conn, page=answer["c"])
            if last and "c" in answer:
                link.put(conn, cursor=answer["c"], hash=answer["h"], page=None)
                conn.execute("DELETE FROM ahead WHERE seq <= ?", (answer["c"],))
    news.applied = True
    if news.newsroom:
        overlay.show(store)
    if news.cases or news.surveys:
        store.changed()
    return news


def keep_whole(store: Store, w: Whole, now: Ms | None = None) -> None:
    """Keeps a letter that was fetched to be read: its history, and its row where the letter was not here. Raises StoreError."""
    with store.write() as conn:
        tie = link.read(conn)
        here = conn.execute("SELECT 1 FROM cases WHERE id = ?", (w.case.id,)).fetchone()
        if tie is None:
            return
        if here is None:
            page = Page(conn, store, now_ms() if now is None else now, News(), filling=tie.fill is not None)
            page.put(w)
            page.finish()
        else:
            own = [p for p in w.events if p.event.case == w.case.id and (p.event.seq or 0) <= tie.cursor]
            put_events(conn, own)
            put_masked(conn, w.senders)
    store.changed()
