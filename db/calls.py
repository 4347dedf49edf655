"""征集: calls for suggestions with a period and a theme, and which suggestion belongs to which. Pure but for `read`.

A call is a decision of the newsroom (`configured` item `call`): it begins with the day of its first decision, ends with
its last day `until` or when it is withdrawn, and names the topics it asks about. A suggestion belongs to the call that
somebody named (its channel, or the desk: fact `call`), else to the one that was open when it came and asks about its
topic; of several the one that began last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db.clock import midnight
from db.model import Ms
from db.text import one_line, safe

if TYPE_CHECKING:
    from db.configured import Decision, Newsroom

CALLS = "newsroom.calls"
"""Setting: the calls as JSON, made anew with the newsroom's other rows, so that lists need not fold decisions."""

AFTERWARDS: Ms = 120 * 86_400_000
"""How far around a call's period letters are looked at that somebody put under it by hand."""


@dataclass(frozen=True, slots=True)
class Call:
    """`until`: its last day, None: without end. `topics`: empty where only what is named belongs to it."""

    id: str
    title: str
    text: str
    begins: date
    until: date | None
    topics: tuple[str, ...]

    def open_on(self, day: date) -> bool:
        return self.begins <= day and (self.until is None or day <= self.until)

    @property
    def start(self) -> Ms:
        return midnight(self.begins)

    @property
    def end(self) -> Ms | None:
        """Exclusive; None: it goes on."""
        return None if self.until is None else midnight(self.until + timedelta(days=1))


def calls(newsroom: Newsroom) -> tuple[Call, ...]:
    """All that ever were, the one that begins last first."""
    made = [_call(id_, decisions) for id_, decisions in newsroom.of("call").items()]
    return tuple(sorted((c for c in made if c is not None), key=lambda c: (c.begins, c.id), reverse=True))


def _call(id_: str, decisions: Sequence[Decision]) -> Call | None:
    given = [d for d in decisions if d.value is not None]
    if not given:
        return None
    last = given[-1]
    value: Mapping[str, Any] = last.value or {}
    until = date.fromisoformat(value["until"]) if value.get("until") else None
    if decisions[-1].value is None:  # withdrawn from that day on
        ended = decisions[-1].day - timedelta(days=1)
        until = ended if until is None else min(until, ended)
    words = last.words.get("text", "")
    return Call(id_, one_line(str(value["title"])), safe(words), given[0].day, until, tuple(value.get("topics") or ()))


def to_json(found: Iterable[Call]) -> str:
    return json.dumps(
        [
            [c.id, c.title, c.text, c.begins.isoformat(), c.until.isoformat() if c.until else None, list(c.topics)]
            for c in found
        ],
        ensure_ascii=False,
    )


def from_json(text: str | None) -> tuple[Call, ...]:
    """The inverse of `to_json`; none of nothing."""
    return tuple(
        Call(id_, title, said, date.fromisoformat(a), date.fromisoformat(b) if b else None, tuple(topics))
        for id_, title, said, a, b, topics in json.loads(text or "[]")
    )


def read(conn: Any) -> tuple[Call, ...]:
    """The calls of this store."""
    found = conn.execute("SELECT value FROM setting WHERE name = ?", (CALLS,)).fetchone()
    return from_json(found[0] if found else None)


def belongs(named: str | None, topic: str | None, received: date, known: Sequence[Call]) -> str | None:
    """The call of a suggestion, by id; `known` as `calls` gives them. None where it is of none."""
    if named:
        return named
    return next((c.id for c in known if topic in c.topics and c.open_on(received)), None)


def find(typed: str, known: Sequence[Call]) -> tuple[Call, ...]:
    """Calls of that id, or whose title holds what was typed."""
    exact = tuple(c for c in known if typed in (c.id, c.title))
    return exact or tuple(c for c in known if typed and typed in c.title)


def members(conn: Any, call: Call, known: Sequence[Call]) -> set[int]:
    """Numbers of the suggestions that belong to a call, by one range of an index."""
    from db.clock import day_of

    low, high = call.start - AFTERWARDS, (call.end or 1 << 46) + AFTERWARDS
    rows = conn.execute(
        "SELECT n, received_at, topic, CASE WHEN instr(rest, '\"call\":') THEN json_extract(rest, '$.call') END "
        "FROM cases INDEXED BY ix_cases_received WHERE received_at >= ? AND received_at < ? AND kind = 'suggestion'",
        (low, high),
    )
    return {n for n, at, topic, named in rows if belongs(named, topic, day_of(at), known) == call.id}
