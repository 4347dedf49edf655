"""The table of DESIGN.md §4, row by row: from where to where, by whom, and what else must hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db import cases
from db.model import Actor, Case, DispatchState, EventKind, Refusal, Role, State
from tests.db.cases_factory import ANSWER, BOOK, DAY, HOUR, WAYS, C, Desk, E, S, U

ROLES = {"editor": E, "supervisor": S, "unit": U, "citizen": C, "system": Role.SYSTEM}


@pytest.mark.parametrize("state", sorted(WAYS))
def test_every_state_is_reached_by_its_shortest_way(state: str) -> None:
    desk = Desk()
    desk.letter()
    assert desk.until(state).state == state


@pytest.mark.parametrize("state", sorted(set(WAYS)))
@pytest.mark.parametrize("kind", [k for k in cases.TABLE if not cases.TABLE[k].own_states])
def test_outside_its_states_an_event_is_refused(kind: EventKind, state: str) -> None:
    if state in cases.TABLE[kind].frm:
        return
    desk = Desk()
    desk.letter()
    desk.until(state)
    got = desk.do(kind, role=S, result="solved", reason="x", promised="2024-12-31")
    assert not isinstance(got, Case)


@pytest.mark.parametrize("kind", ["resolved", "answered", "declined", "forwarded", "reopened", "tracked"])
@pytest.mark.parametrize("role", [U, C, Role.READER, Role.ADMIN, Role.IMPORT])
def test_nobody_but_the_desk_decides(kind: str, role: Role) -> None:
    desk = Desk()
    desk.letter()
    desk.until(
        "answered" if kind in ("resolved", "tracked", "reopened") else "replied" if kind == "answered" else "received"
    )
    assert desk.no(kind, role=role) == "forbidden"


def test_forwarding_implies_acceptance_with_the_defaults() -> None:
    desk = Desk()
    desk.letter()
    case = desk.forward()
    assert (case.state, case.kind, case.urgency, case.topic) == ("forwarded", "help", "normal", None)


def test_a_reply_without_a_signature_counts_as_signing() -> None:
    desk = Desk()
    desk.letter()
    desk.until("forwarded")
    d = desk.must("replied", role=U).dispatches[0]
    assert d.signed_at == d.replied_at == desk.now


def test_a_newer_reply_stands() -> None:
    desk = Desk()
    desk.letter()
    first = desk.until("replied").dispatches[0]
    second = desk.must("replied", role=U).dispatches[0]
    assert second.reply != first.reply
    assert second.first_reply_at == first.first_reply_at
    assert desk.no("answered", _re=first.reply, **ANSWER) == "stale"


def test_a_return_comes_within_its_window_and_with_a_reason() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    assert desk.no("returned", role=U) == "bad_fact"
    assert desk.no("returned", role=U, reason="not_ours", later=4 * DAY) == "return_window"


def test_after_the_third_return_only_a_supervisor_forwards() -> None:
    desk = Desk()
    desk.letter()
    for _ in range(3):
        desk.forward()
        desk.must("returned", role=U, reason="not_ours")
    facts = {"role": "lead", "district": "500112", "district_name": "渝北区", "rules": 1}
    got = desk.put_forward("a", E, facts)
    assert isinstance(got, Refusal)
    assert got.code == "third_return"
    assert desk.forward(role=S).state == "forwarded"


def test_upholding_is_the_supervisors_and_moves_no_due_time() -> None:
    desk = Desk()
    desk.letter()
    due = desk.until("in_progress").dispatches[0].reply_due
    desk.must("returned", role=U, reason="not_ours")
    assert desk.no("upheld") == "supervisor_only"
    case = desk.must("upheld", role=S)
    assert (case.state, case.dispatches[0].reply_due) == ("in_progress", due)


def test_once_signed_only_a_supervisor_recalls() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    assert desk.no("recalled", reason="wrong_district") == "supervisor_signed"
    case = desk.must("recalled", role=S, reason="wrong_district")
    assert (case.state, case.recalls, case.returns) == ("accepted", 1, 0)
    assert case.dispatches[0].state is DispatchState.CANCELLED


def test_an_extension_is_asked_before_due_and_granted_once() -> None:
    desk = Desk()
    desk.letter()
    due = desk.until("in_progress").dispatches[0].reply_due
    assert desk.no("extended", role=S) == "extension_not_asked"
    desk.must("extension_asked", role=U)
    case = desk.must("extended", role=S)
    assert case.dispatches[0].reply_due > due
    assert desk.no("extension_asked", role=U) == "extended_once"


def test_an_extension_asked_too_late_is_refused() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    assert desk.no("extension_asked", role=U, later=40 * DAY) == "extension_late"


def test_a_critical_letter_knows_no_extension() -> None:
    desk = Desk()
    desk.letter(urgency="critical")
    desk.forward()
    assert desk.no("extension_asked", role=U) == "no_extension"


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_chase_never_moves_a_due_time(level: int) -> None:
    desk = Desk()
    desk.letter()
    before = desk.until("in_progress").dispatches[0]
    after = desk.must("chased", role=S, level=level, channel="phone").dispatches[0]
    assert (after.sign_due, after.return_due, after.reply_due) == (before.sign_due, before.return_due, before.reply_due)


def test_supervision_is_the_supervisors_and_makes_the_answer_theirs() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    assert desk.no("chased", level=3, channel="phone") == "supervisor_level"
    desk.must("chased", role=S, level=3, channel="letter")
    desk.must("replied", role=U)
    assert desk.no("answered", **ANSWER) == "supervisor_supervised"
    assert desk.no("resolved", result="solved", worded=True) == "supervisor_supervised"
    assert desk.must("answered", role=S, **ANSWER).state == "answered"


def test_the_third_redo_is_the_supervisors() -> None:
    desk = Desk()
    desk.letter()
    desk.until("replied")
    for _ in range(2):
        desk.must("redone", code="evasive")
        desk.must("replied", role=U)
    assert desk.no("redone", code="evasive") == "third_redo"
    assert desk.must("redone", role=S, code="evasive").redos == 3


def test_a_redo_leaves_at_least_two_working_days() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    desk.must("replied", role=U, later=60 * DAY)  # long late
    case = desk.must("redone", code="incomplete")
    assert case.dispatches[0].reply_due - desk.now > DAY


def test_an_answer_needs_its_checklist_and_the_redaction() -> None:
    desk = Desk()
    desk.letter()
    desk.until("replied")
    assert desk.no("answered", checklist=["polite"]) == "not_redacted"
    assert desk.no("answered", redacted=True) == "no_checklist"


def test_straight_from_a_reply_resolving_needs_words_for_the_citizen() -> None:
    desk = Desk()
    desk.letter()
    desk.until("replied")
    assert desk.no("resolved", result="solved") == "no_words"
    assert desk.must("resolved", result="solved", worded=True).state == "resolved"


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("suggestion", "adopted", "solved"), ("complaint", "explained", "adopted")]
)
def test_results_follow_the_kind_of_letter(kind: str, good: str, bad: str) -> None:
    desk = Desk()
    desk.letter(kind=kind)
    desk.forward()
    desk.must("replied", role=U)
    desk.must("answered", **ANSWER)
    assert desk.no("resolved", result=bad) == "result_kind"
    assert desk.must("resolved", result=good).result == good


def test_unrated_after_fourteen_days_the_system_resolves_and_not_before() -> None:
    desk = Desk()
    desk.letter()
    desk.until("answered")
    assert desk.no("resolved", role=Role.SYSTEM, later=13 * DAY) == "too_early"
    assert desk.must("resolved", role=Role.SYSTEM, later=2 * DAY, unrated=True).state == "resolved"


def test_reopening_within_thirty_days_gives_the_unit_half_its_term() -> None:
    desk = Desk()
    desk.letter()
    desk.until("resolved")
    case = desk.must("reopened", reason="not_done")
    assert (case.state, case.reopens, case.result) == ("in_progress", 1, None)
    assert case.dispatches[0].reply_due > desk.now + 7 * DAY
    desk.must("replied", role=U)
    desk.must("resolved", result="solved", worded=True)
    assert desk.no("reopened", reason="not_done", later=31 * DAY) == "reopen_late"


def test_what_no_unit_replied_to_is_reopened_to_the_desk() -> None:
    desk = Desk()
    desk.letter()
    desk.until("declined")
    case = desk.must("reopened", reason="own_error")
    assert (case.state, case.forward_due is not None) == ("accepted", True)
    assert desk.forward().state == "forwarded"


def test_urgent_letters_are_declined_by_supervisors() -> None:
    desk = Desk()
    desk.letter(urgency="urgent")
    assert desk.no("declined", reason="court") == "supervisor_urgent"
    assert desk.must("declined", role=S, reason="court").state == "declined"


def test_asking_pauses_the_clocks_at_most_twice() -> None:
    desk = Desk()
    desk.letter()
    due = desk.until("in_progress").dispatches[0].reply_due
    desk.must("asked")
    case = desk.must("told", role=C, later=3 * DAY)
    assert (case.state, case.dispatches[0].reply_due) == (
        "in_progress",
        due + 3 * DAY,
    )  # the ends of three working days lay inside
    desk.must("asked")
    desk.must("told", role=C)
    assert desk.no("asked") == "asked_enough"


def test_a_citizens_words_are_never_refused() -> None:
    for state in WAYS:
        desk = Desk()
        desk.letter()
        desk.until(state)
        assert isinstance(desk.do("told", role=C, _re=None), Case)


def test_the_system_tells_only_after_five_days() -> None:
    desk = Desk()
    desk.letter()
    desk.until("needs_info")
    assert desk.no("told", role=Role.SYSTEM, lapsed=True, later=4 * DAY) == "too_early"
    assert desk.must("told", role=Role.SYSTEM, lapsed=True, later=2 * DAY).state == "received"


def test_only_inquiry_praise_and_suggestion_are_answered_directly() -> None:
    desk = Desk()
    desk.letter(kind="complaint")
    assert desk.no("answered_directly") == "direct_kind"
    desk.must("classified", kind="inquiry")
    case = desk.must("answered_directly")
    assert (case.state, case.direct) == ("answered", True)


def test_confidential_letters_keep_their_contact_and_their_words() -> None:
    desk = Desk()
    desk.letter(confidential=True)
    facts = {"role": "lead", "district": "500112", "district_name": "渝北区", "rules": 1, "contact": "shared"}
    got = desk.put_forward("a", E, facts)
    assert isinstance(got, Refusal)
    assert got.code == "contact_confidential"
    desk.forward()
    assert desk.no("published", **{"as": "open_question"}) == "confidential"


def test_an_open_question_leaves_the_list_when_its_case_is_answered() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    assert desk.must("published", **{"as": "open_question"}).publications
    desk.must("replied", role=U)
    assert desk.must("answered", **ANSWER).publications == ()


def test_a_closed_letter_is_corrected_by_supervisors() -> None:
    desk = Desk()
    desk.letter()
    desk.until("resolved")
    assert desk.no("corrected", result="explained") == "supervisor_closed"
    assert desk.must("corrected", role=S, result="explained").result == "explained"


def test_a_unit_moves_its_own_dispatch_only() -> None:
    desk = Desk()
    desk.letter()
    desk.until("forwarded")
    assert desk.no("signed", role=U, _actor="unit:500112") == "not_yours"
    assert desk.must("signed", role=U, _actor="unit:500106").state == "in_progress"


def test_a_co_handler_moves_its_own_dispatch_only() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    co = desk.forward(district="500112", co=True).dispatches[1]
    case = desk.must("replied", role=U, _dispatch=co.id, _re=co.id)
    assert case.state == "in_progress"
    assert case.dispatches[1].state is DispatchState.REPLIED


def test_closing_cancels_what_was_not_checked() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    desk.forward(district="500112", co=True)
    case = desk.must("withdrawn", role=C)
    assert {d.state for d in case.dispatches} == {DispatchState.CANCELLED}


def test_an_unknown_kind_makes_the_case_read_only() -> None:
    desk = Desk()
    desk.letter()
    assert desk.must("teleported").unknown == ("teleported",)
    assert desk.no("accepted") == "unknown_kind"


def test_erasing_takes_the_persons_words_and_keeps_the_state() -> None:
    desk = Desk()
    desk.letter(sender="s1")
    desk.until("resolved")
    case = desk.must("erased", role=S, reason="law")
    assert (case.title, case.sender, case.state, case.result) == ("", None, "resolved", "solved")
    assert desk.no("noted") == "erased"


@pytest.mark.parametrize("state", sorted(WAYS))
def test_why_not_and_fold_agree_on_who_and_where(state: str) -> None:
    for role in (E, S):
        for kind in cases.TABLE:
            desk = Desk()
            desk.letter()
            case = desk.until(state)
            said = cases.why_not(case, kind, Actor("li", role, "01"), {}, BOOK, desk.now + HOUR)
            if said is not None:
                assert not isinstance(desk.do(kind, role=role), Case), (kind, said)


def test_every_state_and_kind_of_the_table_is_documented() -> None:
    text = Path("docs/events.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text))
    assert {str(k) for k in cases.TABLE} <= named
    assert State.RECEIVED not in cases.TABLE
