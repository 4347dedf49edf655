"""What asking the citizen does to every clock, and by which version of the rules each clock counts (DESIGN.md §4, Deadlines)."""

from __future__ import annotations

from dataclasses import replace

from db.case_turn import effective, remember
from db.clock import from_iso
from db.model import Case, Role, Term, Urgency
from db.model_rules import Rulebook, ServiceLevel
from tests.db.case_account import Story, lines
from tests.db.cases_factory import ANSWER, BOOK, DAY, HOUR, START, C, S, U, event
from tests.db.test_cases_unit_told import co, letter


def test_a_letter_at_the_desk_gains_the_working_days_it_waited_for_its_citizen() -> None:
    desk = letter("accepted")
    desk.must("asked")
    assert desk.tells("told", role=C, later=2 * DAY) == lines("""
        state: needs_info → accepted
        forward_due: 10-16 00:00 → 10-18 00:00
        ask: asked → None
        before_ask: accepted → None
        pauses: - 10-14 11:00 None, + 10-14 11:00 10-16 11:00
        due_moves: + told '' forward 10-16 00:00 10-18 00:00
    """)


def test_an_urgent_letters_hours_stand_still_to_the_minute() -> None:
    desk = letter(urgency="urgent")
    desk.must("asked", later=0)
    assert desk.tells("told", role=C, later=5 * HOUR + HOUR // 4) == lines("""
        state: needs_info → received
        forward_due: 10-14 11:00 → 10-14 16:15
        ask: asked → None
        before_ask: received → None
        pauses: - 10-14 09:00 None, + 10-14 09:00 10-14 14:15
        due_moves: + told '' forward 10-14 11:00 10-14 16:15
    """)
    desk = letter("forwarded", urgency="urgent")
    desk.must("asked")
    assert desk.tells("told", role=C, later=5 * HOUR) == lines("""
        state: needs_info → forwarded
        1.sign_due: 10-14 15:00 → 10-14 20:00
        1.return_due: 10-14 15:00 → 10-14 20:00
        ask: asked → None
        before_ask: forwarded → None
        pauses: - 10-14 12:00 None, + 10-14 12:00 10-14 17:00
        due_moves: + told forwarded sign 10-14 15:00 10-14 20:00, + told forwarded return 10-14 15:00 10-14 20:00
    """)
    desk = letter("in_progress", urgency="urgent")
    desk.must("asked")
    assert desk.tells("told", role=C, later=DAY) == lines("""
        state: needs_info → in_progress
        1.return_due: 10-14 15:00 → 10-15 15:00
        1.reply_due: 10-18 00:00 → 10-19 00:00
        ask: asked → None
        before_ask: in_progress → None
        pauses: - 10-14 13:00 None, + 10-14 13:00 10-15 13:00
        due_moves: + told forwarded return 10-14 15:00 10-15 15:00, + told forwarded reply 10-18 00:00 10-19 00:00
    """)


def test_a_unit_that_got_the_letter_during_the_pause_gains_only_the_rest_of_it() -> None:
    desk = letter("in_progress", urgency="critical")
    desk.must("asked")
    co(desk)  # an hour later
    assert desk.tells("told", role=C, later=2 * HOUR) == lines("""
        state: needs_info → in_progress
        1.reply_due: 10-15 11:00 → 10-15 14:00
        2.sign_due: 10-14 16:00 → 10-14 18:00
        2.return_due: 10-14 16:00 → 10-14 18:00
        2.reply_due: 10-15 14:00 → 10-15 16:00
        ask: asked → None
        before_ask: in_progress → None
        pauses: - 10-14 13:00 None, + 10-14 13:00 10-14 16:00
        due_moves: + told forwarded reply 10-15 11:00 10-15 14:00, + told forwarded 2 sign 10-14 16:00 10-14 18:00, + told forwarded
        | 2 return 10-14 16:00 10-14 18:00, + told forwarded 2 reply 10-15 14:00 10-15 16:00
    """)


def test_a_clock_that_no_longer_runs_gains_nothing() -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must("replied", role=U, **named)
    desk.must("asked")
    assert desk.tells("told", role=C, later=2 * DAY) == lines("""
        state: needs_info → in_progress
        1.return_due: 10-17 00:00 → 10-19 00:00
        1.reply_due: 11-05 00:00 → 11-07 00:00
        ask: asked → None
        before_ask: in_progress → None
        pauses: - 10-14 15:00 None, + 10-14 15:00 10-16 15:00
        due_moves: + told forwarded return 10-17 00:00 10-19 00:00, + told forwarded reply 11-05 00:00 11-07 00:00
    """)


def test_the_second_pause_leaves_the_first_as_it_was() -> None:
    desk = letter("accepted")
    desk.must("asked")
    desk.must("told", role=C, later=DAY)
    desk.must("asked")
    assert desk.tells("told", role=C, later=DAY) == lines("""
        state: needs_info → accepted
        forward_due: 10-17 00:00 → 10-18 00:00
        ask: asked 2 → None
        before_ask: accepted → None
        pauses: - 10-15 12:00 None, + 10-15 12:00 10-16 12:00
        due_moves: + told 2 '' forward 10-17 00:00 10-18 00:00
    """)
    assert len(desk.cases["a"].pauses) == 2


def test_what_needs_no_citizen_any_more_is_asked_no_more() -> None:
    desk = letter("accepted")
    desk.must("asked")
    assert desk.tells("declined", reason="court") == lines("""
        state: needs_info → declined
        answerable: + declined 10-14 12:00
        forward_due: 10-16 00:00 → None
        ask: asked → None
        before_ask: accepted → None
        pauses: - 10-14 11:00 None, + 10-14 11:00 10-14 12:00
        closing: None → declined
        closed_at: None → 10-14 12:00
        reason: None → court
    """)


# ── the version a clock counts by ────────────────────────────────────────────────────────────────────────────────────

RUSH = ServiceLevel(
    forward=Term(4, "h"),
    sign=Term(4, "h"),
    return_=Term(8, "h"),
    reply=dict.fromkeys(BOOK.newest.levels[Urgency.NORMAL].reply, Term(48, "h")),
    extension=Term(24, "h"),
)


CALM = ServiceLevel(
    forward=Term(3, "wd"),
    sign=Term(3, "wd"),
    return_=Term(3, "wd"),
    reply=dict.fromkeys(RUSH.reply, Term(7, "wd")),
    extension=None,
)


class Rushed(Story):
    """A newsroom that decided, for what comes from 12 o'clock on, to count ordinary letters by the hour; and already knows
    otherwise for a day to come.
    """

    book = Rulebook(
        {
            1: BOOK.newest,
            2: replace(
                BOOK.newest,
                version=2,
                levels={**BOOK.newest.levels, Urgency.NORMAL: RUSH},
                min_term=Term(6, "h"),
                unrated_days=3,
                reopen_days=5,
            ),
            3: replace(
                BOOK.newest, version=3, levels={**BOOK.newest.levels, Urgency.NORMAL: CALM}, min_term=Term(1, "h")
            ),
        },
        ((0, 1), (from_iso("2024-10-14T12:00"), 2)),
    )


def rushed(state: str, *, version: int = 1, later: int = 0) -> Rushed:
    desk = Rushed()
    desk.letter()
    desk.now += later
    desk.must("accepted", kind="complaint")
    if state != "accepted":
        desk.forward(rules=version)
    for kind, ends in (("signed", "in_progress"), ("replied", "replied")):
        if state in ("replied", ends):
            desk.must(kind, role=U)
    return desk


def test_a_pause_counts_by_the_rules_each_clock_was_set_by() -> None:
    desk = rushed("accepted")
    desk.must("asked")
    assert desk.tells("told", role=C, later=2 * DAY) == lines("""
        state: needs_info → accepted
        forward_due: 10-16 00:00 → 10-18 00:00
        ask: asked → None
        before_ask: accepted → None
        pauses: - 10-14 11:00 None, + 10-14 11:00 10-16 11:00
        due_moves: + told '' forward 10-16 00:00 10-18 00:00
    """)
    desk = rushed("forwarded")
    desk.must("asked")
    assert desk.tells("told", role=C, later=2 * DAY) == lines("""
        state: needs_info → forwarded
        1.sign_due: 10-16 00:00 → 10-18 00:00
        1.return_due: 10-17 00:00 → 10-19 00:00
        1.reply_due: 11-05 00:00 → 11-07 00:00
        ask: asked → None
        before_ask: forwarded → None
        pauses: - 10-14 12:00 None, + 10-14 12:00 10-16 12:00
        due_moves: + told forwarded sign 10-16 00:00 10-18 00:00, + told forwarded return 10-17 00:00 10-19 00:00, + told forwarded
        | reply 11-05 00:00 11-07 00:00
    """)
    desk = rushed("forwarded", version=2, later=3 * HOUR)
    desk.must("asked")
    assert desk.tells("told", role=C, later=5 * HOUR) == lines("""
        state: needs_info → forwarded
        1.sign_due: 10-14 18:00 → 10-14 23:00
        1.return_due: 10-14 22:00 → 10-15 03:00
        1.reply_due: 10-16 14:00 → 10-16 19:00
        ask: asked → None
        before_ask: forwarded → None
        pauses: - 10-14 15:00 None, + 10-14 15:00 10-14 20:00
        due_moves: + told forwarded sign 10-14 18:00 10-14 23:00, + told forwarded return 10-14 22:00 10-15 03:00, + told forwarded
        | reply 10-16 14:00 10-16 19:00
    """)
    desk.must("recalled", reason="wrong_district")
    desk.must("asked")
    assert desk.tells("told", role=C, later=5 * HOUR) == lines("""
        state: needs_info → accepted
        forward_due: 10-15 01:00 → 10-15 06:00
        ask: asked 2 → None
        before_ask: accepted → None
        pauses: - 10-14 22:00 None, + 10-14 22:00 10-15 03:00
        due_moves: + told 2 '' forward 10-15 01:00 10-15 06:00
    """)


def test_back_at_the_desk_a_letter_is_due_by_the_rules_of_now() -> None:
    desk = rushed("forwarded")
    assert desk.tells("recalled", reason="wrong_district") == lines("""
        state: forwarded → accepted
        answerable: + recalled 10-14 12:00
        start: a → recalled
        start_at: 10-14 09:00 → 10-14 12:00
        forward_due: None → 10-14 16:00
        rules: 1 → 2
        lead: forwarded → None
        1.state: sent → cancelled
        1.recalled: False → True
        recalls: 0 → 1
    """)


def test_an_extension_is_the_one_of_the_rules_it_was_sent_by() -> None:
    for version, to in ((1, "11-05 00:00 → 11-19 00:00"), (2, "10-16 14:00 → 10-17 14:00")):
        desk = rushed("in_progress", version=version, later=3 * HOUR)
        desk.must("extension_asked", role=U)
        assert f"1.reply_due: {to}" in desk.tells("extended", role=S)


def test_a_redo_leaves_at_least_what_the_rules_it_was_sent_by_say() -> None:
    for version, to in ((1, "11-05 00:00 → 11-16 00:00"), (2, "10-16 14:00 → 11-13 22:00")):
        desk = rushed("in_progress", version=version, later=3 * HOUR)
        desk.must("replied", role=U, later=30 * DAY)
        assert f"1.reply_due: {to}" in desk.tells("redone", code="evasive")


def test_a_redo_gives_back_the_hours_or_days_that_were_left_and_never_less_than_the_least() -> None:
    for version, worked, due in (
        (2, 10 * HOUR, "10-16 15:00"),  # of 48 hours 38; the desk looked at it for one
        (2, 47 * HOUR, "10-16 20:00"),  # an hour: at least six
        (3, 8 * DAY, "10-24 00:00"),  # a day
        (3, 9 * DAY, "10-24 00:00"),  # the day of the reply was its last: the rest of that
    ):
        desk = rushed("forwarded", version=version, later=3 * HOUR)
        desk.must("replied", role=U, later=worked)
        after = desk.must("redone", code="evasive").dispatches[0].reply_due
        assert after == from_iso(f"2024-{due.replace(' ', 'T')}")


def test_a_reopening_gives_half_the_hours() -> None:
    desk = rushed("replied", version=2, later=3 * HOUR)
    desk.must("answered", **ANSWER)
    assert "1.reply_due: 10-16 14:00 → 10-15 18:00" in desk.tells("reopened", reason="not_done")


def test_what_was_sent_while_extensions_were_granted_may_be_extended() -> None:
    desk = rushed("in_progress", version=3)
    assert desk.refuses("extension_asked", role=U) == {"code": "no_extension"}
    desk = rushed("in_progress", version=1)
    assert desk.must("extension_asked", role=U).dispatches[0].extension_asked


def test_how_long_an_answer_waits_goes_by_the_rules_of_its_day() -> None:
    desk = rushed("replied")
    desk.must("answered", **ANSWER)  # after twelve: three days, and five
    assert desk.refuses("resolved", role=Role.SYSTEM, later=3 * DAY - 1) == {"code": "too_early"}
    assert desk.must("resolved", role=Role.SYSTEM, later=1).state == "resolved"
    assert desk.refuses("reopened", reason="not_done", later=5 * DAY) == {"code": "reopen_late", "days": 5}
    desk = rushed("accepted")
    desk.must("declined", reason="court")  # before twelve: thirty
    assert desk.must("reopened", reason="own_error", later=29 * DAY).reopens == 1


# ── what it names, and when it was ───────────────────────────────────────────────────────────────────────────────────


def test_a_unit_is_known_by_its_dispatch_or_by_what_it_answers() -> None:
    desk = letter("forwarded")
    lead, named = desk.cases["a"].lead, co(desk)["_dispatch"]
    assert desk.must("signed", role=U, _dispatch=None, _re=named).dispatches[1].signed_at == desk.now
    assert desk.must("signed", role=U, _dispatch=lead, _re=None).dispatches[0].signed_at == desk.now
    assert desk.must("replied", role=U, _dispatch=named, _re=lead).dispatches[1].reply


def test_when_it_was_is_what_was_recorded_but_never_before_what_it_answers_nor_after_it_was_told() -> None:
    desk = letter("forwarded")
    case = desk.cases["a"]
    sent = case.dispatches[0].sent_at
    cases: list[tuple[Case | None, int | None, int | None, str | None, int]] = [
        (case, None, None, None, sent + HOUR),
        (case, sent + 5, None, None, sent + 5),
        (case, None, sent + 7, None, sent + 7),
        (case, sent - HOUR, None, case.lead, sent),
        (case, sent + 9, None, case.lead, sent + 9),
        (case, sent - HOUR, None, "never", sent - HOUR),
        (None, sent - HOUR, None, case.lead, sent - HOUR),
    ]
    for held, when, heard, re, at in cases:
        assert effective(held, event("noted", "a", sent + HOUR, when=when, heard=heard, re=re)) == at


def test_what_may_be_answered_is_kept_once_with_its_moment() -> None:
    desk = letter("forwarded")
    case = desk.cases["a"]
    assert case.answerable == (("a", START), (case.lead, case.dispatches[0].sent_at))
    assert remember(case, event("forwarded", "a", desk.now, id=case.lead), desk.now) == case
