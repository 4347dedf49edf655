"""Fields (领域) and topics (话题) as the platform prints them: `db/data/topics.toml`. A newsroom may add its own."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "topics.toml"


class Topics:
    """Topics by field, both in the order they are printed in."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]], initials: Mapping[str, str]) -> None:
        self.fields = fields
        self._initials = initials
        self._field_of = {topic: field for field, topics in fields.items() for topic in topics}

    @property
    def all(self) -> list[str]:
        """Every topic, field by field."""
        return list(self._field_of)

    def field_of(self, topic: str | None) -> str | None:
        """The field of a topic; None of one that is not on the list."""
        return self._field_of.get(topic) if topic else None

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
        keys = {name: (name, self._initials.get(name, "")) for name in names}
        if any(wanted in key for key in keys.values()):
            return [name for name, key in keys.items() if wanted in key]
        first = [name for name, key in keys.items() if any(part.startswith(wanted) for part in key)]
        return first + [n for n, key in keys.items() if n not in first and any(wanted in part for part in key)]


@cache
def load() -> Topics:
    """The topics, read once a process."""
    held = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Topics({field: tuple(topics) for field, topics in held["fields"].items()}, held["initials"])


def field_of(topic: str | None) -> str | None:
    """The field of a topic; None of one that is not on the list."""
    return load().field_of(topic)
