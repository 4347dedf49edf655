"""The notice of next year's holidays: it moves provisional due times, with a trace, once, and nothing else."""

from __future__ import annotations

import pytest

from db import (
    commands,
    configuring,
    link,
    timers_here,
)
from db.clock import day_of, from_iso
from db.commands import Command
from db.store import Store
from tests.db.deciding import DAY, TODAY, must
from tests.desk import inbox

pytestmark = pytest.mark.usefixtures("undecided")


EVE = from_iso("2026-12-21T09:30")
NOTICE = {
    "year": 2027,
    "days": [{"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in (1, 2, 3)],
}


def late_letter(store: Store) -> str:
    event = inbox.received(1, "电梯停运", "complaint", "normal", None, inbox.YUBEI, "停了十天。", EVE - 3_600_000)
    commands.receive(store, [event], (), pending=False, now=EVE)
    facts = {"district": inbox.YUBEI, "contact": "withheld"}
    must(store, Command("forwarded", event.id, facts), now=EVE)
    return event.id


def test_a_notice_moves_provisional_due_times_with_a_trace_and_nothing_else(store: Store) -> None:
    case = late_letter(store)
    before = inbox.letter(store, case).case
    decided = configuring.notice(NOTICE, day_of(EVE))
    effects = configuring.effects(store, decided, EVE)
    moves = [e for e in effects if e.code == "notice_move"]
    must(store, decided, now=EVE + 60_000)
    assert timers_here.run(store, EVE + 60_000) == (case,)
    after = inbox.letter(store, case)
    [move] = after.case.due_moves
    assert [(m.facts["was"], m.facts["to"]) for m in moves] == [(move.was, move.to)]
    assert (before.dispatches[0].reply_due, after.case.dispatches[0].reply_due) == (move.was, move.to)
    assert move.to - move.was == DAY, "one working day less: 1 January is a Friday"
    event = next(e for e in after.events if e.id == move.event)
    assert (event.kind, event.actor, event.facts) == ("rescheduled", "system", {"rules": 2})
    assert timers_here.run(store, EVE + 120_000) == (), "and only once"
    from db.refold import differing

    assert differing(store) == []


def test_a_desk_with_a_backend_leaves_it_to_the_backend(store: Store) -> None:
    late_letter(store)
    must(store, configuring.notice(NOTICE, day_of(EVE)), now=EVE + 60_000)
    store.put_setting(link.SERVER, "https://letters.example")
    assert timers_here.run(store, EVE + 60_000) == ()


def test_a_notice_that_cannot_be_is_refused_by_its_entry() -> None:
    with pytest.raises(ValueError, match="day 1"):
        configuring.notice({"year": 2027, "days": [{"date": "2027-13-01", "isOffDay": True}]}, TODAY)
