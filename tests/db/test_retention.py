"""Who wrote is kept for as long as it is needed: 180 days after closing the contact goes, the letter stays."""

from __future__ import annotations

from typing import Any

import pytest

from db import commands, timers, timers_here
from db.clock import DAY
from db.commands import Command
from db.model import CaseId, Event, Ms, Refusal
from db.people import own_actor, sender
from db.refold import differing, stored
from db.store import Store
from tests.db.cases_factory import BOOK, Desk, S, event
from tests.desk import inbox


def closed(desk: Desk, id_: str = "a") -> None:
    desk.letter(id_, sender=f"who-{id_}")
    desk.until("answered", id_)
    desk.must("resolved", id_, result="solved")


def due(desk: Desk, id_: str = "a") -> Event:
    waiting = timers.next_event(desk.cases[id_], BOOK)
    assert waiting is not None
    return waiting


def test_a_closed_letter_loses_its_sender_after_180_days_and_nothing_else() -> None:
    desk = Desk()
    closed(desk)
    before = desk.cases["a"]
    assert before.closed_at is not None
    removal = due(desk)
    assert (removal.kind, removal.at) == ("contact_removed", before.closed_at + 180 * DAY)
    desk.now = removal.at
    desk.put(removal)
    after = desk.cases["a"]
    assert (before.sender, after.sender) == ("who-a", None)
    assert (after.state, after.title, after.result) == (before.state, before.title, before.result)
    assert timers.next_event(after, BOOK) is None


def test_not_a_minute_earlier_and_by_nobody_else() -> None:
    desk = Desk()
    closed(desk)
    removal = due(desk)
    early = desk.put(event("contact_removed", "a", removal.at - 60_000, removal.role))
    assert isinstance(early, Refusal)
    assert early.code == "too_early"
    desk.now = removal.at
    assert desk.no("contact_removed", role=S) == "forbidden"


def test_a_reopened_letter_keeps_its_sender() -> None:
    desk = Desk()
    closed(desk)
    removal = due(desk)
    desk.must("reopened", reason="came_back")
    assert isinstance(desk.put(removal), Refusal)
    assert desk.cases["a"].sender == "who-a"


def test_a_merged_letters_sender_goes_with_its_masters() -> None:
    desk = Desk()
    desk.letter("b", sender="who-b")
    desk.letter("a", sender="who-a")
    desk.until("answered", "a")
    desk.must("merged", "b", into="a")
    assert timers.next_event(desk.cases["b"], BOOK) is None, "its answer is still to come"
    desk.must("resolved", "a", result="solved")
    desk.put(due(desk))
    assert (desk.cases["a"].sender, desk.cases["b"].sender) == (None, None)


# ── on a desk without a backend ──────────────────────────────────────────────────────────────────────────────────────


def do(store: Store, kind: str, case: CaseId, at: Ms, **facts: Any) -> None:
    done = commands.run(store, own_actor(store), [Command(kind, case, facts, {"text": "理由"})], at)
    assert done.ok, done.refused


@pytest.fixture
def declined(store: Store) -> CaseId:
    case, *_others = inbox.arrive(store)
    do(store, "declined", case, inbox.NOW, reason="court")
    return case


def test_the_record_goes_when_its_time_has_come_and_stays_while_another_letter_is_theirs(
    store: Store, declined: CaseId
) -> None:
    assert timers_here.run(store, inbox.NOW + 179 * DAY) == ()
    assert sender(store, "sender-1") is not None
    assert timers_here.run(store, inbox.NOW + 181 * DAY) == (declined,)
    assert sender(store, "sender-1") is None
    assert sender(store, "sender-2") is not None
    found = stored(store, declined)
    assert found is not None
    assert (found.sender, found.title) == (None, inbox.LETTERS[0][0])
    assert differing(store) == []
    assert timers_here.run(store, inbox.NOW + 181 * DAY) == (), "and only once"


def test_what_else_timers_write_is_written_here_too(store: Store) -> None:
    case = inbox.busy(store)[-1]  # answered this morning
    do(store, "asked", inbox.arrive(store, first=50)[0], inbox.NOW)
    assert set(timers_here.run(store, inbox.NOW + 15 * DAY)) > {case}
    found = stored(store, case)
    assert found is not None
    assert (found.state, found.result) == ("resolved", None)
    assert not [1 for (s,) in store.rows("SELECT state FROM cases") if s == "needs_info"]
    assert differing(store) == []


def test_with_a_backend_the_backend_does_it(store: Store, declined: CaseId) -> None:
    store.put_setting("sync.server", "https://letters.example")
    assert timers_here.run(store, inbox.NOW + 999 * DAY) == ()
