"""Which letters there are, and how far each has come: counts only, from which all of the bulletin's orders follow.

Every topic but two has no more letters in October than in September, so exactly 广场舞噪音管控 and 电梯安装 rise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

TOPICS = {  # topic: (September, October)
    "违章搭建": (14, 13),
    "用水用电": (14, 14),
    "安全隐患": (14, 13),
    "道路维修": (14, 10),
    "体育馆开放": (12, 9),
    "公共设施维护": (11, 8),
    "土地征收补偿安置": (1, 1),
    "乱停乱放": (12, 12),
    "停车收费": (12, 11),
    "消防通道占用": (12, 11),
    "河流污染": (6, 5),
    "街道卫生": (6, 5),
    "广场舞噪音管控": (4, 14),
    "电梯安装": (4, 14),
    "青年住房": (4, 3),
    "房屋质量检测": (4, 3),
    "入学划片": (12, 6),
    "课后服务": (10, 6),
    "异地就医": (10, 5),
    "社保缴纳": (10, 4),
}

# The 21 that replied in October: code → (letters of October, of them replied in October, of September replied in October)
REPLIED = {
    "500230": (16, 7, 1),  # 丰都县: most letters
    "500106": (14, 7, 1),  # 沙坪坝区
    "500112": (13, 8, 8),  # 渝北区: most replies
    "500154": (9, 6, 7),  # 开州区
    "500105": (9, 5, 6),  # 江北区
    "500114": (5, 3, 0),
    "500102": (5, 3, 1),
    "500103": (5, 3, 1),
    "500107": (5, 3, 1),
    "500108": (5, 3, 1),
    "500109": (5, 2, 0),
    "500113": (5, 3, 0),
    "500117": (5, 3, 0),
    "500119": (5, 2, 0),
    "500110": (5, 3, 0),
    "500156": (5, 2, 0),
    "500236": (5, 2, 0),
    "500241": (5, 2, 0),
    "500Z01": (5, 3, 1),
    "500Z03": (5, 2, 0),
    "500115": (5, 2, 0),
}
SILENT = {"500101": 4, "500104": 4, "500235": 4, "500116": 4, "500118": 3, "500120": 3, "500151": 2, "500233": 2}
"""Districts that did not reply in October → their letters of October."""

SUGGESTIONS = {"s": 62, "o": 51}
"""Of September and of October."""

FITS_SUGGESTION = (
    "体育馆开放",
    "青年住房",
    "停车收费",
    "公共设施维护",
    "乱停乱放",
    "道路维修",
    "课后服务",
    "街道卫生",
    "用水用电",
    "消防通道占用",
)
OUTCOMES = (
    ("道路维修", "街巷整治", "条", (12, 11, 10, 8)),
    ("电梯安装", "加装电梯协议", "户", (43, 512, 460, 324)),
    ("安全隐患", "安全隐患排除", "处", (11, 8, 7, 4)),
    ("用水用电", "自来水水质提升", "个小区", (1, 2)),
    ("用水用电", "电表安装和电费缴纳", "户", (210, 180)),
)
"""Per measure: the topic of its letters, and what each of them brought; the first of 电梯安装 is the told case of 合川."""


@dataclass(slots=True)
class Plan:
    """One letter: where it belongs, how far it goes. `goes`: reply, wait (with the unit), inbox, or a story's name."""

    month: str  # "s", "o", "n"
    topic: str
    district: str
    goes: str
    kind: str = "help"
    outcome: tuple[str, int, str] | None = None
    story: str = ""
    extra: dict[str, str] = field(default_factory=dict)


STORIES = (
    Plan("o", "电梯安装", "500117", "reply", "help", ("加装电梯协议", 43, "户"), "hechuan"),
    Plan("o", "停车收费", "500105", "reply", "suggestion", None, "minibus"),
    Plan("o", "用水用电", "500154", "reply", "help", ("电表安装和电费缴纳", 210, "户"), "fastest"),
    Plan("o", "安全隐患", "500106", "reply", "complaint", ("安全隐患排除", 11, "处"), "dormitory"),
    Plan("o", "土地征收补偿安置", "500230", "reply", "inquiry", None, "land"),
    Plan("o", "乱停乱放", "500110", "reply", "complaint", None, "parking"),
    Plan("o", "道路维修", "500101", "open", "complaint", None, "wanzhou"),
    Plan("o", "公共设施维护", "500104", "open", "complaint", None, "dadukou"),
    Plan("o", "道路维修", "500235", "open", "complaint", None, "yunyang"),
)


