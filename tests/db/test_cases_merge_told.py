"""What a merge and its end change on every letter they touch, field by field (DESIGN.md §4)."""

from __future__ import annotations

from db.model import Role
from tests.db.case_account import Story, lines
from tests.db.cases_factory import DAY, C, S, U


def letters(*ids: str) -> Story:
    desk = Story()
    for id_ in ids:
        desk.letter(id_)
    return desk


def with_its_units(desk: Story, id_: str = "a") -> None:
    """At a unit that signed; of three co-handlers one has returned it, one replied, one was recalled."""
    desk.until("in_progress", id_)
    for district in ("500112", "500113", "500114"):
        desk.forward(id_, district, co=True)
    _lead, first, second, third = desk.cases[id_].dispatches
    desk.must("returned", id_, U, _dispatch=first.id, _re=first.id, reason="not_ours")
    desk.must("replied", id_, U, _dispatch=second.id, _re=second.id)
    desk.must("recalled", id_, _dispatch=third.id, _re=third.id, reason="duplicate")


def imported(desk: Story, id_: str) -> None:
    """With a reply that came with the import: no unit, no dispatch."""
    desk.letter(id_, source="import")
    desk.must("replied", id_, Role.IMPORT)


def test_a_merged_letter_lends_what_units_still_hold_and_brings_its_followers_along() -> None:
    desk = letters("a", "m", "x")
    with_its_units(desk)
    desk.must("chased", "a", S, level=3, channel="letter")
    desk.must("merged", "x", into="a")
    desk.until("forwarded", "m")
    assert desk.tells("merged", "a", into="m") == lines("""
        state: in_progress → merged
        answerable: + merged 2 10-14 23:00
        - 1. forwarded
        - 2. forwarded 2
        - 3. forwarded 3
        closed_at: None → 10-14 23:00
        merge: None → merged 2
        merged_into: None → m
        before_merge: None → in_progress
        lent: + forwarded True, + forwarded 2 False, + forwarded 3 False
        followers: - x
        m answerable: + forwarded 10-14 11:00, + forwarded 2 10-14 13:00, + forwarded 3 10-14 14:00, + returned 10-14 16:00, +
        | replied 10-14 17:00
        m + 2. id=forwarded district=500106 state=signed urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 12:00 chase_level=3 chases=1 last_chase=3 2024-10-14
        | chased_on=3 2024-10-14 reply 11-05 00:00
        m + 3. id=forwarded 2 district=500112 state=returned urgency=normal term=15 wd sent_at=10-14 13:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 returned=returned
        m + 4. id=forwarded 3 district=500113 state=replied urgency=normal term=15 wd sent_at=10-14 14:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 17:00 first_reply_at=10-14 17:00 reply=replied
        | replied_at=10-14 17:00
        m followers: + a, + x
        m chase_level: 0 → 3
        m supervised: False → True
        x merged_into: a → m
    """)
    assert desk.tells("unmerged", "a", S) == lines("""
        state: merged → in_progress
        answerable: + unmerged 10-15 00:00
        + 2. id=forwarded lead=True district=500106 state=signed urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 12:00 chase_level=3 chases=1 last_chase=3 2024-10-14
        | chased_on=3 2024-10-14 reply 11-05 00:00
        + 3. id=forwarded 2 district=500112 state=returned urgency=normal term=15 wd sent_at=10-14 13:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 returned=returned
        + 4. id=forwarded 3 district=500113 state=replied urgency=normal term=15 wd sent_at=10-14 14:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 17:00 first_reply_at=10-14 17:00 reply=replied
        | replied_at=10-14 17:00
        closed_at: 10-14 23:00 → None
        merge: merged 2 → None
        merged_into: m → None
        before_merge: in_progress → None
        lent: - forwarded True, - forwarded 2 False, - forwarded 3 False
        m - 2. forwarded
        m - 3. forwarded 2
        m - 4. forwarded 3
        m followers: - a
    """)


