"""Two surveys of October: one that closed with more than 40,000 answers, one that still takes them. Made up, of our own words.

What was counted follows from the tables below; the answers themselves (`answers`), which only the demo's backend keeps, are
dealt out of the same tables, so that a recount gives the events' counts (tests/db/test_demo_surveys.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from db import log, surveying, surveys
from db.clock import from_iso, midnight
from db.demo import cast
from db.ids import uuid7
from db.model import Event, EventKind, Ms, Role
from db.survey_checks import definition_out
from db.survey_model import Counted, Survey

LIFTS: Final = """
id = "lifts-2024"
title = "老旧小区加装电梯，您怎么看"
intro = "人民来信里，加装电梯说得最多。请用两分钟说说您家的情况，结果将在版面上公布。"
[[question]]
id = "floor"
text = "您家住几楼"
options = ["1—2 楼", "3—5 楼", "6 楼及以上"]
[[question]]
id = "agree"
text = "您家是否同意加装"
options = ["同意", "不同意", "还没想好"]
[[question]]
id = "worry"
kind = "multiple"
text = "最担心什么（可选两项）"
options = ["费用怎么分摊", "采光和通风", "运行噪声", "施工安全", "建成后的维护"]
most = 2
required = false
[[question]]
id = "pace"
kind = "scale"
text = "您对本小区推进的速度满意吗"
ends = ["很不满意", "很满意"]
[[question]]
id = "say"
kind = "text"
text = "还想对街道和社区说什么"
"""

TROUBLES: Final = """
id = "troubles-2024"
title = "身边的烦心事，您来点题"
intro = "您点得最多的题，记者去跑。"
ends = 2024-11-10
[[question]]
id = "topic"
text = "最希望记者去看哪件事"
options = ["停车难", "夜间噪声", "电动车充电", "人行道破损", "小区门禁", "快递堆放"]
[[question]]
id = "where"
kind = "text"
text = "在哪里，什么时候最严重"
"""

FLOORS: Final = {
    "a": {"a": 2_918, "b": 4_560, "c": 1_642},
    "b": {"a": 12_491, "b": 2_677, "c": 2_676},
    "c": {"a": 13_033, "b": 430, "c": 859},
}
"""Floor → whether they agree → how many households."""

WORRIES: Final = {
    ("a", "e"): 12_408,
    ("a", "b"): 7_311,
    ("b", "c"): 4_902,
    ("d",): 3_870,
    ("a", "d"): 6_255,
    ("e",): 4_128,
}
PACE: Final = {1: 2_477, 2: 4_128, 3: 12_799, 4: 14_862, 5: 7_020}
SAID: Final = (
    "六楼的老人一年下不了几次楼，盼着早点动工。",
    "请把分摊办法贴在楼道里，大家心里有数。",
    "一楼也要照顾，采光受影响该补就补。",
    "希望有人牵头，我们自己谈了三次都没谈拢。",
    "施工队进场前请先说清楚工期。",
    "维护费以后谁出，最好一开始就写进协议。",
    "谢谢社区，上个月已经开了协调会。",
)
WROTE: Final = 3_017
BEGAN: Final = date(2024, 10, 8)
DAYS: Final = (
    3_204,
    4_877,
    5_130,
    3_912,
    2_605,
    2_480,
    3_356,
    3_011,
    2_542,
    2_013,
    1_468,
    1_190,
    1_377,
    1_204,
    998,
    842,
    655,
    422,
)

TOPICS: Final = {"a": 612, "b": 341, "c": 388, "d": 203, "e": 97, "f": 233}
PLACES: Final = (
    "地铁口两侧，下班时候。",
    "小学门口，早上七点半。",
    "夜里十一点以后，烧烤店门前。",
    "老菜市场背后那条巷子。",
)
PLACED: Final = 415
LATER: Final = date(2024, 10, 28)
LATER_DAYS: Final = (388, 571, 489, 426)

Answered = tuple[Ms, dict[str, Any]]


def all_surveys() -> tuple[Survey, Survey]:
    """As they are asked."""
    return surveying.from_toml(LIFTS, 0), surveying.from_toml(TROUBLES, 0)


def events() -> list[Event]:
    """Defined, opened, closed and counted, in their order; the same bytes each time."""
    lifts, troubles = all_surveys()
    desk, last = _Desk(), "2024-10-31T18:00"
    desk.define(lifts, "2024-10-07T16:20")
    desk.decide(EventKind.SURVEY_OPENED, lifts, "2024-10-08T08:30")
    desk.count(lifts, _lifts(9, 32_000), "2024-10-16T20:00")
    desk.decide(EventKind.SURVEY_CLOSED, lifts, "2024-10-25T20:00")
    desk.count(lifts, _lifts(len(DAYS), None), "2024-10-25T20:02", final=True)
    desk.define(troubles, "2024-10-27T17:05")
    desk.decide(EventKind.SURVEY_OPENED, troubles, "2024-10-28T08:00")
    desk.count(troubles, _troubles(), last)
    return desk.events


class _Desk:
    """Writes the supervisor's decisions and the system's counts."""

    def __init__(self) -> None:
        self.rng = Random("surveys")
        self.events: list[Event] = []
        self.last: dict[str, str] = {}

    def define(self, survey: Survey, at: str) -> None:
        facts, words = definition_out(survey)
        self._put(EventKind.SURVEY_DEFINED, survey, at, facts, words)

    def decide(self, kind: EventKind, survey: Survey, at: str) -> None:
        self._put(kind, survey, at, {"survey": survey.id}, {})

    def count(self, survey: Survey, counted: Counted, at: str, *, final: bool = False) -> None:
        facts = surveys.counted_out(survey.id, counted) | ({"final": True} if final else {})
        moment = from_iso(at)
        self.events.append(
            Event(
                id=uuid7(moment, self.rng.getrandbits),
                case=None,
                kind=EventKind.SURVEY_COUNTED.value,
                at=moment,
                actor="system",
                role=Role.SYSTEM,
                device="00",
                facts=facts,
            )
        )

    def _put(self, kind: EventKind, survey: Survey, at: str, facts: dict[str, Any], words: dict[str, str]) -> None:
        moment = from_iso(at)
        id_ = uuid7(moment, self.rng.getrandbits)
        self.events.append(
            Event(
                id=id_,
                case=None,
                kind=kind.value,
                at=moment,
                actor=cast.SUPERVISOR,
                role=Role.SUPERVISOR,
                device=cast.DEVICES[cast.SUPERVISOR],
                re=self.last.get(survey.id),
                facts=facts,
                words=log.storable(words),
                salt=f"{self.rng.getrandbits(128):032x}" if words else "",
            )
        )
        self.last[survey.id] = id_


# ── what was counted ─────────────────────────────────────────────────────────────────────────────────────────────────


def _lifts(days: int, of: int | None) -> Counted:
    """Counts after so many days: the whole, or about that share of it."""
    total = sum(DAYS)
    n = sum(DAYS[:days])

    def part(count: int) -> int:
        return count if of is None else count * n // total

    floors = [part(sum(row.values())) for row in FLOORS.values()]
    agree = [part(sum(row[c] for row in FLOORS.values())) for c in "abc"]
    worries = [part(sum(k for picked, k in WORRIES.items() if c in picked)) for c in "abcde"]
    pace = [part(k) for k in PACE.values()]
    counts = {
        "floor": (n, n - sum(floors[1:]), *floors[1:]),
        "agree": (n, n - sum(agree[1:]), *agree[1:]),
        "worry": (part(sum(WORRIES.values())), *worries),
        "pace": (n, n - sum(pace[1:]), *pace[1:]),
        "say": (part(WROTE),),
    }
    return Counted(0, n, {BEGAN + timedelta(days=d): DAYS[d] for d in range(days)}, counts)


def _troubles() -> Counted:
    n = sum(TOPICS.values())
    days = {LATER + timedelta(days=d): k for d, k in enumerate(LATER_DAYS)}
    return Counted(0, n, days, {"topic": (n, *TOPICS.values()), "where": (PLACED,)})


# ── the answers themselves ───────────────────────────────────────────────────────────────────────────────────────────


def answers(survey: Survey) -> Iterator[Answered]:
    """(when, question → answer) of everybody who answered, in the order they came."""
    if survey.id == "lifts-2024":
        yield from _lift_answers()
    else:
        yield from _trouble_answers()


def _lift_answers() -> Iterator[Answered]:
    rng = Random("lifts")
    homes = [(f, a) for f, row in FLOORS.items() for a, k in row.items() for _ in range(k)]
    rng.shuffle(homes)
    worries: list[tuple[str, ...] | None] = [w for w, k in WORRIES.items() for _ in range(k)]
    worries += [None] * (len(homes) - len(worries))
    rng.shuffle(worries)
    paces = [p for p, k in PACE.items() for _ in range(k)]
    rng.shuffle(paces)
    wrote = set(rng.sample(range(len(homes)), WROTE))
    for n, at in enumerate(_moments(BEGAN, DAYS)):
        floor, agree = homes[n]
        given: dict[str, Any] = {"floor": floor, "agree": agree}
        if (worry := worries[n]) is not None:
            given["worry"] = list(worry)
        given["pace"] = paces[n]
        if n in wrote:
            given["say"] = SAID[n % len(SAID)]
        yield at, given


def _trouble_answers() -> Iterator[Answered]:
    rng = Random("troubles")
    topics = [t for t, k in TOPICS.items() for _ in range(k)]
    rng.shuffle(topics)
    placed = set(rng.sample(range(len(topics)), PLACED))
    for n, at in enumerate(_moments(LATER, LATER_DAYS)):
        yield at, {"topic": topics[n]} | ({"where": PLACES[n % len(PLACES)]} if n in placed else {})


def _moments(first: date, days: tuple[int, ...]) -> Iterator[Ms]:
    """Evenly over each day, from nine in the morning to six in the evening."""
    for d, k in enumerate(days):
        begins = midnight(first + timedelta(days=d)) + 9 * 3_600_000
        yield from (begins + i * 9 * 3_600_000 // k for i in range(k))