def plans(rng: Random) -> Iterator[Plan]:
    """All letters in no particular order; the same for the same generator state."""
    yield from STORIES
    yield from _october(rng)
    yield from _september(rng)
    for topic, code in zip(
        ("电梯安装", "用水用电", "广场舞噪音管控", "道路维修", "乱停乱放", "安全隐患"), (*REPLIED,), strict=False
    ):
        yield Plan("n", topic, code, "inbox")


def _october(rng: Random) -> Iterator[Plan]:
    left = {t: o for t, (_s, o) in TOPICS.items()}
    places: list[tuple[str, str]] = []
    taken = [(p.district, p.goes) for p in STORIES]
    for code, (letters, replied, _carried) in REPLIED.items():
        places += [(code, "reply")] * (replied - taken.count((code, "reply"))) + [(code, "wait")] * (letters - replied)
    for code, letters in SILENT.items():
        places += [(code, "wait")] * (letters - taken.count((code, "open")))
    for p in STORIES:
        left[p.topic] -= 1
    rng.shuffle(places)
    places.sort(key=lambda p: p[1] != "reply")
    topics = _measured(rng, left)
    rest = [t for t, n in left.items() for _ in range(n)]
    rng.shuffle(rest)
    made = []
    for (code, goes), (topic, outcome) in zip(places, [*topics, *((t, None) for t in rest)], strict=True):
        made.append(Plan("o", topic, code, goes, outcome=outcome))
    _kinds(rng, made, SUGGESTIONS["o"] - 1)
    _inbox(made)
    yield from made


def _measured(rng: Random, left: dict[str, int]) -> list[tuple[str, tuple[str, int, str] | None]]:
    """The letters that bring outcomes, first in line for districts that replied; those of the stories are told already."""
    told = {p.outcome for p in STORIES if p.outcome}
    found: list[tuple[str, tuple[str, int, str] | None]] = []
    for topic, measure, unit, counts in OUTCOMES:
        for count in counts:
            if (measure, count, unit) not in told:
                found.append((topic, (measure, count, unit)))
                left[topic] -= 1
    rng.shuffle(found)
    return found


def _kinds(rng: Random, made: list[Plan], suggestions: int) -> None:
    fitting = [p for p in made if p.topic in FITS_SUGGESTION and p.outcome is None]
    for p in rng.sample(fitting, suggestions):
        p.kind = "suggestion"
    for p in made:
        if p.kind != "suggestion":
            p.kind = rng.choices(("complaint", "help", "inquiry"), (5, 4, 2))[0]


def _inbox(made: list[Plan]) -> None:
    """The last dozen of those no unit has answered came on 30 and 31 October and wait to be read."""
    for p in [p for p in made if p.goes == "wait" and p.district in REPLIED][-13:]:
        p.goes = "inbox"
    for n, p in enumerate([p for p in made if p.goes == "wait" and p.kind == "inquiry"][:4]):
        p.goes = ("direct", "declined", "direct", "asked")[n]
    for p in [p for p in made if p.goes == "wait"][:2]:
        p.goes = "returned"
    for p in [p for p in made if p.goes == "wait"][-5:]:
        p.goes = "accepted"
    for p in [p for p in made if p.goes == "reply" and p.outcome is None][-6:]:
        p.goes = "unchecked"


def _september(rng: Random) -> Iterator[Plan]:
    topics = [t for t, (s, _o) in TOPICS.items() for _ in range(s)]
    rng.shuffle(topics)
    places = [(c, "carried") for c, (_l, _r, carried) in REPLIED.items() for _ in range(carried)]
    everywhere = [*REPLIED, *SILENT]
    places += [(everywhere[n % len(everywhere)], "reply") for n in range(len(topics) - len(places))]
    made = [Plan("s", t, c, g) for t, (c, g) in zip(topics, places, strict=True)]
    _kinds(rng, made, SUGGESTIONS["s"])
    for n, p in enumerate([p for p in made if p.goes == "reply"][-16:]):
        p.goes = ("late", "declined", "tracked", "direct")[n % 4]
        if p.goes == "direct":
            p.kind = "inquiry"
    yield from made
