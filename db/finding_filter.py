"""The filters of a search as SQL conditions on a row of `cases c`. Values go as parameters, never into the text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.model import Ms
from db.queues import LATE

if TYPE_CHECKING:
    from db.search import Query

_IN_QUEUE = (
    "EXISTS (SELECT 1 FROM queue_entry q INDEXED BY ix_queue_entry_n "
    "WHERE q.n = c.n AND q.queue = {queue:d} AND (q.queue <> 4 OR q.sort <= :now))"
)
_ANY = "{column} IN (SELECT value FROM json_each(:{name}))"
_CODE = "EXISTS (SELECT 1 FROM json_each(:codes) k WHERE substr(c.code, 1, length(k.value)) = k.value)"
_TAG = "EXISTS (SELECT 1 FROM json_each(c.rest, '$.tags') t WHERE t.value IN (SELECT value FROM json_each(:tags)))"
_SENDER = (
    "EXISTS (SELECT 1 FROM sender s JOIN json_each(:senders) w "
    "ON instr(s.name || s.salutation, w.value) > 0 OR (length(w.value) > 3 AND instr(s.phone, w.value) > 0) "
    "WHERE s.id = c.sender)"
)

_ASSIGNEE = (
    "c.assignee IN (SELECT value FROM json_each(:assignees) UNION "
    "SELECT u.id FROM user u JOIN json_each(:assignees) w ON u.name = w.value)"
)

COLUMNS = {
    "states": "c.state",
    "districts": "c.district",
    "topics": "c.topic",
    "kinds": "c.kind",
    "urgencies": "c.urgency",
}
"""Field of a query → the column that must hold one of its values."""


_OTHERS = (("codes", _CODE), ("tags", _TAG), ("senders", _SENDER), ("assignees", _ASSIGNEE))


def conditions(query: Query, queue: int | None, now: Ms, me: str | None) -> tuple[str, dict[str, Any]]:
    """`AND …` for a WHERE, with its named values: all that the query asks but words. `me`: whom `assignee:me` means."""
    parts: list[str] = []
    values: dict[str, Any] = {"now": now}
    if queue is not None:
        parts.append(_IN_QUEUE.format(queue=queue))
    if query.queues:
        parts.append("(" + " OR ".join(_IN_QUEUE.format(queue=q) for q in query.queues) + ")")
    if query.late:
        parts.append(_IN_QUEUE.format(queue=LATE))
    for name, column in COLUMNS.items():
        if wanted := getattr(query, name):
            parts.append(_ANY.format(column=column, name=name))
            values[name] = _json(str(value) for value in wanted)
    for name, condition in _OTHERS:
        if wanted := getattr(query, name):
            parts.append(condition)
            values[name] = _json((me or "") if name == "assignees" and value == "me" else value for value in wanted)
    for name, sign in (("from_ms", ">="), ("to_ms", "<")):
        if (moment := getattr(query, name)) is not None:
            parts.append(f"c.received_at {sign} :{name}")
            values[name] = moment
    return "".join(f" AND {part}" for part in parts), values


def _json(values: Any) -> str:
    return json.dumps(list(values), ensure_ascii=False)
