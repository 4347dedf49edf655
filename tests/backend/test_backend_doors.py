"""The doors for channels, citizens and units, as somebody with nothing but HTTP meets them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from backend.people import tokens
from db import frames, log
from db.clock import DAY, day_of, now_ms
from db.ids import uuid7
from db.model import Event, State
from tests.backend.desks import Desk, Newsroom

JSON = {"content-type": "application/json"}
LETTER = {
    "number": "A-1",
    "title": "电梯停运",
    "body": "3栋电梯停了三天。",
    "kind": "complaint",
    "topic": "电梯安装",
    "district": "500112",
    "sender": {"name": "陈晓明", "salutation": "先生", "phone": "13812341234"},
}


@dataclass
class Doors:
    """A channel's key, a unit's token, and who comes with them."""

    client: httpx.AsyncClient
    newsroom: Newsroom
    channel: dict[str, str]
    unit: dict[str, str]
    other_unit: dict[str, str]

    async def letter(self, **more: Any) -> dict[str, Any]:
        answer = await self.client.post("/v1/letters", json=LETTER | more, headers=self.channel)
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def look(self, told: dict[str, Any]) -> dict[str, Any]:
        answer = await self.client.get(told["url"], headers={"letter-secret": told["secret"]})
        found: dict[str, Any] = answer.json()
        return found

    async def case(self, told: dict[str, Any]) -> str:
        """The letter's id, as the desk finds it."""
        await self.newsroom.li.all()
        return next(c.id for c in self.newsroom.li.cases.values() if c.code == told["code"])

    async def forwarded(self, **more: Any) -> tuple[dict[str, Any], str, str]:
        """A letter with a unit: what the citizen holds, its id, its dispatch."""
        told = await self.letter(**more)
        case = await self.case(told)
        li = self.newsroom.li
        await li.sync(li.forward(case, contact="shared"))
        lead = li.cases[case].lead
        assert lead is not None
        return told, case, lead


@pytest.fixture
async def doors(newsroom: Newsroom) -> Doors:
    def give(kind: str, **values: str) -> dict[str, str]:
        return {"authorization": f"Bearer {newsroom.db.write(lambda c: tokens.give(c, kind, now_ms(), **values))}"}

    channel = give("channel", channel="app")
    return Doors(newsroom.client, newsroom, channel, give("unit", district="500112"), give("unit", district="500105"))


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_letter_comes_in_and_reaches_the_desks(doors: Doors) -> None:
    told = await doors.letter()
    li = doors.newsroom.li
    answer = await li.sync()
    case = li.cases[await doors.case(told)]
    assert (case.title, case.kind, case.district, case.channel) == ("电梯停运", "complaint", "500112", "app")
    assert told["code"].split("-")[2] == "00"
    assert answer["p"][0][1:] == ["陈", "先生", "138****1234"]
    assert "13812341234" not in json.dumps(answer)


async def test_the_same_number_is_the_same_letter(doors: Doors) -> None:
    first, again = await doors.letter(), await doors.letter(body="改过的内容")
    assert first == again
    other = await doors.letter(number="A-2")
    assert other["code"] != first["code"]
    await doors.newsroom.li.all()
    assert len(doors.newsroom.li.cases) == 2


async def test_the_same_letter_many_times_at_once_is_one(doors: Doors) -> None:
    told = await asyncio.gather(*(doors.letter() for _ in range(6)), doors.letter(number="B"), doors.letter(number="C"))
    assert len({t["code"] for t in told}) == 3
    assert len({t["code"] for t in told[:6]}) == 1


async def test_letters_of_one_person_can_be_found_and_their_number_not_guessed(doors: Doors) -> None:
    a, b, c = (
        await doors.letter(),
        await doors.letter(number="2"),
        await doors.letter(number="3", sender={"name": "陈晓明"}),
    )
    for told in (a, b, c):
        await doors.case(told)
    senders = [case.sender for case in doors.newsroom.li.cases.values()]
    assert senders[0] == senders[1] != senders[2]


