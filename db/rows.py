"""The row of a list: a tuple straight from SQL, with all that one line on the screen needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from db.model_codes import CaseId, Ms

if TYPE_CHECKING:
    from db.model import Refusal


class Row(NamedTuple):
    """One letter in a list. Codes as in `db/model.py`; times UTC ms."""

    sort: int
    n: int
    id: CaseId
    code: str
    state: str
    kind: str | None
    urgency: str
    received_at: Ms
    district: str | None  # of the place it is about, else of its lead dispatch
    topic: str | None
    title: str
    chase_level: int
    next_due: Ms | None  # of the running clock that ends first
    due_kind: str | None  # forward, sign, reply, promise
    paused: int
    pending: int  # events saved here and not sent
    doubtful: int  # of them, expected to be refused
    refused: int  # events the backend refused
    assignee: str | None
    returns: int
    redos: int
    rating: int | None  # 1 to 5
    erased: int | None = None  # 1: its words were erased; asked only where there is no title


_OTHERWISE = {"rating": "c.score", "erased": "CASE c.title WHEN '' THEN json_extract(c.rest, '$.erased') END"}

COLUMNS = ", ".join(_OTHERWISE.get(name, f"c.{name}") for name in Row._fields if name != "sort")
"""What a SELECT gives after the sort, of `cases c`."""


class Page(NamedTuple):
    """Some rows in the list's order, and whether it goes on beyond them in the direction read."""

    rows: list[Row]
    more: bool


def page_of(found: Sequence[Any], limit: int, *, back: bool) -> Page:
    """A page of rows read in reading direction, of which one more than `limit` was asked for."""
    rows = [Row._make(r) for r in found[:limit]]
    return Page(rows[::-1] if back else rows, len(found) > limit)


class BadQueryError(ValueError):
    """A search as typed that cannot be understood; `sentence()` says what is wrong with it."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.code)

    def sentence(self) -> str:
        from db.search_words import say_search

        return say_search(self.refusal)
