"""What a unit's work changes on a letter, field by field: extension and chase (DESIGN.md §4)."""

from __future__ import annotations

from typing import Any

import pytest

from db import cases
from db.model import Actor, Refusal, Role
from tests.db.case_account import Story, lines
from tests.db.cases_factory import DAY, E, S, U


def letter(state: str = "received", **facts: Any) -> Story:
    desk = Story()
    desk.letter(**facts)
    desk.until(state)
    return desk


def co(desk: Story, district: str = "500112") -> dict[str, Any]:
    """Another unit beside the lead: what an event names that is about its dispatch."""
    id_ = desk.forward(district=district, co=True).dispatches[-1].id
    return {"_dispatch": id_, "_re": id_}


# ── extensions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_extension_is_asked_refused_asked_again_and_granted() -> None:
    desk = letter("in_progress")
    assert desk.tells("extension_asked", role=U) == lines("""
        answerable: + extension_asked 10-14 13:00
        1.extension_asked: None → extension_asked
    """)
    assert desk.absorbs("extension_asked", role=U) == "extension_asked"
    assert desk.tells("extension_refused", role=S) == lines("""
        1.extension_asked: extension_asked → None
    """)
    desk.must("extension_asked", role=U)
    assert desk.tells("extended", role=S) == lines("""
        1.reply_due: 11-05 00:00 → 11-19 00:00
        1.extension_asked: extension_asked 3 → None
        1.extended: False → True
        due_moves: + extended forwarded reply 11-05 00:00 11-19 00:00
        extensions: 0 → 1
    """)


def test_an_urgent_letter_is_extended_by_three_working_days() -> None:
    desk = letter("forwarded", urgency="urgent")
    assert desk.tells("extension_asked", role=U) == lines("""
        answerable: + extension_asked 10-14 12:00
        1.extension_asked: None → extension_asked
    """)
    assert desk.tells("extended", role=S) == lines("""
        1.reply_due: 10-18 00:00 → 10-23 00:00
        1.extension_asked: extension_asked → None
        1.extended: False → True
        due_moves: + extended forwarded reply 10-18 00:00 10-23 00:00
        extensions: 0 → 1
    """)


def test_a_co_handlers_extension_moves_its_own_due_time_only() -> None:
    desk = letter("in_progress")
    named = co(desk)
    desk.must("extension_asked", role=U, **named)
    assert desk.tells("extended", role=S, **named) == lines("""
        2.reply_due: 11-05 00:00 → 11-19 00:00
        2.extension_asked: extension_asked → None
        2.extended: False → True
        due_moves: + extended forwarded 2 reply 11-05 00:00 11-19 00:00
        extensions: 0 → 1
    """)


def test_an_extension_may_be_asked_until_its_term_ends() -> None:
    desk = letter("in_progress")
    due = desk.cases["a"].dispatches[0].reply_due
    at = due - desk.now
    assert desk.refuses("extension_asked", role=U, later=at) == {"code": "extension_late", "due": "11-05 00:00"}
    desk = letter("in_progress")
    assert desk.must("extension_asked", role=U, later=at - 1).dispatches[0].extension_asked


def test_a_pause_gives_a_co_handler_more_time_to_ask() -> None:
    desk = letter("in_progress")
    named = co(desk)
    until = desk.cases["a"].dispatches[1].reply_due - desk.now - 4 * DAY
    desk.must("asked", later=until)
    assert desk.must("extension_asked", role=U, later=6 * DAY, **named).dispatches[1].extension_asked


EXTENSIONS: list[tuple[str, str, Role, list[tuple[str, Role]], dict[str, Any], dict[str, Any]]] = [
    ("critical", "extension_asked", U, [], {}, {"code": "no_extension"}),
    ("normal", "extended", S, [], {}, {"code": "extension_not_asked"}),
    ("normal", "extension_refused", S, [], {}, {"code": "extension_not_asked"}),
    ("normal", "extended", S, [("extension_asked", U)], {"asked": "another"}, {"code": "stale"}),
    ("normal", "extension_refused", S, [("extension_asked", U)], {"asked": "another"}, {"code": "stale"}),
    ("normal", "extension_asked", U, [("extension_asked", U), ("extended", S)], {}, {"code": "extended_once"}),
    ("normal", "extended", S, [("extension_asked", U), ("extended", S)], {}, {"code": "extended_once"}),
    (
        "normal",
        "extended",
        E,
        [("extension_asked", U)],
        {},
        {"code": "supervisor_only", "role": "editor", "kind": "extended"},
    ),
    (
        "normal",
        "extension_asked",
        U,
        [("replied", U)],
        {},
        {"code": "state", "state": "replied", "kind": "extension_asked"},
    ),
    ("normal", "extended", S, [("replied", U)], {}, {"code": "state", "state": "replied", "kind": "extended"}),
]


@pytest.mark.parametrize(("urgency", "kind", "role", "before", "facts", "no"), EXTENSIONS)
def test_an_extension_is_refused_with_what_stands_against_it(
    urgency: str, kind: str, role: Role, before: list[tuple[str, Role]], facts: dict[str, Any], no: dict[str, Any]
) -> None:
    desk = letter("in_progress", urgency=urgency)
    for done, by in before:
        desk.must(done, role=by)
    assert desk.refuses(kind, role=role, **facts) == no


def test_the_request_that_waits_is_the_one_decided_on() -> None:
    for kind in ("extended", "extension_refused"):
        desk = letter("in_progress")
        asked = desk.must("extension_asked", role=U).dispatches[0].extension_asked
        assert desk.must(kind, role=S, asked=asked).dispatches[0].extension_asked is None


