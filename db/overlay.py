"""What the newsroom decided of places and topics, put over the shipped tables for this process.

Everything that reads `db/places.py` or `db/topics.py` sees it: pickers, finder, import, search. One process works for one
newsroom: the store that was opened or changed last.
"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.place_data import Change
    from db.store import Store

_shown: tuple[object, str] | None = None
"""Which store's decisions are shown, and which state of them."""


def show(store: Store) -> bool:
    """Shows the decisions of this store as they are now; True if they are others than were shown. One small read."""
    global _shown  # noqa: PLW0603 - one newsroom a process
    mark = store.setting("newsroom.mark")
    now = (store.path, mark) if mark is not None else None
    if now == _shown or (now is None and "db.places" not in sys.modules and "db.topics" not in sys.modules):
        return False
    _shown = now
    from db import places, topics

    divisions = store.rows(
        "SELECT code, valid_from, name, short, kind, parent, managed_by, aliases, successor FROM division "
        "ORDER BY valid_from, code"
    )
    places.use([_division(*row) for row in divisions])
    rows = store.rows("SELECT name, valid_from, area FROM topic ORDER BY valid_from, rowid")
    topics.use((name, date.fromisoformat(begins), area) for name, begins, area in rows)
    return True


def _division(
    code: str,
    begins: str,
    name: str,
    short: str,
    kind: str,
    parent: str | None,
    managed_by: str,
    aliases: str,
    successor: str | None,
) -> Change:
    from db.place_data import Change
    from db.places import made_change

    day = date.fromisoformat(begins)
    if not name:
        return Change(code, day, None, _list(successor))
    return made_change(code, day, name, short, kind, _list(parent), managed_by, _list(aliases))


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()
