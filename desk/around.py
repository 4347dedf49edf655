"""What a dialog looks up in the store beyond its letter: other letters, offices, people. Bounded reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from db.clock import day_of, local, now_ms
from db.model import CaseId
from db.words import _

if TYPE_CHECKING:
    from db.calls import Call
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

        found = [(c, self._reachable(c.hours)) for c in units.contacts(self.store, district, unit, self._today)]
        found.sort(key=lambda one: one[1] == _("(not now)"))  # who picks up now stands first
        return ["  ".join(p for p in (c.name, c.phone, c.hours, here, c.duty) if p) for c, here in found]

    def _reachable(self, hours: str) -> str:
        """Whether somebody picks up now, where the hours say from when to when; "" where they do not."""
        said = re.search(r"(\d{1,2})[:：](\d{2})\D{1,5}(\d{1,2})[:：](\d{2})", hours)
        if said is None:
            return ""
        from db.deadlines import is_working_day

        now = local(now_ms())
        begins, ends = int(said[1]) * 60 + int(said[2]), int(said[3]) * 60 + int(said[4])
        daily = "每天" in hours or "全天" in hours or "daily" in hours.lower()
        worked = daily or is_working_day(now.date(), self.store.rulebook().at(now_ms()).calendar)
        return _("(now)") if worked and begins <= now.hour * 60 + now.minute < ends else _("(not now)")

    @property
    def _today(self) -> date:
        return day_of(now_ms())

    def calls(self) -> Sequence[Call]:
        from db.calls import CALLS, from_json

        return from_json(self.store.setting(CALLS))

    def people(self) -> Sequence[tuple[str, str]]:
        return self._people

    @cached_property
    def _people(self) -> Sequence[tuple[str, str]]:
        from db import people

        return [(u.id, u.name) for u in people.users(self.store)]
