"""The table of DESIGN.md §4 written out once more, from where to where: nothing is done outside it, all of it can be done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import cases
from db.model import OPEN, Case, Role, State
from tests.db.cases_factory import ANSWER, WAYS, C, Desk, E, S, U
from tests.db.test_cases_properties import USUAL, steps, walk

WITH_UNIT = {"forwarded", "in_progress", "replied"}
ASKABLE = {"received", "accepted"} | WITH_UNIT

TABLE: dict[str, list[tuple[set[str], set[str]]]] = {
    "asked": [(ASKABLE, {"needs_info"})],
    "told": [({"needs_info"}, ASKABLE)],
    "accepted": [({"received"}, {"accepted"})],
    "declined": [({"received", "accepted", "needs_info", "returned"}, {"declined"})],
    "answered_directly": [({"received", "accepted", "returned"}, {"answered"})],
    "forwarded": [({"received", "accepted", "returned"}, {"forwarded"})],
    "lead_changed": [(WITH_UNIT | {"returned"}, WITH_UNIT)],
    "recalled": [(WITH_UNIT | {"returned", "needs_info"}, {"accepted"})],
    "signed": [({"forwarded"}, {"in_progress"})],
    "returned": [({"forwarded", "in_progress", "needs_info"}, {"returned"})],
    "upheld": [({"returned"}, {"in_progress"})],
    "replied": [(WITH_UNIT | {"needs_info", "tracking", "received"}, {"replied"})],
    "redone": [({"replied"}, {"in_progress"})],
    "answered": [({"replied"}, {"answered"})],
    "tracked": [({"answered", "replied"}, {"tracking"})],
    "resolved": [({"answered", "tracking", "replied", "in_progress"}, {"resolved"})],
    "reopened": [({"answered", "resolved", "declined", "withdrawn"}, {"in_progress", "accepted"})],
    "merged": [(set(OPEN), {"merged"})],
    "unmerged": [({"merged"}, set(OPEN))],
    "withdrawn": [({*OPEN, "merged"}, {"withdrawn"})],
}
"""Kind → (from, to). A kind that is not here moves no state."""

INHERITED = ("withdrawn", "declined")
"""What a leaving master does to its heir: out of 已并案, to where the master stood."""


def in_the_table(kind: str, before: State, after: State) -> bool:
    return any(before in frm and after in to for frm, to in TABLE.get(kind, []))


def plainly(kind: str) -> Any:
    """A step with the right facts, by a supervisor or whom it is for."""
    role = {"signed": U, "replied": U, "returned": U, "told": C, "extension_asked": U}.get(kind, S)
    good = {"result": "solved", "worded": True, "kind": "inquiry"} if kind in ("resolved", "classified") else {}
    return st.tuples(st.just(kind), st.sampled_from("abc"), st.just(role), st.just(good), st.just(60_000), st.none())


mostly_lawful = st.lists(st.sampled_from([*map(str, cases.TABLE), *USUAL * 2]).flatmap(plainly), max_size=30)


@settings(max_examples=250, deadline=None)
@given(st.one_of(steps, mostly_lawful))
def test_no_event_leads_from_or_to_a_state_outside_the_table(plan: list[Any]) -> None:
    again = Desk()
    for e in walk(plan).log:
        before = again.cases
        again.put(e)
        for id_, case in again.cases.items():
            was = before.get(id_)
            if was is None or was.state is case.state:
                continue
            heir = id_ != e.case and e.kind in INHERITED and was.state is State.MERGED and case.state in OPEN
            own = id_ == e.case and in_the_table(e.kind, was.state, case.state)
            assert heir or own, (e.kind, was.state, case.state)


FACTS: dict[str, dict[str, Any]] = {
    "declined": {"reason": "court"},
    "forwarded": {"district": "500112", "district_name": "渝北区", "rules": 1},
    "recalled": {"reason": "duplicate"},
    "returned": {"reason": "not_ours"},
    "redone": {"code": "evasive"},
    "answered": ANSWER,
    "tracked": {"promised": "2024-12-31", "worded": True},
    "resolved": {"result": "explained", "worded": True},
    "reopened": {"reason": "not_done"},
    "merged": {"into": "m"},
}
ROWS = sorted(
    (kind, frm)
    for kind, moves in TABLE.items()
    for starts, _ in moves
    for frm in starts
    if kind not in ("told", "unmerged", "lead_changed") and (kind, frm) != ("replied", "received")
)


@pytest.mark.parametrize(("kind", "frm"), ROWS)
def test_every_move_of_the_table_can_be_made(kind: str, frm: str) -> None:
    desk = Desk()
    desk.letter("m")
    desk.letter()
    if frm == "merged":
        desk.must("merged", into="m")
    elif frm == "needs_info":
        desk.until("received" if kind == "declined" else "forwarded")
        desk.must("asked")
    elif kind == "answered_directly":
        desk.must("classified", kind="praise")
        way = {"received": (), "accepted": ("accepted",), "returned": ("forwarded", "returned")}[frm]
        for step in way:
            desk.must(step, role=S, **FACTS.get(step, {}))
    else:
        desk.until(frm)
    assert desk.cases["a"].state == frm
    case = desk.must(kind, role=S, **FACTS.get(kind, {}))
    assert in_the_table(kind, State(frm), case.state)
    assert case.state is not State(frm) or (kind, frm) == ("replied", "replied")  # the newer reply stands


@pytest.mark.parametrize("frm", sorted(ASKABLE))
def test_told_the_letter_is_back_where_it_was_asked(frm: str) -> None:
    desk = Desk()
    desk.letter()
    desk.until(frm)
    desk.must("asked")
    assert desk.must("told", role=C).state == frm


@pytest.mark.parametrize("frm", sorted(set(WAYS) & set(map(str, OPEN)) - {"needs_info"}))
def test_merged_and_unmerged_a_letter_is_back_where_it_was(frm: str) -> None:
    desk = Desk()
    desk.letter("m")
    desk.letter()
    before = desk.until(frm)
    desk.must("merged", into="m")
    case = desk.must("unmerged", role=S)
    assert case.state == frm
    assert case.dispatches == before.dispatches
    assert case.lead == before.lead


def test_a_letter_is_withdrawn_by_its_writer_from_wherever_it_stands() -> None:
    for frm in set(WAYS) & set(map(str, OPEN)):
        desk = Desk()
        desk.letter()
        desk.until(frm)
        assert isinstance(desk.do("withdrawn", role=C), Case)


def test_only_these_kinds_may_be_a_citizens_a_units_or_the_systems() -> None:
    def of(role: Role) -> set[str]:
        return {str(kind) for kind, move in cases.TABLE.items() if role in move.who}

    assert of(C) == {"told", "rated", "withdrawn"}
    assert of(U) == {"signed", "returned", "extension_asked", "replied"}
    assert of(Role.SYSTEM) == {"told", "resolved", "noted", "rescheduled", "contact_removed"}
    assert of(Role.IMPORT) == {"replied"}
    assert of(Role.BACKEND) == of(Role.READER) == of(Role.ADMIN) == set()
    assert of(S) - of(E) == {"upheld", "extended", "extension_refused", "unmerged", "erased"}
    assert of(E) <= of(S)
