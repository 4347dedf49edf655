"""What reopening and withdrawing change on a letter, field by field (DESIGN.md §4)."""

from __future__ import annotations

from db.model import Role
from tests.db.case_account import lines
from tests.db.cases_factory import ANSWER, DAY, HOUR, C, S, U
from tests.db.test_cases_unit_told import co, letter

STREETS = {"measure": "街巷整治", "count": 41, "unit": "条"}


def test_reopening_takes_back_all_that_closed_the_letter_and_gives_half_the_term() -> None:
    desk = letter("tracking")
    co(desk)
    desk.must("resolved", result="solved", outcomes=[STREETS])
    assert desk.tells("reopened", reason="not_done") == lines("""
        state: resolved → in_progress
        answerable: + reopened 10-14 18:00
        1.state: checked → signed
        1.reply_due: 11-05 00:00 → 10-25 00:00
        1.reply: replied → None
        1.replied_at: 10-14 13:00 → None
        answer: answered → None
        answer_at: 10-14 14:00 → None
        due_moves: + reopened forwarded reply 11-05 00:00 10-25 00:00
        closing_re: tracked → None
        reopened_re: None → resolved
        closing: resolved → None
        closed_at: 10-14 17:00 → None
        result: solved → None
        outcomes: - 街巷整治 41 条
        tracked: tracked → None
        reopens: 0 → 1
    """)


def test_an_answer_that_was_not_closed_yet_is_reopened_too() -> None:
    assert letter("answered").tells("reopened", reason="not_done") == lines("""
        state: answered → in_progress
        answerable: + reopened 10-14 15:00
        1.state: checked → signed
        1.reply_due: 11-05 00:00 → 10-25 00:00
        1.reply: replied → None
        1.replied_at: 10-14 13:00 → None
        answer: answered → None
        answer_at: 10-14 14:00 → None
        due_moves: + reopened forwarded reply 11-05 00:00 10-25 00:00
        reopened_re: None → answered
        reopens: 0 → 1
    """)


def test_a_declined_letter_comes_back_to_the_desk() -> None:
    assert letter("declined").tells("reopened", reason="own_error", later=DAY) == lines("""
        state: declined → accepted
        kind: None → help
        answerable: + reopened 10-15 10:00
        start: a → reopened
        start_at: 10-14 09:00 → 10-15 10:00
        forward_due: None → 10-17 00:00
        reopened_re: None → declined
        closing: declined → None
        closed_at: 10-14 10:00 → None
        reason: court → None
        reopens: 0 → 1
    """)


def test_an_imported_letter_comes_back_without_its_reply_and_keeps_its_kind() -> None:
    desk = letter(source="import", kind="inquiry")
    desk.must("replied", role=Role.IMPORT)
    desk.must("answered", **ANSWER)
    assert desk.tells("reopened", reason="not_done") == lines("""
        state: answered → accepted
        answerable: + reopened 10-14 12:00
        start: a → reopened
        start_at: 10-14 09:00 → 10-14 12:00
        forward_due: None → 10-16 00:00
        answer: answered → None
        answer_at: 10-14 11:00 → None
        imported_reply: replied → None
        reopened_re: None → answered
        reopens: 0 → 1
    """)


def test_a_unit_from_which_the_letter_was_recalled_does_not_get_it_back() -> None:
    desk = letter("replied")
    desk.must("recalled", role=S, reason="wrong_district")
    desk.must("withdrawn", role=C)
    case = desk.must("reopened", reason="came_back")
    assert (case.state, case.lead, [d.state for d in case.dispatches]) == ("accepted", None, ["cancelled"])


def test_a_critical_letters_unit_gets_half_its_hours_and_at_least_two_working_days() -> None:
    desk = letter("answered", urgency="critical")
    assert desk.must("reopened", reason="not_done").dispatches[0].reply_due - desk.now > DAY


