"""Each plan lived through: when the letter came, what the desk and the unit did, how it ended."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from db import places
from db.clock import day_of, from_iso, midnight
from db.demo import cast, stories
from db.demo.plan import Plan, plans
from db.demo.story import DEMO_NOW, HOUR, MINUTE, SUPERVISOR, Story
from db.model import Event, Ms, State
from db.people import Sender

SEED = 20241101
DAYS = {"s": (9, 1, 20), "o": (10, 1, 23), "n": (11, 1, 1)}
CHECKED = ["answers_question", "facts_checked", "no_personal_data"]
LAST_OF = {"s": date(2024, 9, 30), "o": date(2024, 10, 31)}


@cache
def lives() -> tuple[list[Event], list[Sender]]:
    """All events by time, and the senders."""
    rng = Random(SEED)
    texts = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    told: list[Story] = []
    people: list[Sender] = []
    numbers: dict[str, int] = {}
    timed = sorted(((received(p, rng), i, p) for i, p in enumerate(plans(rng))), key=lambda t: (t[0], t[1]))
    for at, i, plan in timed:
        day = f"{day_of(at):%Y%m%d}"
        numbers[day] = numbers.get(day, 0) + 1
        story = Story(Random(SEED * 1000 + i))
        person = sender(f"demo-{i:04d}", story.rng)
        people.append(person)
        begin(story, plan, at, f"RMLX-{day}-00-{numbers[day]:04d}", person, texts)
        live(story, plan, texts)
        told.append(story)
    events = sorted((e for s in told for e in s.events), key=lambda e: e.at)
    return events, people


def received(p: Plan, rng: Random) -> Ms:
    """When the letter came: early enough for what its plan says became of it."""
    if p.story in stories.RECEIVED:
        return from_iso(stories.RECEIVED[p.story])
    month, first, last = DAYS[p.month]
    if p.goes in ("inbox", "accepted") and p.month == "o":
        first, last = (30, 31) if p.goes == "inbox" else (30, 30)
    elif p.goes == "unchecked":
        first, last = 22, 24
    elif p.month == "o" and p.goes in ("wait", "returned", "asked"):
        first, last = 22, 29
    elif p.goes == "carried":
        first, last = 19, 26
    day = midnight(date(2024, month, rng.randint(first, last)))
    hour = rng.randint(0, 7) if p.month == "n" else rng.randint(7, 21)
    return day + hour * HOUR + rng.randrange(60) * MINUTE


def sender(id_: str, rng: Random) -> Sender:
    name = rng.choice(cast.SURNAMES) + rng.choice(cast.GIVEN)
    return Sender(id_, name, rng.choice(cast.SALUTATIONS), f"138-0000-{rng.randrange(10_000):04d}")


def begin(story: Story, p: Plan, at: Ms, code: str, person: Sender, texts: dict[str, Any]) -> None:
    """The letter itself, about a street or town of its district as it was called on the day."""
    rng, day = story.rng, day_of(at)
    towns = places.load().townships(p.district, day)
    slots = {
        "p": rng.choice(towns).name if towns else places.load().name(p.district),
        "e": rng.choice(texts["estates"]),
        "n": rng.randint(2, 9),
    }
    topic = texts["topics"][p.topic]
    title = rng.choice(topic["titles"]).format(**slots)
    body = [f"编辑老师好，我住在{places.load().name(p.district)}{slots['p']}{slots['e']}。"]
    body += [s.format(**slots) for s in (rng.choice(topic["bodies"]), *rng.sample(texts["common"], 2))]
    words = {"title": title, "body": "".join(body), "place": f"{places.load().name(p.district)}{slots['p']}"}
    words |= stories.WORDS.get(p.story, {})
    facts: dict[str, Any] = {"code": code, "channel": rng.choice(cast.CHANNELS), "sender": person.id}
    if p.goes == "inbox" and p.month == "o":  # the app and its form ask what it is about; the desk has yet to check
        facts |= {"kind": p.kind, "topic": p.topic, "district": p.district}
    if p.month == "n" and rng.random() < 0.4:
        facts["urgency"] = "urgent"
    story.receive(at, code, facts, words)


def live(s: Story, p: Plan, texts: dict[str, Any]) -> None:
    """What became of it."""
    if p.goes == "inbox":
        return
    if p.story in stories.TOLD:
        stories.TOLD[p.story](s)
        return
    s.office()
    s.do("accepted", kind=p.kind, topic=p.topic)
    s.later(0.1)
    s.do("classified", district=p.district)
    s.later(0.1)
    if p.goes == "declined":
        s.do("declined", text="您反映的事项已进入司法程序，请按程序办理。", reason="court")
    elif p.goes == "direct":
        s.do(
            "answered_directly",
            text="您咨询的事项，现行规定已向社会公布，详情见区政务服务中心公告。",
            words_source="政务服务中心公告",
        )
        s.office(2)
        s.do("rated", "citizen", score=4, solved=True)
        s.office(2)
        s.do("resolved", result="explained")
    elif p.goes == "asked":
        s.do("asked", text="请补充具体楼栋和发生的时间。")
    elif p.goes != "accepted":
        with_unit(s, p, texts)


def with_unit(s: Story, p: Plan, texts: dict[str, Any]) -> None:
    forward(s, p)
    if p.goes == "returned":
        s.later(5)
        s.do("returned", "unit", "该地块由市级部门管理。", reason="above_us")
        return
    s.office(1)
    if s.rng.random() < 0.9:
        s.do("signed", "unit")
    if p.goes == "late":
        late(s)
    elif p.goes in ("reply", "carried", "tracked", "unchecked"):
        replied(s, p, texts)


def forward(s: Story, p: Plan, unit: str = "") -> None:
    s.do(
        "forwarded",
        role="lead",
        district=p.district,
        district_name=places.load().name(p.district),
        unit=unit,
        rules=1,
        contact="withheld" if s.rng.random() < 0.5 else "shared",
        text="请核实处理，按期回复。" if s.rng.random() < 0.3 else "",
    )


def late(s: Story) -> None:
    """Silence, and the ladder climbed by hand."""
    for level, days, who in ((1, 12, ""), (2, 6, ""), (3, 5, SUPERVISOR)):
        s.office(days)
        s.do("chased", who, level=level, channel="phone" if level < 3 else "letter")


def replied(s: Story, p: Plan, texts: dict[str, Any]) -> None:
    if p.goes == "carried":
        s.office(s.rng.randint(7, 11), LAST_OF["o"])
        if s.rng.random() < 0.5:
            s.do("chased", level=1, channel="phone")
        s.office(s.rng.randint(1, 4), LAST_OF["o"])
    else:
        s.office(s.rng.randint(2, 4), LAST_OF[p.month])
    reply = s.rng.choice(texts["replies"]).format(n=s.rng.randint(3, 9))
    claimed: dict[str, Any] = {"outcomes": [outcome(p)]} if p.outcome else {}
    s.do("replied", "unit", reply, **claimed)
    if p.outcome is None and p.goes == "reply" and s.rng.random() < 0.08:
        s.office(1)
        s.do("redone", code="no_deadline", text="请写明完成时限。")
        s.office(2)
        s.do("replied", "unit", reply + "预计月底前完成。")
    if p.goes != "unchecked":
        settle(s, p, texts["answers"][0].format(reply=reply))


def settle(s: Story, p: Plan, answer: str) -> None:
    """Answered, rated by some, resolved; or tracked to a promised day. Letters that brought outcomes are never left open."""
    hurry = p.outcome is not None
    s.office(1, LAST_OF["o"] if hurry else None)
    s.do("answered", text=answer, checklist=CHECKED, redacted=True)
    if p.goes == "tracked":
        s.office(1)
        s.do("tracked", text="承诺年内完成，届时再向您反馈。", promised="2024-12-20")
        return
    s.later(0.5) if hurry else s.office(1)
    if s.rng.random() < 0.6:
        good = s.rng.random() < 0.8
        s.do("rated", "citizen", score=s.rng.choice((4, 5)) if good else 2, solved=good)
    if hurry:
        s.later(0.5)
    else:
        s.office(s.rng.randint(1, 3))
    outcomes: dict[str, Any] = {"outcomes": [outcome(p)]} if p.outcome else {}
    s.do("resolved", result=result(p, s), **outcomes)
    if not hurry and s.case is not None and s.case.state is State.RESOLVED and s.rng.random() < 0.03:
        s.office(2)
        s.do("reopened", reason="came_back")


def result(p: Plan, s: Story) -> str:
    if p.kind == "suggestion":
        return s.rng.choice(("adopted", "partly", "not_adopted"))
    return "solved" if p.outcome or s.rng.random() < 0.75 else "explained"


def outcome(p: Plan) -> dict[str, Any]:
    assert p.outcome is not None
    measure, count, unit = p.outcome
    return {"measure": measure, "count": count, "unit": unit}


__all__ = ["DEMO_NOW", "lives"]
