"""What an event names and when it happened: `re`, dispatches, effective time; and what the clocks make of it (DESIGN.md §4, §6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db import cases, deadlines
from db.clock import from_iso
from db.model import Absorbed, Actor, Case, DispatchState, EventKind, Refusal, Role, Term
from tests.db.cases_factory import ANSWER, BOOK, DAY, HOUR, START, C, Desk, E, S, U, event

CAL = BOOK.newest.calendar


def code(got: object) -> str:
    assert isinstance(got, Refusal), got
    return got.code


# ── what it names ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", sorted(cases.TABLE))
def test_an_event_that_answers_what_never_came_depends_on_it(kind: str) -> None:
    for state in ("received", "in_progress", "replied", "answered", "resolved"):
        desk = Desk()
        desk.letter()
        desk.until(state)
        role = S if S in cases.TABLE[EventKind(kind)].who else Role.SYSTEM
        assert desk.no(kind, role=role, _re="never", _dispatch=None) == "depends"


def test_a_co_handler_joins_the_lead_it_names() -> None:
    desk = Desk()
    desk.letter()
    first = desk.forward().lead
    desk.must("recalled", reason="wrong_district")
    desk.forward(district="500112")
    facts = {"role": "co", "district": "500113", "district_name": "x", "rules": 1}
    assert code(desk.put_forward("a", E, facts, re=first)) == "stale"
    assert isinstance(desk.put_forward("a", E, facts), Case)


def test_without_a_lead_nobody_co_handles_and_nobody_takes_the_lead() -> None:
    desk = Desk()
    desk.letter()
    facts = {"role": "co", "district": "500113", "district_name": "x", "rules": 1}
    assert code(desk.put_forward("a", E, facts)) == "no_lead"
    assert desk.no("lead_changed") == "no_lead"
    desk.forward()
    assert desk.no("lead_changed") == "no_co"


def test_a_recalled_lead_is_no_lead_any_more() -> None:
    desk = Desk()
    desk.letter()
    desk.forward()
    co = desk.forward(district="500112", co=True).dispatches[1]
    case = desk.must("recalled", reason="wrong_district")
    assert (case.lead, case.state, case.dispatches[1].state) == (None, "accepted", DispatchState.SENT)
    assert desk.no("lead_changed", _dispatch=co.id, _re=co.id) == "no_lead"


def test_the_unit_that_co_handles_does_not_get_the_same_letter_twice() -> None:
    desk = Desk()
    desk.letter()
    desk.forward()
    co = desk.forward(district="500112", co=True).dispatches[1]
    desk.must("returned", role=U, reason="not_ours")
    facts = {"role": "lead", "district": "500112", "district_name": "x", "rules": 1}
    assert code(desk.put_forward("a", E, facts)) == "co_handles"
    case = desk.must("lead_changed", _dispatch=co.id, _re=co.id)
    assert (case.state, case.lead, case.forward_due) == ("forwarded", co.id, None)
    assert isinstance(desk.do("lead_changed", _dispatch=co.id, _re=co.id), Absorbed)


def test_the_case_follows_its_new_lead() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    co = desk.forward(district="500112", co=True).dispatches[1]
    desk.must("replied", role=U, _dispatch=co.id, _re=co.id)
    case = desk.must("lead_changed", _dispatch=co.id, _re=co.id)
    assert (case.state, [d.lead for d in case.dispatches]) == ("replied", [False, True])
    assert desk.must("answered", **ANSWER).dispatches[1].state is DispatchState.CHECKED


def test_what_is_signed_replied_or_chased_on_a_recalled_dispatch_is_stale() -> None:
    desk = Desk()
    desk.letter()
    gone = desk.forward().lead
    desk.must("recalled", reason="wrong_district")
    for kind in ("signed", "replied", "chased", "returned", "recalled", "extension_asked"):
        assert desk.no(kind, role=S, _re=gone, _dispatch=gone, level=1, reason="x") == "stale"


def test_signing_twice_is_one_signature() -> None:
    desk = Desk()
    desk.letter()
    at = desk.until("in_progress").dispatches[0].signed_at
    assert isinstance(desk.do("signed"), Absorbed)
    assert desk.cases["a"].dispatches[0].signed_at == at


def test_another_unit_signs_nothing_even_what_is_signed_already() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    assert desk.no("signed", role=U, _actor="unit:500112") == "not_yours"


def test_a_late_signature_is_recorded_late() -> None:
    desk = Desk()
    desk.letter()
    desk.until("forwarded")
    d = desk.must("signed", role=U, later=3 * DAY).dispatches[0]
    assert d.signed_at is not None
    assert deadlines.is_late(d.sign_due, d.signed_at, desk.now)


def test_a_return_taken_over_meanwhile_is_not_upheld() -> None:
    desk = Desk()
    desk.letter()
    first = desk.until("returned").dispatches[0]
    desk.forward(district="500112")
    assert desk.no("upheld", role=S, _re=first.returned, _dispatch=first.id) == "stale"
    desk.must("returned", role=U, reason="not_ours")
    assert desk.no("upheld", role=S, _re=first.returned, _dispatch=first.id) == "stale"
    assert desk.must("upheld", role=S).state == "in_progress"


def test_an_answer_to_one_request_for_an_extension_is_not_the_answer_to_another() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    first = desk.must("extension_asked", role=U).dispatches[0].extension_asked
    assert isinstance(desk.do("extension_asked", role=U), Absorbed)
    desk.must("extension_refused", role=S, asked=first)
    second = desk.must("extension_asked", role=U).dispatches[0].extension_asked
    assert desk.no("extended", role=S, asked=first) == "stale"
    assert desk.must("extended", role=S, asked=second).extensions == 1


def test_a_chase_of_a_level_counts_once_a_day_whatever_came_between() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    for level in (1, 2):
        desk.must("chased", level=level, channel="phone")
    assert isinstance(desk.do("chased", level=1, channel="phone"), Absorbed)
    assert desk.must("chased", level=1, channel="phone", later=DAY).chases == 3


def test_an_editors_supervision_is_refused_though_a_supervisor_sent_one_today() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    desk.must("chased", role=S, level=3, channel="letter")
    assert desk.no("chased", level=3, channel="letter") == "supervisor_level"


def test_who_waits_for_its_check_and_who_promised_a_day_can_be_chased() -> None:
    for state in ("replied", "tracking"):
        desk = Desk()
        desk.letter()
        desk.until(state)
        assert desk.must("chased", level=1, channel="phone").state == state


def test_a_rating_answers_what_was_answered() -> None:
    desk = Desk()
    desk.letter()
    answer = desk.until("answered").answer
    case = desk.must("rated", role=C, _re=answer, solved=False, score=2)
    assert case.rating is not None
    assert (case.rating.solved, case.rating.score, case.state) == (False, 2, "answered")
    assert desk.no("rated", role=C) == "bad_fact"
    assert desk.no("rated", role=C, score=6) == "bad_fact"


# ── when it happened ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_recorded_for_others_happened_when_it_happened() -> None:
    desk = Desk()
    desk.letter()
    sent = desk.until("forwarded").dispatches[0].sent_at
    case = desk.must("replied", later=5 * DAY, _when=sent + HOUR)
    assert case.dispatches[0].replied_at == sent + HOUR


def test_nothing_happened_before_what_it_answers() -> None:
    desk = Desk()
    desk.letter()
    sent = desk.until("forwarded").dispatches[0].sent_at
    assert desk.must("replied", _when=sent - DAY).dispatches[0].replied_at == sent


def test_nothing_happened_after_it_was_heard() -> None:
    desk = Desk()
    desk.letter()
    desk.until("forwarded")
    heard = desk.now + 2 * HOUR
    d = desk.must("signed", role=U, later=5 * HOUR, _heard=heard).dispatches[0]
    assert d.signed_at == heard
    d = desk.must("replied", _when=heard + DAY, _heard=heard + HOUR).dispatches[0]
    assert d.replied_at == heard + HOUR


def test_a_return_said_in_time_may_be_recorded_late() -> None:
    desk = Desk()
    desk.letter()
    sent = desk.until("forwarded").dispatches[0].sent_at
    assert desk.no("returned", reason="not_ours", later=9 * DAY) == "return_window"
    assert desk.must("returned", reason="not_ours", _when=sent + HOUR).state == "returned"


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pause_makes_the_window_for_returns_longer() -> None:
    desk = Desk()
    desk.letter()
    desk.until("forwarded")  # Monday; the window ends on Wednesday
    desk.must("asked")
    assert desk.must("returned", role=U, reason="no_place", later=3 * DAY).state == "returned"


def test_a_unit_may_sign_while_the_citizen_is_asked() -> None:
    desk = Desk()
    desk.letter()
    desk.until("forwarded")
    desk.must("asked")
    case = desk.must("signed", role=U)
    assert (case.state, case.dispatches[0].state) == ("needs_info", DispatchState.SIGNED)
    assert desk.must("told", role=C).state == "in_progress"


def test_a_reply_ends_the_pause_and_is_judged_by_the_clock_it_lengthened() -> None:
    desk = Desk()
    desk.letter()
    due = desk.until("in_progress").dispatches[0].reply_due
    desk.must("asked")
    case = desk.must("replied", role=U, later=2 * DAY)
    assert (case.state, case.pauses[-1].end, case.ask) == ("replied", desk.now, None)
    assert case.dispatches[0].reply_due == due + 2 * DAY


def test_sent_back_at_once_a_reply_is_due_as_before() -> None:
    desk = Desk()
    desk.letter()
    due = desk.until("in_progress").dispatches[0].reply_due
    desk.must("replied", role=U)
    assert desk.must("redone", code="evasive").dispatches[0].reply_due == due


def test_sent_back_days_later_the_unit_has_the_days_it_had_left() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")  # Monday; a complaint: 15 working days
    desk.must("replied", role=U, later=DAY)  # Tuesday: 14 left
    case = desk.must("redone", code="evasive", later=2 * DAY)  # Thursday
    assert case.dispatches[0].reply_due == deadlines.due(desk.now, Term(14, "wd"), CAL)


def test_reopened_the_unit_has_half_its_first_term_and_never_less_than_two_days() -> None:
    for kind, days in (("complaint", 8), ("inquiry", 2)):
        desk = Desk()
        desk.letter(kind=kind)
        desk.forward()
        desk.must("replied", role=U)
        desk.must("answered", **ANSWER)
        case = desk.must("reopened", reason="not_done")
        assert case.dispatches[0].reply_due == deadlines.due(desk.now, Term(days, "wd"), CAL)


def test_urgency_of_the_day_of_sending_sets_the_terms_and_a_later_one_does_not() -> None:
    desk = Desk()
    desk.letter(urgency="critical")
    d = desk.forward().dispatches[0]
    assert (d.sign_due, d.reply_due) == (desk.now + 2 * HOUR, desk.now + 24 * HOUR)
    assert desk.must("classified", urgency="normal").dispatches[0] == d


def test_a_new_urgency_sets_the_desks_own_clock_from_the_receipt() -> None:
    desk = Desk()
    assert desk.letter().forward_due == from_iso("2024-10-16T00:00")
    assert desk.must("classified", urgency="urgent").forward_due == START + 2 * HOUR


def test_the_rules_named_are_the_rules_applied() -> None:
    strict = replace(BOOK.newest, version=2, max_asks=0)
    book = replace(BOOK, versions={**BOOK.versions, 2: strict}, plan=((START, 2),))
    desk = Desk()
    case = desk.letter()
    forward = event("forwarded", "a", START, re="a", facts={"district": "1", "district_name": "x", "rules": 1})
    got = cases.fold(case, forward, {}, book, START)
    assert isinstance(got, Case)
    assert got.dispatches[0].rules == 1
    unnamed = replace(forward, facts={"district": "1", "district_name": "x"})
    now = cases.fold(case, unnamed, {}, book, START)
    assert isinstance(now, Case)
    assert now.dispatches[0].rules == 2
    before = cases.fold(case, unnamed, {}, replace(book, plan=((START + 1, 2),)), START + DAY)
    assert isinstance(before, Case)
    assert before.dispatches[0].rules == 1, "what was decided later is not what held then"


# ── timers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_timer_resolves_only_what_nobody_rated_and_finds_no_result() -> None:
    desk = Desk()
    desk.letter()
    desk.until("answered")
    assert desk.no("resolved", role=Role.SYSTEM, later=15 * DAY, result="solved") == "bad_fact"
    desk.must("rated", role=C, score=5)
    assert desk.no("resolved", role=Role.SYSTEM, later=15 * DAY) == "rated_already"


def test_a_rating_of_an_older_answer_leaves_the_newer_one_unrated() -> None:
    desk = Desk()
    desk.letter()
    desk.until("answered")
    desk.must("rated", role=C, score=1)
    desk.must("reopened", reason="citizen_unhappy")
    desk.must("replied", role=U)
    desk.must("answered", **ANSWER)
    case = desk.must("resolved", role=Role.SYSTEM, later=15 * DAY, unrated=True)
    assert (case.state, case.result) == ("resolved", None)


def test_a_tracked_letter_wakes_in_the_log_on_its_promised_day_and_not_before() -> None:
    desk = Desk()
    desk.letter()
    desk.until("tracking")
    assert desk.no("noted", role=Role.SYSTEM) == "too_early"
    assert desk.must("noted", role=Role.SYSTEM, later=90 * DAY).state == "tracking"
    desk.must("resolved", result="solved")
    assert desk.no("noted", role=Role.SYSTEM) == "stale"


def test_a_lapsed_ask_ends_though_the_letter_was_erased() -> None:
    desk = Desk()
    desk.letter()
    desk.until("needs_info")
    desk.must("erased", role=S, reason="citizen_asks")
    assert desk.no("told", role=C) == "erased"
    assert desk.must("told", role=Role.SYSTEM, lapsed=True, later=6 * DAY).state == "received"


# ── what a person may be offered ─────────────────────────────────────────────────────────────────────────────────────


def test_what_a_co_handler_can_still_do_is_offered_though_the_lead_is_done() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    desk.forward(district="500112", co=True)
    case = desk.must("replied", role=U)
    editor = Actor("li", E, "01")
    assert cases.why_not(case, "signed", editor, {}, BOOK, desk.now) is None
    assert code(cases.why_not(case, "extended", Actor("li", S, "01"), {}, BOOK, desk.now)) == "state"


def test_a_person_is_told_the_state_and_never_that_it_is_stale() -> None:
    desk = Desk()
    desk.letter()
    case = desk.until("in_progress")
    for kind in cases.TABLE:
        no = cases.why_not(case, kind, Actor("li", S, "01"), {}, BOOK, desk.now)
        assert no is None or no.code not in ("stale", "depends"), kind


# ── results ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_result_always_fits_the_kind_of_its_letter() -> None:
    desk = Desk()
    desk.letter()
    desk.until("resolved")  # a complaint, solved
    assert desk.no("corrected", role=S, kind="suggestion") == "result_kind"
    assert desk.no("classified", role=S, kind="suggestion") == "result_kind"
    case = desk.must("corrected", role=S, kind="suggestion", result="adopted")
    assert (case.kind, case.result) == ("suggestion", "adopted")


def test_outcomes_are_corrected_only_where_there_is_a_resolution() -> None:
    desk = Desk()
    desk.letter()
    outcome = [{"measure": "街巷整治", "count": 41, "unit": "条"}]
    assert desk.no("corrected", role=S, outcomes=outcome) == "not_resolved"
    desk.until("resolved")
    case = desk.must("corrected", role=S, outcomes=outcome)
    assert (case.outcomes[0].measure, case.outcomes[0].count) == ("街巷整治", 41)
    assert desk.no("corrected", role=S, outcomes=[{"measure": "x", "count": 0}]) == "bad_fact"
