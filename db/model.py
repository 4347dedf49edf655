"""The words the rules are written in: a letter's case, its dispatches, its events (DESIGN.md §3, §4).

Frozen dataclasses of the standard library only, so that rules and the first frame of the desk import nothing heavy.
`db/tables.py` maps them onto SQLModel tables. Times are UTC milliseconds (`Ms`) unless a name says otherwise;
dates are calendar days in Asia/Shanghai, which has had no summer time since 1991.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from db.model_codes import (
    CLOSED,
    OPEN,
    Actor,
    CaseId,
    DispatchId,
    DispatchState,
    EventId,
    EventKind,
    Kind,
    Ms,
    Result,
    Role,
    State,
    Term,
    Urgency,
)

__all__ = [
    "CLOSED",
    "OPEN",
    "Absorbed",
    "Actor",
    "Case",
    "CaseId",
    "Chase",
    "Dispatch",
    "DispatchId",
    "DispatchState",
    "DueMove",
    "Event",
    "EventId",
    "EventKind",
    "Kind",
    "Ms",
    "Outcome",
    "Pause",
    "Publication",
    "Rating",
    "Refusal",
    "Result",
    "Role",
    "State",
    "Term",
    "Urgency",
    "Verdict",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change. Facts are codes, times, counts and versions, never personal data; words are free text.

    What facts and words each kind carries is listed in `docs/events.md`.
    """

    id: EventId
    case: CaseId | None
    kind: str  # an EventKind, or a kind from a newer desk
    at: Ms  # the author's clock
    actor: str  # user id, "unit:500230", "citizen", "system", "local"
    role: Role  # the role under which the author acted; checked by the backend
    device: str
    re: EventId | None = None  # the event it answers
    dispatch: DispatchId | None = None
    when: Ms | None = None  # when the fact happened, if recorded for others (代录)
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    salt: str = ""  # hex; goes into the digest with the words
    seq: int | None = None  # the backend's number; None while pending
    heard: Ms | None = None  # when the backend received it; clamps `at`


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of every clock of a case while the citizen is asked; `end` is None while it lasts."""

    start: Ms
    end: Ms | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """成效: what was done, counted. `Outcome("街巷整治", 41, "条")`."""

    measure: str
    count: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """评价. Score 1 to 5, None where only solved or not was said."""

    event: EventId
    at: Ms
    solved: bool | None
    score: int | None
    thanks: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    event: EventId
    as_: Literal["told", "open_question"]


class Chase(NamedTuple):
    """A chase that reached a unit: its level, the working day it counts for, and which deadline it was about.

    `due` (UTC ms) is that clock's due time when it was sent; None where an older desk kept only level and day.
    """

    level: int
    day: date
    clock: Literal["sign", "reply"] = "reply"
    due: Ms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """转办单: one unit's share of a case, with its own clocks. Due times are exclusive ends, UTC ms."""

    id: DispatchId
    lead: bool
    district: str  # division code, as valid on the day of sending
    district_name: str  # the name it had then
    unit: str = ""  # the office inside the district; "" = the district itself
    state: DispatchState = DispatchState.SENT
    rules: int = 1  # version of the rules named by the forward
    urgency: Urgency = Urgency.NORMAL  # as it was when sent: the terms stay those
    term: Term = field(default_factory=lambda: Term(7, "wd"))  # the first term of reply, for redo and reopening
    sent_at: Ms
    sign_due: Ms
    return_due: Ms
    reply_due: Ms
    signed_at: Ms | None = None
    first_reply_at: Ms | None = None
    reply: EventId | None = None  # the reply that stands
    replied_at: Ms | None = None  # effective time of that reply: where the clock stopped
    claimed: tuple[Outcome, ...] = ()  # outcomes the unit claims in it
    returned: EventId | None = None  # the return that stands
    contact_shared: bool = False
    chase_level: int = 0
    chases: int = 0
    last_chase: tuple[int, date] | None = None  # level and working day of the last chase
    chased_on: tuple[Chase, ...] = ()  # every chase: once a level, deadline and working day
    redos: int = 0
    extension_asked: EventId | None = None
    extended: bool = False
    recalled: bool = False  # cancelled by a recall, not by the case's closing
    aliases: tuple[DispatchId, ...] = ()  # dispatch ids of absorbed forwards
    counted_by: int = 0  # version whose calendar counts its days since a notice came; 0: that of `rules`

    @property
    def whom(self) -> str:
        """District and office as one reads them, the district said once: offices often bear its name. Outside text."""
        return f"{self.district_name} {self.unit.removeprefix(self.district_name)}".strip()