def test_a_suggestions_seven_days_are_halved_to_four() -> None:
    desk = letter(kind="suggestion")
    desk.forward()
    desk.must("replied", role=U)
    desk.must("answered", **ANSWER)
    assert desk.tells("reopened", reason="not_done") == lines("""
        state: answered → in_progress
        answerable: + reopened 10-14 13:00
        1.state: checked → signed
        1.reply_due: 10-24 00:00 → 10-19 00:00
        1.reply: replied → None
        1.replied_at: 10-14 11:00 → None
        answer: answered → None
        answer_at: 10-14 12:00 → None
        due_moves: + reopened forwarded reply 10-24 00:00 10-19 00:00
        reopened_re: None → answered
        reopens: 0 → 1
    """)


def test_reopening_is_refused_after_thirty_days_and_without_a_reason() -> None:
    for state in ("answered", "resolved", "declined", "withdrawn"):
        desk = letter(state)
        assert desk.refuses("reopened") == {"code": "bad_fact", "field": "reason"}
        assert desk.refuses("reopened", reason="x", later=30 * DAY - HOUR) == {"code": "reopen_late", "days": 30}
        desk = letter(state)
        assert desk.must("reopened", reason="x", later=30 * DAY - 1).reopens == 1
        desk = letter(state)
        assert desk.refuses("reopened", reason="x", _re=None) == {"code": "stale"}


def test_the_same_closing_is_reopened_once() -> None:
    desk = letter("resolved")
    first = desk.cases["a"].closing
    desk.must("reopened", reason="not_done")
    assert desk.absorbs("reopened", _re=first, reason="not_done") == "resolved"
    desk.must("replied", role=U)
    desk.must("resolved", result="solved", worded=True)
    assert desk.absorbs("reopened", _re=first, reason="not_done") == "resolved"
    assert desk.must("reopened", reason="not_done").reopens == 2


def test_what_was_never_reopened_is_no_older_reopening() -> None:
    desk = letter("resolved")
    answer = desk.cases["a"].answer
    assert desk.refuses("reopened", _re=answer, reason="not_done") == {"code": "stale"}


def test_withdrawing_ends_every_dispatch_and_keeps_its_reason() -> None:
    desk = letter("in_progress")
    co(desk)
    desk.must("asked")
    assert desk.tells("withdrawn", role=C, reason="settled", later=2 * DAY) == lines("""
        state: needs_info → withdrawn
        answerable: + withdrawn 10-16 14:00
        1.state: signed → cancelled
        1.return_due: 10-17 00:00 → 10-19 00:00
        1.reply_due: 11-05 00:00 → 11-07 00:00
        2.state: sent → cancelled
        2.sign_due: 10-16 00:00 → 10-18 00:00
        2.return_due: 10-17 00:00 → 10-19 00:00
        2.reply_due: 11-05 00:00 → 11-07 00:00
        ask: asked → None
        before_ask: in_progress → None
        pauses: - 10-14 14:00 None, + 10-14 14:00 10-16 14:00
        due_moves: + withdrawn forwarded return 10-17 00:00 10-19 00:00, + withdrawn forwarded reply 11-05 00:00 11-07 00:00, +
        | withdrawn forwarded 2 sign 10-16 00:00 10-18 00:00, + withdrawn forwarded 2 return 10-17 00:00 10-19 00:00, + withdrawn
        | forwarded 2 reply 11-05 00:00 11-07 00:00
        closing: None → withdrawn
        closed_at: None → 10-16 14:00
        reason: None → settled
    """)


def test_a_promise_that_was_withdrawn_does_not_come_back_with_the_letter() -> None:
    desk = letter("tracking")
    assert desk.must("withdrawn", role=C).promised is not None
    case = desk.must("reopened", reason="came_back")
    assert (case.state, case.promised, case.tracked) == ("in_progress", None, None)


def test_a_unit_that_returned_the_letter_before_it_was_declined_does_not_lead_it_again() -> None:
    desk = letter("returned")
    desk.must("declined", role=S, reason="court")
    case = desk.must("reopened", reason="own_error")
    assert (case.state, case.lead, case.kind) == ("accepted", None, "complaint")


def test_a_letter_withdrawn_after_an_answer_was_not_resolved_by_it() -> None:
    desk = letter("answered")
    answer = desk.cases["a"].answer
    desk.must("withdrawn", role=C, _re=answer)
    no = {"code": "state", "state": "withdrawn", "kind": "resolved"}
    assert desk.refuses("resolved", result="solved", _re=answer) == no
