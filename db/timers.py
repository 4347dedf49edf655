"""What happens to a letter by itself when a time has come: 5 days asked, 14 days unrated, a promised day (DESIGN.md §4),
180 days closed. Pure.

Written by actor `system`: by the backend, or by a desk that has none. Every part of such an event follows from the case,
so that whoever writes it writes the same.
"""

from __future__ import annotations

from db import case_calendar
from db.clock import DAY, midnight
from db.ids import timer_id
from db.model import CLOSED, OPEN, Case, Event, EventKind, Ms, Role, State
from db.model_rules import Rulebook

KEPT = CLOSED - {State.MERGED}
"""Where a contact is kept for a while and then removed; a merged letter's goes with its master's, whose answer it gets."""

ACTOR = "system"
DEVICE = "00"


def next_event(case: Case, book: Rulebook) -> Event | None:
    """The event that a timer writes next, `at` being the moment it is due (UTC ms); None where none waits.

    A promised day is noted once: the event is the same one again until the case leaves 挂账; its id tells that it is there.
    """
    return min(waiting(case, book), key=lambda event: event.at, default=None)


def waiting(case: Case, book: Rulebook) -> tuple[Event, ...]:
    """All that timers will write to the case as it stands."""
    if case.unknown:
        return ()
    return tuple(event for event in (by_notice(case, book), _by_state(case, book)) if event is not None)


def _by_state(case: Case, book: Rulebook) -> Event | None:
    if case.state is State.NEEDS_INFO and case.ask is not None and case.pauses:
        asked = case.pauses[-1].start
        due = asked + book.at(asked).tell_days * DAY
        return _event(case, EventKind.TOLD, due, case.ask, lapsed=True)
    if case.state is State.ANSWERED and case.answer_at is not None:
        if case.rating is not None and case.rating.at >= case.answer_at:
            return None
        due = case.answer_at + book.at(case.answer_at).unrated_days * DAY
        return _event(case, EventKind.RESOLVED, due, case.answer, unrated=True)
    if case.state is State.TRACKING and case.promised is not None:
        return _event(case, EventKind.NOTED, midnight(case.promised), None)
    if case.state in KEPT and (case.sender is not None or case.followers) and case.closed_at is not None:
        due = case.closed_at + book.at(case.closed_at).contact_days * DAY
        return _event(case, EventKind.CONTACT_REMOVED, due, None)
    return None


def by_notice(case: Case, book: Rulebook) -> Event | None:
    """`rescheduled`: due times that were 暂定 and are not any more, since a notice came; None where there are none.

    At the moment the notice counts from, or when the letter was sent under the older calendar after that.
    """
    if case.state not in OPEN or not book.plan:
        return None
    calendar = book.versions[book.plan[-1][1]].calendar
    since, version = next((s, v) for s, v in book.plan if book.versions[v].calendar == calendar)
    if case_calendar.by_notice(case, book, book.of(version)) is None:
        return None
    due = max(since, case.start_at, *(d.sent_at for d in case.dispatches))
    return _event(case, EventKind.RESCHEDULED, due, None, rules=version)


def _event(case: Case, kind: EventKind, due: Ms, re: str | None, **facts: bool | int) -> Event:
    return Event(
        id=timer_id(case.id, kind, due),
        case=case.id,
        kind=kind.value,
        at=due,
        actor=ACTOR,
        role=Role.SYSTEM,
        device=DEVICE,
        re=re,
        facts=facts,
    )
