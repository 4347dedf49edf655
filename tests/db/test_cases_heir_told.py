"""What a master shares with its followers, and leaves to its heir, field by field (DESIGN.md §4, `merged`)."""

from __future__ import annotations

from db.model import Role
from tests.db.case_account import Story, lines
from tests.db.cases_factory import ANSWER, DAY, C, S
from tests.db.test_cases_merge_told import imported, letters, with_its_units


def test_everyone_gets_the_masters_answer_result_and_reopening() -> None:
    desk = letters("m", "a", "b")
    desk.must("merged", "a", into="m")
    desk.must("merged", "b", into="m")
    desk.until("replied", "m")
    assert desk.tells("answered", "m", **ANSWER) == lines("""
        state: replied → answered
        answerable: + answered 10-14 16:00
        1.state: replied → checked
        answer: None → answered
        answer_at: None → 10-14 16:00
        a answerable: + answered 10-14 16:00
        a answer: None → answered
        a answer_at: None → 10-14 16:00
        b answerable: + answered 10-14 16:00
        b answer: None → answered
        b answer_at: None → 10-14 16:00
    """)
    assert desk.tells("resolved", "m", result="solved") == lines("""
        state: answered → resolved
        answerable: + resolved 10-14 17:00
        closing_re: None → answered
        closing: None → resolved
        closed_at: None → 10-14 17:00
        result: None → solved
        a result: None → solved
        b result: None → solved
    """)
    assert desk.tells("reopened", "m", reason="not_done") == lines("""
        state: resolved → in_progress
        answerable: + reopened 10-14 18:00
        1.state: checked → signed
        1.reply_due: 11-05 00:00 → 10-25 00:00
        1.reply: replied → None
        1.replied_at: 10-14 15:00 → None
        answer: answered → None
        answer_at: 10-14 16:00 → None
        due_moves: + reopened forwarded reply 11-05 00:00 10-25 00:00
        closing_re: answered → None
        reopened_re: None → resolved
        closing: resolved → None
        closed_at: 10-14 17:00 → None
        result: solved → None
        reopens: 0 → 1
        a answer: answered → None
        a answer_at: 10-14 16:00 → None
        a result: solved → None
        b answer: answered → None
        b answer_at: 10-14 16:00 → None
        b result: solved → None
    """)


def test_what_the_desk_answers_itself_reaches_the_followers_too() -> None:
    desk = letters("m", "a")
    desk.must("merged", "a", into="m")
    desk.must("classified", "m", kind="inquiry")
    assert desk.tells("answered_directly", "m") == lines("""
        state: received → answered
        answerable: + answered_directly 10-14 12:00
        forward_due: 10-16 00:00 → None
        answer: None → answered_directly
        answer_at: None → 10-14 12:00
        direct: False → True
        a answerable: + answered_directly 10-14 12:00
        a answer: None → answered_directly
        a answer_at: None → 10-14 12:00
    """)


def test_a_masters_kind_topic_or_reply_is_not_its_followers() -> None:
    desk = letters("m", "a")
    desk.must("merged", "a", into="m")
    for kind, facts in (("classified", {"kind": "inquiry"}), ("accepted", {}), ("tagged", {"add": ["夜间"]})):
        before = desk.cases["a"]
        desk.must(kind, "m", **facts)
        assert desk.cases["a"] is before


def test_a_master_that_leaves_hands_all_it_holds_to_its_oldest_follower() -> None:
    desk = letters("m", "a", "b")
    with_its_units(desk, "m")
    desk.must("chased", "m", S, level=3, channel="letter")
    desk.must("merged", "a", into="m")
    desk.must("merged", "b", into="m")
    assert desk.tells("withdrawn", "m", C, reason="settled") == lines("""
        state: in_progress → withdrawn
        answerable: + withdrawn 10-14 22:00
        - 1. forwarded
        - 2. forwarded 2
        - 3. forwarded 3
        closing: None → withdrawn
        closed_at: None → 10-14 22:00
        reason: None → settled
        followers: - a, - b
        a state: merged → in_progress
        a kind: None → complaint
        a answerable: + m 10-14 09:00, + forwarded 10-14 11:00, + forwarded 2 10-14 13:00, + forwarded 3 10-14 14:00, + forwarded 4
        | 10-14 15:00, + returned 10-14 16:00, + replied 10-14 17:00
        a start: a → m
        a forward_due: 10-16 00:00 → None
        a lead: None → forwarded
        a + 1. id=forwarded lead=True district=500106 state=signed urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 12:00 chase_level=3 chases=1 last_chase=3 2024-10-14
        | chased_on=3 2024-10-14 reply 11-05 00:00
        a + 2. id=forwarded 2 district=500112 state=returned urgency=normal term=15 wd sent_at=10-14 13:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 returned=returned
        a + 3. id=forwarded 3 district=500113 state=replied urgency=normal term=15 wd sent_at=10-14 14:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 17:00 first_reply_at=10-14 17:00 reply=replied
        | replied_at=10-14 17:00
        a closed_at: 10-14 20:00 → None
        a merge: merged → None
        a merged_into: m → None
        a before_merge: received → None
        a followers: + b
        a chase_level: 0 → 3
        a supervised: False → True
        b merged_into: m → a
    """)


