"""What a reply, and sending it back, change on a letter, field by field (DESIGN.md §4)."""

from __future__ import annotations

import pytest

from db.model import Role
from tests.db.case_account import lines
from tests.db.cases_factory import ANSWER, DAY, HOUR, S, U
from tests.db.test_cases_unit_told import co, letter

STREETS = {"measure": "街巷整治", "count": 41, "unit": "条"}
WAGES = {"measure": "追回工资", "count": 3}


# ── reply ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_stops_the_clock_and_a_newer_one_takes_its_place() -> None:
    desk = letter("in_progress")
    assert desk.tells("replied", role=U, outcomes=[STREETS, WAGES]) == lines("""
        state: in_progress → replied
        answerable: + replied 10-14 13:00
        1.state: signed → replied
        1.first_reply_at: None → 10-14 13:00
        1.reply: None → replied
        1.replied_at: None → 10-14 13:00
        1.claimed: + 街巷整治 41 条, + 追回工资 3 ''
    """)
    assert desk.tells("replied", role=U, outcomes=[WAGES]) == lines("""
        answerable: + replied 2 10-14 14:00
        1.reply: replied → replied 2
        1.replied_at: 10-14 13:00 → 10-14 14:00
        1.claimed: - 街巷整治 41 条
    """)


def test_a_reply_without_a_signature_signs_and_ends_a_pause() -> None:
    desk = letter("forwarded")
    desk.must("asked")
    assert desk.tells("replied", role=U, later=2 * DAY) == lines("""
        state: needs_info → replied
        answerable: + replied 10-16 12:00
        1.state: sent → replied
        1.sign_due: 10-16 00:00 → 10-18 00:00
        1.return_due: 10-17 00:00 → 10-19 00:00
        1.reply_due: 11-05 00:00 → 11-07 00:00
        1.signed_at: None → 10-16 12:00
        1.first_reply_at: None → 10-16 12:00
        1.reply: None → replied
        1.replied_at: None → 10-16 12:00
        ask: asked → None
        before_ask: forwarded → None
        pauses: - 10-14 12:00 None, + 10-14 12:00 10-16 12:00
        due_moves: + replied forwarded sign 10-16 00:00 10-18 00:00, + replied forwarded return 10-17 00:00 10-19 00:00, + replied
        | forwarded reply 11-05 00:00 11-07 00:00
    """)


def test_a_co_handlers_reply_moves_its_own_dispatch_only() -> None:
    desk = letter("in_progress")
    named = co(desk)
    assert desk.tells("replied", role=U, **named) == lines("""
        answerable: + replied 10-14 14:00
        2.state: sent → replied
        2.signed_at: None → 10-14 14:00
        2.first_reply_at: None → 10-14 14:00
        2.reply: None → replied
        2.replied_at: None → 10-14 14:00
    """)


def test_a_promise_is_kept_by_another_reply() -> None:
    desk = letter("tracking")
    assert desk.tells("replied", role=U, later=DAY) == lines("""
        state: tracking → replied
        answerable: + replied 2 10-15 15:00
        1.state: checked → replied
        1.reply: replied → replied 2
        1.replied_at: 10-14 13:00 → 10-15 15:00
    """)


def test_a_reply_that_came_with_an_import_needs_no_unit() -> None:
    desk = letter(source="import")
    assert desk.tells("replied", role=Role.IMPORT) == lines("""
        state: received → replied
        answerable: + replied 10-14 10:00
        forward_due: 10-16 00:00 → None
        imported_reply: None → replied
        imported_reply_at: None → 10-14 10:00
    """)
    assert desk.refuses("replied", role=Role.IMPORT) == {"code": "state", "state": "replied", "kind": "replied"}


def test_an_import_replies_to_what_it_brought_and_to_nothing_at_a_unit() -> None:
    desk = letter()
    assert desk.refuses("replied", role=Role.IMPORT) == {"code": "state", "state": "received", "kind": "replied"}
    desk = letter("accepted", source="import")
    assert desk.refuses("replied", role=Role.IMPORT) == {"code": "state", "state": "accepted", "kind": "replied"}
    assert desk.refuses("replied", role=U) == {"code": "no_dispatch"}


NO_OUTCOMES: list[object] = [
    "41 条",
    {"measure": "街巷整治", "count": 41},
    [{"count": 41}],
    [{"measure": "", "count": 41}],
    [{"measure": "街巷整治"}],
    [{"measure": "街巷整治", "count": "41"}],
    [{"measure": "街巷整治", "count": 0}],
    [STREETS, {"measure": "街巷整治", "count": -1}],
    ["街巷整治"],
]


@pytest.mark.parametrize("bad", NO_OUTCOMES)
def test_outcomes_are_a_measure_and_a_whole_number_above_nought(bad: object) -> None:
    no = {"code": "bad_fact", "field": "outcomes"}
    assert letter("in_progress").refuses("replied", role=U, outcomes=bad) == no
    assert letter("answered").refuses("resolved", result="solved", outcomes=bad) == no


