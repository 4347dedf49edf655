"""转办函 and 催办通知书 on paper: which units have no account, and what has not been delivered to them yet (待送达).

A unit without an account gets what it must know as a document. That it was delivered, how and to whom is a note on the
letter that names the forward or the chase; until then it stands in the list. Which districts get paper the newsroom
decides (`configured`, `paper`): a backend knows its accounts, a desk does not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.configured_rows import PAPER_DISTRICTS
from db.model import CaseId, EventId, EventKind, Ms

if TYPE_CHECKING:
    from db.commands import Command
    from db.store import Store

DELIVERED = "delivered"
"""`about` of a note that says a document arrived."""

WAYS = ("received", "sent", "reached", "no_answer")
"""How it arrived, or that it was tried: signed for, sent off, told by telephone, nobody there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A forward or a chase whose document nobody has recorded as delivered; `level` 0 is the forward."""

    event: EventId
    case: CaseId
    code: str
    title: str
    district: str
    district_name: str
    unit: str
    level: int
    at: Ms


def paper(store: Store) -> frozenset[str]:
    """Districts that get documents. Raises StoreError."""
    return frozenset(json.loads(store.setting(PAPER_DISTRICTS) or "[]"))


_RUNNING = (
    "SELECT d.n, d.id, d.district, d.district_name, d.unit, c.id, c.code, c.title, d.sent_at FROM queue_entry e "
    "CROSS JOIN dispatch d ON d.n = e.n JOIN cases c ON c.n = e.n WHERE e.queue = 4 AND d.state IN ('sent', 'signed')"
)
_EVENTS = (
    "SELECT e.case_n, e.id, e.kind, e.dispatch, e.at, e.facts FROM event e "
    "WHERE e.case_n IN (SELECT value FROM json_each(?)) AND e.kind IN ('chased', 'noted') AND NOT e.absorbed"
)


def waiting(store: Store) -> list[Waiting]:
    """Documents to units that still work on the letter, not recorded as delivered, the oldest first. Raises StoreError."""
    districts = paper(store)
    with store.view() as conn:
        running = conn.execute(_RUNNING).fetchall()
        events = conn.execute(_EVENTS, (json.dumps(sorted({row[0] for row in running})),)).fetchall()
    arrived: set[str] = set()
    chased: dict[str, list[tuple[str, int, int]]] = {}
    for _n, id_, kind, dispatch, at, text in events:
        facts = json.loads(text)
        if kind == EventKind.NOTED:
            if facts.get("about") == DELIVERED and facts.get("how") != "no_answer":
                arrived.add(str(facts.get("event")))
        elif facts.get("channel") == "letter" and facts.get("delivered") in (None, "no_answer"):
            chased.setdefault(dispatch, []).append((id_, int(facts["level"]), at))
    found = []
    for _n, dispatch, district, name, unit, case, code, title, sent in running:
        documents = list(chased.get(dispatch, ()))
        if district in districts:
            documents.append((dispatch, 0, sent))
        found += [
            Waiting(event, case, code, title, district, name, unit, level, at)
            for event, level, at in documents
            if event not in arrived
        ]
    return sorted(found, key=lambda w: (w.at, w.event))


def latest(documents: list[Waiting]) -> list[Waiting]:
    """Of each letter's documents those of its last step, lead and co-handlers together: those before have been made."""
    last: dict[CaseId, Ms] = {}
    for document in documents:
        last[document.case] = max(last.get(document.case, 0), document.at)
    return [document for document in documents if last[document.case] - document.at < STEP]


STEP: Ms = 1_000
"""What is sent by one key press stands so close together."""


def arrived(document: Waiting, how: str, to: str) -> Command:
    """The note that records how it arrived and with whom. `to` is words: erased with the letter."""
    from db.commands import Command

    facts: dict[str, Any] = {"about": DELIVERED, "event": document.event, "how": how}
    return Command(EventKind.NOTED, document.case, facts, {"text": to} if to else {})
