"""Eight desks and four units at one backend, all at once: afterwards everybody holds the same.

A seeded share here; `make soak` lets it go on for two minutes (`SOAK_SECONDS`).
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from dataclasses import dataclass, field, replace

import httpx
import pytest
from sqlalchemy import select

from backend.log.looking import EVENTS
from backend.people import tokens
from db import commands, conflicts
from db.clock import now_ms
from db.commands import Command
from db.people import own_actor
from tests.line.office import Desk, Office

TURNS = 8
SECONDS = float(os.environ.get("SOAK_SECONDS", "0"))
"""How long each of them goes on; 0: `TURNS` turns."""

DISTRICTS = (("500112", "渝北区"), ("500103", "渝中区"), ("500106", "沙坪坝区"), ("500105", "江北区"))

WORK = (
    Command("accepted"),
    *(Command("forwarded", facts={"district": code, "district_name": name}) for code, name in DISTRICTS),
    Command("noted", words={"text": "电话联系过"}),
    Command("classified", facts={"topic": "电梯"}),
    Command("classified", facts={"urgency": "urgent"}),
    Command("signed"),
    Command("replied", words={"text": "代录：已办。"}),
    Command("redone", facts={"reason": "incomplete"}, words={"text": "请写明时限。"}),
    Command("chased", facts={"level": 1}, words={"text": "请尽快。"}),
    Command("answered", facts={"checklist": [], "redacted": True}, words={"text": "已办结。"}),
    Command("resolved", facts={"result": "solved"}),
)


def _turns() -> object:
    end = time.monotonic() + SECONDS
    turn = 0
    while turn < TURNS if not SECONDS else time.monotonic() < end:
        turn += 1
        yield turn


@dataclass
class Editor:
    """Somebody at a desk, who does this and that. `made`: ids of all events that ever stood in this desk's log as its own."""

    desk: Desk
    seed: int
    made: set[str] = field(default_factory=set)

    def work(self) -> None:
        rng = random.Random(self.seed)
        for _turn in _turns():
            cases = [i for (i,) in self.desk.store.rows("SELECT id FROM cases ORDER BY n DESC LIMIT 60")]
            case = rng.choice(cases) if cases and rng.random() < 0.7 else self.desk.letter(f"第 {self.seed} 台")
            for command in rng.sample(WORK, 3):
                commands.run(self.desk.store, own_actor(self.desk.store), [replace(command, case=case)])
            self.made |= {
                i for (i,) in self.desk.store.rows("SELECT e.id FROM outbox o JOIN event e ON e.n = o.event_n")
            }
            self.desk.sync()


@dataclass
class Unit:
    """An office of a district, at the door: signs, returns, replies. `told`: replies that were taken."""

    client: httpx.Client
    token: str
    seed: int
    told: set[str] = field(default_factory=set)
    refused: int = 0

    def work(self) -> None:
        rng = random.Random(1000 + self.seed)
        headers = {"authorization": f"Bearer {self.token}"}
        for turn in _turns():
            answer = self.client.get("/v1/unit/dispatches", headers=headers)
            assert answer.status_code == 200, answer.text
            for one in rng.sample(answer.json()["dispatches"], min(4, len(answer.json()["dispatches"]))):
                text = f"第 {self.seed} 单位第 {turn} 次：已办 {one['id']}"
                deed, body = rng.choice(
                    (
                        ("sign", {}),
                        ("return", {"reason": "other_district"}),
                        ("reply", {"text": text}),
                        ("reply", {"text": text}),
                    )
                )
                answer = self.client.post(f"/v1/unit/dispatches/{one['id']}/{deed}", json=body, headers=headers)
                assert answer.status_code in (200, 409, 404), answer.text
                if answer.status_code != 200:
                    self.refused += 1
                elif deed == "reply":
                    self.told.add(text)


def test_eight_desks_and_four_units_at_once_lose_and_double_nothing(any_office: Office) -> None:
    if SECONDS and any_office.url.startswith("sqlite"):
        pytest.skip("the soak is PostgreSQL's")
    editors = [Editor(any_office.desk(("li", "zhou", "he")[n % 3]), n) for n in range(8)]
    for n in range(12):  # something for the units to begin with
        first = editors[0].desk
        first.forward(first.letter(f"路灯 {n}"), *DISTRICTS[n % 4])
    first.sync()
    units = [Unit(any_office.client()[0], _token(any_office, code), n) for n, (code, _name) in enumerate(DISTRICTS)]
    _all_at_once([*editors, *units])
    any_office.settled()
    log = any_office.log()
    ids = [id_ for _seq, id_, _kind in log]
    assert [seq for seq, _id, _kind in log] == list(range(1, len(log) + 1))
    assert len(set(ids)) == len(ids)
    backend = any_office.cases()
    refused = 0
    for editor in editors:
        assert {id_: any_office.dumped(case) for id_, case in editor.desk.rows().items()} == backend
        assert editor.desk.pending() == 0
        lost = editor.made - set(ids)
        assert lost == set(editor.desk.refused()), "each refused one stands in its author's Conflicts"
        assert lost == {e.id for group in conflicts.groups(editor.desk.store) for e in group.events}
        refused += len(lost)
    assert any(unit.told for unit in units)
    replies = _replies(any_office)
    for unit in units:
        assert all(replies.count(text) == 1 for text in unit.told)
    print(
        f"{len(log)} events, {len(backend)} letters, {refused} refused at desks, {sum(len(u.told) for u in units)} replies "
        f"and {sum(u.refused for u in units)} refusals at doors"
    )


def _token(office: Office, district: str) -> str:
    return office.db.write(lambda conn: tokens.give(conn, "unit", now_ms(), district=district, unit=""))


def _all_at_once(workers: list[Editor | Unit]) -> None:
    faults: list[BaseException] = []

    def begin(worker: Editor | Unit) -> None:
        try:
            worker.work()
        except BaseException as e:
            faults.append(e)

    threads = [threading.Thread(target=begin, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


def _replies(office: Office) -> list[str]:
    with office.db.read() as conn:
        found = conn.execute(select(EVENTS.c.wire).where(EVENTS.c.kind == "replied")).scalars()
        return [json.loads(wire)["words"]["text"] for wire in found]