def test_merged_while_its_citizen_is_asked_the_pause_ends_for_what_it_lends() -> None:
    desk = letters("a", "m")
    desk.until("forwarded", "a")
    desk.must("asked", "a")
    assert desk.tells("merged", "a", into="m", later=2 * DAY) == lines("""
        state: needs_info → merged
        answerable: + merged 10-16 12:00
        - 1. forwarded
        ask: asked → None
        before_ask: forwarded → None
        pauses: - 10-14 12:00 None, + 10-14 12:00 10-16 12:00
        closed_at: None → 10-16 12:00
        merge: None → merged
        merged_into: None → m
        before_merge: None → forwarded
        lent: + forwarded True
        m answerable: + forwarded 10-14 11:00
        m + 1. id=forwarded district=500106 state=sent urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-18 00:00
        | return_due=10-19 00:00 reply_due=11-07 00:00
        m due_moves: + merged forwarded sign 10-16 00:00 10-18 00:00, + merged forwarded return 10-17 00:00 10-19 00:00, +
        | merged forwarded reply 11-05 00:00 11-07 00:00
        m followers: + a
    """)
    assert desk.tells("unmerged", "a", S) == lines("""
        state: merged → forwarded
        answerable: + unmerged 10-16 13:00
        + 1. id=forwarded lead=True district=500106 state=sent urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-18 00:00
        | return_due=10-19 00:00 reply_due=11-07 00:00
        due_moves: + merged forwarded sign 10-16 00:00 10-18 00:00, + merged forwarded return 10-17 00:00 10-19 00:00, + merged
        | forwarded reply 11-05 00:00 11-07 00:00
        closed_at: 10-16 12:00 → None
        merge: merged → None
        merged_into: m → None
        before_merge: forwarded → None
        lent: - forwarded True
        m - 1. forwarded
        m followers: - a
    """)


def test_merged_into_an_answered_letter_it_has_that_answer_and_loses_it_again() -> None:
    desk = letters("a", "m")
    desk.until("answered", "m")
    assert desk.tells("merged", "a", into="m") == lines("""
        state: received → merged
        answerable: + merged 10-14 15:00, + answered 10-14 15:00
        answer: None → answered
        answer_at: None → 10-14 15:00
        closed_at: None → 10-14 15:00
        merge: None → merged
        merged_into: None → m
        before_merge: None → received
        m followers: + a
    """)
    assert desk.tells("unmerged", "a", S) == lines("""
        state: merged → received
        answerable: + unmerged 10-14 16:00
        answer: answered → None
        answer_at: 10-14 15:00 → None
        closed_at: 10-14 15:00 → None
        merge: merged → None
        merged_into: m → None
        before_merge: received → None
        m followers: - a
    """)


def test_merged_into_a_resolved_letter_it_has_its_result_and_what_it_lends_is_ended() -> None:
    desk = letters("a", "m")
    desk.until("resolved", "m")
    desk.until("in_progress", "a")
    assert desk.tells("merged", "a", into="m") == lines("""
        state: in_progress → merged
        answerable: + merged 10-14 19:00, + answered 10-14 19:00
        - 1. forwarded 2
        answer: None → answered
        answer_at: None → 10-14 19:00
        closed_at: None → 10-14 19:00
        result: None → solved
        merge: None → merged
        merged_into: None → m
        before_merge: None → in_progress
        lent: + forwarded 2 True
        m answerable: + forwarded 2 10-14 17:00
        m + 2. id=forwarded 2 district=500106 state=cancelled urgency=normal term=15 wd sent_at=10-14 17:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 18:00
        m followers: + a
    """)
    assert desk.tells("unmerged", "a", S) == lines("""
        state: merged → accepted
        answerable: + unmerged 10-14 20:00
        start: a → unmerged
        start_at: 10-14 09:00 → 10-14 20:00
        forward_due: None → 10-16 00:00
        lead: forwarded 2 → None
        + 1. id=forwarded 2 lead=True district=500106 state=cancelled urgency=normal term=15 wd sent_at=10-14 17:00 sign_due=10-16
        | 00:00 return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 18:00
        answer: answered → None
        answer_at: 10-14 19:00 → None
        closed_at: 10-14 19:00 → None
        result: solved → None
        merge: merged → None
        merged_into: m → None
        before_merge: in_progress → None
        lent: - forwarded 2 True
        m - 2. forwarded 2
        m followers: - a
    """)


def test_a_letter_that_had_its_own_answer_keeps_it_through_a_merge() -> None:
    for state in ("answered", "tracking"):
        desk = letters("a", "m")
        desk.until("answered", "m")
        own = desk.until(state, "a")
        merged = desk.must("merged", "a", into="m")
        assert (merged.answer, merged.answer_at) == (own.answer, own.answer_at)
        again = desk.must("unmerged", "a", S)
        assert (again.state, again.answer, again.answer_at) == (state, own.answer, own.answer_at)


