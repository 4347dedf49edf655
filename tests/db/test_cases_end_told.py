"""What answering, rating, tracking and resolving change on a letter, field by field (DESIGN.md §4)."""

from __future__ import annotations

from typing import Any

from db.model import Kind, Role
from tests.db.case_account import lines
from tests.db.cases_factory import ANSWER, DAY, C, S, U
from tests.db.test_cases_unit_told import co, letter

STREETS = {"measure": "街巷整治", "count": 41, "unit": "条"}
OPEN_QUESTION = {"as": "open_question"}


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_checks_the_leads_reply_and_ends_the_open_question() -> None:
    desk = letter("in_progress")
    desk.must("published", **OPEN_QUESTION)
    named = co(desk)
    desk.must("replied", role=U, **named)
    desk.must("replied", role=U)
    assert desk.tells("answered", **ANSWER) == lines("""
        state: replied → answered
        answerable: + answered 10-14 17:00
        1.state: replied → checked
        answer: None → answered
        answer_at: None → 10-14 17:00
        publications: - published open_question
    """)


def test_a_letter_the_desk_answered_itself_is_a_units_once_the_unit_has_replied() -> None:
    desk = letter(kind="inquiry")
    assert desk.tells("answered_directly") == lines("""
        state: received → answered
        answerable: + answered_directly 10-14 10:00
        forward_due: 10-16 00:00 → None
        answer: None → answered_directly
        answer_at: None → 10-14 10:00
        direct: False → True
    """)
    assert desk.tells("reopened", reason="not_done") == lines("""
        state: answered → accepted
        answerable: + reopened 10-14 11:00
        start: a → reopened
        start_at: 10-14 09:00 → 10-14 11:00
        forward_due: None → 10-16 00:00
        answer: answered_directly → None
        answer_at: 10-14 10:00 → None
        direct: True → False
        reopened_re: None → answered_directly
        reopens: 0 → 1
    """)
    desk.forward()
    desk.must("replied", role=U)
    assert desk.must("answered", **ANSWER).direct is False


def test_an_imported_reply_is_answered_without_a_unit() -> None:
    desk = letter(source="import")
    desk.must("replied", role=Role.IMPORT)
    assert desk.tells("answered", **ANSWER) == lines("""
        state: replied → answered
        answerable: + answered 10-14 11:00
        answer: None → answered
        answer_at: None → 10-14 11:00
    """)


def test_a_returned_letter_that_the_desk_answers_itself_is_taken_from_the_unit() -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must("returned", role=U, reason="not_ours")
    desk.must("classified", kind="suggestion")
    assert desk.refuses("answered_directly") == {"code": "supervisor_returned"}
    assert desk.tells("answered_directly", role=S) == lines("""
        state: returned → answered
        answerable: + answered_directly 2 10-14 17:00
        forward_due: 10-16 00:00 → None
        1.state: returned → cancelled
        answer: None → answered_directly 2
        answer_at: None → 10-14 17:00
        direct: False → True
    """)
    assert desk.cases["a"].dispatch(named["_dispatch"]).state == "sent"  # type: ignore[union-attr]


def test_what_the_desk_may_answer_itself_goes_by_the_kind_of_letter() -> None:
    for kind in Kind:
        desk = letter(kind=kind)
        if kind in ("inquiry", "praise", "suggestion"):
            assert desk.must("answered_directly").direct
        else:
            assert desk.refuses("answered_directly") == {"code": "direct_kind", "letter_kind": kind}
    assert letter().refuses("answered_directly") == {"code": "direct_kind", "letter_kind": None}


def test_a_letter_the_desk_answered_itself_becomes_a_units_with_that_units_reply() -> None:
    desk = letter("in_progress", kind="inquiry")
    named = co(desk)
    desk.must("classified", kind="inquiry")
    desk.must("returned", role=U, reason="not_ours")
    desk.must("answered_directly", role=S)
    desk.must("tracked", promised="2024-12-31")
    desk.must("lead_changed", **named)
    assert desk.must("replied", role=U, **named).direct is True
    assert desk.must("answered", **ANSWER).direct is False


# ── rating ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_last_rating_holds() -> None:
    desk = letter("answered")
    assert desk.tells("rated", role=C, solved=True, score=5, thanks=True) == lines("""
        rating: None → rated 10-14 15:00 True 5 True
    """)
    assert desk.tells("rated", role=C, solved=False) == lines("""
        rating: rated 10-14 15:00 True 5 True → rated 2 10-14 16:00 False None False
    """)
    assert desk.tells("rated", role=C, score=3) == lines("""
        rating: rated 2 10-14 16:00 False None False → rated 3 10-14 17:00 None 3 False
    """)


