"""What becomes of a letter with a unit: forwarded, signed, chased, returned, extended, replied, redone, answered, rated, resolved."""

from __future__ import annotations

from datetime import date
from typing import Any

from db import deadlines, places
from db.clock import DAY, day_of, from_iso, midnight
from db.demo import cast
from db.demo.cast import SUPERVISOR
from db.demo.plan import Plan
from db.demo.story import BOOK, CALENDAR, DEMO_NOW, HOUR, MINUTE, Story
from db.demo.texts import Words
from db.ids import timer_id
from db.model import Ms, State

LAST_REPLY = {"s": date(2024, 9, 30), "o": date(2024, 10, 31)}
"""A letter's replies come within its own month, but for those that are carried over."""

OTHERS_FROM: Ms = from_iso("2024-10-12T09:00")
"""Before it October's replies are only the first ones of each district (`plan.FIRST_REPLIES`)."""

LEAST: Ms = 34 * HOUR
"""No reply is faster than the one of 33 hours that was printed."""

RESOLVE_FROM: Ms = from_iso("2024-10-21T09:00")
"""Before it only the first letter of each measure is resolved."""

DAYS = {"inquiry": (1, 2), "help": (2, 5), "suggestion": (2, 5), "complaint": (3, 9)}
"""Working days from signing to the reply, by kind."""

CHECKLISTS = (
    ["answers_question", "facts_checked", "no_personal_data"],
    ["answers_question", "facts_checked", "deadline_named", "no_personal_data"],
    ["answers_question", "facts_checked", "polite", "no_personal_data"],
)
PROMISED = {"s": ("2024-10-30", "2024-11-15"), "o": ("2024-11-01", "2024-11-20", "2024-12-20")}


# ── to the unit ──────────────────────────────────────────────────────────────────────────────────────────────────────


def forward(s: Story, p: Plan, *, district: str = "", unit: str = "", note: str = "", role: str = "lead") -> None:
    """To the plan's district where none is named, under its name of the day."""
    code = district or p.district
    shared = not s.case.confidential and s.rng.random() < 0.45
    s.do(
        "forwarded",
        text=note,
        role=role,
        district=code,
        district_name=places.load().name(code),
        unit=unit,
        rules=1,
        contact="shared" if shared else "withheld",
    )


def _unit(s: Story, p: Plan) -> str:
    """Half of the letters name an office."""
    return cast.office(places.load().name(p.district), p.topic) if s.rng.random() < 0.5 else ""


def with_unit(s: Story, p: Plan, w: Words, followers: list[Story]) -> None:
    """All that happens between the desk's forward and the end of the letter, or the present."""
    _way_there(s, p, w)
    if p.goes == "unsigned":
        return
    if p.goes == "returned":
        s.later(s.rng.uniform(2, 5))
        s.office()
        reason, said = s.rng.choice((("above_us", "returned_above"), ("wrong_unit", "returned_wrong_unit")))
        s.do("returned", "unit", w.say(said), reason=reason)
        return
    sign(s, p)
    if s.rng.random() < 0.12:
        s.later(0.5)
        s.do("noted", text=w.say("note"))
    join(s, followers, p)
    if p.goes in ("wait", "overdue"):
        patrol(s, DEMO_NOW, w, share=0.9 if p.goes == "overdue" else 0.5)
    else:
        work(s, p, w)
        for f in followers:
            f.now = s.case.answer_at or DEMO_NOW
            f.later(f.rng.uniform(5, 30))
            f.do("rated", "citizen", score=f.rng.choice((4, 5)), solved=True)


def _way_there(s: Story, p: Plan, w: Words) -> None:
    """The forward, and what may go wrong with it."""
    unit = _unit(s, p)
    name = places.load().name(p.district)
    if p.twist == "wrong_district":
        forward(s, p, district="500116", note=w.maybe("forward", 0.5))
        s.later(3)
        s.office()
        s.do("returned", "unit", w.say("returned_other"), reason="other_district")
        s.office()
        s.do("classified", district=p.district)
    elif p.twist == "wrong_unit":
        forward(s, p, unit=f"{name}住房和城乡建设委员会")
        s.later(2)
        s.office()
        s.do("returned", "unit", w.say("returned_wrong_unit"), reason="wrong_unit")
        s.office()
        unit = f"{name}城市管理局"
    elif p.twist == "recalled":
        forward(s, p, unit=f"{name}住房和城乡建设委员会")
        s.later(0.4)
        s.do("recalled", reason="wrong_unit", text="选错了承办单位，撤回重新转办。")
        s.later(0.2)
        unit = f"{name}城市管理局"
    elif p.twist == "co":
        unit = cast.office(name, p.topic)
    forward(s, p, unit=unit, note=w.maybe("forward", 0.5))
    if p.twist == "co":
        s.later(0.1)
        forward(s, p, unit=f"{name}人民来信联络点", role="co", note="请配合主办单位做好沟通。")
    if p.twist == "upheld":
        s.later(2)
        s.office()
        s.do("returned", "unit", reason="not_ours")
        s.office()
        s.do("upheld", SUPERVISOR, w.say("upheld"))