def _asked(desk: Desk, id_: str, value: dict[str, Any] | None, text: str = "") -> Event:
    at = now_ms()
    facts = {"what": "call", "id": id_, "from": day_of(at).isoformat(), "value": value}
    words = {"text": text} if text else {}
    who = {"actor": desk.user, "role": desk.role, "device": desk.device}
    made = Event(id=uuid7(at), case=None, kind="configured", at=at, **who, facts=facts, words=words)
    return replace(made, salt=log.salted(made))


async def test_open_calls_are_told_to_everybody_and_a_letter_may_answer_one(doors: Doors) -> None:
    he, today = doors.newsroom.he, day_of(now_ms()).isoformat()
    value = {"title": "公交线路优化", "topics": ["用水用电"], "until": today}
    await he.sync(_asked(he, "bus", value, "哪一路该改？"))
    await he.sync(_asked(he, "over", value))
    await he.sync(_asked(he, "over", None))
    told = (await doors.client.get("/v1/calls")).json()["calls"]
    assert [(c["id"], c["title"], c["text"], c["until"]) for c in told] == [
        ("bus", "公交线路优化", "哪一路该改？", today)
    ]
    letter = await doors.letter(call="bus", kind=None)
    case = doors.newsroom.li.cases[await doors.case(letter)]
    assert (case.call, case.kind) == ("bus", "suggestion")


BAD: list[tuple[str, dict[str, Any]]] = [
    ("number", {"number": ""}),
    ("number", {"number": "a\u202eb"}),
    ("body", {"body": ""}),
    ("body", {"body": "x\x00y"}),
    ("body", {"body": "长" * 100_001}),
    ("title", {"title": "a\nb"}),
    ("kind", {"kind": "gossip"}),
    ("topic", {"topic": "没有的话题"}),
    ("district", {"district": "999999"}),
    ("received_at", {"received_at": "2999-01-01T00:00:00+08:00"}),
    ("received_at", {"received_at": "yesterday"}),
    ("sender.phone", {"sender": {"phone": "call me"}}),
    ("attachments.0.hash", {"attachments": [{"hash": "0" * 64}]}),
    ("nickname", {"nickname": "x"}),
    ("call", {"call": "no-such-call"}),
]


@pytest.mark.parametrize(("field", "change"), BAD, ids=range(len(BAD)))
async def test_a_bad_letter_is_refused_by_its_field(doors: Doors, field: str, change: dict[str, Any]) -> None:
    answer = await doors.client.post("/v1/letters", content=json.dumps(LETTER | change), headers=doors.channel | JSON)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field
    assert (await doors.newsroom.li.sync()) == {}


