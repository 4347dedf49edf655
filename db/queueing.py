"""Which queues a letter stands in, and where.

A queue's order is one integer, the smallest on top; `queue_entry` is indexed by it, so a page is a range of the index.
Work queues hold the urgent first, then what is due or came first; what has no clock running stands behind what has.
Whether a letter is late changes by itself as time goes on: queue 4 holds every letter with a running clock under its
due time, and only those at or before now are shown (`db/counts.py` keeps their number).
"""

from __future__ import annotations

from db import deadlines
from db.model import CLOSED, Case, Ms, State, Urgency
from db.queues import LATE, WAITING

BY_STATE = {
    State.RECEIVED: 1,
    State.ACCEPTED: 2,
    State.RETURNED: 2,
    State.NEEDS_INFO: 2,
    State.FORWARDED: 3,
    State.IN_PROGRESS: 3,
    State.REPLIED: 5,
    State.ANSWERED: 6,
    State.TRACKING: 7,
    State.RESOLVED: 8,
    State.DECLINED: 8,
    State.MERGED: 8,
    State.WITHDRAWN: 8,
}

_RANK = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}
_MS_BITS = 45
"""Room for a moment until the year 3084; what ranks before it stands in the bits above."""


def _sort(rank: int, moment: Ms) -> int:
    return rank << _MS_BITS | max(0, moment)


def _work(case: Case, due: Ms | None, since: Ms, group: int = 0) -> int:
    """Group, then urgency, then those with a running clock by their due time, then the others by how long they wait."""
    rank = group * 8 + _RANK[case.urgency] * 2
    return _sort(rank, due) if due is not None else _sort(rank + 1, since)


def late_from(case: Case) -> Ms | None:
    """The first moment at which the case is late on a forward, sign or reply clock; None if none of them runs."""
    late: Ms | None = None
    for clock in deadlines.clocks(case):
        if clock.kind != "promise" and (late is None or clock.due < late):
            late = clock.due
    return late


def queues_of(case: Case, *, pending: int = 0, refused: int = 0) -> list[tuple[int, int]]:
    """(queue, sort) of every queue the case stands in; `pending` and `refused` are counts of its events."""
    late = None if case.state in _NO_CLOCK and not case.dispatches else late_from(case)
    found = [_home(case, late)]
    if late is not None:
        found.append((LATE, late))
    if found[0][0] != 7 and case.state not in CLOSED and any(p.as_ == "open_question" for p in case.publications):
        found.append((7, _sort(1, case.received_at)))
    if pending or refused:
        found.append((WAITING, _sort(0 if refused else 1, case.last_at)))
    return found


_NO_CLOCK = CLOSED | {State.ANSWERED, State.NEEDS_INFO}
"""States in which only a dispatch could still have a clock."""

_GROUP = {State.RETURNED: 0, State.NEEDS_INFO: 1, State.ACCEPTED: 2}


def _home(case: Case, late: Ms | None) -> tuple[int, int]:
    """The one queue that the case's state puts it into; `late` as `late_from` says."""
    queue = BY_STATE[case.state]
    if queue == 8:
        return queue, -(case.closed_at or case.last_at)
    if queue == 7:
        clock = deadlines.next_due(case)
        return queue, _sort(0, clock.due if clock else case.last_at)
    if queue == 5:
        lead = case.lead_dispatch
        return queue, _work(case, None, lead.replied_at if lead and lead.replied_at else case.last_at)
    if queue == 6:
        return queue, _work(case, None, case.answer_at or case.last_at)
    return queue, _work(case, late, case.received_at, _GROUP.get(case.state, 0))
