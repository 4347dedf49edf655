"""What happens to a letter by itself when a time has come: 5 days asked, 14 days unrated, a promised day (DESIGN.md §4). Pure.

Written by actor `system`: by the backend, or by a desk that has none. Every part of such an event follows from the case,
so that whoever writes it writes the same.
"""

from __future__ import annotations

from db.clock import DAY, midnight
from db.ids import timer_id
from db.model import Case, Event, EventKind, Ms, Role, State
from db.model_rules import Rulebook

ACTOR = "system"
DEVICE = "00"


def next_event(case: Case, book: Rulebook) -> Event | None:
    """The event that a timer writes next, `at` being the moment it is due (UTC ms); None where none waits.

    A promised day is noted once: the event is the same one again until the case leaves 挂账; its id tells that it is there.
    """
    rules = book.newest
    if case.unknown:
        return None
    if case.state is State.NEEDS_INFO and case.ask is not None and case.pauses:
        due = case.pauses[-1].start + rules.tell_days * DAY
        return _event(case, EventKind.TOLD, due, case.ask, lapsed=True)
    if case.state is State.ANSWERED and case.answer_at is not None:
        if case.rating is not None and case.rating.at >= case.answer_at:
            return None
        return _event(case, EventKind.RESOLVED, case.answer_at + rules.unrated_days * DAY, case.answer, unrated=True)
    if case.state is State.TRACKING and case.promised is not None:
        return _event(case, EventKind.NOTED, midnight(case.promised), None)
    return None


def _event(case: Case, kind: EventKind, due: Ms, re: str | None, **facts: bool) -> Event:
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
