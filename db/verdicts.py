"""What the backend refused, and what this desk tells about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from db.model import Ms, Refusal


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


def refused_of(conn: Any, n: int | None) -> tuple[RefusedEvent, ...]:
    """The refused events of a letter, the oldest first."""
    rows = conn.execute("SELECT id, event, code, detail, at FROM refused WHERE case_n = ? ORDER BY at, id", (n,))
    return tuple(
        RefusedEvent(id_, json.loads(event), Refusal(code, json.loads(detail)), at)
        for id_, event, code, detail, at in rows
    )
