"""What a dialog looks up in the store beyond its letter: other letters, offices, people. Bounded reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from db.clock import day_of, now_ms
from db.model import CaseId

if TYPE_CHECKING:
    from db.store import Store


class StoreAround:
    """`Around` on a real store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, code: str) -> CaseId | None:
        from db import queries

        return queries.find(self.store, code)

    def title(self, code: str) -> str:
        from db import queries

        case = self.find(code)
        letter = queries.letter(self.store, case) if case else None
        return letter.case.title if letter else ""

    def offices(self, district: str) -> Sequence[str]:
        from db import units

        return units.offices(self.store, district, self._today) if district else ()

    def contacts(self, district: str, unit: str) -> Sequence[str]:
        from db import units

        found = units.contacts(self.store, district, unit, self._today)
        return [" ".join(part for part in (c.name, c.duty, c.phone, c.hours) if part) for c in found]

    @property
    def _today(self) -> date:
        return day_of(now_ms())

    def people(self) -> Sequence[tuple[str, str]]:
        return self._people

    @cached_property
    def _people(self) -> Sequence[tuple[str, str]]:
        from db import people

        return [(u.id, u.name) for u in people.users(self.store)]