def sign(s: Story, p: Plan) -> None:
    """Most units sign; a reply without it counts as one."""
    if p.urgency != "normal":
        s.later(s.rng.uniform(0.4, 2.5))
    elif s.rng.random() < 0.55:
        s.later(s.rng.uniform(0.5, 3))
        s.office()
    else:
        s.office(1)
    if s.case.state is State.FORWARDED and s.rng.random() < 0.93:
        s.do("signed", "unit")


def join(s: Story, followers: list[Story], p: Plan) -> None:
    """Letters on the same matter are accepted and merged into this one."""
    for f in followers:
        f.now = s.now = max(s.now, f.now)
        s.office()
        f.now = s.now
        f.do("accepted", kind=f.case.kind or "complaint", topic=p.topic)
        f.later(0.1)
        f.do("merged", into=s.id)
        s.now = f.now


def patrol(s: Story, until: Ms, w: Words, *, share: float) -> None:
    """Day by day to that moment, the desk sends what the ladder proposes, on that share of days."""
    day = day_of(s.now)
    while (day := deadlines.nth_working_day(day, 1, CALENDAR)) <= day_of(until):
        moment = midnight(day) + int(s.rng.uniform(9.1, 16.8) * HOUR)
        lead = s.case.lead_dispatch
        if moment >= until or lead is None:
            break
        step = deadlines.ladder(s.case, lead, moment, BOOK.newest)
        if step is None or s.rng.random() > share:
            continue
        s.now = moment
        high = step.level >= 3
        words = w.maybe("supervise" if high else "chase", 0.6)
        s.do("chased", SUPERVISOR if high else "", words, level=step.level, channel="letter" if high else "phone")
    s.now = max(s.now, until)


# ── the unit's work ──────────────────────────────────────────────────────────────────────────────────────────────────


def work(s: Story, p: Plan, w: Words) -> None:
    """The unit asks for time, or a co-handler helps; then it replies and the desk looks at it."""
    if p.twist in ("extended", "refused"):
        _extension(s, p, w)
    _co_replies(s, w)
    _reply_at(s, p, w)
    claimed: dict[str, Any] = {"outcomes": [outcome(p)]} if p.outcome else {}
    s.do("replied", "unit", w.reply(), **claimed)
    if p.twist == "redone":
        s.office()
        s.do("redone", code=s.rng.choice(("no_deadline", "incomplete", "evasive")), text=w.say("redo"))
        s.office(s.rng.randint(1, 2), _last(p))
        s.do("replied", "unit", w.reply() + w.say("redone"))
    if p.goes != "unchecked":
        settle(s, p, w)


def _last(p: Plan) -> date:
    return LAST_REPLY["o" if p.goes == "carried" else p.month]


def _extension(s: Story, p: Plan, w: Words) -> None:
    s.office(2)
    s.do("extension_asked", "unit", w.say("extend_why"))
    lead = s.case.lead_dispatch
    asked = lead.extension_asked if lead else None
    s.office(1)
    if p.twist == "extended":
        s.do("extended", SUPERVISOR, w.say("extend_ok"), asked=asked)
        s.office(3)
    else:
        s.do("extension_refused", SUPERVISOR, w.say("extend_no"), asked=asked)


def _co_replies(s: Story, w: Words) -> None:
    for d in s.case.dispatches:
        if d.id != s.case.lead and d.signed_at is None and not d.lead:
            s.later(1)
            s.office()
            s.do("signed", "unit", of=d.id)
            s.office(2)
            _not_before(s, max(d.sent_at + LEAST, OTHERS_FROM))
            s.do("replied", "unit", w.fill("我单位已到{e}走访，居民意见已汇总交主办单位。"), of=d.id)


def _reply_at(s: Story, p: Plan, w: Words) -> None:
    """On to the moment of the reply, chased on the way where the ladder says so."""
    start, lead = s.now, s.case.lead_dispatch
    assert lead is not None
    if p.first_reply:
        s.on(p.first_reply)
    elif p.goes == "unchecked":
        s.now = from_iso(s.rng.choice(("2024-10-29T14:00", "2024-10-30T09:00", "2024-10-31T08:30")))
        s.now += s.rng.randrange(200) * MINUTE
    elif p.resolved:
        s.now = from_iso("2024-10-12T09:10") + s.rng.randrange(400) * MINUTE
    else:
        few, many = DAYS[p.kind]
        slow = s.rng.randint(2, 5) if s.rng.random() < 0.12 else 0
        days = s.rng.randint(few, many) if p.urgency == "normal" else s.rng.randint(1, 2)
        s.office(days + slow, _last(p))
        earliest = lead.sent_at + LEAST
        if p.month == "o" or p.goes == "carried":
            earliest = max(earliest, OTHERS_FROM + s.rng.choice((0, 0, 2, 3)) * DAY)
        _not_before(s, earliest)
    moment, s.now = max(s.now, start + MINUTE), start
    patrol(s, moment, w, share=0.7)