def test_a_rating_says_something_on_the_scale() -> None:
    for score in (1, 2, 3, 4, 5):
        assert letter("resolved").must("rated", role=C, score=score).rating.score == score  # type: ignore[union-attr]
    bad: list[dict[str, Any]] = [{"score": 0}, {"score": 6, "solved": True}, {"score": "5"}, {}, {"thanks": True}]
    for facts in bad:
        assert letter("answered").refuses("rated", role=C, **facts) == {"code": "bad_fact", "field": "score"}


# ── tracking and resolving ───────────────────────────────────────────────────────────────────────────────────────────


def test_tracking_an_answer_sets_the_promised_day() -> None:
    desk = letter("answered")
    assert desk.tells("tracked", promised="2024-10-14") == lines("""
        state: answered → tracking
        answerable: + tracked 10-14 15:00
        promised: None → 2024-10-14
        tracked: None → tracked
    """)


def test_tracking_straight_from_a_reply_checks_it_too() -> None:
    desk = letter("replied")
    assert desk.refuses("tracked", promised="2024-12-31") == {"code": "no_words"}
    assert desk.tells("tracked", promised="2024-12-31", worded=True) == lines("""
        state: replied → tracking
        answerable: + tracked 2 10-14 15:00
        1.state: replied → checked
        promised: None → 2024-12-31
        tracked: None → tracked 2
    """)


def test_a_promise_is_a_day_to_come() -> None:
    desk = letter("answered")
    for promised in ("soon", None, "2024-13-01"):
        assert desk.refuses("tracked", promised=promised) == {"code": "bad_fact", "field": "promised"}
    no = {"code": "promise_past", "promised": "2024-10-13"}
    assert desk.refuses("tracked", promised="2024-10-13") == no


def test_resolving_closes_the_letter_and_ends_every_clock() -> None:
    desk = letter("in_progress")
    co(desk)
    named = co(desk, "500113")
    returning = co(desk, "500114")
    desk.must("replied", role=U, **named)
    desk.must("returned", role=U, reason="not_ours", **returning)
    desk.must("published", **OPEN_QUESTION)
    assert desk.refuses("resolved", result="solved") == {"code": "no_words"}
    assert desk.tells("resolved", result="explained", worded=True, outcomes=[STREETS]) == lines("""
        state: in_progress → resolved
        answerable: + resolved 2 10-14 20:00
        1.state: signed → cancelled
        2.state: sent → cancelled
        3.state: replied → cancelled
        4.state: returned → cancelled
        closing_re: None → forwarded
        closing: None → resolved 2
        closed_at: None → 10-14 20:00
        result: None → explained
        outcomes: + 街巷整治 41 条
        publications: - published open_question
    """)


def test_a_tracked_letter_is_resolved_and_its_promise_is_over() -> None:
    assert letter("tracking").tells("resolved", result="solved") == lines("""
        state: tracking → resolved
        answerable: + resolved 10-14 16:00
        closing_re: None → tracked
        closing: None → resolved
        closed_at: None → 10-14 16:00
        result: None → solved
        promised: 2024-12-31 → None
    """)


def test_what_nobody_rated_the_system_closes_without_a_result() -> None:
    desk = letter("answered")
    assert desk.refuses("resolved", role=Role.SYSTEM, later=14 * DAY - 1) == {"code": "too_early"}
    assert desk.tells("resolved", role=Role.SYSTEM, later=1) == lines("""
        state: answered → resolved
        answerable: + resolved 2 10-28 14:00
        closing_re: None → answered
        closing: None → resolved 2
        closed_at: None → 10-28 14:00
    """)


def test_the_system_closes_only_what_nobody_rated_and_finds_no_result() -> None:
    desk = letter("answered")
    assert desk.refuses("resolved", role=Role.SYSTEM, later=15 * DAY, result="solved") == {
        "code": "bad_fact",
        "field": "result",
    }
    desk = letter("answered")
    desk.must("rated", role=C, score=1, later=0)
    assert desk.refuses("resolved", role=Role.SYSTEM, later=15 * DAY) == {"code": "rated_already"}
    desk = letter("tracking")
    assert desk.refuses("resolved", role=Role.SYSTEM, later=90 * DAY) == {"code": "too_early"}