def test_a_master_that_leaves_while_its_citizen_is_asked_leaves_no_pause_behind() -> None:
    desk = letters("m", "a")
    desk.until("forwarded", "m")
    desk.must("merged", "a", into="m")
    desk.must("asked", "m")
    assert desk.tells("withdrawn", "m", C, reason="settled", later=2 * DAY) == lines("""
        state: needs_info → withdrawn
        answerable: + withdrawn 10-16 13:00
        - 1. forwarded
        ask: asked → None
        before_ask: forwarded → None
        pauses: - 10-14 13:00 None, + 10-14 13:00 10-16 13:00
        closing: None → withdrawn
        closed_at: None → 10-16 13:00
        reason: None → settled
        followers: - a
        a state: merged → forwarded
        a kind: None → complaint
        a answerable: + m 10-14 09:00, + forwarded 10-14 11:00, + asked 10-14 13:00
        a start: a → m
        a forward_due: 10-16 00:00 → None
        a lead: None → forwarded
        a + 1. id=forwarded lead=True district=500106 state=sent urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-18 00:00
        | return_due=10-19 00:00 reply_due=11-07 00:00
        a due_moves: + withdrawn forwarded sign 10-16 00:00 10-18 00:00, + withdrawn forwarded return 10-17 00:00 10-19 00:00, +
        | withdrawn forwarded reply 11-05 00:00 11-07 00:00
        a closed_at: 10-14 12:00 → None
        a merge: merged → None
        a merged_into: m → None
        a before_merge: received → None
    """)


def test_a_tracked_master_leaves_its_promise_and_its_answer_to_its_heir() -> None:
    desk = letters("m", "a")
    desk.must("merged", "a", into="m")
    desk.until("tracking", "m")
    assert desk.tells("withdrawn", "m", C, reason="settled") == lines("""
        state: tracking → withdrawn
        answerable: + withdrawn 10-14 17:00
        closing: None → withdrawn
        closed_at: None → 10-14 17:00
        reason: None → settled
        followers: - a
        a state: merged → tracking
        a kind: None → complaint
        a answerable: + m 10-14 09:00, + forwarded 10-14 12:00, + replied 10-14 14:00, + tracked 10-14 16:00
        a start: a → m
        a forward_due: 10-16 00:00 → None
        a lead: None → forwarded
        a closed_at: 10-14 10:00 → None
        a promised: None → 2024-12-31
        a tracked: None → tracked
        a merge: merged → None
        a merged_into: m → None
        a before_merge: received → None
    """)


def test_a_declined_master_leaves_its_forward_clock_to_its_heir() -> None:
    desk = letters("m", "a", "b")
    desk.must("merged", "a", into="m")
    desk.must("merged", "b", into="m")
    desk.must("accepted", "m", kind="complaint", later=DAY)
    assert desk.tells("declined", "m", reason="repeat") == lines("""
        state: accepted → declined
        answerable: + declined 10-15 12:00
        forward_due: 10-16 00:00 → None
        closing: None → declined
        closed_at: None → 10-15 12:00
        reason: None → repeat
        followers: - a, - b
        a state: merged → accepted
        a kind: None → complaint
        a answerable: + m 10-14 09:00
        a start: a → m
        a closed_at: 10-14 10:00 → None
        a merge: merged → None
        a merged_into: m → None
        a before_merge: received → None
        a followers: + b
        b merged_into: m → a
    """)


