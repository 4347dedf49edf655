"""How a letter comes back from a unit, field by field: returned, upheld, recalled (DESIGN.md §4)."""

from __future__ import annotations

from typing import Any

import pytest

from db.model import Role
from tests.db.case_account import lines
from tests.db.cases_factory import DAY, E, S, U
from tests.db.test_cases_unit_told import co, letter

# ── return ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_returned_letter_is_the_desks_again_with_a_new_clock() -> None:
    assert letter("in_progress").tells("returned", role=U, reason="not_ours") == lines("""
        state: in_progress → returned
        answerable: + returned 10-14 13:00
        start: a → returned
        start_at: 10-14 09:00 → 10-14 13:00
        forward_due: None → 10-16 00:00
        1.state: signed → returned
        1.returned: None → returned
        returns: 0 → 1
    """)


def test_what_a_co_handler_returns_leaves_the_letter_with_its_lead() -> None:
    desk = letter("in_progress")
    named = co(desk)
    assert desk.tells("returned", role=U, reason="not_ours", **named) == lines("""
        answerable: + returned 10-14 14:00
        2.state: sent → returned
        2.returned: None → returned
        returns: 0 → 1
    """)


def test_a_return_ends_the_pause_and_its_dispatch_keeps_the_time_that_gave_it() -> None:
    desk = letter("in_progress")
    desk.must("asked")
    assert desk.tells("returned", role=U, reason="not_ours", later=2 * DAY) == lines("""
        state: needs_info → returned
        answerable: + returned 10-16 13:00
        start: a → returned
        start_at: 10-14 09:00 → 10-16 13:00
        forward_due: None → 10-18 00:00
        1.state: signed → returned
        1.return_due: 10-17 00:00 → 10-19 00:00
        1.reply_due: 11-05 00:00 → 11-07 00:00
        1.returned: None → returned
        ask: asked → None
        before_ask: in_progress → None
        pauses: - 10-14 13:00 None, + 10-14 13:00 10-16 13:00
        due_moves: + returned forwarded return 10-17 00:00 10-19 00:00, + returned forwarded reply 11-05 00:00 11-07 00:00
        returns: 0 → 1
    """)


@pytest.mark.parametrize("lead", [True, False])
def test_the_window_for_returns_is_shut_from_its_last_moment_on(*, lead: bool) -> None:
    desk = letter("in_progress")
    named = {} if lead else co(desk)
    last = desk.cases["a"].dispatches[-1].return_due - desk.now
    no = {"code": "return_window", "due": "10-17 00:00"}
    assert desk.refuses("returned", role=U, later=last, reason="not_ours", **named) == no
    desk = letter("in_progress")
    named = {} if lead else co(desk)
    assert desk.must("returned", role=U, later=last - 1, reason="not_ours", **named).returns == 1


# ── uphold ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_upheld_the_unit_keeps_the_letter_its_signature_and_its_due_times() -> None:
    desk = letter("in_progress")
    desk.must("returned", role=U, reason="not_ours")
    assert desk.tells("upheld", role=S) == lines("""
        state: returned → in_progress
        forward_due: 10-16 00:00 → None
        1.state: returned → signed
        1.returned: returned → None
    """)


def test_a_unit_that_never_signed_has_signed_once_its_return_is_overruled() -> None:
    desk = letter("forwarded")
    desk.must("returned", role=U, reason="not_ours")
    assert desk.tells("upheld", role=S) == lines("""
        state: returned → in_progress
        forward_due: 10-16 00:00 → None
        1.state: returned → signed
        1.signed_at: None → 10-14 13:00
        1.returned: returned → None
    """)


def test_a_co_handlers_return_is_overruled_and_the_letter_does_not_move() -> None:
    desk = letter("forwarded")
    named = co(desk)
    gone = desk.must("returned", role=U, reason="not_ours", **named).dispatches[1].returned
    assert desk.tells("upheld", role=S, _dispatch=named["_dispatch"], _re=gone) == lines("""
        2.state: returned → signed
        2.signed_at: None → 10-14 14:00
        2.returned: returned → None
    """)


def test_only_a_return_that_stands_is_overruled() -> None:
    desk = letter("in_progress")
    assert desk.refuses("upheld", role=S, _re=None) == {"code": "state", "state": "in_progress", "kind": "upheld"}
    no = {"code": "stale", "state": "in_progress", "kind": "upheld"}
    assert desk.refuses("upheld", role=S, _re="a") == no, "that was no return"
    first = desk.must("returned", role=U, reason="not_ours").dispatches[0].returned
    desk.must("upheld", role=S)
    assert desk.refuses("upheld", role=S, _re=first) == no, "overruled already"


def test_a_return_recalled_or_sent_on_to_another_unit_stands_no_more() -> None:
    desk = letter("forwarded")
    gone = desk.must("returned", role=U, reason="not_ours").dispatches[0].returned
    desk.must("recalled", reason="gone")
    assert desk.refuses("upheld", role=S, _re=gone) == {"code": "stale"}
    desk = letter("forwarded")
    gone = desk.must("returned", role=U, reason="not_ours").dispatches[0].returned
    desk.forward(district="500112")
    assert desk.refuses("upheld", role=S, _re=gone) == {"code": "stale"}


# ── recall ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_recalled_the_letter_has_no_lead_and_waits_for_another_forward() -> None:
    desk = letter("forwarded")
    assert desk.tells("recalled", reason="wrong_district") == lines("""
        state: forwarded → accepted
        answerable: + recalled 10-14 12:00
        start: a → recalled
        start_at: 10-14 09:00 → 10-14 12:00
        forward_due: None → 10-16 00:00
        lead: forwarded → None
        1.state: sent → cancelled
        1.recalled: False → True
        recalls: 0 → 1
    """)
    desk.forward(district="500112")
    assert desk.refuses("recalled", reason="gone", _dispatch=desk.cases["a"].dispatches[0].id) == {"code": "stale"}


def test_a_co_handler_is_recalled_wherever_the_open_letter_stands() -> None:
    desk = letter("forwarded")
    named = co(desk)
    assert desk.tells("recalled", reason="duplicate", **named) == lines("""
        2.state: sent → cancelled
        2.recalled: False → True
        recalls: 0 → 1
    """)
    for lead in ("recalled", "answered"):
        desk = letter("forwarded")
        named = co(desk)
        if lead == "recalled":
            desk.must("recalled", reason="wrong_district")
        else:
            desk.must("replied", role=U)
            desk.must("answered", redacted=True, checklist=["polite"])
        assert desk.must("recalled", reason="duplicate", **named).dispatches[1].recalled, lead


@pytest.mark.parametrize(
    ("state", "role"),
    [("forwarded", E), ("in_progress", S), ("replied", S), ("returned", S)],
)
def test_a_lead_is_recalled_while_the_letter_is_with_the_unit(state: str, role: Role) -> None:
    desk = letter(state)
    if role is S:
        assert desk.refuses("recalled", reason="gone") == {"code": "supervisor_signed"}
    case = desk.must("recalled", role=role, reason="gone")
    assert (case.state, case.lead, case.dispatches[0].recalled) == ("accepted", None, True)


def test_a_lead_of_an_answered_letter_is_not_recalled_any_more() -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must("replied", role=U)
    desk.must("answered", redacted=True, checklist=["polite"])
    desk.must("lead_changed", **named)
    no: dict[str, Any] = {"code": "state", "state": "answered", "kind": "recalled"}
    assert desk.refuses("recalled", role=S, reason="gone") == no


def test_what_was_never_sent_is_not_recalled() -> None:
    assert letter().refuses("recalled", reason="gone") == {"code": "no_dispatch"}
