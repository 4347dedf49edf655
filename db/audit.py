"""Are the events kept on this desk still what was written (DESIGN.md §4, §8)? `desk doctor` asks; nothing is changed.

An event's digest holds its facts and, through `inner`, its words; erased words leave `inner` behind. What came out of a
snapshot has no digest here and is the backend's to prove (`desk-backend verify`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import log
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
