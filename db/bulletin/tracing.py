"""From a figure to its letters: what is shown of them where a person of the desk looks, and what may leave the desk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from db import places
from db.clock import day_of
from db.words import term

if TYPE_CHECKING:
    from db.store import Store

CHUNK = 5_000


def letters_of(store: Store, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Of each letter: code, received_on, kind, state, district, topic, title; in the order of `codes`. A confidential
    letter's title is not told, here as in every list of figures. Raises StoreError.
    """
    known: dict[str, Any] = {}
    for start in range(0, len(codes), CHUNK):
        rows = store.rows(
            "SELECT code, received_at, kind, state, district, topic, title, confidential FROM cases "
            "WHERE code IN (SELECT value FROM json_each(?))",
            (json.dumps(codes[start : start + CHUNK]),),
        )
        known |= {row[0]: row for row in rows}
    found = []
    for code in codes:
        if code not in known:  # of an old page, not on this desk
            found.append(dict.fromkeys(COLUMNS) | {"code": code, "title": ""})
            continue
        _code, received, kind, state, district, topic, title, confidential = known[code]
        found.append(
            {
                "code": code,
                "received_on": day_of(received).isoformat(),
                "kind": kind,
                "state": state,
                "district": places.load().name(district) if district else None,
                "topic": topic,
                "title": term("confidential", "title") if confidential else title,
            }
        )
    return found


COLUMNS = ("code", "received_on", "kind", "state", "district", "topic", "title")
