"""What the backend writes by itself when its time has come: once, whoever asks how often, and the same as a desk would."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.log import timer
from backend.log.held import CASES
from db import casefile, frames, timers
from db.clock import DAY, day_of, now_ms, to_iso
from db.ids import uuid7
from db.model import Event, Role, State
from db.newsroom import default_rulebook
from tests.backend.desks import Desk, Newsroom, refused

BOOK = default_rulebook()


async def _asked(desk: Desk, at: int) -> str:
    letter = desk.letter(received_at=at - DAY)
    await desk.sync(letter)
    await desk.sync(desk.event("asked", letter.id, at=at, words={"text": "请补充门牌号"}))
    return letter.id


async def _answered(desk: Desk, at: int) -> str:
    letter = desk.letter(kind="inquiry", received_at=at - DAY)
    await desk.sync(letter)
    await desk.sync(desk.event("answered_directly", letter.id, at=at, words={"text": "可以"}))
    return letter.id


async def test_nothing_is_written_before_its_time(newsroom: Newsroom) -> None:
    await _asked(newsroom.li, now_ms())
    assert timer.write_due(newsroom.db, now_ms() + 4 * DAY) == 0


async def test_five_days_and_fourteen_days(newsroom: Newsroom) -> None:
    li = newsroom.li
    asked, answered = await _asked(li, now_ms() - 6 * DAY), await _answered(li, now_ms() - 15 * DAY)
    assert timer.write_due(newsroom.db, now_ms()) == 2
    await li.sync()
    assert (li.cases[asked].state, li.cases[answered].state) == (State.RECEIVED, State.RESOLVED)
    assert {e.role for e in li.log[-2:]} == {Role.SYSTEM}


async def test_a_promised_day_is_noted_once_and_the_case_waits_on(newsroom: Newsroom) -> None:
    li = newsroom.li
    id_ = await _answered(li, now_ms() - 3 * DAY)
    promised = to_iso(now_ms() - DAY)[:10]
    await li.sync(li.event("tracked", id_, at=now_ms() - 2 * DAY, facts={"promised": promised}))
    assert timer.write_due(newsroom.db, now_ms()) == 1
    await li.sync()
    assert li.cases[id_].state is State.TRACKING
    await li.sync(li.event("noted", id_, words={"text": "已联系"}))
    assert timer.write_due(newsroom.db, now_ms()) == 0
    await li.sync()
    assert [e.kind for e in li.log].count("noted") == 2


async def test_several_backends_write_it_once(newsroom: Newsroom) -> None:
    ids = [await _asked(newsroom.li, now_ms() - 6 * DAY) for _ in range(3)]
    written = await asyncio.gather(*(asyncio.to_thread(timer.write_due, newsroom.db, now_ms()) for _ in range(4)))
    assert sum(written) == len(ids)
    await newsroom.li.sync()
    assert [e.kind for e in newsroom.li.log].count("told") == 3


async def test_a_citizen_who_answered_in_time_is_not_lapsed(newsroom: Newsroom) -> None:
    li = newsroom.li
    id_ = await _asked(li, now_ms() - 6 * DAY)
    await li.sync(li.event("told", id_, at=now_ms() - 5 * DAY, words={"text": "3栋"}))
    assert timer.write_due(newsroom.db, now_ms()) == 0


async def test_a_desks_own_timer_is_taken_if_it_is_the_same_and_only_then(newsroom: Newsroom) -> None:
    li = newsroom.li
    id_ = await _asked(li, now_ms() - 6 * DAY)
    due = timers.next_event(li.cases[id_], BOOK)
    assert due is not None
    other: Event = replace(
        due, facts={**due.facts, "worded": True}, id=due.id[:-1] + ("0" if due.id[-1] != "0" else "1")
    )
    assert refused(await li.sync(other)) == {other.id: "forbidden"}
    assert refused(await li.sync(due)) == {}
    assert li.cases[id_].state is State.RECEIVED
    assert timer.write_due(newsroom.db, now_ms()) == 0


def _decision(desk: Desk, what: str, id_: str, value: dict[str, Any]) -> Event:
    facts = {"what": what, "id": id_, "from": day_of(now_ms()).isoformat(), "value": value}
    at = now_ms()
    return Event(
        id=uuid7(at),
        case=None,
        kind="configured",
        at=at,
        actor=desk.user,
        role=desk.role,
        device=desk.device,
        facts=facts,
    )


async def test_a_decision_of_the_newsroom_reaches_every_desk_and_the_timers(newsroom: Newsroom) -> None:
    li, he = newsroom.li, newsroom.he
    mine = _decision(li, "limit", "tell_days", {"is": 2})
    assert refused(await li.sync(mine)) == {mine.id: "supervisor_only"}
    answer = await he.sync(_decision(he, "limit", "tell_days", {"is": 2}), n="old")
    assert "x" not in answer
    wrong = _decision(he, "limit", "tell_days", {"is": "two"})
    assert wrong.id in refused(await he.sync(wrong))
    told = frames.unpack((await he.get("/v1/newsroom")).content)
    assert (told["n"], [e["facts"]["id"] for e in told["e"]]) == (answer["n"], ["tell_days"])
    assert told["e"][0]["heard"] == he.log[-1].heard
    assert ["he", "He", "supervisor", 1] in told["users"]
    assert await he.sync(n=answer["n"]) == {}
    await li.all()
    await _asked(li, now_ms())
    assert timer.write_due(newsroom.db, now_ms() + DAY) == 0
    assert timer.write_due(newsroom.db, now_ms() + 2 * DAY + 60_000) == 1
    await li.all()
    await _agree(newsroom)


async def test_a_notice_counts_provisional_due_times_anew_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_NOW", "2026-12-20T10:00")
    li, he = newsroom.li, newsroom.he
    letter, other = li.letter(kind="complaint"), li.letter()
    await li.sync(letter, other)
    await li.sync(li.forward(letter.id))
    before = li.cases[letter.id].dispatches[0].reply_due
    days = [f"2027-01-0{n}" for n in (1, 4, 5)]
    assert refused(await he.sync(_decision(he, "calendar", "2027", {"off": days, "on": []}))) == {}
    assert timer.write_due(newsroom.db, now_ms()) == 1
    assert timer.write_due(newsroom.db, now_ms()) == 0
    await li.all()
    assert li.log[-1].kind == "rescheduled"
    assert li.cases[letter.id].dispatches[0].reply_due > before
    await _agree(newsroom)


async def _agree(newsroom: Newsroom) -> None:
    """A desk that reads all of it anew folds to the rows of the backend."""
    await newsroom.zhou.all()
    with newsroom.db.read() as conn:
        rows = {id_: casefile.restore(row) for id_, row in conn.execute(select(CASES.c.id, CASES.c.row))}
    assert rows == newsroom.zhou.cases
