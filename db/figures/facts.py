"""What figures are made of: few fields of letters, dispatches and closings, as they stood at a period's end.

`n` is a letter's number in the store (`cases.n`), the id by which a figure is traced back. Times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from db.figures.period import Period
from db.model import Ms, Outcome

Number = int
"""A letter's number in the store."""


class Received(NamedTuple):
    """A letter that came in the period; kind, topic and district as they are known now."""

    n: Number
    kind: str | None
    topic: str | None
    district: str | None


class Sent(NamedTuple):
    """A dispatch that was sent, first replied to, or due in the period, as it stood at its end."""

    n: Number
    first: bool  # the letter's first dispatch
    lead: bool
    district: str
    name: str  # the district's name at the time
    unit: str
    sent_at: Ms
    first_reply_at: Ms | None
    replied_at: Ms | None  # of the reply that stands
    due: Ms
    void: bool  # recalled, or returned and the return stands
    cancelled: bool  # the case went on without it


class Ended(NamedTuple):
    """A letter closed in the period and still closed at its end."""

    n: Number
    at: Ms
    state: str
    kind: str | None
    outcomes: tuple[Outcome, ...] = ()
    solved: bool | None = None  # what the citizen said until the freeze
    score: int | None = None
    result: str | None = None


class Head(NamedTuple):
    """What is shown of a letter that is named by itself."""

    n: Number
    id: str
    code: str
    title: str
    kind: str | None
    topic: str | None
    district: str | None
    name: str  # of the district its lead went to, as it was called then; "" where none did
    unit: str


class Said(NamedTuple):
    """A rating with words, or a publication."""

    n: Number
    at: Ms
    title: str
    text: str
    score: int | None = None
    solved: bool | None = None
    thanks: bool = False
    by_desk: bool = False  # written down after a call-back
    event: str = ""  # where the words are
    reply: str = ""  # of a publication: what the unit or the newspaper answered, redacted


class SurveyCount(NamedTuple):
    """A survey (热力活动) and the answers to it that came in the period, by the day the backend received them."""

    id: str
    title: str
    answers: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a period's figures need; the pure functions beside this file make them of it."""

    period: Period
    now: Ms
    received: Sequence[Received]
    earlier: Mapping[str | None, int]  # topic → letters of the period before
    sent: Sequence[Sent]
    ended: Sequence[Ended]
    back: Sequence[Number]  # closed before the period, open again in it
    carried: Sequence[Number]  # open at its end
    brought: Sequence[Number]  # open at its beginning
    words: Sequence[Said] = ()
    told: Sequence[Said] = ()
    questions: Sequence[Said] = ()
    surveys: Sequence[SurveyCount] = ()
    studied: Sequence[Number] = ()  # suggestions under study (挂账), as known when read
    calls: Mapping[str, frozenset[Number]] = field(default_factory=dict)  # call → its suggestions
    heads: Mapping[Number, Head] = field(default_factory=dict)
    field_of: Callable[[str | None], str | None] = lambda _topic: None
    topics: Sequence[str] = ()  # in the order they are printed
    fields: Sequence[str] = ()
