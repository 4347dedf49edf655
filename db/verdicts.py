"""What the backend refused, and what this desk tells about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.model import Ms, Refusal

ID = 36
"""Characters of an id; no code has so many."""


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that is not in the log, with the reason; kept whole until a person settles it."""

    id: str
    event: dict[str, Any]
    refusal: Refusal
    at: Ms

    def __str__(self) -> str:
        from db.sentences import say

        return say(self.refusal)


LETTERS = ("master", "letter")
"""What a refusal says of other letters: codes, but ids where who judged did not have that letter at hand."""


def in_codes(conn: Any, refusal: Refusal) -> Refusal:
    """The refusal with the codes of letters that are here in the place of their ids: nobody reads an id."""
    ids = [value for name in LETTERS if len(value := str(refusal.facts.get(name) or "")) == ID]
    if not ids:
        return refusal
    found = dict(
        conn.execute("SELECT id, code FROM cases WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    )
    return Refusal(refusal.code, {name: found.get(value, value) for name, value in refusal.facts.items()})


def refused_of(conn: Any, n: int | None) -> tuple[RefusedEvent, ...]:
    """The refused events of a letter, the oldest first."""
    rows = conn.execute("SELECT id, event, code, detail, at FROM refused WHERE case_n = ? ORDER BY at, id", (n,))
    return tuple(
        RefusedEvent(id_, json.loads(event), in_codes(conn, Refusal(code, json.loads(detail))), at)
        for id_, event, code, detail, at in rows
    )
