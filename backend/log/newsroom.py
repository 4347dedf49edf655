"""What the newsroom has decided, as the log left it: versions of the rules. And the events that belong to no case."""

from __future__ import annotations

import json

from sqlalchemy import Connection, insert, select, update

from backend.tables import Counter, Newsroom
from backend.tables import Rules as RulesRow
from db import newsroom
from db.model import Event, EventKind, Refusal, Role
from db.model_rules import Rulebook, Rules

COUNTER = Counter.__table__  # type: ignore[attr-defined]
NEWSROOM = Newsroom.__table__  # type: ignore[attr-defined]
RULES = RulesRow.__table__  # type: ignore[attr-defined]

_books: dict[tuple[str, int], Rulebook] = {}
"""Rulebooks by newsroom and newest version: versions never change once they are in the log."""


class ChangedError(Exception):
    """The rules changed between judging and writing: judge again by the new ones."""


def head(conn: Connection) -> int:
    """Number of the log's last event, as this transaction sees it."""
    return int(conn.execute(select(COUNTER.c.seq)).scalar_one())


def rulebook(conn: Connection, *, lock: bool = False) -> Rulebook:
    """All versions of the rules. `lock`: nobody else may decide for the newsroom until this transaction ends."""
    query = select(NEWSROOM.c.epoch)
    epoch = conn.execute(query.with_for_update() if lock else query).scalar_one()
    newest = int(conn.execute(select(COUNTER.c.rules)).scalar_one())
    key = (epoch, newest)
    if key not in _books:
        versions = {1: newsroom.default_rules()}
        for version, body in conn.execute(select(RULES.c.version, RULES.c.body)):
            versions[version] = newsroom.from_json(body)
        _books[key] = Rulebook(versions)
    return _books[key]


def decide(book: Rulebook, event: Event) -> tuple[str, ...] | Refusal:
    """Whether an event without a case may stand."""
    if event.case is not None or event.kind not in NEEDS:
        return Refusal("no_case", {"kind": event.kind})
    if event.role not in NEEDS[event.kind]:
        return Refusal("supervisor_only", {"kind": event.kind})
    if event.kind == EventKind.CONFIGURED:
        return _configured(book, event)
    if event.kind in (EventKind.BULLETIN_FROZEN, EventKind.BULLETIN_REVISED) and not event.facts.get("month"):
        return Refusal("bad_fact", {"field": "month"})
    return ()


NEEDS: dict[str, frozenset[Role]] = {
    EventKind.CONFIGURED: frozenset({Role.SUPERVISOR}),
    EventKind.RESCHEDULED: frozenset({Role.SUPERVISOR, Role.SYSTEM}),
    EventKind.BULLETIN_FROZEN: frozenset({Role.SUPERVISOR}),
    EventKind.BULLETIN_REVISED: frozenset({Role.SUPERVISOR}),
}


def _configured(book: Rulebook, event: Event) -> tuple[str, ...] | Refusal:
    if (given := event.facts.get("rules")) is None:
        return ()  # something else of the newsroom: kept in the log, read by the desks
    try:
        rules = newsroom.from_json(json.dumps(given))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Refusal("bad_fact", {"field": "rules"})
    if rules.version != book.newest.version + 1:
        return Refusal("stale", {"kind": event.kind})
    return ()


def decided(event: Event) -> Rules | None:
    """The rules that an accepted event brings."""
    if event.kind != EventKind.CONFIGURED or event.facts.get("rules") is None:
        return None
    return newsroom.from_json(json.dumps(event.facts["rules"]))


def settle(conn: Connection, event: Event) -> int | None:
    """Keeps what an accepted event decided; the new version of the rules, if it brought one."""
    rules = decided(event)
    if rules is None:
        return None
    conn.execute(insert(RULES), {"version": rules.version, "body": newsroom.to_json(rules), "event": event.id})
    conn.execute(update(NEWSROOM).values(people=NEWSROOM.c.people + 1))
    return rules.version
