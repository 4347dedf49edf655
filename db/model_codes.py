"""The codes that letters are kept and shown in: states, roles, kinds; a length of time; who presses the keys.

Apart from `db/model.py`, whose names these are too, because the first frame needs them and no case: the classes of a case and all it
is made of take a sixth of what the desk's own modules do at start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

Ms = int
"""A moment, in milliseconds since 1970-01-01T00:00Z."""

EventId = str
CaseId = str
DispatchId = str
"""The id of the `forwarded` event that made the dispatch."""


class State(StrEnum):
    """Where a case stands. Lateness, chase level, publication and rating are never states."""

    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    ACCEPTED = "accepted"
    FORWARDED = "forwarded"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    REPLIED = "replied"
    ANSWERED = "answered"
    TRACKING = "tracking"
    RESOLVED = "resolved"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({State.RESOLVED, State.DECLINED, State.MERGED, State.WITHDRAWN})
OPEN = frozenset(State) - CLOSED


class DispatchState(StrEnum):
    SENT = "sent"
    SIGNED = "signed"
    REPLIED = "replied"
    CHECKED = "checked"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """Who an event's author acts as. A supervisor may all that an editor may."""

    EDITOR = "editor"
    SUPERVISOR = "supervisor"
    UNIT = "unit"
    CITIZEN = "citizen"
    SYSTEM = "system"
    BACKEND = "backend"
    IMPORT = "import"
    READER = "reader"
    ADMIN = "admin"


class Kind(StrEnum):
    """Kinds of letter; the bulletin counts suggestions apart."""

    COMPLAINT = "complaint"
    INQUIRY = "inquiry"
    HELP = "help"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class Urgency(StrEnum):
    """一般, 紧急, 特急. `urgent` in the rules means 紧急 and above."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class Result(StrEnum):
    SOLVED = "solved"
    EXPLAINED = "explained"
    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"


class EventKind(StrEnum):
    """Every kind of event; `db/cases.py` holds the table of what each may do."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    CORRECTED = "corrected"
    ASSIGNED = "assigned"
    TAGGED = "tagged"
    NOTED = "noted"
    LINKED = "linked"
    SPLIT = "split"
    ASKED = "asked"
    TOLD = "told"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED_DIRECTLY = "answered_directly"
    FORWARDED = "forwarded"
    LEAD_CHANGED = "lead_changed"
    RECALLED = "recalled"
    SIGNED = "signed"
    RETURNED = "returned"
    UPHELD = "upheld"
    EXTENSION_ASKED = "extension_asked"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    CHASED = "chased"
    REPLIED = "replied"
    REDONE = "redone"
    ANSWERED = "answered"
    RATED = "rated"
    TRACKED = "tracked"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    MERGED = "merged"
    UNMERGED = "unmerged"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    REVEALED = "revealed"
    CONTACT_REMOVED = "contact_removed"
    ERASED = "erased"
    # without a case
    CONFIGURED = "configured"
    RESCHEDULED = "rescheduled"
    BULLETIN_FROZEN = "bulletin_frozen"
    BULLETIN_REVISED = "bulletin_revised"
    SURVEY_DEFINED = "survey_defined"
    SURVEY_OPENED = "survey_opened"
    SURVEY_CLOSED = "survey_closed"
    SURVEY_COUNTED = "survey_counted"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time allowed: hours run around the clock, working days by the calendar."""

    amount: int
    unit: Literal["h", "wd"]


class Actor(NamedTuple):
    """Who presses the keys: before a first login `local`, with a supervisor's rights (DESIGN.md §6)."""

    id: str
    role: Role
    device: str