@pytest.mark.parametrize("good", [None, [], [STREETS], [{"measure": "街巷整治", "count": 1}]])
def test_outcomes_may_be_none_at_all(good: object) -> None:
    claimed = letter("in_progress").must("replied", role=U, outcomes=good).dispatches[0].claimed
    assert len(claimed) == len(good or [])  # type: ignore[arg-type]
    assert all((o.measure, o.count) == ("街巷整治", g["count"]) for o, g in zip(claimed, good or [], strict=True))  # type: ignore[call-overload]


# ── redo ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_redo_gives_back_what_was_left_of_the_clock() -> None:
    desk = letter("in_progress")
    desk.must("replied", role=U, later=3 * DAY, outcomes=[STREETS])
    assert desk.tells("redone", code="evasive", later=DAY) == lines("""
        state: replied → in_progress
        1.state: replied → signed
        1.reply_due: 11-05 00:00 → 11-06 00:00
        1.reply: replied → None
        1.replied_at: 10-17 12:00 → None
        1.claimed: - 街巷整治 41 条
        1.redos: 0 → 1
        due_moves: + redone forwarded reply 11-05 00:00 11-06 00:00
        redos: 0 → 1
    """)


def test_a_redo_of_a_late_reply_leaves_two_working_days() -> None:
    desk = letter("in_progress")
    desk.must("replied", role=U, later=30 * DAY)
    assert desk.tells("redone", code="evasive") == lines("""
        state: replied → in_progress
        1.state: replied → signed
        1.reply_due: 11-05 00:00 → 11-16 00:00
        1.reply: replied → None
        1.replied_at: 11-13 12:00 → None
        1.redos: 0 → 1
        due_moves: + redone forwarded reply 11-05 00:00 11-16 00:00
        redos: 0 → 1
    """)


def test_a_critical_letters_redo_gives_back_hours_and_at_least_two_working_days() -> None:
    desk = letter("in_progress", urgency="critical")
    desk.must("replied", role=U, later=2 * HOUR)
    assert desk.tells("redone", code="evasive") == lines("""
        state: replied → in_progress
        1.state: replied → signed
        1.reply_due: 10-15 11:00 → 10-17 00:00
        1.reply: replied → None
        1.replied_at: 10-14 14:00 → None
        1.redos: 0 → 1
        due_moves: + redone forwarded reply 10-15 11:00 10-17 00:00
        redos: 0 → 1
    """)


def test_a_co_handlers_reply_is_sent_back_while_the_lead_works_or_has_answered() -> None:
    desk = letter("in_progress")
    named = co(desk)
    reply = desk.must("replied", role=U, **named).dispatches[1].reply
    assert desk.tells("redone", code="evasive", _dispatch=named["_dispatch"], _re=reply) == lines("""
        2.state: replied → signed
        2.reply: replied → None
        2.replied_at: 10-14 14:00 → None
        2.redos: 0 → 1
        redos: 0 → 1
    """)
    reply = desk.must("replied", role=U, **named).dispatches[1].reply
    desk.must("replied", role=U)
    desk.must("answered", **ANSWER)
    assert desk.must("redone", code="evasive", _dispatch=named["_dispatch"], _re=reply).state == "answered"


def test_a_redo_is_refused_with_what_stands_against_it() -> None:
    desk = letter("replied")
    first = desk.cases["a"].dispatches[0].reply
    assert desk.refuses("redone") == {"code": "bad_fact", "field": "code"}
    assert desk.refuses("redone", code="evasive", _re=None) == {"code": "stale"}
    desk.must("replied", role=U)
    assert desk.refuses("redone", code="evasive", _re=first) == {"code": "stale"}
    desk.must("answered", **ANSWER)
    assert desk.refuses("redone", code="evasive") == {"code": "state", "state": "answered", "kind": "redone"}
    assert letter().refuses("redone", code="evasive") == {"code": "no_dispatch"}


def test_a_closed_letters_co_handler_is_not_sent_back_to_work() -> None:
    desk = letter("in_progress")
    named = co(desk)
    reply = desk.must("replied", role=U, **named).dispatches[1].reply
    desk.must("resolved", result="solved", worded=True)
    no = desk.refuses("redone", code="evasive", _dispatch=named["_dispatch"], _re=reply)
    assert no == {"code": "state", "state": "resolved", "kind": "redone"}


def test_the_third_redo_of_a_letter_is_counted_over_all_its_units() -> None:
    desk = letter("in_progress")
    named = co(desk)
    for _ in range(2):
        reply = desk.must("replied", role=U, **named).dispatches[1].reply
        desk.must("redone", code="evasive", _dispatch=named["_dispatch"], _re=reply)
    desk.must("replied", role=U)
    assert desk.refuses("redone", code="evasive") == {"code": "third_redo"}
    case = desk.must("redone", role=S, code="evasive")
    assert (case.redos, [d.redos for d in case.dispatches]) == (3, [1, 2])