@dataclass(frozen=True, slots=True)
class DueMove:
    """A due time that was moved after it was set: by which event, of which clock, from when to when (UTC ms).

    Who and why stand in the event. `dispatch` is "" for the desk's own clock.
    """

    event: EventId
    dispatch: DispatchId
    clock: Literal["forward", "sign", "return", "reply"]
    was: Ms
    to: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The fold of a case's events. `title` and `place` are words: shown, never read by a rule."""

    id: CaseId
    code: str
    channel: str
    number: str  # the channel's own number
    source: Literal["channel", "import", "manual"]
    received_at: Ms
    state: State = State.RECEIVED
    sender: str | None = None  # id of a record apart
    title: str = ""
    place: str = ""
    kind: Kind | None = None
    topic: str | None = None
    urgency: Urgency = Urgency.NORMAL
    district: str | None = None  # division code of the place it is about
    confidential: bool = False  # 保密: the contact is always withheld
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, CaseId], ...] = ()  # (relation, other case)

    # what stands: the events that the next one may answer, with their effective times
    answerable: tuple[tuple[EventId, Ms], ...] = ()  # every event that was ever one to answer
    start: EventId = ""  # receipt, return, recall (or reopening) that the next lead forward follows
    start_at: Ms = 0
    forward_due: Ms | None = None  # runs while received, accepted or returned
    rules: int = 1  # version of the rules by which that clock was set
    lead: DispatchId | None = None
    dispatches: tuple[Dispatch, ...] = ()
    answer: EventId | None = None
    answer_at: Ms | None = None
    direct: bool = False  # answered without a unit: outside the units' figures
    ask: EventId | None = None
    asks: int = 0
    before_ask: State | None = None
    pauses: tuple[Pause, ...] = ()
    due_moves: tuple[DueMove, ...] = ()  # in order: no due time moves without a trace
    imported_reply: EventId | None = None  # a reply that came with an import: no unit, no dispatch
    imported_reply_at: Ms | None = None
    closing_re: EventId | None = None  # what the closing answered: the same again is absorbed
    reopened_re: EventId | None = None  # the closing that the last reopening answered
    closing: EventId | None = None  # resolved, declined, withdrawn (or answered): what a reopening answers
    closed_at: Ms | None = None
    reason: str | None = None  # code of a decline or withdrawal
    result: Result | None = None
    outcomes: tuple[Outcome, ...] = ()
    promised: date | None = None  # tracking: the day it wakes
    tracked: EventId | None = None
    merge: EventId | None = None
    merged_into: CaseId | None = None
    before_merge: State | None = None
    lent: tuple[tuple[DispatchId, bool], ...] = ()  # dispatches the master holds meanwhile, and whether each led
    followers: tuple[CaseId, ...] = ()  # merged into this one, oldest first

    # counted records
    chase_level: int = 0  # highest level that ever stood on any dispatch
    chases: int = 0
    returns: int = 0
    recalls: int = 0
    redos: int = 0
    reopens: int = 0
    extensions: int = 0
    supervised: bool = False  # a chase of level 3 or above, ever
    rating: Rating | None = None
    publications: tuple[Publication, ...] = ()
    call: str | None = (
        None  # 征集 that somebody put the suggestion under; else its topic and day say it (`db/calls.py`)
    )
    reveals: int = 0
    erased: bool = False
    events: int = 0  # folded so far, absorbed ones not counted
    last_at: Ms = 0  # effective time of the newest of them
    unknown: tuple[str, ...] = ()  # kinds this desk does not know: the case is then read-only here

    def dispatch(self, id_: DispatchId | None) -> Dispatch | None:
        """The dispatch of that id or alias, or None."""
        for d in self.dispatches:
            if d.id == id_ or id_ in d.aliases:
                return d
        return None

    @property
    def lead_dispatch(self) -> Dispatch | None:
        return self.dispatch(self.lead)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule's "no": a code, and what its sentence in `db/sentences.py` needs to be filled with."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """In the log, but the fold changes nothing; `case` differs from before at most by a dispatch's aliases."""

    case: Case
    by: EventId | None = None  # the event that already did it


Verdict = Case | Refusal | Absorbed
