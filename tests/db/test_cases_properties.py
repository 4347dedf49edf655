"""What always holds, whatever is done in whatever order, lawful or not (issue: property tests of the rules)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db import casefile, cases, deadlines
from db.model import Absorbed, Case, Event, Role, State
from tests.db.cases_factory import BOOK, DAY, HOUR, START, Desk, event

KINDS = [*map(str, cases.TABLE), "teleported"]
USUAL = ["accepted", "forwarded", "signed", "replied", "answered", "resolved", "chased", "asked", "told", "merged"]
ROLES = [Role.EDITOR, Role.SUPERVISOR, Role.UNIT, Role.CITIZEN, Role.SYSTEM]
IDS = ("a", "b", "c")

facts = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["complaint", "inquiry", "help", "suggestion", "praise", "nonsense"]),
        "urgency": st.sampled_from(["normal", "urgent", "critical"]),
        "role": st.sampled_from(["lead", "lead", "co"]),
        "district": st.sampled_from(["500106", "500112"]),
        "level": st.integers(0, 5),
        "promised": st.sampled_from(["2024-10-20", "2025-01-01", "soon"]),
        "score": st.integers(0, 6),
        "into": st.sampled_from([*IDS, "nowhere"]),
        "as": st.sampled_from(["told", "open_question"]),
        "result": st.sampled_from(["solved", "explained", "adopted", "nonsense"]),
        "worded": st.booleans(),
    },
)
ALWAYS = {
    "district": "500106",
    "district_name": "沙坪坝区",
    "rules": 1,
    "level": 1,
    "reason": "x",
    "code": "evasive",
    "redacted": True,
    "checklist": ["polite"],
    "promised": "2024-12-31",
    "score": 4,
    "to": "wang",
}
steps = st.lists(
    st.tuples(
        st.sampled_from(KINDS[:-1] + USUAL * 4),
        st.sampled_from(IDS),
        st.sampled_from([Role.SUPERVISOR, *ROLES]),
        facts,
        st.sampled_from([1, HOUR, 6 * HOUR, DAY, 6 * DAY]),
        st.one_of(st.none(), st.integers(0, 30)),  # answer an event of long ago instead of what stands
    ),
    max_size=24,
)


def walk(plan: list[Any]) -> Desk:
    desk = Desk()
    for id_ in IDS:
        desk.letter(id_)
    for kind, id_, role, given_facts, later, old in plan:
        own = {**ALWAYS, **given_facts}
        desk.now += later
        re, of = cases.answers(desk.cases[id_], kind, facts=own)
        if old is not None:
            re = desk.log[old % len(desk.log)].id
        words = {"text": "words", "title": "t"}
        before = desk.cases
        desk.put(event(kind, id_, desk.now, role, facts=own, re=re, dispatch=of, words=words, salt="00"))
        check(before, desk.cases, kind, role)
    return desk


def check(before: dict[str, Case], after: dict[str, Case], kind: str, role: Role) -> None:
    for id_, case in after.items():
        assert case.state in State
        old = before[id_]
        if kind == "chased":
            assert [d.reply_due for d in case.dispatches] == [d.reply_due for d in old.dispatches]
            assert [d.sign_due for d in case.dispatches] == [d.sign_due for d in old.dispatches]
        if case.state is State.RESOLVED and old.state is not State.RESOLVED:
            assert role in (Role.EDITOR, Role.SUPERVISOR, Role.SYSTEM)
        if case.state is not old.state and kind in cases.TABLE and not cases.TABLE[kind].own_states:  # type: ignore[index]
            assert old.state in cases.TABLE[kind].frm or old.state is State.MERGED or kind == "told"  # type: ignore[index]
        for clock in deadlines.clocks(case):
            lists = [deadlines.bucket(clock.due, now) for now in (START, clock.due - 1, clock.due, clock.due + DAY)]
            assert lists[2:] == ["late", "late"]
            assert lists[1] == "today"


def refolded(desk: Desk) -> dict[str, Case]:
    again = Desk()
    for e in desk.log:
        again.put(e)
    return again.cases


@settings(max_examples=480, deadline=None)
@given(steps)
def test_whatever_happens_states_stay_in_the_table_and_chases_move_nothing(plan: list[Any]) -> None:
    walk(plan)


@settings(max_examples=240, deadline=None)
@given(steps)
def test_folding_the_same_events_again_gives_the_same_row(plan: list[Any]) -> None:
    desk = walk(plan)
    assert refolded(desk) == desk.cases
    for case in desk.cases.values():
        assert json.loads(casefile.case_values(case)[-1]) is not None


@settings(max_examples=240, deadline=None)
@given(steps)
def test_an_event_folded_twice_changes_nothing_or_is_refused_or_counts_again_only_where_all_hold(
    plan: list[Any],
) -> None:
    desk = walk(plan)
    for e in desk.log:
        if e.kind == "received":
            assert isinstance(cases.fold(desk.cases[e.id], e, desk.cases, BOOK, desk.now), Absorbed)


@settings(max_examples=320, deadline=None)
@given(steps)
def test_no_merge_is_ever_a_cycle_and_no_letter_is_lost(plan: list[Any]) -> None:
    desk = walk(plan)
    for case in desk.cases.values():
        if case.state is State.MERGED:
            master = desk.cases[case.merged_into or ""]
            assert master.state is not State.MERGED
            assert case.id in master.followers
        for follower in case.followers:
            assert desk.cases[follower].merged_into == case.id


@settings(max_examples=240, deadline=None)
@given(steps)
def test_erasing_words_changes_no_state_and_no_figure(plan: list[Any]) -> None:
    desk = walk(plan)
    bare = Desk()
    for e in desk.log:
        bare.put(replace(e, words={}, salt=""))
    for id_, case in desk.cases.items():
        assert replace(bare.cases[id_], title=case.title, place=case.place) == case


@settings(max_examples=320, deadline=None)
@given(steps, st.sampled_from(["answered", "resolved", "tracked", "redone", "reopened", "upheld", "unmerged"]))
def test_a_stale_answer_never_passes_by_the_name_of_the_state(plan: list[Any], kind: str) -> None:
    desk = walk(plan)
    for id_, case in desk.cases.items():
        re, of = cases.answers(case, kind)
        for old in [e for e in desk.log if e.case == id_ and e.id != re]:
            stale = event(
                kind, id_, desk.now, Role.SUPERVISOR, re=old.id, dispatch=of, facts=ALWAYS | {"result": "solved"}
            )
            assert not isinstance(cases.fold(case, stale, desk.cases, BOOK, desk.now), Case)


@settings(max_examples=240, deadline=None)
@given(steps)
def test_a_row_read_back_from_its_columns_is_the_case(plan: list[Any]) -> None:
    for case in walk(plan).cases.values():
        kept = tuple(casefile.load_dispatch(casefile.dispatch_values(d)) for d in case.dispatches)
        assert casefile.load_case(casefile.case_values(case), kept) == case


def test_the_walk_reaches_the_states_it_is_about() -> None:
    """Else the properties above would hold of nothing."""
    plan = [(k, "a", Role.SUPERVISOR, {"result": "solved"}, HOUR, None) for k in USUAL[:6]]
    assert walk(plan).cases["a"].state is State.RESOLVED
    assert isinstance(walk(plan).log[0], Event)
