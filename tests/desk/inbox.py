"""Small letters of our own, put into a real store by real commands: what the tests of the screen look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from db import commands, configuring, queries
from db.clock import from_iso
from db.commands import Command
from db.ids import letter_id
from db.letters import Letter
from db.model import Actor, CaseId, Event, Ms, Role
from db.people import Sender, User, own_actor, put_users
from db.store import Store
from db.units import Contact

NOW_ISO = "2024-11-01T09:30:00+08:00"
NOW: Ms = from_iso(NOW_ISO)
HOUR: Ms = 3_600_000

YUBEI, SHAPINGBA, FENGDU = "500112", "500106", "500230"

LETTERS: tuple[tuple[str, str, str, str | None, str | None, str], ...] = (
    # title, kind, urgency, topic, district, body
    (
        "三号楼电梯停运十天，高层老人下不了楼",
        "complaint",
        "urgent",
        "电梯安装",
        YUBEI,
        "电梯停了十天，物业说在等配件。\n\n我母亲八十二岁，住十六楼，已经一个多星期没有下过楼。",
    ),
    (
        "自来水发黄，放十分钟还是黄的",
        "complaint",
        "critical",
        "用水用电",
        FENGDU,
        "昨天起全院的水都是黄的，孩子洗澡后身上起疹子。",
    ),
    (
        "建议在滨江步道加装路灯",
        "suggestion",
        "normal",
        None,
        SHAPINGBA,
        "天黑以后步道很暗，跑步的人看不清台阶，建议加装几盏矮灯。",
    ),
    (
        "广场舞音响到夜里十点半还不停",
        "complaint",
        "normal",
        "广场舞噪音管控",
        YUBEI,
        "楼下的音响每晚放到十点半，孩子要备考。",
    ),
    (
        "咨询老旧小区加装电梯的补贴怎么申请",
        "inquiry",
        "normal",
        "电梯安装",
        None,
        "我们单元八户都同意了，想问补贴向谁申请、要哪些材料。",
    ),
    (
        "感谢社区帮忙找回走失的老人",
        "praise",
        "normal",
        None,
        SHAPINGBA,
        "上周五父亲走失，社区网格员陪我们找到半夜，特此感谢。",
    ),
)


def received(
    n: int, title: str, kind: str, urgency: str, topic: str | None, district: str | None, body: str, at: Ms
) -> Event:
    """The event of a letter that came in at `at`; its sender is `sender-n`."""
    facts: dict[str, Any] = {
        "code": f"RMLX-20241031-07-{n:04d}",
        "channel": "app",
        "number": f"A-{n:04d}",
        "source": "channel",
        "received_at": at,
        "sender": f"sender-{n}",
        "kind": kind,
        "urgency": urgency,
        "rules": 1,
    }
    facts |= {name: value for name, value in (("topic", topic), ("district", district)) if value}
    id_ = letter_id("app", f"A-{n:04d}")
    words = {"title": title, "body": body}
    return Event(
        id=id_,
        case=id_,
        kind="received",
        at=at,
        actor="backend",
        role=Role.BACKEND,
        device="00",
        facts=facts,
        words=words,
        salt="00",
        seq=None,
    )


def arrive(
    store: Store, letters: Sequence[tuple[str, str, str, str | None, str | None, str]] = LETTERS, *, first: int = 1
) -> list[CaseId]:
    """Letters come in, half an hour apart, the last an hour ago, confirmed. Returns their ids in order."""
    events = [
        received(first + i, *letter, at=NOW - HOUR - (len(letters) - 1 - i) * HOUR // 2)
        for i, letter in enumerate(letters)
    ]
    senders = [Sender(f"sender-{first + i}", "陈晓明", "先生", "13800001234") for i in range(len(letters))]
    commands.receive(store, events, senders, pending=False, now=NOW)
    return [e.id for e in events]


def many(store: Store, count: int) -> list[CaseId]:
    """So many letters, for lists longer than a screen."""
    return arrive(
        store, [(f"路灯不亮，第 {n} 封", "help", "normal", None, YUBEI, "请派人看看。") for n in range(1, count + 1)]
    )


def staff(store: Store) -> None:
    put_users(store, [User("u-wang", "王编辑", Role.EDITOR), User("u-li", "李主任", Role.SUPERVISOR)])


def do(
    store: Store, case: CaseId, kind: str, words: dict[str, str] | None = None, *, now: Ms = NOW, **facts: Any
) -> None:
    """One command of the person at the desk; it must be accepted."""
    result = commands.run(store, own_actor(store), [Command(kind, case, facts, words or {})], now)
    assert not result.refused, [refusal for _, refusal in result.refused]


def unit(store: Store, id_: str, district: str, name: str, *people: Contact) -> None:
    """A unit, with whom to call there, that has been there all year."""
    day = date(2024, 1, 1)
    decided = [configuring.unit(id_, day, district, name), configuring.contacts(id_, day, people)]
    assert commands.run(store, own_actor(store), decided, NOW - 30 * 24 * HOUR).ok


def forward(
    store: Store, case: CaseId, district: str = YUBEI, name: str = "渝北区", *, unit: str = "", now: Ms = NOW
) -> None:
    facts: dict[str, Any] = {
        "role": "lead",
        "district": district,
        "district_name": name,
        "rules": 1,
        "contact": "withheld",
    }
    do(store, case, "forwarded", {"note": "请核实后五日内反馈。"}, now=now, **facts | ({"unit": unit} if unit else {}))


def busy(store: Store) -> list[CaseId]:
    """The six letters in several queues: received, forwarded and late, replied, answered."""
    staff(store)
    ids = arrive(store)
    day = 24 * HOUR
    early = NOW - 20 * day
    old = [
        ("小区门口的窨井盖翘起来了", "help", "normal", None, SHAPINGBA, "晚上骑车差点摔倒，希望尽快处理。"),
        ("老旧小区自来水水压不足", "help", "normal", "用水用电", FENGDU, "六楼以上晚上六点到九点没有水。"),
        ("路口红绿灯配时太短", "complaint", "normal", None, YUBEI, "老人走不完一个绿灯。"),
    ]
    late, replied, answered = [received(101 + i, *letter, at=early + i * HOUR) for i, letter in enumerate(old)]
    commands.receive(store, [late, replied, answered], (), pending=False, now=early + day)
    forward(store, late.id, SHAPINGBA, "沙坪坝区", unit="城市管理局", now=early + day)
    do(store, late.id, "signed", now=early + 2 * day)
    do(store, late.id, "chased", now=NOW - 3 * HOUR, level=2, channel="phone")
    for case, district, name in ((replied.id, FENGDU, "丰都县"), (answered.id, YUBEI, "渝北区")):
        forward(store, case, district, name, now=early + day)
        do(
            store,
            case,
            "replied",
            {"text": "经现场核查，情况属实。\n已更换加压泵，十月三十日恢复正常供水。"},
            now=early + 9 * day,
        )
    do(
        store,
        answered.id,
        "answered",
        {"text": "您反映的路口已延长绿灯十秒。"},
        now=early + 10 * day,
        checklist=["polite"],
        redacted=True,
    )
    return [*ids, late.id, replied.id, answered.id]


def letter(store: Store, case: CaseId) -> Letter:
    found = queries.letter(store, case)
    assert found is not None
    return found


def actor(store: Store) -> Actor:
    return own_actor(store)