def _not_before(s: Story, moment: Ms) -> None:
    if s.now < moment:
        s.now = moment
        s.office()


# ── the desk's end ───────────────────────────────────────────────────────────────────────────────────────────────────


def settle(s: Story, p: Plan, w: Words) -> None:
    """Answered; then rated by some, called back by the desk, or left to the timer; resolved, tracked or opened again."""
    s.office(0 if p.outcome or s.rng.random() < 0.6 else 1)
    who = SUPERVISOR if s.case.supervised else ""
    reply = w.reply()
    s.do("answered", who, w.say("answer", reply=reply), checklist=s.rng.choice(CHECKLISTS), redacted=True)
    if p.twist == "tracked":
        _track(s, p, w)
    elif p.twist in ("unhappy", "reopened"):
        _unhappy(s, p, w)
    elif p.outcome:
        _bring(s, p)
    elif (chance := s.rng.random()) < 0.58:
        _rated(s, w)
        resolve(s, p)
    elif chance < 0.72:
        _call_back(s, w)
        resolve(s, p)
    else:
        timer(s)


def _rated(s: Story, w: Words) -> None:
    """Whoever gives five stars says no more: the three of October who did are printed, and stories of their own."""
    s.later(s.rng.uniform(3, 40))
    score = s.rng.choice((5, 5, 4, 4, 4, 3))
    s.do("rated", "citizen", "" if score == 5 else w.maybe("rated_good", 0.6), score=score, solved=True)


def _call_back(s: Story, w: Words) -> None:
    s.office(s.rng.randint(1, 3))
    s.do("revealed", reason="call_back")
    s.later(0.1)
    s.do("rated", text=w.say("call_back"), score=4, solved=True)


def _unhappy(s: Story, p: Plan, w: Words) -> None:
    s.later(s.rng.uniform(5, 30))
    again = p.twist == "reopened"
    asks: dict[str, Any] = {"reopen": True} if again else {}
    s.do("rated", "citizen", w.say("rated_bad"), score=s.rng.choice((1, 2)), solved=False, **asks)
    if again:
        s.office(1)
        s.do("reopened", text=w.say("reopen"), reason="citizen_unhappy")
    elif p.month == "s":
        resolve(s, p, "not_adopted" if p.kind == "suggestion" else "explained")


def _bring(s: Story, p: Plan) -> None:
    """A letter with outcomes is resolved within October, on its day where it has one."""
    s.later(0.5)
    if s.rng.random() < 0.6:
        s.do("rated", "citizen", score=s.rng.choice((4, 5)), solved=True)
    if p.resolved:
        s.on(p.resolved)
    else:
        s.office(s.rng.randint(0, 2), LAST_REPLY["o"])
        _not_before(s, RESOLVE_FROM)
    assert p.outcome is not None
    measure, count, unit = p.outcome
    if p.twist == "corrected":  # a figure mistyped, and put right by the supervisor: what stands is what counts
        s.do("resolved", result="solved", outcomes=[{"measure": measure, "count": count + 10, "unit": unit}])
        s.later(2)
        s.do("corrected", SUPERVISOR, outcomes=[outcome(p)])
    else:
        s.do("resolved", result="solved", outcomes=[outcome(p)])


def resolve(s: Story, p: Plan, result: str = "") -> None:
    """By an editor, some working days later."""
    s.office(s.rng.randint(1, 3))
    s.do("resolved", result=result or _result(s, p))


def _result(s: Story, p: Plan) -> str:
    if p.kind == "suggestion":
        return s.rng.choice(("adopted", "adopted", "adopted", "partly", "partly", "not_adopted"))
    return "explained" if p.kind in ("inquiry", "praise") or s.rng.random() < 0.15 else "solved"


def timer(s: Story) -> None:
    """Nobody rated it: after 14 days the system closes it."""
    s.now = (s.case.answer_at or s.now) + BOOK.newest.unrated_days * DAY
    s.do("resolved", "system", id_=timer_id(s.id, "resolved", s.now), unrated=True)


def _track(s: Story, p: Plan, w: Words) -> None:
    s.office(1)
    promised = s.rng.choice(PROMISED[p.month])
    s.do("tracked", text=w.say("track"), promised=promised)
    due = midnight(date.fromisoformat(promised))
    if due > s.now and date.fromisoformat(promised) < day_of(DEMO_NOW):
        s.now = due
        s.do("noted", "system", w.say("promise_due"), id_=timer_id(s.id, "noted", due))


def outcome(p: Plan) -> dict[str, Any]:
    """What the letter brought, as facts carry it."""
    assert p.outcome is not None
    measure, count, unit = p.outcome
    return {"measure": measure, "count": count, "unit": unit}


def lapse(s: Story) -> None:
    """Nobody told what was asked for: after 5 days the system says so."""
    s.now += BOOK.newest.tell_days * DAY
    s.do("told", "system", id_=timer_id(s.id, "told", s.now), lapsed=True)
