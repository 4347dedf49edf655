"""Fields (领域) and topics (话题) as the platform prints them: `db/data/topics.toml`. A newsroom may add its own."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from db.clock import day_of, now_ms
from db.initials import initials

if TYPE_CHECKING:
    from db.configured import Newsroom

FILE = Path(__file__).with_name("data") / "topics.toml"


Change = tuple[str, date, str | None]
"""(topic, day from which, its field; None: it is no longer offered)."""


class Topics:
    """Topics by field, both in the order they are printed in. `former` ones are no longer offered: topic → field."""

    def __init__(
        self,
        fields: Mapping[str, tuple[str, ...]],
        pinyin: Mapping[str, str],
        former: Mapping[str, str] | None = None,
    ) -> None:
        self.fields = fields
        self._initials = pinyin
        self._field_of = {topic: field for field, topics in fields.items() for topic in topics}
        self._former = former or {}

    @property
    def all(self) -> list[str]:
        """Every topic, field by field."""
        return list(self._field_of)

    def field_of(self, topic: str | None) -> str | None:
        """The field of a topic, also of one that is no longer offered; None of one that never was on the list."""
        return self._field_of.get(topic) or self._former.get(topic) if topic else None

    def filter(self, typed: str) -> list[str]:
        """Topics that match what was typed: the exact one first, then beginnings, then parts; all where nothing was.

        Latin letters match the initials of their pinyin (dtaz: 电梯安装).
        """
        return self._match(typed, self._field_of)

    def filter_fields(self, typed: str) -> list[str]:
        """Fields that match what was typed, as `filter`."""
        return self._match(typed, self.fields)

    def _match(self, typed: str, names: Iterable[str]) -> list[str]:
        wanted = unicodedata.normalize("NFKC", typed).casefold().replace(" ", "")
        keys = {name: (name, self._initials.get(name) or initials(name)) for name in names}
        if any(wanted in key for key in keys.values()):
            return [name for name, key in keys.items() if wanted in key]
        first = [name for name, key in keys.items() if any(part.startswith(wanted) for part in key)]
        return first + [n for n, key in keys.items() if n not in first and any(wanted in part for part in key)]


@cache
def shipped() -> Topics:
    """The topics of the platform, read once a process."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Topics({field: tuple(topics) for field, topics in held["fields"].items()}, held["initials"])


_decided: tuple[Change, ...] = ()


def use(changes: Iterable[Change]) -> None:
    """These decisions count from now on in this process: one process works for one newsroom."""
    global _decided  # noqa: PLW0603 - as said
    _decided = tuple(changes)


def load(day: date | None = None) -> Topics:
    """The topics on a day (today), with what the newsroom decided where a store with decisions was opened (`use`)."""
    return _on(_decided, day or day_of(now_ms())) if _decided else shipped()


def of_newsroom(newsroom: Newsroom, day: date) -> Topics:
    """The topics as a newsroom's decisions make them."""
    return _on(changes_of(newsroom), day)


def changes_of(newsroom: Newsroom) -> tuple[Change, ...]:
    """What a newsroom decided of topics, in the order in which it counts."""
    found = [d for decisions in newsroom.of("topic").values() for d in decisions]
    return tuple((d.id, d.day, d.value["field"] if d.value else None) for d in sorted(found, key=lambda d: d.since))


@lru_cache(maxsize=16)
def _on(changes: tuple[Change, ...], day: date) -> Topics:
    base = shipped()
    fields = {field: list(topics) for field, topics in base.fields.items()}
    former: dict[str, str] = {}
    for topic, begins, to in changes:
        if begins > day:
            continue
        for field, topics in fields.items():
            if topic in topics:
                topics.remove(topic)
                former[topic] = field
        if to is not None:
            fields.setdefault(to, []).append(topic)
            former.pop(topic, None)
    left = {field: tuple(topics) for field, topics in fields.items() if topics}
    return Topics(left, base._initials, former)


def field_of(topic: str | None) -> str | None:
    """The field of a topic; None of one that is not on the list."""
    return load().field_of(topic)
