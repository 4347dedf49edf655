"""A person's saved searches: further queues under names of their own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.store import Store

SETTING = "desk.searches"
MOST = 50


@dataclass(frozen=True, slots=True)
class Saved:
    name: str
    query: str


def load(store: Store) -> list[Saved]:
    """In the person's order. What cannot be read counts as nothing saved. Raises StoreError."""
    try:
        return [Saved(str(s["name"]), str(s["query"])) for s in json.loads(store.setting(SETTING) or "[]")]
    except (ValueError, TypeError, KeyError):
        return []


def keep(store: Store, searches: Sequence[Saved]) -> None:
    """These and no others. Raises StoreError."""
    store.put_setting(SETTING, json.dumps([asdict(s) for s in searches[:MOST]], ensure_ascii=False))


def with_one(searches: Sequence[Saved], name: str, query: str) -> list[Saved]:
    """The same name again means the new query, in the old one's place."""
    made = [Saved(name, query) if s.name == name else s for s in searches]
    return made if any(s.name == name for s in searches) else [*made, Saved(name, query)]


def moved(searches: Sequence[Saved], index: int, by: int) -> list[Saved]:
    """One of them a place up or down."""
    made = list(searches)
    to = index + by
    if 0 <= index < len(made) and 0 <= to < len(made):
        made[index], made[to] = made[to], made[index]
    return made
