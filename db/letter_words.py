"""The words of letters as their senders wrote them, whatever was classified, answered or corrected since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """Title, and body with the place the citizen stated before it; outside text, not yet made safe."""

    title: str
    body: str

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.body}"


READ = 16_000
"""Characters of a letter that are compared and learned from: three parts from its beginning, one from its end. A letter of a
megabyte would take seconds, and say no more."""


def as_received(conn: Any, ns: Iterable[int]) -> dict[int, Text]:
    """`n` → words, of a very long letter its beginning and its end. Erased letters are missing."""
    sql = (
        "SELECT c.n, e.words FROM cases c JOIN event e ON e.id = c.id "
        "WHERE c.n IN (SELECT value FROM json_each(?)) AND e.words IS NOT NULL"
    )
    found = {}
    for n, words in conn.execute(sql, (json.dumps(list(ns)),)):
        said = json.loads(words)
        found[n] = Text(said.get("title", ""), "\n".join(filter(None, (said.get("place"), _read(said.get("body"))))))
    return found


def _read(body: str | None) -> str:
    text = body or ""
    return text if len(text) <= READ else f"{text[: READ * 3 // 4]}\n{text[-READ // 4 :]}"
