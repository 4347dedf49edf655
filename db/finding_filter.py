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
_CODE = (
    "EXISTS (SELECT 1 FROM json_each(:{name}) k "
    "WHERE substr(c.code, 1, length(k.value)) = k.value OR substr(c.code, -length(k.value)) = k.value)"
)
_TAG = "EXISTS (SELECT 1 FROM json_each(c.rest, '$.tags') t WHERE t.value IN (SELECT value FROM json_each(:{name})))"
_SENDER = "EXISTS (SELECT 1 FROM sender s JOIN json_each(:{name}) w ON {named} WHERE s.id = c.sender)"
_ASSIGNEE = (
    "c.assignee IN (SELECT value FROM json_each(:{name}) UNION "
    "SELECT u.id FROM user u JOIN json_each(:{name}) w ON u.name = w.value)"
)

NAMED = (
    "instr(s.name || s.salutation, w.value) > 0 "
    "OR substr(s.name, 1, 1) || s.salutation = w.value OR substr(s.name, 1, 2) || s.salutation = w.value "
    "OR (length(w.value) > 3 AND (instr(s.phone, w.value) > 0 OR s.phone GLOB replace(w.value, '*', '?')))"
)
"""Who is meant (sender s, asked w.value): a part of a name or phone, or either as the screen shows it: 陈先生, 138****1234."""

COLUMNS = {
    "states": "c.state",
    "districts": "c.district",
    "topics": "c.topic",
    "kinds": "c.kind",
    "urgencies": "c.urgency",
}
"""Field of a query → the column that must hold one of its values."""


_OTHERS = (
    ("codes", _CODE),
    ("tags", _TAG),
    ("senders", _SENDER.replace("{named}", NAMED)),
    ("assignees", _ASSIGNEE),
)


def conditions(query: Query, queue: int | None, now: Ms, me: str | None) -> tuple[str, dict[str, Any]]:
    """`AND …` for a WHERE, with its named values: all that the query asks but words. `me`: whom `assignee:me` means."""
    values: dict[str, Any] = {"now": now}
    parts = [] if queue is None else [_IN_QUEUE.format(queue=queue)]
    parts += _asked(query, "", values, me)
    for nr, out in enumerate(query.without):
        if unless := _asked(out, f"_{nr}", values, me):
            parts.append(f"coalesce({' AND '.join(unless)}, 0) = 0")  # a letter without a topic has not that topic
    return "".join(f" AND {part}" for part in parts), values


def _asked(query: Query, mark: str, values: dict[str, Any], me: str | None) -> list[str]:
    """The conditions of one query; its values go into `values` under names that end in `mark`."""
    parts: list[str] = []
    if query.queues:
        parts.append("(" + " OR ".join(_IN_QUEUE.format(queue=q) for q in query.queues) + ")")
    if query.late:
        parts.append(_IN_QUEUE.format(queue=LATE))
    for field, column in COLUMNS.items():
        if wanted := getattr(query, field):
            parts.append(_ANY.format(column=column, name=field + mark))
            values[field + mark] = _json(str(value) for value in wanted)
    for field, condition in _OTHERS:
        if wanted := getattr(query, field):
            parts.append(condition.format(name=field + mark))
            values[field + mark] = _json((me or "") if field == "assignees" and v == "me" else v for v in wanted)
    for field, sign in (("from_ms", ">="), ("to_ms", "<")):
        if (moment := getattr(query, field)) is not None:
            parts.append(f"c.received_at {sign} :{field}{mark}")
            values[field + mark] = moment
    return parts


def _json(values: Any) -> str:
    return json.dumps(list(values), ensure_ascii=False)