def test_a_rating_of_an_earlier_answer_keeps_nobody_from_closing_the_next() -> None:
    desk = letter("answered")
    desk.must("rated", role=C, score=1)
    desk.must("reopened", reason="not_done")
    desk.must("replied", role=U)
    desk.must("answered", **ANSWER)
    assert desk.must("resolved", role=Role.SYSTEM, later=14 * DAY).state == "resolved"


def test_a_result_fits_the_letter_or_says_why_not() -> None:
    desk = letter("answered")
    assert desk.refuses("resolved") == {"code": "bad_fact", "field": "result"}
    no = {"code": "result_kind", "letter_kind": "complaint", "result": "adopted"}
    assert desk.refuses("resolved", result="adopted") == no
    assert desk.refuses("resolved", result="mended")["code"] == "result_kind"
    desk.must("classified", kind="suggestion")
    no = {"code": "result_kind", "letter_kind": "suggestion", "result": "solved"}
    assert desk.refuses("resolved", result="solved") == no


def test_two_desks_that_resolve_alike_are_one_and_otherwise_the_first_holds() -> None:
    desk = letter("answered")
    re = desk.cases["a"].answer
    desk.must("resolved", result="solved", outcomes=[STREETS])
    assert desk.absorbs("resolved", _re=re, result="solved", outcomes=[STREETS]) == "resolved"
    others: list[dict[str, Any]] = [
        {"result": "explained", "outcomes": [STREETS]},
        {"result": "solved"},
        {"result": "solved", "outcomes": [STREETS | {"count": 40}]},
        {"result": "solved", "outcomes": "none"},
    ]
    for facts in others:
        assert desk.refuses("resolved", _re=re, **facts) == {"code": "taken_result", "result": "solved"}
    state = {"code": "state", "state": "resolved", "kind": "resolved"}
    assert desk.refuses("resolved", _re=None, result="solved", outcomes=[STREETS]) == state
    other = desk.cases["a"].dispatches[0].reply
    assert desk.refuses("resolved", _re=other, result="solved", outcomes=[STREETS]) == state


def test_resolved_without_outcomes_the_same_again_has_none_either() -> None:
    desk = letter("answered")
    re = desk.cases["a"].answer
    desk.must("resolved", result="solved")
    assert desk.absorbs("resolved", _re=re, result="solved") == "resolved"
    assert desk.refuses("resolved", _re=re, result="solved", outcomes=[STREETS])["code"] == "taken_result"


# ── what stands against it ─────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_refused_with_what_stands_against_it() -> None:
    desk = letter("replied")
    first = desk.cases["a"].dispatches[0].reply
    assert desk.refuses("answered", _re=None, **ANSWER) == {"code": "stale"}
    assert desk.refuses("answered", checklist=["polite"]) == {"code": "not_redacted"}
    assert desk.refuses("answered", checklist=["polite"], redacted="yes") == {"code": "not_redacted"}
    assert desk.refuses("answered", redacted=True, checklist=[]) == {"code": "no_checklist"}
    answer = desk.must("answered", **ANSWER).answer
    state = {"state": "answered", "kind": "answered"}
    assert desk.refuses("answered", _re=first, **ANSWER) == {"code": "stale"} | state
    assert desk.refuses("answered", _re=answer, **ANSWER) == {"code": "state"} | state
    assert desk.refuses("answered", _re=None, **ANSWER) == {"code": "state"} | state
    assert letter("in_progress").refuses("answered", **ANSWER) == {
        "code": "state",
        "state": "in_progress",
        "kind": "answered",
    }


def test_a_supervised_letters_end_is_the_supervisors() -> None:
    desk = letter("in_progress")
    desk.must("chased", role=S, level=3, channel="letter")
    no = {"code": "supervisor_supervised"}
    assert desk.refuses("resolved", result="solved", worded=True) == no
    desk.must("replied", role=U)
    assert desk.refuses("resolved", result="solved", worded=True) == no
    assert desk.refuses("tracked", promised="2024-12-31", worded=True) == no
    assert desk.refuses("answered", **ANSWER) == no
    desk.must("answered", role=S, **ANSWER)
    assert desk.must("tracked", promised="2024-12-31").state == "tracking"
    assert desk.must("resolved", result="solved").state == "resolved"
