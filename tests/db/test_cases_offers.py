"""What the desk offers and what the rules then do are one: `why_not` and `fold` agree, in both directions, wherever letters stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db import cases
from db.model import Absorbed, Actor, Case, Event, Kind, Refusal, Role, State
from tests.db.cases_factory import BOOK, HOUR, Desk, event
from tests.db.test_cases_properties import steps, walk

ACTORS = [Role.EDITOR, Role.SUPERVISOR, Role.CITIZEN, Role.UNIT]
RECORDED = ("returned", "extension_asked")
"""What must happen within a window and may be recorded for others after it."""
KINDS = sorted(str(kind) for kind in cases.TABLE)


def right(desk: Desk, case: Case, kind: str) -> dict[str, Any]:
    """Facts with which nothing but who, where and what stands can be in the way."""
    suggestion = case.kind is Kind.SUGGESTION
    facts: dict[str, dict[str, Any]] = {
        "assigned": {"to": "nobody else"},
        "tagged": {"add": [f"tag {case.events}"]},
        "linked": {"to": f"other {case.events}", "relation": "related"},
        "split": {"into": [f"part {case.events}"]},
        "declined": {"reason": "court"},
        "forwarded": {"role": "lead", "district": "500999", "district_name": "新区", "rules": 1},
        "recalled": {"reason": "duplicate"},
        "returned": {"reason": "not_ours"},
        "chased": {"level": 1, "channel": "phone"},
        "redone": {"code": "evasive"},
        "answered": {"redacted": True, "checklist": ["polite"]},
        "rated": {"score": 3},
        "tracked": {"promised": "2099-01-01", "worded": True},
        "resolved": {"result": "adopted" if suggestion else "solved", "worded": True},
        "reopened": {"reason": "not_done"},
        "withdrawn": {"reason": "settled"},
        "published": {"as": "told" if case.state is State.RESOLVED else "open_question"},
        "revealed": {"reason": "check"},
        "erased": {"reason": "law"},
    }
    if kind == "merged":
        free = [c.id for c in desk.cases.values() if c.id != case.id and c.state is not State.MERGED]
        return {"into": next((i for i in free if desk.cases[i].state not in closed), None)}
    return facts.get(kind, {})


closed = (State.DECLINED, State.WITHDRAWN)


def attempts(desk: Desk, case: Case, kind: str, role: Role) -> list[Event]:
    """That event on each dispatch, now or recorded for an earlier moment."""
    facts = right(desk, case, kind)
    made = []
    for of in (None, *(d.id for d in case.dispatches)):
        re, named = cases.answers(case, kind, of, facts)
        now = event(kind, case.id, desk.now, role, facts=facts, re=re, dispatch=named)
        made += [now, replace(now, when=0)] if kind in RECORDED else [now]
    return made


@settings(max_examples=120, deadline=None)
@given(steps, st.sampled_from(ACTORS), st.integers(HOUR, 40 * 24 * HOUR))
def test_what_is_offered_can_be_done_and_what_is_refused_cannot(plan: list[Any], role: Role, later: int) -> None:
    desk = walk(plan)
    desk.now += later
    for case in desk.cases.values():
        for kind in KINDS:
            no = cases.why_not(case, kind, Actor("li", role, "01"), desk.cases, BOOK, desk.now)
            got = [cases.fold(case, e, desk.cases, BOOK, desk.now) for e in attempts(desk, case, kind, role)]
            done = [v for v in got if isinstance(v, Case)]
            if no is not None:
                assert not done, (case.state, kind, no)
            elif not (kind == "merged" and right(desk, case, kind)["into"] is None):
                harmless = any(isinstance(v, Absorbed) for v in got)  # done already: said so, nothing written
                assert done or harmless, (case.state, kind, [v.code for v in got if isinstance(v, Refusal)])


@settings(max_examples=80, deadline=None)
@given(steps)
def test_neither_a_unit_nor_a_citizen_ever_resolves_and_the_system_only_what_nobody_rated(plan: list[Any]) -> None:
    desk = walk(plan)
    desk.now += 20 * 24 * HOUR
    for case in desk.cases.values():
        facts = right(desk, case, "resolved")
        re, of = cases.answers(case, "resolved")
        for role in (Role.UNIT, Role.CITIZEN, Role.IMPORT, Role.BACKEND, Role.READER, Role.ADMIN):
            e = event("resolved", case.id, desk.now, role, facts=facts, re=re, dispatch=of)
            assert isinstance(cases.fold(case, e, desk.cases, BOOK, desk.now), Refusal)
        timer = event("resolved", case.id, desk.now, Role.SYSTEM, facts={"unrated": True}, re=re, dispatch=of)
        if isinstance(cases.fold(case, timer, desk.cases, BOOK, desk.now), Case):
            assert case.state is State.ANSWERED
            assert case.rating is None or case.rating.at < (case.answer_at or 0)
