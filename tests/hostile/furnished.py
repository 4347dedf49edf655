"""A store full of hostile letters in every queue, and of everything else on a desk that somebody outside can name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date

from db import commands, configuring, drafts, surveying, templates
from db.model import CaseId, Event
from db.people import Sender, User, own_actor, put_users
from db.store import Store
from db.survey_model import Question, QuestionKind, Survey
from db.text import one_line
from desk import macros
from desk.home import settings_file
from desk.macros import Macro, Step
from desk.settings import Search, write
from tests.desk import inbox
from tests.hostile.letters import COLLECTED, FILE_NAMES, MARK, Wild, bare, letters

DAY = 24 * inbox.HOUR
BEFORE = inbox.NOW - 20 * DAY
LONG = "长" * 60
NAME = "甲\x1b[2J\u202e[red]=1+1<b>"
"""What an outsider would call himself."""


TELLING = "\n我叫陈晓明，电话13812345678，住3栋2单元501。"
"""What is found and offered for redaction."""

TAME = Wild(MARK + "路灯不亮", "路口的灯坏了三天。\n\n请派人看看。", "文体路", "晓明", "已派人换了灯泡。")


def furnish(store: Store, count: int | None = None, *, wild: bool = True) -> list[CaseId]:
    """Letters as a backend sends them (no door has looked at them), and what the desk did with them. Their ids.

    Not `wild`: the same desk, and nothing hostile on it, to compare with.
    """
    # a database holds UTF-8 only; no door lets more in
    all_ = [Wild(*map(bare, astuple(one))) if wild else TAME for one in letters(count)]
    name = NAME if wild else "王编辑"
    put_users(store, [User("u-wang", name, inbox.Role.EDITOR), User("u-li", name + LONG, inbox.Role.SUPERVISOR)])
    events = [_received(n, one, FILE_NAMES if wild else ("照片.png",) * 3) for n, one in enumerate(all_, 1)]
    senders = [Sender(f"sender-{n}", one.name + "陈", one.name, "13800001234") for n, one in enumerate(all_, 1)]
    got = commands.receive(store, events, senders, pending=False, now=BEFORE + DAY)
    assert not got.refused, got.refused[:3]
    ids = [e.id for e in events]
    for n, (id_, one) in enumerate(zip(ids, all_, strict=True)):
        _work(store, n, id_, one)
    _named_by_others(store, COLLECTED if wild else ("路灯",) * len(COLLECTED))
    return ids


def _received(n: int, one: Wild, files: Sequence[str]) -> Event:
    made = inbox.received(n, one.title, "complaint", "normal", None, inbox.YUBEI, one.body, at=BEFORE + n * 60_000)
    facts = {**made.facts, "number": f"A-{n:04d}"}
    if n % 5 == 0:
        facts["topic"] = one.place + "话题"  # named by a channel, in no list of ours
    words = {**made.words, "place": one.place}
    if n % 7 == 2:  # chased, and looked at before it is printed
        words["body"] += TELLING
    if n % 4 == 0:
        listed = [(f"{n:060x}{i:04x}", "image/png", 1000) for i in range(len(files))]
        facts["attachments"] = listed
        words["files"] = "\n".join(files)
    return replace(made, facts=facts, words=words)


def _work(store: Store, n: int, id_: CaseId, one: Wild) -> None:
    """One letter in each state, in turn; every word of it hostile."""
    now = BEFORE + DAY
    inbox.do(store, id_, "tagged", now=now, add=[one.place[:80] + "签"])
    inbox.do(store, id_, "noted", {"text": one.reply}, now=now)
    stage = n % 7
    if stage == 0:
        return
    inbox.forward(store, id_, inbox.YUBEI, "渝北区", unit=one.place[:80] + "局", now=now)
    if stage == 1:
        inbox.do(store, id_, "chased", {"text": one.reply}, level=1, channel="phone", now=now + 2 * DAY)
        return
    if stage == 2:
        inbox.do(store, id_, "returned", {"text": one.reply}, reason="not_ours", now=now + inbox.HOUR)
        return
    inbox.do(store, id_, "replied", {"text": one.reply}, now=now + 5 * DAY)
    if stage == 3:
        return
    inbox.do(store, id_, "answered", {"text": one.reply}, now=now + 6 * DAY, checklist=["polite"], redacted=True)
    if stage == 4:
        return
    inbox.do(store, id_, "rated", {"text": one.reply}, now=now + 7 * DAY, solved=True, score=2)
    outcome = {"measure": "街巷整治", "count": 3, "unit": "条"}
    inbox.do(store, id_, "resolved", {}, now=now + 8 * DAY, result="solved", outcomes=[outcome])
    inbox.do(
        store, id_, "published", {"title": one.title, "text": one.body[:3000]}, now=now + 9 * DAY, **{"as": "told"}
    )


def _named_by_others(store: Store, texts: Sequence[str]) -> None:
    """Units, templates, lists, macros, surveys, drafts, the newsroom: each called something nobody would be called."""
    names = [f"{one_line(bare(t))[:36]}{n}" for n, t in enumerate(texts)]
    day, actor = date(2024, 1, 1), own_actor(store)
    decided = [configuring.unit(f"u{n}", day, inbox.YUBEI, name) for n, name in enumerate(names[::20])]
    done = commands.run(store, actor, [*decided, configuring.topic(names[-1], day, "民生")], BEFORE)
    assert not done.refused, done.refused
    for n, text in enumerate(texts[::12]):
        made = templates.Template("", "redo", f"{one_line(bare(text))[:24]}{n}", f"{{title}}{bare(text)}{{x}}")
        assert isinstance(templates.put(store, made, actor), templates.Template)
    steps = (Step("note", {"text": bare(texts[0])}),)
    macros.keep(store, [Macro(bare(text)[:90] + LONG, steps) for text in texts[::9]])
    assert write(settings_file(store.home), "searches", [Search(name, "电梯") for name in names[::30]]) is None
    question = Question(id="q1", kind=QuestionKind.SINGLE, text=names[50], options=(names[40], names[90]))
    survey = Survey(id="wild", title=names[46] + LONG, intro=names[110], questions=(question,))
    done = commands.run(store, actor, [surveying.define(survey, None, BEFORE)], BEFORE)
    assert not done.refused, done.refused
    store.put_setting("newsroom.name", bare(texts[0] + texts[40] + texts[120] + LONG))
    for (case,) in store.rows("SELECT id FROM cases LIMIT 6"):
        drafts.put(store, case, "note", {"text": names[5] + names[35]})
