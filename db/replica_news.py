"""What a page of news is made of, what came of it, and what is wanting for it.

Part of `db/replica.py`, which says what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from db.blobs import Past
from db.model import Case, CaseId, Event, EventId


class MissingError(Exception):
    """News of letters that are not here, or further on than the page: fetch these whole (GET /v1/cases/ID), then again."""

    def __init__(self, ids: Iterable[CaseId]) -> None:
        self.ids = tuple(ids)
        super().__init__(len(self.ids))


class OtherLogError(Exception):
    """The answer is of another log than what was already laid beyond the cursor: it was restored from a backup meanwhile."""


class UnknownOwnError(Exception):
    """The answer names events by id that this desk no longer has (its file was restored): ask again with `full`."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One letter as the backend has it: its row at number `seq` of the log, and its events up to there and a little on."""

    case: Case
    seq: int
    events: Sequence[Past]
    senders: Sequence[Sequence[str]] = ()


@dataclass(slots=True)
class News:
    """What an answer brought."""

    applied: bool = False  # False: it was made for another cursor, nothing was done
    events: int = 0  # of others
    confirmed: int = 0  # own ones, now in the log
    refused: list[EventId] = field(default_factory=list)
    doubted: list[EventId] = field(default_factory=list)
    cases: set[CaseId] = field(default_factory=set)
    newsroom: bool = False  # it decided something
    surveys: bool = False  # one was decided on, or its answers counted


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the log on its way in. `n`: its place here, if it was pending or held already."""

    event: Event
    inner: bytes | None = None
    n: int | None = None
