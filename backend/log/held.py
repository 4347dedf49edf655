"""Cases under work in one transaction: locked in the order of their ids, read once, written together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from backend.database import given, named
from backend.tables import Cases
from db import casefile
from db.model import CaseId
from db.model_rules import Rulebook
from db.projection import Held
from db.wire import is_id
from db.work import Work

CASES = Cases.__table__  # type: ignore[attr-defined]


class MoreError(Exception):
    """Cases are touched that were not locked: begin again with these too, so that locks are taken in one order."""

    def __init__(self, ids: Iterable[CaseId]) -> None:
        self.ids = frozenset(ids)
        super().__init__()


@cache
def _locking(dialect: str) -> Any:
    """Made once: the rows of these cases, locked in the order of their ids."""
    chosen = select(CASES.c.id, CASES.c.row, CASES.c.mark).where(named(dialect, CASES.c.id, "ids"))
    return chosen.order_by(CASES.c.id).with_for_update()


class Locked(Work):
    """The cases that a transaction has locked. Asking for another one raises MoreError."""

    def __init__(self, conn: Connection, book: Rulebook, ids: Iterable[CaseId]) -> None:
        super().__init__(conn, book)
        self.wanted = frozenset(ids)
        self.marks: dict[CaseId, int] = {}
        self._read()

    def _read(self) -> None:
        if not self.wanted:
            return
        wanted = given(self.conn, CASES.c.id, sorted(self.wanted))
        for id_, row, mark in self.conn.execute(_locking(self.conn.dialect.name), {"ids": wanted}):
            case = casefile.restore(row)
            self.held[id_] = Held(0, case, case)
            self.marks[id_] = mark

    def load(self, ids: Iterable[CaseId]) -> None:
        """Nothing is read later than at the beginning."""
        if strange := [i for i in ids if i not in self.wanted]:
            raise MoreError(strange)


def touched_at_first(facts: Mapping[str, Any]) -> list[CaseId]:
    """Cases that an event names besides its own: they are locked from the start."""
    return [
        v for k in ("into", "to") if isinstance(v := facts.get(k), str) and is_id(v)
    ]  # PostgreSQL compares ids only
