"""The letters the newspaper told at length, those it printed a rating of, and those it printed as still unsolved.

Dates and facts are the bulletin's; words are our own (`letters/told.toml`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.clock import from_iso
from db.demo import course
from db.demo.cast import SUPERVISOR
from db.demo.plan import Plan
from db.demo.story import MINUTE, Story
from db.demo.texts import Letter, Words, read

RECEIVED = {
    "hechuan": "2024-10-15T10:20",
    "minibus": "2024-10-10T19:05",
    "fastest": "2024-10-14T08:10",
    "dormitory": "2024-10-11T20:40",
    "land": "2024-10-12T15:00",
    "parking": "2024-10-09T11:30",
    "wanzhou": "2024-10-08T10:00",
    "dadukou": "2024-10-09T16:20",
    "yunyang": "2024-10-10T09:15",
}
CHECKED = ["answers_question", "facts_checked", "deadline_named", "no_personal_data"]


@dataclass(frozen=True, slots=True)
class Way:
    """When a told letter took its steps (ISO, Asia/Shanghai; "" is never), and what came of it."""

    unit: str
    forwarded: str
    signed: str
    replied: str
    answered: str
    resolved: str
    result: str
    score: int = 0
    rated: str = ""
    published: str = ""
    asked: tuple[str, str] = ("", "")  # when the citizen was asked for more, and told it


WAYS = {
    "hechuan": Way(
        unit="合川区住房和城乡建设委员会",
        forwarded="2024-10-22T10:00",
        signed="2024-10-22T15:10",
        replied="2024-10-29T16:00",
        answered="2024-10-30T09:30",
        resolved="2024-10-31T10:00",
        result="solved",
        score=5,
        rated="2024-11-01T08:50",
        published="2024-10-31T16:00",
        asked=("2024-10-16T09:40", "2024-10-21T19:20"),
    ),
    "minibus": Way(
        unit="江北区文化旅游开发有限公司",
        forwarded="2024-10-11T09:40",
        signed="2024-10-11T14:30",
        replied="2024-10-16T15:20",
        answered="2024-10-17T10:00",
        resolved="2024-10-21T11:00",
        result="partly",
        published="2024-10-31T16:10",
    ),
    "fastest": Way(  # forwarded → first reply: 33 hours to the minute
        unit="",
        forwarded="2024-10-14T09:00",
        signed="2024-10-14T09:50",
        replied="2024-10-15T18:00",
        answered="2024-10-16T09:30",
        resolved="2024-10-18T10:00",
        result="solved",
        score=4,
        rated="2024-10-17T20:15",
        published="2024-10-31T16:20",
    ),
    "dormitory": Way(
        unit="交通运输执法",
        forwarded="2024-10-12T10:00",
        signed="2024-10-12T14:20",
        replied="2024-10-18T11:00",
        answered="2024-10-21T09:30",
        resolved="2024-10-23T10:00",
        result="solved",
        published="2024-10-31T16:30",
    ),
    "land": Way(
        unit="丰都县规划和自然资源局",
        forwarded="2024-10-14T09:30",
        signed="2024-10-14T11:00",
        replied="2024-10-16T15:30",
        answered="2024-10-17T09:30",
        resolved="2024-10-18T15:00",
        result="explained",
        score=5,
        rated="2024-10-17T19:40",
    ),
    "parking": Way(
        unit="綦江区交巡警支队",
        forwarded="2024-10-10T09:30",
        signed="2024-10-10T10:40",
        replied="2024-10-14T10:00",
        answered="2024-10-15T09:30",
        resolved="2024-10-22T14:00",
        result="solved",
        score=5,
        rated="2024-10-21T18:10",
    ),
}
OPEN = {  # forwarded, printed
    "wanzhou": ("2024-10-09T10:00", "2024-10-31T15:00"),
    "dadukou": ("2024-10-10T10:00", "2024-10-31T15:10"),
    "yunyang": ("2024-10-11T10:00", "2024-10-31T15:20"),
}


def letter(p: Plan) -> Letter:
    """The letter as the deck deals others."""
    told = read("told")[p.story]
    return Letter(p.kind, told["title"], told["body"], told.get("reply", ""))


def words_of(p: Plan) -> dict[str, str]:
    """The letter's own words."""
    told = read("told")[p.story]
    return {name: told[name] for name in ("title", "body", "place")}


def live(s: Story, p: Plan, w: Words) -> None:
    """One of them, from its acceptance on."""
    if p.story in OPEN:
        _unsolved(s, p, w)
    else:
        _tell(s, p, WAYS[p.story], read("told")[p.story])


def _forward(s: Story, p: Plan, moment: str, unit: str = "") -> None:
    s.on(moment)
    course.forward(s, p, unit=unit, note="请核实处理，按期回复。")


def _accept(s: Story, p: Plan, before: str) -> None:
    """In time for what comes next."""
    s.office()
    s.now = min(s.now, from_iso(before) - 12 * MINUTE)
    s.do("accepted", kind=p.kind, topic=p.topic)
    s.later(0.1)
    s.do("classified", district=p.district)


def _tell(s: Story, p: Plan, way: Way, told: dict[str, str]) -> None:
    asked, answered = way.asked
    _accept(s, p, asked or way.forwarded)
    if asked:
        s.on(asked)
        s.do("asked", text="请补充四十三户的签字情况，以及上次调解的时间。")
        s.on(answered)
        s.do("told", "citizen", "签字表和上次调解的记录都拍了照片，已随信补上。")
    _forward(s, p, way.forwarded, way.unit)
    s.on(way.signed)
    s.do("signed", "unit")
    s.on(way.replied)
    outcomes: dict[str, Any] = {"outcomes": [course.outcome(p)]} if p.outcome else {}
    s.do("replied", "unit", told["reply"], **outcomes)
    s.on(way.answered)
    s.do("answered", text=told["reply"], checklist=CHECKED, redacted=True)
    late = way.rated > way.resolved
    if way.rated and not late:
        _rate(s, way, told)
    s.on(way.resolved)
    s.do("resolved", result=way.result, **outcomes)
    if way.published:
        _publish(s, way.published, "told", told)
    if late:
        _rate(s, way, told)


def _rate(s: Story, way: Way, told: dict[str, str]) -> None:
    s.on(way.rated)
    thanks: dict[str, Any] = {"thanks": True} if "锦旗" in told["rated"] else {}
    s.do("rated", "citizen", told["rated"], score=way.score, solved=True, **thanks)


def _unsolved(s: Story, p: Plan, w: Words) -> None:
    """Forwarded, signed, chased in vain, printed."""
    forwarded, printed = OPEN[p.story]
    _accept(s, p, forwarded)
    _forward(s, p, forwarded)
    s.later(s.rng.uniform(2, 6))
    s.do("signed", "unit")
    course.patrol(s, from_iso(printed), w, share=1.0)
    _publish(s, printed, "open_question", read("told")[p.story])


def _publish(s: Story, moment: str, as_: str, told: dict[str, str]) -> None:
    s.on(moment)
    words = {"title": told["told_title"], "text": told["told"]}
    s.do("published", SUPERVISOR, words=words, **{"as": as_})