def test_an_imported_reply_and_an_answer_without_a_unit_go_to_the_heir() -> None:
    desk = letters("a")
    imported(desk, "m")
    desk.must("merged", "a", into="m")
    assert desk.tells("withdrawn", "m", C) == lines("""
        state: replied → withdrawn
        answerable: + withdrawn 10-14 12:00
        closing: None → withdrawn
        closed_at: None → 10-14 12:00
        followers: - a
        a state: merged → replied
        a answerable: + m 10-14 09:00, + replied 10-14 10:00
        a start: a → m
        a forward_due: 10-16 00:00 → None
        a imported_reply: None → replied
        a imported_reply_at: None → 10-14 10:00
        a closed_at: 10-14 11:00 → None
        a merge: merged → None
        a merged_into: m → None
        a before_merge: received → None
    """)
    desk = letters("m", "a")
    desk.must("merged", "a", into="m")
    desk.must("classified", "m", kind="inquiry")
    desk.must("answered_directly", "m")
    assert desk.tells("withdrawn", "m", C) == lines("""
        state: answered → withdrawn
        answerable: + withdrawn 10-14 13:00
        closing: None → withdrawn
        closed_at: None → 10-14 13:00
        followers: - a
        a state: merged → answered
        a kind: None → inquiry
        a answerable: + m 10-14 09:00
        a start: a → m
        a forward_due: 10-16 00:00 → None
        a direct: False → True
        a closed_at: 10-14 10:00 → None
        a merge: merged → None
        a merged_into: m → None
        a before_merge: received → None
    """)


def test_an_heir_that_knows_its_kind_and_its_chases_keeps_them() -> None:
    desk = letters("m", "a")
    desk.until("in_progress", "m")
    desk.until("in_progress", "a")
    desk.must("chased", "a", level=2, channel="phone")
    desk.must("merged", "a", into="m")
    desk.must("classified", "m", kind="inquiry")
    desk.must("withdrawn", "m", C)
    heir = desk.cases["a"]
    assert (heir.kind, heir.chase_level, heir.supervised) == ("complaint", 2, False)


def test_the_sender_who_is_forgotten_is_forgotten_on_every_letter_of_the_merge() -> None:
    desk = Story()
    for id_ in ("m", "a"):
        desk.letter(id_, sender=f"sender {id_}")
    desk.must("merged", "a", into="m")
    desk.until("resolved", "m")
    assert desk.tells("contact_removed", "m", Role.SYSTEM, later=200 * DAY) == lines("""
        sender: sender m → None
        a sender: sender a → None
    """)


def test_an_heir_has_its_masters_clock_answer_and_lent_nothing_any_more() -> None:
    desk = letters("m")
    desk.now += DAY
    desk.letter("a")
    desk.until("in_progress", "a")
    desk.must("merged", "a", into="m")
    desk.must("withdrawn", "m", C)
    heir = desk.cases["a"]
    assert (heir.state, heir.lent, heir.start, heir.start_at) == ("received", (), "m", desk.cases["m"].start_at)
    desk = letters("m", "a")
    own = desk.until("answered", "a").answer
    desk.until("answered", "m")
    desk.must("merged", "a", into="m")
    assert desk.cases["a"].answer == own
    desk.must("withdrawn", "m", C)
    heir, master = desk.cases["a"], desk.cases["m"]
    assert (heir.state, heir.answer, heir.answer_at) == ("answered", master.answer, master.answer_at)


def test_a_letter_that_lost_its_kind_to_a_correction_comes_back_to_the_desk_as_a_plea_for_help() -> None:
    desk = letters("a", "m")
    desk.until("in_progress", "a")
    desk.must("corrected", "a", kind=None)
    desk.must("merged", "a", into="m")
    lent = desk.cases["m"].dispatches[0].id
    desk.must("recalled", "m", S, _dispatch=lent, _re=lent, reason="duplicate")
    assert desk.must("unmerged", "a", S).kind == "help"


def test_what_the_system_closes_unrated_gives_no_follower_a_result() -> None:
    desk = letters("m", "a")
    desk.must("merged", "a", into="m")
    desk.until("answered", "m")
    desk.must("resolved", "m", Role.SYSTEM, later=14 * DAY)
    assert (desk.cases["a"].state, desk.cases["a"].result) == ("merged", None)
