"""A person's saved searches: further queues under names of their own, kept in the settings file."""

from __future__ import annotations

from collections.abc import Sequence

from desk.settings import Search


def with_one(searches: Sequence[Search], name: str, query: str) -> list[Search]:
    """The same name again means the new query, in the old one's place."""
    made = [Search(name, query) if s.name == name else s for s in searches]
    return made if any(s.name == name for s in searches) else [*made, Search(name, query)]


def moved(searches: Sequence[Search], index: int, by: int) -> list[Search]:
    """One of them a place up or down."""
    made = list(searches)
    to = index + by
    if 0 <= index < len(made) and 0 <= to < len(made):
        made[index], made[to] = made[to], made[index]
    return made
