"""Are the events kept on this desk still what was written (DESIGN.md §4, §8)? `desk doctor` asks; nothing is changed.

An event's digest holds its facts and, through `inner`, its words; erased words leave `inner` behind. What came out of a
snapshot has no digest here and is the backend's to prove (`desk-backend verify`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import chain, log
from db.model import Ms

if TYPE_CHECKING:
    from db.store import Store


@dataclass(frozen=True, slots=True)
class Changed:
    """An event that is not what its digest stands for."""

    code: str  # of its letter; "" for a decision of the newsroom
    kind: str
    at: Ms


def changed(store: Store) -> Iterator[Changed]:
    """Events whose content and digest differ, in their order."""
    sql = (
        f"SELECT c.code, e.inner, e.digest, {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours
        "WHERE e.digest <> x'' ORDER BY e.n"
    )
    with store.view() as conn:
        for code, inner, digest, *columns in conn.execute(sql):
            try:
                event = log.load(columns)
                kept = log.inner(event.salt, event.words) if event.salt else inner
                same = bytes(inner) == bytes(kept) and log.digest(event, inner) == bytes(digest)
            except (ValueError, TypeError):  # facts or words are no JSON any more
                same = False
            if not same:
                yield Changed(code or "", str(columns[2]), int(columns[3]))


def witness(store: Store) -> str | None:
    """`NUMBER:HASH`: how far the backend's log was read here and what its hash was; None without a backend."""
    from db import link

    tie = link.of(store)
    return f"{tie.cursor}:{tie.hash}" if tie is not None and tie.cursor else None


@dataclass(frozen=True, slots=True)
class Followed:
    """How far the backend's chain of hashes holds over the numbers that are here, from `first` to `last`.

    `what`: `whole` (to the cursor), `part` (to `last`: the number behind it came out of a snapshot, without what its digest is
    made of), `removed` (the number behind `last` is gone), `inserted` (numbers beyond the cursor), `changed` (one of them).
    """

    what: str
    first: int
    last: int


def followed(store: Store) -> Followed | None:
    """Follows the chain from where the fill began to the cursor. Every number behind that was read from the log and kept, so one
    that is missing was removed. None where there is nothing to follow: no backend, a fill under way or by an older version.
    """
    from db import link

    with store.view() as conn:
        tie = link.read(conn)
        if tie is None or tie.anchor is None or not tie.usable:
            return None
        number, text, *told = tie.anchor.split(":")
        if not told:
            return None
        first, hash_, received = int(number) + 1, bytes.fromhex(text), int(told[0])
        here = conn.execute("SELECT seq, digest, heard FROM event WHERE seq >= ? ORDER BY seq", (first,)).fetchall()
    last = first - 1
    for seq, digest, heard in here:
        if seq > max(tie.cursor, tie.page):
            return Followed("inserted", first, tie.cursor)
        if seq > tie.cursor:  # a page that was broken off: it comes again, and only then its hash is known here
            break
        if seq != last + 1:
            return Followed("removed", first, last)
        if not digest:
            return Followed("part", first, last)
        hash_, last, received = chain.following(hash_, seq, bytes(digest)), seq, heard or 0
    if last < tie.cursor:
        return Followed("removed", first, last)
    return Followed("whole" if chain.short(hash_, received) == tie.hash else "changed", first, last)