# ── chase ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chase_is_counted_on_the_dispatch_and_on_the_letter() -> None:
    desk = letter("forwarded")
    assert desk.tells("chased", level=2, channel="phone") == lines("""
        1.chase_level: 0 → 2
        1.chases: 0 → 1
        1.last_chase: None → 2 2024-10-14
        1.chased_on: + 2 2024-10-14 reply 11-05 00:00
        chase_level: 0 → 2
        chases: 0 → 1
    """)
    assert desk.absorbs("chased", level=2, channel="phone") == "forwarded"
    assert desk.tells("chased", level=1, channel="phone") == lines("""
        1.chases: 1 → 2
        1.last_chase: 2 2024-10-14 → 1 2024-10-14
        1.chased_on: + 1 2024-10-14 reply 11-05 00:00
        chases: 1 → 2
    """)
    assert desk.tells("chased", role=S, level=3, channel="letter", later=DAY) == lines("""
        1.chase_level: 2 → 3
        1.chases: 2 → 3
        1.last_chase: 1 2024-10-14 → 3 2024-10-15
        1.chased_on: + 3 2024-10-15 reply 11-05 00:00
        chase_level: 2 → 3
        chases: 2 → 3
        supervised: False → True
    """)
    assert desk.tells("chased", role=S, level=4, channel="letter") == lines("""
        1.chase_level: 3 → 4
        1.chases: 3 → 4
        1.last_chase: 3 2024-10-15 → 4 2024-10-15
        1.chased_on: + 4 2024-10-15 reply 11-05 00:00
        chase_level: 3 → 4
        chases: 3 → 4
    """)


def test_who_has_signed_meanwhile_may_be_chased_for_the_reply_on_the_same_day() -> None:
    desk = letter("forwarded")
    desk.must("chased", level=2, channel="phone", later=2 * DAY)
    desk.must("signed", role=U)
    assert desk.tells("chased", level=2, channel="phone") == lines("""
        1.chases: 1 → 2
        1.chased_on: + 2 2024-10-16 reply 11-05 00:00
        chases: 1 → 2
    """)


def test_a_co_handler_is_chased_for_itself() -> None:
    desk = letter("in_progress")
    named = co(desk)
    assert desk.tells("chased", level=1, channel="phone", **named) == lines("""
        2.chase_level: 0 → 1
        2.chases: 0 → 1
        2.last_chase: None → 1 2024-10-14
        2.chased_on: + 1 2024-10-14 reply 11-05 00:00
        chase_level: 0 → 1
        chases: 0 → 1
    """)


@pytest.mark.parametrize("level", [0, 5, None, "1"])
def test_a_chase_has_one_of_four_levels(level: object) -> None:
    for state in ("forwarded", "in_progress"):
        assert letter(state).refuses("chased", role=S, level=level) == {"code": "bad_fact", "field": "level"}


@pytest.mark.parametrize("level", [3, 4])
def test_supervision_is_refused_to_an_editor_sent_before_or_not(level: int) -> None:
    desk = letter("in_progress")
    assert desk.refuses("chased", level=level, channel="letter") == {"code": "supervisor_level"}
    desk.must("chased", role=S, level=level, channel="letter")
    assert desk.refuses("chased", level=level, channel="letter") == {"code": "supervisor_level"}
    assert desk.absorbs("chased", role=S, level=level, channel="letter") == "forwarded"


CHASABLE = {"forwarded", "in_progress", "needs_info", "replied", "tracking"}


@pytest.mark.parametrize(
    "state", ["forwarded", "in_progress", "returned", "replied", "answered", "tracking", "resolved"]
)
def test_a_unit_is_chased_while_it_owes_something(state: str) -> None:
    desk = letter(state)
    if state in CHASABLE:
        assert desk.must("chased", level=1, channel="phone").chases == 1
    else:
        assert desk.refuses("chased", level=1) == {"code": "state", "state": state, "kind": "chased"}


def test_a_unit_is_chased_while_the_citizen_is_asked() -> None:
    desk = letter("in_progress")
    desk.must("asked")
    assert desk.must("chased", level=1, channel="phone").chases == 1


def test_a_dispatch_that_was_returned_or_recalled_is_chased_no_more() -> None:
    desk = letter("in_progress")
    first, second = co(desk), co(desk, "500113")
    desk.must("returned", role=U, reason="not_ours", **first)
    desk.must("recalled", reason="duplicate", **second)
    for named in (first, second):
        assert desk.refuses("chased", level=1, **named) == {"code": "stale"}
        assert desk.refuses("replied", role=U, **named) == {"code": "stale"}
    assert desk.refuses("chased", level=1, _dispatch=None, _re=None) == {"code": "no_dispatch"}


def test_a_lead_that_was_checked_and_gave_up_the_lead_owes_nothing_more() -> None:
    desk = letter("answered")
    old, named = desk.cases["a"].lead, co(desk)
    desk.must("lead_changed", **named)
    for kind, role in (("chased", E), ("replied", U)):
        assert desk.refuses(kind, role=role, level=1, _dispatch=old, _re=old) == {"code": "stale"}


def test_what_was_chased_before_it_was_returned_is_not_chased_again() -> None:
    desk = letter("in_progress")
    desk.must("chased", level=1, channel="phone")
    desk.must("returned", role=U, reason="not_ours")
    assert desk.refuses("chased", level=1) == {"code": "state", "state": "returned", "kind": "chased"}


def test_an_extension_that_was_asked_for_is_not_offered_again() -> None:
    desk = letter("in_progress")
    desk.must("extension_asked", role=U)
    unit = Actor("unit:500106", U, "01")
    said = cases.why_not(desk.cases["a"], "extension_asked", unit, {}, desk.book, desk.now)
    assert said == Refusal("extension_waits")
