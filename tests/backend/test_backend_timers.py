"""What the backend writes by itself when its time has come: once, whoever asks how often, and the same as a desk would."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from backend.log import timer
from db import frames, timers
from db import newsroom as rules
from db.clock import DAY, now_ms, to_iso
from db.model import Event, Role, State
from db.newsroom import default_rulebook, default_rules
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


async def test_new_rules_reach_every_desk_and_the_timers(newsroom: Newsroom) -> None:
    li, he = newsroom.li, newsroom.he
    id_ = await _asked(li, now_ms() - 3 * DAY)
    assert timer.write_due(newsroom.db, now_ms()) == 0
    newer = json.loads(rules.to_json(replace(default_rules(), version=2, tell_days=2)))
    decided = he.event("configured", id_, facts={"version": 2, "rules": newer})
    decided = replace(decided, case=None, re=None, dispatch=None)
    editor = replace(decided, id=id_[:-4] + "ffff", actor="li", role=Role.EDITOR)
    assert refused(await li.sync(editor)) == {editor.id: "supervisor_only"}
    answer = await he.sync(decided, n="old")
    assert "x" not in answer
    again = replace(decided, id=id_[:-4] + "eeee")
    assert refused(await he.sync(again)) == {again.id: "stale"}
    assert timer.write_due(newsroom.db, now_ms()) == 1
    await he.all()
    assert he.cases[id_].state is State.RECEIVED
    told = frames.unpack((await he.get("/v1/newsroom")).content)
    assert (told["n"], told["rules"]["2"]["tell_days"]) == (answer["n"], 2)
    assert ["he", "He", "supervisor", 1] in told["users"]
    assert await he.sync(n=answer["n"]) == {}
