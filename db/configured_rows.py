"""The newsroom's decisions as rows: made anew from the log's `configured` events whenever one comes or goes.

Holds: rules, division, unit, unit_contact, topic and template are what the events of this store make, and nothing else.
A newsroom decides a few hundred times in its life; reading them all costs less than being clever about it.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from db import log
from db.calls import CALLS, calls
from db.calls import to_json as calls_json
from db.configured import CONTACTS, DIVISION, LETTERHEAD, PAPER, TEMPLATE, TOPIC, UNIT, Newsroom, fold
from db.configured_values import contacts_in
from db.link import SERVER
from db.model import Event, EventKind
from db.newsroom import to_json
from db.text import one_line, safe

if TYPE_CHECKING:
    from db.store import Store

MARK = "newsroom.mark"
"""Setting: counts how often the rows were made; who holds something made of them looks at it."""

PLAN = "rules.plan"
LETTERHEAD_NAME = "newsroom.name"
PAPER_DISTRICTS = "units.paper"
"""Setting: codes of districts that get documents, as JSON."""

_TABLES = ("rules", "division", "unit", "unit_contact", "topic", "template")


def events(conn: Any, *, pending: bool = True) -> list[Event]:
    """Every `configured` event of this store, in the order of folding; without `pending` those of the log alone."""
    rows = conn.execute(
        f"SELECT {log.SELECT} FROM event e LEFT JOIN cases c ON c.n = e.case_n "  # noqa: S608 - ours alone
        "WHERE e.case_n IS NULL AND e.kind = ? AND (? OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_n = e.n)) "
        f"ORDER BY {log.ORDER}",
        (EventKind.CONFIGURED.value, int(pending)),
    )
    return [log.load(row) for row in rows]


def state(conn: Any, *, pending: bool = True) -> Newsroom:
    """What the newsroom has decided, as this store knows it; without `pending` as the log alone says."""
    return fold(events(conn, pending=pending))


def read(store: Store) -> Newsroom:
    """As `state`, for whoever has the store. Raises StoreError."""
    with store.view() as conn:
        return state(conn)


def rebuild(conn: Any, newsroom: Newsroom | None = None) -> None:
    """Makes the rows anew in the open transaction, and forgets whom the newsroom no longer calls."""
    forget_superseded(conn)
    newsroom = state(conn) if newsroom is None else newsroom
    for table in _TABLES:
        conn.execute(f"DELETE FROM {table}")  # noqa: S608 - one of ours
    for table, rows in tables(newsroom).items():
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - one of ours
    _setting(conn, PLAN, json.dumps(newsroom.book.plan) if newsroom.book.plan else None)
    _setting(conn, LETTERHEAD_NAME, _letterhead(newsroom))
    asked = calls(newsroom)
    _setting(conn, CALLS, calls_json(asked) if asked else None)
    paper = sorted(id_ for id_, ds in newsroom.of(PAPER).items() if ds[-1].value is not None)
    _setting(conn, PAPER_DISTRICTS, json.dumps(paper) if paper else None)
    found = conn.execute("SELECT value FROM setting WHERE name = ?", (MARK,)).fetchone()
    _setting(conn, MARK, str(int(found[0]) + 1 if found else 1))


def forget_superseded(conn: Any) -> int:
    """Blanks the names and numbers of contacts that a later decision on the same unit took the place of; how many.

    Only where the later one stands for good: on a desk with a backend, once the log has it, for a pending one may be
    refused and then the earlier one holds again. The inner hash stays, so that digests still verify.
    """
    local = conn.execute("SELECT 1 FROM setting WHERE name = ?", (SERVER,)).fetchone() is None
    rows = conn.execute(
        "SELECT e.n, json_extract(e.facts, '$.id'), e.words IS NOT NULL, "  # noqa: S608 - ours alone
        "EXISTS (SELECT 1 FROM outbox o WHERE o.event_n = e.n) FROM event e WHERE e.case_n IS NULL AND e.kind = ? "
        f"AND json_extract(e.facts, '$.what') = ? ORDER BY {log.ORDER}",
        (EventKind.CONFIGURED.value, CONTACTS),
    ).fetchall()
    holds: set[str] = set()
    gone = []
    for n, unit, worded, pending in reversed(rows):
        if pending and not local:
            continue
        if unit in holds and worded:
            gone.append((n,))
        holds.add(unit)
    conn.executemany("UPDATE event SET words = NULL, salt = '' WHERE n = ?", gone)
    return len(gone)


def _setting(conn: Any, name: str, value: str | None) -> None:
    if value is None:
        conn.execute("DELETE FROM setting WHERE name = ?", (name,))
    else:
        conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, value))


def tables(newsroom: Newsroom) -> dict[str, list[tuple[Any, ...]]]:
    """Table (with its columns) → the rows that these decisions make, in an order of their own."""
    begins = {version: moment for moment, version in reversed(newsroom.book.plan)}
    return {
        "rules(version, body, since)": [
            (v, to_json(rules), begins.get(v, 0)) for v, rules in sorted(newsroom.book.versions.items()) if v > 1
        ],
        "division(code, valid_from, name, short, level, kind, parent, valid_to, successor, aliases, managed_by)": [
            row for id_, ds in sorted(newsroom.of(DIVISION).items()) for row in _division(id_, ds)
        ],
        "unit(id, valid_from, valid_to, district, name, note)": [
            row for id_, ds in sorted(newsroom.of(UNIT).items()) for row in _unit(id_, ds)
        ],
        "unit_contact(unit, name, phone, duty, hours)": [
            (id_, *(one_line(t) for t in (p.name, p.phone, p.duty, p.hours)))
            for id_, ds in sorted(newsroom.of(CONTACTS).items())
            for p in _people(ds[-1].words)
        ],
        "topic(name, valid_from, area)": [
            (id_, d.day.isoformat(), d.value["field"] if d.value else None)
            for id_, ds in sorted(newsroom.of(TOPIC).items())
            for d in ds
        ],
        "template(id, action, topic, unit, name, body)": [
            (id_, v["action"], v.get("topic"), v.get("unit"), one_line(d.words["name"]), safe(d.words["body"]))
            for id_, ds in sorted(newsroom.of(TEMPLATE).items())
            if (v := (d := ds[-1]).value) is not None and "body" in d.words
        ],
    }


def _people(words: Any) -> Any:
    try:
        return contacts_in(words)
    except (ValueError, TypeError):
        return ()


def _division(code: str, decisions: Any) -> list[tuple[Any, ...]]:
    rows = []
    for d in decisions:
        v = d.value or {}
        parents, aliases = "|".join(v.get("parents") or ()), "|".join(v.get("aliases") or ())
        level = "district" if len(code) == 6 else "township"
        rows.append(
            (
                code,
                d.day.isoformat(),
                v.get("name", ""),
                v.get("short", ""),
                level,
                v.get("kind", ""),
                parents or None,
                None,
                "|".join(d.successors) or None,
                aliases,
                v.get("managed_by") or "",
            )
        )
    return rows


def _unit(id_: str, decisions: Any) -> list[tuple[Any, ...]]:
    rows = []
    for n, d in enumerate(decisions):
        if d.value is None:
            continue
        until = _eve(decisions[n + 1].day) if n + 1 < len(decisions) else None
        rows.append((id_, d.day.isoformat(), until, d.value["district"], d.value["name"], d.value.get("note") or ""))
    return rows


def _eve(day: date) -> str:
    return (day - timedelta(days=1)).isoformat()


def _letterhead(newsroom: Newsroom) -> str | None:
    decisions = newsroom.items.get((LETTERHEAD, "newsroom"), ())
    return str(decisions[-1].value["name"]) if decisions and decisions[-1].value else None