def test_a_withdrawn_follower_leaves_what_it_lent() -> None:
    desk = letters("m", "a", "b")
    desk.until("in_progress", "a")
    desk.must("merged", "a", into="m")
    desk.must("merged", "b", into="m")
    assert desk.tells("withdrawn", "a", C, reason="settled") == lines("""
        state: merged → withdrawn
        answerable: + withdrawn 10-14 15:00
        closing: None → withdrawn
        closed_at: 10-14 13:00 → 10-14 15:00
        reason: None → settled
        merge: merged → None
        merged_into: m → None
        before_merge: in_progress → None
        lent: - forwarded True
        m followers: - a
    """)


def test_taken_out_a_letter_stands_where_its_unit_stands_by_then() -> None:
    ways = {
        "signed": ("forwarded", "signed", U, {}),
        "replied": ("in_progress", "replied", U, {}),
        "returned": ("in_progress", "returned", U, {"reason": "not_ours"}),
    }
    ends = {"signed": "in_progress", "replied": "replied", "returned": "returned"}
    for name, (stood, kind, role, facts) in ways.items():
        desk = letters("a", "m")
        desk.until(stood, "a")
        desk.until("in_progress", "m")
        desk.must("merged", "a", into="m")
        lent = desk.cases["m"].dispatches[1].id
        desk.must(kind, "m", role, _dispatch=lent, _re=lent, **facts)
        assert desk.must("unmerged", "a", S).state == ends[name]


def test_taken_out_a_letter_whose_unit_never_had_it_is_still_the_desks() -> None:
    for state in ("received", "accepted"):
        desk = letters("a", "m")
        desk.until(state, "a")
        desk.until("in_progress", "m")
        desk.must("merged", "a", into="m")
        assert desk.must("unmerged", "a", S).state == state


def test_taken_out_a_letter_whose_dispatch_was_recalled_meanwhile_waits_for_another() -> None:
    desk = letters("a", "m")
    desk.until("in_progress", "a")
    desk.until("in_progress", "m")
    desk.must("merged", "a", into="m")
    lent = desk.cases["m"].dispatches[1].id
    desk.must("recalled", "m", S, _dispatch=lent, _re=lent, reason="duplicate")
    assert desk.tells("unmerged", "a", S, rules=1) == lines("""
        state: merged → accepted
        answerable: + unmerged 10-14 18:00
        start: a → unmerged
        start_at: 10-14 09:00 → 10-14 18:00
        forward_due: None → 10-16 00:00
        lead: forwarded → None
        + 1. id=forwarded lead=True district=500106 state=cancelled urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-16
        | 00:00 return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 12:00 recalled=True
        closed_at: 10-14 16:00 → None
        merge: merged → None
        merged_into: m → None
        before_merge: in_progress → None
        lent: - forwarded True
        m - 2. forwarded
        m followers: - a
    """)


def test_a_letter_merged_twice_over_leaves_its_unit_where_it_is_and_takes_it_back() -> None:
    desk = letters("a", "m", "n")
    desk.until("in_progress", "a")
    desk.must("merged", "a", into="m")
    desk.must("merged", "m", into="n")
    assert desk.tells("unmerged", "m", S) == lines("""
        state: merged → received
        answerable: + unmerged 10-14 15:00
        closed_at: 10-14 14:00 → None
        merge: merged 2 → None
        merged_into: n → None
        before_merge: received → None
        n followers: - m
    """)
    assert desk.tells("unmerged", "a", S) == lines("""
        state: merged → in_progress
        answerable: + unmerged 2 10-14 16:00
        + 1. id=forwarded lead=True district=500106 state=signed urgency=normal term=15 wd sent_at=10-14 11:00 sign_due=10-16 00:00
        | return_due=10-17 00:00 reply_due=11-05 00:00 signed_at=10-14 12:00
        closed_at: 10-14 13:00 → None
        merge: merged → None
        merged_into: n → None
        before_merge: in_progress → None
        lent: - forwarded True
        n - 1. forwarded
        n followers: - a
    """)


def test_a_letter_with_an_imported_reply_goes_through_a_merge_with_it() -> None:
    desk = letters("m")
    imported(desk, "a")
    desk.must("merged", "a", into="m")
    assert desk.tells("unmerged", "a", S) == lines("""
        state: merged → replied
        answerable: + unmerged 10-14 12:00
        closed_at: 10-14 11:00 → None
        merge: merged → None
        merged_into: m → None
        before_merge: replied → None
        m followers: - a
    """)
