"""September and October 2024 as the desk lived them, from one seed, in sentences of our own. All figures follow from events.

`desk demo` opens on the morning of 1 November (`DEMO_NOW`). Its surveys stand at the
end of its log (`surveys.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.demo.story import DEMO_NOW
from db.model import Event

if TYPE_CHECKING:
    from db.people import Sender
    from db.store import Store

__all__ = ["DEMO_NOW", "events", "prepare", "senders"]


NUMBERED = "3"
"""Setting `demo.loaded` of a store whose events have the numbers of the demo backend's log."""


def head(store: Store, epoch: str) -> tuple[int, str]:
    """Where a desk that has read the demo's log stands, in a newsroom of that epoch: number, and what a cursor carries there."""
    from db import chain

    hash_, last, received = chain.genesis(epoch), 0, 0
    for seq, digest, heard in store.rows("SELECT seq, digest, heard FROM event WHERE seq IS NOT NULL ORDER BY seq"):
        hash_, last, received = chain.following(hash_, seq, bytes(digest)), int(seq), int(heard)
    return last, chain.short(hash_, received)


def events() -> list[Event]:
    """Every event in the order it happened; the same bytes each time."""
    from db.demo.life import lives

    return list(lives()[0])


def senders() -> list[Sender]:
    """The citizens, apart; names and numbers are made up (138-0000-…)."""
    from db.demo.life import lives

    return list(lives()[1])


def log() -> list[Event]:
    """Everything in the order of the log: what the supervisor decided first, then `events`, then the surveys. Without numbers."""
    from db import places
    from db.clock import day_of
    from db.demo import cast, surveys

    districts = {d.code: d.name for d in places.load().districts(day_of(DEMO_NOW))}
    return [*cast.decisions(districts), *events(), *surveys.events()]


def prepare(store: Store) -> int:
    """Loads people, units and letters into the store; what is there already stays as it is. Returns the letters in it."""
    from dataclasses import replace

    from db import commands, people
    from db.demo import cast

    if not store.setting("demo.loaded"):
        people.put_users(store, cast.USERS)
        numbered = [replace(e, seq=n, heard=DEMO_NOW) for n, e in enumerate(log(), 1)]
        got = commands.receive(store, numbered, senders(), pending=False, now=DEMO_NOW)
        if got.refused:
            raise ValueError(str(got.refused[0]))
        store.put_setting("demo.loaded", NUMBERED)
    return int(store.rows("SELECT COUNT(*) FROM cases")[0][0])
