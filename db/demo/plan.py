"""Which letters there are, and how far each goes: counts only, from which all of the bulletin's orders follow.

Every topic but two has no more letters in October than in September, so exactly 广场舞噪音管控 and 电梯安装 rise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

TOPICS = {  # topic: (letters of September, of October, suggestions among them)
    "违章搭建": (14, 13, 1, 0),
    "用水用电": (14, 14, 2, 1),
    "安全隐患": (14, 13, 3, 2),
    "道路维修": (14, 10, 5, 3),
    "体育馆开放": (12, 9, 9, 7),
    "公共设施维护": (11, 8, 5, 4),
    "土地征收补偿安置": (1, 1, 0, 0),
    "乱停乱放": (12, 12, 4, 4),
    "停车收费": (12, 11, 6, 7),
    "消防通道占用": (12, 11, 4, 3),
    "河流污染": (6, 4, 2, 1),
    "街道卫生": (6, 5, 2, 2),
    "广场舞噪音管控": (4, 15, 1, 5),
    "电梯安装": (4, 14, 1, 2),
    "青年住房": (4, 3, 2, 2),
    "房屋质量检测": (4, 3, 0, 0),
    "入学划片": (12, 6, 3, 1),
    "课后服务": (10, 6, 5, 4),
    "异地就医": (10, 5, 3, 2),
    "社保缴纳": (10, 4, 2, 1),
}

REPLIED = {
    "500114": (5, 4, 1),  # 黔江区
    "500102": (5, 4, 2),
    "500103": (5, 4, 2),
    "500105": (10, 8, 4),  # 江北区
    "500106": (14, 6, 1),  # 沙坪坝区
    "500107": (5, 3, 2),
    "500108": (5, 4, 1),
    "500109": (5, 4, 1),
    "500112": (13, 12, 6),  # 渝北区: most replies
    "500113": (5, 3, 1),
    "500117": (5, 4, 1),
    "500119": (5, 3, 1),
    "500110": (5, 4, 1),
    "500154": (10, 9, 5),  # 开州区
    "500156": (5, 3, 1),
    "500230": (16, 6, 1),  # 丰都县: most letters
    "500236": (5, 3, 1),
    "500241": (5, 3, 1),
    "500Z01": (5, 4, 2),
    "500Z03": (5, 3, 1),
    "500115": (5, 3, 1),
}
"""The 21 that replied in October, as printed: letters of October, of them replied in October, of September replied in October.

The first reply of each comes in this order (`FIRST_REPLIES`), so that the printed order can be computed, too."""

SILENT = {
    "500101": 4,
    "500104": 4,
    "500235": 4,
    "500116": 3,
    "500118": 3,
    "500120": 2,
    "500151": 2,
    "500233": 2,
}
"""Districts that did not reply in October → their letters of October."""

_SLOTS = ("09:24", "10:41", "11:37", "14:52", "16:15", "17:03")
FIRST_REPLIES = dict(
    zip(
        REPLIED,
        (f"2024-10-{day}T{time}" for day in ("08", "09", "10", "11") for time in _SLOTS),
        strict=False,
    )
)

OUTCOMES = (
    ("道路维修", "街巷整治", "条", (12, 11, 10, 8)),
    ("电梯安装", "加装电梯协议", "户", (512, 460, 324)),
    ("安全隐患", "安全隐患排除", "处", (8, 7, 4)),
    ("用水用电", "自来水水质提升", "个小区", (1, 2)),
    ("用水用电", "电表安装和电费缴纳", "户", (180,)),
)
"""Per measure in the printed order: the topic of its letters, and what each of them brought, beside the told cases."""

FIRST_OUTCOMES = ("2024-10-14T10:20", "2024-10-15T15:05", "2024-10-16T11:10", "2024-10-17T16:30")
"""When the first letter of a measure was resolved, in the printed order; the fifth measure's first is a told case of 18 October."""


@dataclass(slots=True)
class Plan:
    """One letter: where it belongs and how far it goes. Times are ISO, Asia/Shanghai; "" leaves them to chance.

    `goes`: with a unit: reply, carried (over into October), unchecked, wait, overdue, unsigned, returned, story, open; with the desk:
    inbox, accepted, asked, direct, declined, lapsed, withdrawn, merged. `twist`: what else happens on its way.
    """

    month: str  # "s", "o", "n"
    topic: str
    district: str
    goes: str
    kind: str = ""  # "": any that the letter's text allows
    outcome: tuple[str, int, str] | None = None
    story: str = ""
    twist: str = ""
    group: str = ""
    first_reply: str = ""
    resolved: str = ""
    urgency: str = "normal"
    confidential: bool = False
    places: dict[str, str] = field(default_factory=dict)
    followers: list[Plan] = field(default_factory=list)  # letters on the same matter, merged into this one


STORIES = (
    Plan("o", "电梯安装", "500117", "story", "help", ("加装电梯协议", 43, "户"), "hechuan"),
    Plan("o", "停车收费", "500105", "story", "suggestion", None, "minibus"),
    Plan("o", "用水用电", "500154", "story", "help", ("电表安装和电费缴纳", 210, "户"), "fastest"),
    Plan("o", "安全隐患", "500106", "story", "complaint", ("安全隐患排除", 11, "处"), "dormitory"),
    Plan("o", "土地征收补偿安置", "500230", "story", "inquiry", None, "land"),
    Plan("o", "乱停乱放", "500110", "story", "complaint", None, "parking"),
    Plan("o", "道路维修", "500101", "open", "complaint", None, "wanzhou"),
    Plan("o", "公共设施维护", "500104", "open", "complaint", None, "dadukou"),
    Plan("o", "道路维修", "500235", "open", "complaint", None, "yunyang"),
)

MORNING = (  # the last letters, of the morning itself: topic, district, text's group
    ("安全隐患", "500107", "morning"),
    ("电梯安装", "500102", ""),
    ("乱停乱放", "500108", ""),
    ("房屋质量检测", "500113", ""),
    ("社保缴纳", "500103", ""),
    ("广场舞噪音管控", "500109", ""),
)
TWISTS = (
    *("extended",) * 4,
    *("refused",) * 2,
    *("redone",) * 6,
    *("told",) * 4,
    *("co",) * 4,
    *("upheld",) * 2,
    *("wrong_unit",) * 2,
    "wrong_district",
    *("recalled",) * 2,
    *("tracked",) * 3,
    *("unhappy",) * 3,
    *("reopened",) * 2,
)
"""What happens on the way of letters that are replied to."""


def suggest(rng: Random, made: list[Plan], topic: str, suggestions: int) -> None:
    """Makes that many of a topic's letters suggestions, of those that may still be any kind."""
    free = [
        p for p in made if p.topic == topic and not p.kind and p.outcome is None and not p.group and p.goes != "direct"
    ]
    for p in rng.sample(free, suggestions):
        p.kind = "suggestion"


def forget(made: list[Plan], n: int) -> None:
    """Makes that many of the letters overdue: complaints and calls for help, of topics on which few suggest anything."""
    serious = (p for p in made if TOPICS[p.topic][2] * 3 <= TOPICS[p.topic][0] and p.district in REPLIED)
    for nth, p in zip(range(n), serious, strict=False):
        p.goes = "overdue"
        p.kind = ("complaint", "help")[nth % 2]
