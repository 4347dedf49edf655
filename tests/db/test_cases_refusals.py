"""What `why_not` says, word for word: the footer, the palette and `?` print it before anything was tried."""

from __future__ import annotations

from typing import Any

import pytest

from db import cases
from db.model import Actor, Refusal, Role, State
from tests.db.cases_factory import BOOK, Desk, E, S, U


def said(desk: Desk, kind: str, id_: str = "a", by: Role = E, **facts: Any) -> Refusal | None:
    related = {i: c for i, c in desk.cases.items() if i != id_}
    return cases.why_not(desk.cases[id_], kind, Actor("li", by, "01"), related, BOOK, desk.now, facts)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.letter()
    return made


@pytest.mark.parametrize("kind", ["received", "configured", "no such thing"])
def test_what_is_no_deed_on_a_letter_is_refused_as_such(desk: Desk, kind: str) -> None:
    assert said(desk, kind) == Refusal("no_case", {"kind": kind})


def test_the_state_is_named_with_what_was_wanted(desk: Desk) -> None:
    assert said(desk, "resolved") == Refusal("state", {"state": State.RECEIVED, "kind": "resolved"})


def test_what_would_answer_nothing_is_told_by_the_state_for_nothing_came_between(desk: Desk) -> None:
    desk.until("in_progress")
    for kind in ("answered", "redone", "upheld"):
        no = said(desk, kind, by=S)
        assert no == Refusal("state", {"state": State.IN_PROGRESS, "kind": kind}), kind


def test_a_merged_letter_names_its_master(desk: Desk) -> None:
    desk.letter("b")
    desk.must("merged", "a", into="b")
    assert said(desk, "forwarded") == Refusal("merged", {"master": "RMLX-b"})


def test_a_co_handler_may_be_added_where_a_second_lead_may_not(desk: Desk) -> None:
    desk.until("in_progress")
    assert said(desk, "forwarded", role="co") is None
    assert said(desk, "forwarded", role="lead") is not None


def test_what_stands_on_another_dispatch_than_the_leads_is_offered_too(desk: Desk) -> None:
    desk.until("in_progress")
    co = desk.forward(district="500112", co=True).dispatches[-1]
    desk.must("replied", role=U, _re=co.id, _dispatch=co.id)
    assert desk.cases["a"].state is State.IN_PROGRESS
    no = said(desk, "redone")
    assert no is None, "the co-handler's reply may be sent back while the lead still works"


def test_the_leads_refusal_is_said_where_no_dispatch_allows_it(desk: Desk) -> None:
    desk.until("replied")
    desk.forward(district="500112", co=True)
    no = said(desk, "signed", by=U)
    assert no is None, "the co-handler has not signed yet"
    co = desk.cases["a"].dispatches[-1]
    desk.must("signed", role=U, _re=co.id, _dispatch=co.id)
    again = said(desk, "signed", by=U)
    assert again is not None
    assert again.facts.get("kind") == "signed"


def test_a_person_who_may_not_is_told_who_may(desk: Desk) -> None:
    assert said(desk, "erased") == Refusal("supervisor_only", {"role": E, "kind": "erased"})
    assert said(desk, "noted", by=U) == Refusal("forbidden", {"role": U, "kind": "noted"})
