"""Desks as the backend sees them: a token, a cursor, and events made as the desk makes them."""

from __future__ import annotations

import itertools
import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from argon2 import PasswordHasher
from sqlalchemy import Connection, insert

from backend.database import Database
from backend.people import tokens, users
from db import cases, clock, configured, frames, log
from db.ids import letter_id, uuid7
from db.model import Absorbed, Case, CaseId, Event, Refusal, Role
from db.wire import event_in, event_out

PASSWORD = "correct horse battery"
PEOPLE = {"li": Role.EDITOR, "zhou": Role.EDITOR, "he": Role.SUPERVISOR, "wang": Role.READER}
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_HASH = CHEAP.hash(PASSWORD)
_numbers = itertools.count(1)


@dataclass
class Desk:
    """One person at one terminal. `cases` is the log folded as far as it was read."""

    client: httpx.AsyncClient
    user: str
    role: Role
    token: str = ""
    device: str = "d1"
    number: int = 1
    cursor: int = 0
    hash: str = ""
    cases: dict[CaseId, Case] = field(default_factory=dict)
    log: list[Event] = field(default_factory=list)
    sent: dict[str, Event] = field(default_factory=dict)
    newsroom: configured.Newsroom = field(default_factory=configured.Newsroom)

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def event(self, kind: str, case: CaseId, *, dispatch: str | None = None, **more: Any) -> Event:
        """An event as the desk would make it of what it has read."""
        at = more.pop("at", clock.now_ms())
        role = more.pop("role", self.role)
        facts, words = more.pop("facts", {}), more.pop("words", {})
        re, named = more.pop("re", None), dispatch
        if (known := self.cases.get(case)) is not None and re is None:
            re, named = cases.answers(known, kind, dispatch, facts)
        actor = more.pop("actor", self.user)
        made = Event(
            id=more.pop("id", None) or uuid7(at),
            case=case,
            kind=kind,
            at=at,
            actor=actor,
            role=role,
            device=self.device,
            re=re,
            dispatch=named or dispatch,
            facts=facts,
            words=words,
            **more,
        )
        return replace(made, salt=log.salted(made))

    def letter(self, title: str = "电梯停运", **facts: Any) -> Event:
        """A letter taken down here."""
        n = next(_numbers)
        code = f"RMLX-20241015-{self.number:02d}-{n:04d}"
        id_ = letter_id("desk", code)
        base = {"code": code, "channel": "desk", "number": code, "source": "manual", "rules": 1}
        words = {"title": title, "body": f"{title}，已经第 {n} 次反映。"}
        return self.event("received", id_, id=id_, facts=base | {"received_at": clock.now_ms()} | facts, words=words)

    def forward(self, case: CaseId, district: str = "500112", name: str = "渝北区", **facts: Any) -> Event:
        base = {"role": "lead", "district": district, "district_name": name, "rules": 1, "contact": "withheld"}
        return self.event("forwarded", case, facts=base | facts)

    async def raw(self, request: dict[str, Any]) -> httpx.Response:
        return await self.client.post("/v1/sync", content=frames.pack(request, (1,)), headers=self.headers)

    async def sync(self, *events: Event, **more: Any) -> dict[str, Any]:
        """One round: sends these events, folds what comes. `{}` where there was nothing."""
        for e in events:
            self.sent[e.id] = e
        request = {"v": 1, "d": [1], "c": self.cursor, "h": self.hash, "e": [event_out(e) for e in events]} | more
        response = await self.raw(request)
        if response.status_code == 204:
            return {}
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = frames.unpack(response.content)
        self.take(answer)
        return answer

    def take(self, answer: dict[str, Any]) -> None:
        """Folds an answer's events, in order, without a gap."""
        for entry in answer.get("e", []):
            event = self.read(entry)
            assert event.seq == len(self.log) + 1
            self.log.append(event)
            self.fold(event)
        self.cursor, self.hash = answer.get("c", self.cursor), answer.get("h", self.hash)

    def read(self, entry: Any) -> Event:
        if isinstance(entry, list):
            id_, seq, heard = entry
            return replace(self.sent[id_], seq=seq, heard=heard)
        return event_in(entry)

    def fold(self, event: Event) -> None:
        """As a replica does: the event over its case and over those it touches."""
        if event.case is None:
            self.newsroom = configured.apply(self.newsroom, event)
            return
        book = self.newsroom.book
        case = self.cases.get(event.case)
        touched = [i for i in cases.touches(case, event) if i != event.case and i in self.cases]
        before = {i: self.cases[i] for i in touched}
        around = before | ({case.id: case} if case else {})
        verdict = cases.fold(case, event, before, book, max(event.heard or 0, event.at))
        assert not isinstance(verdict, Refusal), verdict
        self.cases[event.case] = verdict.case if isinstance(verdict, Absorbed) else verdict
        if isinstance(verdict, Absorbed):
            return
        for other in touched:
            rest = {i: c for i, c in around.items() if i != other}
            told = cases.fold(before[other], event, rest, book, max(event.heard or 0, event.at))
            assert not isinstance(told, Refusal), told
            self.cases[other] = told.case if isinstance(told, Absorbed) else told

    async def all(self) -> None:
        """Reads until there is nothing more."""
        while (await self.sync()).get("m"):
            pass

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.headers, **more)


def refused(answer: dict[str, Any]) -> dict[str, str]:
    """Event id → code of its verdict."""
    return {id_: code for id_, code, _detail, _seq in answer.get("x", [])}


@dataclass
class Newsroom:
    """Everybody's desk."""

    client: httpx.AsyncClient
    db: Database
    li: Desk
    zhou: Desk
    he: Desk
    wang: Desk

    @classmethod
    async def open(cls, client: httpx.AsyncClient, db: Database) -> Newsroom:
        def hire(conn: Connection) -> dict[str, Desk]:
            return {id_: _hired(conn, client, id_, role) for id_, role in PEOPLE.items()}

        return cls(client, db, **db.write(hire))


def _hired(conn: Connection, client: httpx.AsyncClient, user: str, role: Role) -> Desk:
    row = {"id": user, "name": user.title(), "role": str(role), "password": _HASH, "district": "", "unit": ""}
    conn.execute(insert(users.USERS), row | {"active": 1, "made_at": 0})
    return _seated(conn, client, user, role)


def _seated(conn: Connection, client: httpx.AsyncClient, user: str, role: Role) -> Desk:
    known = tokens.device(conn, secrets.token_hex(16), user, clock.now_ms())
    token = tokens.give(conn, "device", clock.now_ms(), user=user, device=known.id)
    return Desk(client, user, role, token, known.id, known.number)


def tokened(client: httpx.AsyncClient, db: Database, user: str, role: Role) -> Desk:
    """One more desk of somebody, whose login is done already."""
    return db.write(lambda conn: _seated(conn, client, user, role))


def as_json(frame: bytes) -> str:
    """A frame as text, to search in."""
    return json.dumps(frames.unpack(frame), ensure_ascii=False)
