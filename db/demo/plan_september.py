"""September's letters: what October is compared with, and what is carried over into it."""

from __future__ import annotations

from random import Random

from db.demo.plan import FIRST_REPLIES, REPLIED, SILENT, TOPICS, Plan, forget, suggest

TWISTS = frozenset({"tracked", "reopened", "redone", "unhappy"})
OVERDUE = 4
ENDS = {"declined": 3, "withdrawn": 1, "tracked": 2, "reopened": 1, "redone": 5, "unhappy": 4}
"""How some of them go, and how many; all others are replied to and resolved."""
INQUIRED = ("入学划片", "异地就医", "社保缴纳")
"""Topics of letters answered without a unit."""


def september(rng: Random) -> list[Plan]:
    topics = [t for t, (s, _o, _a, _b) in TOPICS.items() for _ in range(s)]
    for topic in INQUIRED:
        topics.remove(topic)
    rng.shuffle(topics)
    made = [
        Plan("s", topics.pop(), code, "carried", first_reply=FIRST_REPLIES[code] if n == 0 else "")
        for code, (_all, _replied, carried) in REPLIED.items()
        for n in range(carried)
    ]
    everywhere = [*REPLIED, *SILENT]
    rest = [Plan("s", topic, everywhere[n % len(everywhere)], "reply") for n, topic in enumerate(topics)]
    direct = [Plan("s", topic, everywhere[3 * n], "direct", "inquiry") for n, topic in enumerate(INQUIRED)]
    forget(rest, OVERDUE)
    for topic, (_s, _o, suggestions, _b) in TOPICS.items():
        suggest(rng, [*made, *rest], topic, suggestions)
    _ends([p for p in rest if p.goes == "reply"])
    return [*direct, *made, *rest]


def _ends(rest: list[Plan]) -> None:
    free = iter(rest)
    for end, n in ENDS.items():
        for _ in range(n):
            p = next(free)
            if end in TWISTS:
                p.twist = end
            else:
                p.goes = end