async def test_what_is_no_json_is_said(doors: Doors) -> None:
    answer = await doors.client.post("/v1/letters", content=b"{", headers=doors.channel | JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


async def test_only_a_channels_key_lets_letters_in(doors: Doors) -> None:
    for headers in ({}, doors.unit, doors.newsroom.li.headers, {"authorization": "Bearer x"}):
        answer = await doors.client.post("/v1/letters", json=LETTER, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token")
    assert (await doors.client.get("/v1/sync", headers=doors.channel)).status_code == 401


# ── citizens ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_code_alone_tells_where_it_stands_and_nothing_of_the_person(doors: Doors) -> None:
    told, _case, _dispatch = await doors.forwarded()
    answer = await doors.client.get(told["url"])
    public = answer.json()
    assert (public["state"], public["with"], public["state_label"]) == ("forwarded", "渝北区", "待签收")
    assert not {"陈", "138", "电梯"} & {w for w in ("陈", "138", "电梯") if w in answer.text}
    assert "history" not in public
    english = await doors.client.get(told["url"], headers={"accept-language": "en-GB"})
    assert english.json()["state_label"] != public["state_label"]
    assert (await doors.client.get("/v1/letters/RMLX-20000101-00-0001")).status_code == 404


async def test_a_confidential_letter_does_not_tell_who_has_it(doors: Doors) -> None:
    told = await doors.letter(confidential=True)
    case = await doors.case(told)
    await doors.newsroom.li.sync(doors.newsroom.li.forward(case, contact="withheld"))
    assert "with" not in (await doors.client.get(told["url"])).json()


async def test_a_citizen_follows_answers_and_rates(doors: Doors) -> None:
    told, case, dispatch = await doors.forwarded()
    li = doors.newsroom.li
    await li.sync(li.event("asked", case, words={"text": "请问几栋几单元？"}))
    history = (await doors.look(told))["history"]
    assert history[-1]["text"] == "请问几栋几单元？"
    answer = await doors.client.post(f"{told['url']}/tell", json={"secret": told["secret"], "text": "3栋1单元"})
    assert answer.json()["state"] == "forwarded"
    again = await doors.client.post(f"{told['url']}/tell", json={"secret": told["secret"], "text": "3栋1单元"})
    assert [h["what"] for h in again.json()["history"]].count("told") == 1, "sent twice, told once"
    await li.all()
    await li.sync(li.event("asked", case, words={"text": "还有吗？"}))
    same = await doors.client.post(f"{told['url']}/tell", json={"secret": told["secret"], "text": "3栋1单元"})
    assert same.json()["state"] == "forwarded", "asked again, the same words are a new answer"
    await doors.client.post(f"/v1/unit/dispatches/{dispatch}/reply", json={"text": "已修复"}, headers=doors.unit)
    early = await doors.client.post(f"{told['url']}/rating", json={"secret": told["secret"], "score": 5})
    assert (early.status_code, early.json()["code"]) == (409, "state")
    await li.all()
    facts = {"checklist": ["answers_question"], "redacted": True}
    await li.sync(li.event("answered", case, facts=facts, words={"text": "电梯已修复"}))
    rated = await doors.client.post(
        f"{told['url'].lower()}/rating",
        json={"secret": told["secret"].lower(), "score": 5, "solved": True, "words": "谢谢"},
    )
    assert rated.json()["rating"] == {"solved": True, "score": 5}
    assert [h.get("text") for h in rated.json()["history"] if h["what"] == "answered"] == ["电梯已修复"]
    assert "已修复" not in str([h for h in rated.json()["history"] if h["what"] == "replied"])
    await li.all()
    assert li.cases[case].rating is not None


async def test_a_wrong_secret_opens_nothing_and_is_slowed_down(doors: Doors) -> None:
    told = await doors.letter()
    for _ in range(5):
        answer = await doors.client.post(
            f"{told['url']}/withdraw", json={"secret": "0000-0000-0000", "reason": "settled"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "secret")
    answer = await doors.client.post(f"{told['url']}/withdraw", json={"secret": told["secret"], "reason": "settled"})
    assert (answer.status_code, answer.json()["code"]) == (429, "slow_down")
    assert 0 < int(answer.headers["retry-after"]) <= 900
    other = await doors.letter(number="2")
    answer = await doors.client.post(f"{other['url']}/withdraw", json={"secret": other["secret"], "reason": "settled"})
    assert answer.json()["state"] == "withdrawn", "another letter is another lock"


# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_unit_works_through_its_list(doors: Doors) -> None:
    _told, case, dispatch = await doors.forwarded()
    listed = (await doors.client.get("/v1/unit/dispatches", headers=doors.unit)).json()["dispatches"]
    assert [(d["id"], d["state"]) for d in listed] == [(dispatch, "sent")]
    path = f"/v1/unit/dispatches/{dispatch}"
    shown = (await doors.client.get(path, headers=doors.unit)).json()
    assert (shown["body"], shown["contact"]["phone"]) == ("3栋电梯停了三天。", "13812341234")
    assert shown["can"] == ["sign", "return", "reply", "extension"]
    assert (await doors.client.post(f"{path}/sign", headers=doors.unit)).json()["state"] == "signed"
    assert (await doors.client.post(f"{path}/sign", headers=doors.unit)).status_code == 200, "again is no harm"
    outcomes = [{"measure": "电梯维修", "count": 1, "unit": "部"}]
    reply = {"text": "已修复，请放心。", "outcomes": outcomes}
    first = await doors.client.post(f"{path}/reply", json=reply, headers=doors.unit)
    assert first.json()["state"] == "replied"
    await doors.client.post(f"{path}/reply", json=reply, headers=doors.unit)
    li = doors.newsroom.li
    await li.all()
    assert [e.kind for e in li.log].count("replied") == 1
    assert {e.actor for e in li.log[-2:]} == {"unit:500112"}
    assert li.cases[case].state is State.REPLIED
    assert (await doors.client.get("/v1/unit/dispatches", headers=doors.unit)).json()["dispatches"] == []
    assert len((await doors.client.get("/v1/unit/dispatches?done=1", headers=doors.unit)).json()["dispatches"]) == 1


async def test_a_unit_sees_and_moves_only_what_is_its_own(doors: Doors) -> None:
    _told, _case, dispatch = await doors.forwarded()
    path = f"/v1/unit/dispatches/{dispatch}"
    assert (await doors.client.get(path, headers=doors.other_unit)).status_code == 404
    assert (await doors.client.post(f"{path}/sign", headers=doors.other_unit)).status_code == 404
    assert (await doors.client.get("/v1/unit/dispatches", headers=doors.other_unit)).json()["dispatches"] == []
    assert (await doors.client.get("/v1/unit/dispatches", headers=doors.newsroom.li.headers)).status_code == 403
    assert (await doors.client.get("/v1/sync", headers=doors.unit)).status_code == 403


async def test_a_return_names_its_reason(doors: Doors) -> None:
    _told, case, dispatch = await doors.forwarded()
    path = f"/v1/unit/dispatches/{dispatch}/return"
    bad = await doors.client.post(path, json={"reason": "tired"}, headers=doors.unit)
    assert (bad.status_code, bad.json()["field"]) == (422, "reason")
    await doors.client.post(path, json={"reason": "not_ours", "text": "属江北区"}, headers=doors.unit)
    await doors.newsroom.li.all()
    assert doors.newsroom.li.cases[case].state is State.RETURNED


async def test_a_rule_that_refuses_says_so(doors: Doors) -> None:
    _told, _case, dispatch = await doors.forwarded(urgency="critical")
    answer = await doors.client.post(
        f"/v1/unit/dispatches/{dispatch}/extension", json={"text": "材料未到"}, headers=doors.unit
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "no_extension")
    assert "延期" in answer.json()["detail"]


async def test_what_a_unit_is_told_of_an_ended_dispatch(doors: Doors) -> None:
    _told, case, dispatch = await doors.forwarded()
    li = doors.newsroom.li
    await li.sync(li.event("recalled", case, facts={"reason": "wrong_unit"}))
    shown = (await doors.client.get(f"/v1/unit/dispatches/{dispatch}", headers=doors.unit)).json()
    assert (shown["state"], shown["can"]) == ("cancelled", [])
    assert "body" not in shown
    assert "contact" not in shown


# ── contacts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_wrote_is_told_after_it_is_in_the_log_why(doors: Doors) -> None:
    told, case, _dispatch = await doors.forwarded()
    li, zhou = doors.newsroom.li, doors.newsroom.zhou
    answer = await li.get(f"/v1/contacts/{case}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_revealed")
    await li.sync(li.event("revealed", case, facts={"reason": "call_back"}))
    for named in (case, told["code"]):
        record = frames.unpack((await li.get(f"/v1/contacts/{named}")).content)
        assert (record["name"], record["phone"]) == ("陈晓明", "13812341234")
    assert (await zhou.get(f"/v1/contacts/{case}")).json()["code"] == "not_revealed"
    assert (await doors.newsroom.wang.get(f"/v1/contacts/{case}")).json()["code"] == "role"


async def test_a_look_lasts_a_working_day(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    from db.clock import to_iso

    _told, case, _dispatch = await doors.forwarded()
    li = doors.newsroom.li
    await li.sync(li.event("revealed", case, facts={"reason": "call_back"}))
    monkeypatch.setenv("DESK_NOW", to_iso(now_ms() + DAY // 2 + 60_000))
    assert (await li.get(f"/v1/contacts/{case}")).json()["code"] == "not_revealed"


async def test_after_erasure_there_is_nobody_to_tell_of(doors: Doors) -> None:
    told, case, dispatch = await doors.forwarded()
    he = doors.newsroom.he
    await he.all()
    await he.sync(
        he.event("revealed", case, facts={"reason": "check"}), he.event("erased", case, facts={"reason": "law"})
    )
    assert (await he.get(f"/v1/contacts/{case}")).status_code == 404
    assert "停" not in json.dumps(await doors.look(told), ensure_ascii=False)
    shown = await doors.client.get(f"/v1/unit/dispatches/{dispatch}", headers=doors.unit)
    assert "停" not in shown.text
    assert "陈" not in shown.text
