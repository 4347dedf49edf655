"""September and October 2024 as the desk lived them, from one seed, in sentences of our own. All figures follow from events.

`desk demo` opens on the morning of 1 November (`DEMO_NOW`). Surveys come with a later version and are not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.demo.story import DEMO_NOW
from db.model import Event

if TYPE_CHECKING:
    from db.people import Sender
    from db.store import Store

__all__ = ["DEMO_NOW", "events", "prepare", "senders"]


def events() -> list[Event]:
    """Every event in the order it happened; the same bytes each time."""
    from db.demo.life import lives

    return list(lives()[0])


def senders() -> list[Sender]:
    """The citizens, apart; names and numbers are made up (138-0000-…)."""
    from db.demo.life import lives

    return list(lives()[1])


def prepare(store: Store) -> int:
    """Loads people, units and letters into the store; what is there already stays as it is. Returns the letters in it."""
    from db import commands, people, places
    from db.clock import day_of
    from db.demo import cast

    if not store.setting("demo.loaded"):
        people.put_users(store, cast.USERS)
        districts = {d.code: d.name for d in places.load().districts(day_of(DEMO_NOW))}
        commands.receive(store, cast.decisions(districts), pending=False, now=DEMO_NOW)
        got = commands.receive(store, events(), senders(), pending=False, now=DEMO_NOW)
        if got.refused:
            raise ValueError(str(got.refused[0]))
        store.put_setting("demo.loaded", "1")
    return int(store.rows("SELECT COUNT(*) FROM cases")[0][0])
