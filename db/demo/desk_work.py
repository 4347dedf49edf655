"""What the desk does with a letter before, or instead of, a unit: accept, classify, ask, decline, answer directly."""

from __future__ import annotations

from typing import Any

from db.demo import course, told
from db.demo.plan import Plan
from db.demo.story import Story
from db.demo.texts import Words
from db.model import CaseId

TAGS = {"老人": "老年人", "学校": "学校周边", "孩子": "未成年人", "轮椅": "无障碍"}
"""Words in a letter → the tag an editor may put on it."""


def live(s: Story, p: Plan, w: Words, followers: list[Story], before: CaseId | None) -> None:
    """What became of one letter. `followers` are merged into it; `before`: an earlier letter of the same sender."""
    if p.goes in ("inbox", "merged"):  # still to be read; lived with its master
        return
    if p.story:
        told.live(s, p, w)
        return
    _take(s, p, before)
    if p.goes in WITHOUT_UNIT:
        WITHOUT_UNIT[p.goes](s, p, w)
        return
    if p.twist == "told":
        _ask(s, p, w)
        s.later(s.rng.uniform(3, 30))
        s.do("told", "citizen", w.say("told"))
        s.office()
    course.with_unit(s, p, w, followers)


def _take(s: Story, p: Plan, before: CaseId | None) -> None:
    """An editor reads it, says what it is, and where."""
    if p.urgency == "normal":
        s.office()
    else:
        s.later(s.rng.uniform(0.1, 0.6))
    if s.rng.random() < 0.3:
        s.do("assigned", to=s.editor)
        s.later(0.05)
    s.do("accepted", kind=p.kind, topic=p.topic)
    s.later(s.rng.uniform(0.02, 0.2))
    wanted: dict[str, Any] = {"district": p.district, "urgency": p.urgency}
    changed = {name: value for name, value in wanted.items() if getattr(s.case, name) != value}
    if changed:
        s.do("classified", **changed)
        s.later(0.05)
    tags = [tag for word, tag in TAGS.items() if word in s.events[0].words["body"]]
    if tags and s.rng.random() < 0.25:
        s.do("tagged", add=tags[:1])
        s.later(0.02)
    if before and s.rng.random() < 0.7:
        s.do("linked", to=before, relation="same_sender")
        s.later(0.05)


def _stay(_s: Story, _p: Plan, _w: Words) -> None:
    """Accepted, and waits to be forwarded."""


def _ask(s: Story, _p: Plan, w: Words) -> None:
    s.later(0.1)
    s.do("asked", text=w.say("ask"))


def _lapse(s: Story, p: Plan, w: Words) -> None:
    _ask(s, p, w)
    course.lapse(s)
    s.office()
    s.do("declined", text=w.say("declined_no_facts"), reason="no_facts")


def _decline(s: Story, _p: Plan, w: Words) -> None:
    s.later(0.3)
    reason = s.rng.choice(("court", "not_ours"))
    s.do("declined", text=w.say(f"declined_{reason}"), reason=reason)


def _withdraw(s: Story, _p: Plan, w: Words) -> None:
    s.later(s.rng.uniform(2, 10))
    s.do("withdrawn", "citizen", w.say("withdrawn"), reason="settled")


def _answer(s: Story, p: Plan, w: Words) -> None:
    """Inquiries with the source of what is said, praise with thanks."""
    s.office()
    if p.kind == "praise":
        s.do("answered_directly", text=w.say("direct_praise"))
    else:
        source = {"source": "主管部门政策问答"}
        s.do("answered_directly", text=w.say("direct_inquiry", reply=w.reply()), words=source)
    if s.rng.random() < 0.6:
        s.later(s.rng.uniform(2, 20))
        s.do("rated", "citizen", score=s.rng.choice((4, 5)), solved=True)
        course.resolve(s, p)
    else:
        course.timer(s)


WITHOUT_UNIT = {
    "accepted": _stay,
    "asked": _ask,
    "lapsed": _lapse,
    "declined": _decline,
    "withdrawn": _withdraw,
    "direct": _answer,
}
"""What became of it → how; everything else goes to a unit."""
