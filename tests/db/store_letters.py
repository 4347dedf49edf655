"""Letters for tests of the store: how they come in, and the everyday commands."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from db.clock import from_iso
from db.commands import Command, receive, run
from db.ids import letter_id
from db.model import Actor, CaseId, Event, Ms, Role
from db.people import Sender, own_actor
from db.store import Store

NOW: Ms = from_iso("2024-11-01T09:30")
HOUR: Ms = 3_600_000


def receipt(
    number: str, at: Ms = NOW - HOUR, *, title: str = "电梯停运", body: str = "楼里的电梯又停了。", **facts: Any
) -> Event:
    """A letter as a channel delivers it."""
    id_ = letter_id("app", number)
    return Event(
        id=id_,
        case=id_,
        kind="received",
        at=at,
        actor="backend",
        role=Role.BACKEND,
        device="channel",
        facts={"channel": "app", "number": number, "source": "channel", "received_at": at, "rules": 1, **facts},
        words={"title": title, "body": body},
    )


def bring(store: Store, *events: Event, senders: tuple[Sender, ...] = (), pending: bool = False) -> list[CaseId]:
    """These letters have come in; returns their ids."""
    got = receive(store, events, senders, pending=pending, now=NOW)
    assert not got.refused
    return [str(e.case) for e in events]


def do(store: Store, kind: str, case: CaseId, now: Ms = NOW, /, **more: Any) -> Any:
    """One command by the person at this desk, which must hold."""
    result = run(store, actor(store), [Command(kind, case, **more)], now)
    assert result.ok, [refusal.code for _c, refusal in result.refused]
    return result


def actor(store: Store, role: Role = Role.SUPERVISOR) -> Actor:
    mine = own_actor(store)
    return Actor(mine.id, role, mine.device)


def forward(store: Store, case: CaseId, district: str = "500104", now: Ms = NOW) -> Any:
    return do(store, "forwarded", case, now, facts={"district": district, "district_name": "大渡口区"})


def folder_hash(folder: Path) -> dict[str, str]:
    """Every file below a folder by the hash of its content, with its mode."""
    return {
        str(p.relative_to(folder)): f"{hashlib.sha256(p.read_bytes()).hexdigest()} {p.stat().st_mode:o}"
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }
