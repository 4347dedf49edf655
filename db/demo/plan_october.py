"""October's letters: 167 with the nine that have stories of their own."""

from __future__ import annotations

from random import Random

from db.demo.plan import FIRST_OUTCOMES, OUTCOMES, REPLIED, SILENT, STORIES, TOPICS, TWISTS, Plan, forget, suggest

DESK = (  # how far those go that no unit answered: how many
    ("inbox", 13),
    ("accepted", 4),
    ("asked", 2),
    ("returned", 2),
    ("declined", 2),
    ("lapsed", 1),
    ("withdrawn", 1),
    ("unsigned", 3),
)
DIRECT = (
    ("公共设施维护", "praise"),
    ("公共设施维护", "praise"),
    ("街道卫生", "praise"),
    ("青年住房", "inquiry"),
    ("违章搭建", "inquiry"),
    ("体育馆开放", "inquiry"),
)
GROUPS = (  # several letters on one matter: the first goes to the unit, the others are merged into it
    ("广场舞噪音管控", "500105", "square", {"e": "江畔人家", "p": "五里店街道"}),
    ("用水用电", "500230", "yellow", {"e": "映山小区", "p": "三合街道"}),
)
FOLLOWERS = 2
UNCHECKED = 8
CLOSE = ("500105", "500154")  # second and third of most replies: 开州区 before 江北区 by one or two
OVERDUE = 7
MISCOUNTED = ("安全隐患排除", 7)
"""A count that was first written down wrong and then corrected."""


def october(rng: Random) -> list[Plan]:
    """All but the stories; followers only as their master's."""
    topics = {topic: o for topic, (_s, o, _a, _b) in TOPICS.items()}
    for p in STORIES:
        topics[p.topic] -= 1
    replied, waiting = _places()
    made = [*_groups(topics, replied, waiting), *_outcomes(rng, topics, replied)]
    made += _direct(rng, topics, waiting)
    rest = [t for t, n in topics.items() for _ in range(n)]
    rng.shuffle(rest)
    rng.shuffle(replied)
    rng.shuffle(waiting)
    plain = [Plan("o", rest.pop(), code, "reply") for code in replied]
    left = [Plan("o", rest.pop(), code, "wait") for code in waiting]
    assert not rest
    _desk(left)
    for topic, (_s, _o, _a, suggestions) in TOPICS.items():
        told = sum(p.kind == "suggestion" for p in STORIES if p.topic == topic)
        suggest(rng, [*plain, *left], topic, suggestions - told)
    _twist(plain)
    return [*made, *plain, *left]


def _places() -> tuple[list[str], list[str]]:
    """Districts of the letters that a unit answered in October, and of the others; the stories' own are taken out."""
    replied = [code for code, (_all, n, _carried) in REPLIED.items() for _ in range(n)]
    waiting = [code for code, (all_, n, _carried) in REPLIED.items() for _ in range(all_ - n)]
    waiting += [code for code, n in SILENT.items() for _ in range(n)]
    for p in STORIES:
        (replied if p.goes == "story" else waiting).remove(p.district)
    return replied, waiting


def _groups(topics: dict[str, int], replied: list[str], waiting: list[str]) -> list[Plan]:
    made = []
    for topic, code, group, where in GROUPS:
        replied.remove(code)
        master = Plan("o", topic, code, "reply", group=group, places=where)
        for _ in range(FOLLOWERS):
            waiting.remove(code)
            master.followers.append(Plan("o", topic, code, "merged", group=group, places=where))
        topics[topic] -= 1 + FOLLOWERS
        made.append(master)
    return made


def _outcomes(rng: Random, topics: dict[str, int], replied: list[str]) -> list[Plan]:
    """The letters that brought outcomes, beside the stories'; the first of each measure is resolved at its printed turn."""
    made = []
    for n, (topic, measure, unit, counts) in enumerate(OUTCOMES):
        for nth, count in enumerate(counts):
            code = replied.pop(rng.randrange(len(replied)))
            resolved = FIRST_OUTCOMES[n] if nth == 0 and n < len(FIRST_OUTCOMES) else ""
            twist = "corrected" if (measure, count) == MISCOUNTED else ""
            made.append(Plan("o", topic, code, "reply", outcome=(measure, count, unit), resolved=resolved, twist=twist))
            topics[topic] -= 1
    return made


def _direct(rng: Random, topics: dict[str, int], waiting: list[str]) -> list[Plan]:
    made = []
    for topic, kind in DIRECT:
        code = waiting.pop(rng.randrange(len(waiting)))
        topics[topic] -= 1
        made.append(Plan("o", topic, code, "direct", kind))
    return made


def _twist(plain: list[Plan]) -> None:
    """A co-handler's reply counts for its district too: where the printed order of most replies hangs on it, there is none."""
    pool = list(plain)
    for twist in TWISTS:
        p = next(p for p in pool if twist != "co" or p.district not in CLOSE)
        pool.remove(p)
        p.twist = twist
    for p in plain[-UNCHECKED:]:
        p.goes = "unchecked"


def _desk(left: list[Plan]) -> None:
    """In the inbox are letters of districts that wait for it as for others; those printed silent stay with their units."""
    forget(left, OVERDUE)
    free = iter(sorted((p for p in left if p.goes == "wait"), key=lambda p: p.district in SILENT))
    for goes, n in DESK:
        for _ in range(n):
            next(free).goes = goes
