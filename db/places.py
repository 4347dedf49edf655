"""Districts and their streets, towns and townships, as valid on a day (DESIGN.md §3, Places change).

On 2025-11-06 江北区 and 渝北区 became 两江新区: 41 districts, counties and zones before, 39 after. What was forwarded
keeps the name it had; what is forwarded goes to who is valid on the day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

from db.place_data import Division, read_districts, read_townships
from db.place_filter import named, ranked
from db.place_words import explain

if TYPE_CHECKING:
    from db.place_suggest import Suggestion

__all__ = ["Division", "Divisions", "explain", "load"]

_DISTRICT_CODE = 6
"""Characters of a district's code; a township's is longer."""


class Divisions:
    """Every division there was since 2010. Townships are read when first asked for."""

    def __init__(self) -> None:
        self._districts = {division.code: division for division in read_districts()}

    @cached_property
    def _townships(self) -> dict[str, Division]:
        return {division.code: division for division in read_townships()}

    @cached_property
    def _of(self) -> dict[str, list[Division]]:
        """District code → its townships of every time."""
        found: dict[str, list[Division]] = defaultdict(list)
        for township in self._townships.values():
            found[township.parent].append(township)
        return found

    def get(self, code: str) -> Division | None:
        """The division of that code, of whatever time."""
        return self._districts.get(code) or (self._townships.get(code) if len(code) > _DISTRICT_CODE else None)

    def name(self, code: str | None) -> str:
        """Its full name; an unknown code is shown as it is, None as "–"."""
        division = self.get(code) if code else None
        return division.name if division else code or "–"

    def short(self, code: str | None) -> str:
        """Its name without 区 or 县; an unknown code is shown as it is, None as "–"."""
        division = self.get(code) if code else None
        return division.short if division else code or "–"

    def districts(self, day: date) -> list[Division]:
        """Districts, counties and zones valid on the day, by code."""
        return [division for division in self._districts.values() if division.valid_on(day)]

    valid_on = districts

    def townships(self, code: str, day: date) -> list[Division]:
        """A district's streets, towns and townships valid on the day, by code; of a zone those it administers."""
        district = self._districts.get(code)
        if district is None:
            return []
        if district.zone:
            near = (township for host in district.parents for township in self._of[host])
            return [township for township in near if township.managed_by == code and township.valid_on(day)]
        return [township for township in self._of[code] if township.valid_on(day)]

    def all_townships(self) -> list[Division]:
        """Streets, towns and townships of every time."""
        return list(self._townships.values())

    def districts_ever(self) -> list[Division]:
        """Districts, counties and zones of every time."""
        return list(self._districts.values())

    def district_called(self, text: str) -> Division | None:
        """A district of whatever time with that name or short name, in full."""
        return next((found for found in self._districts.values() if text in (found.name, found.short)), None)

    def epoch(self, day: date) -> date:
        """The first day from which on everything is as on this day: divisions change on few days."""
        return max((change for change in self._changes if change <= day), default=date.min)

    @cached_property
    def _changes(self) -> frozenset[date]:
        """Days on which a division began, and days after one's last."""
        every = [*self._districts.values(), *self._townships.values()]
        began = {division.valid_from for division in every if division.valid_from}
        return frozenset(began | {division.valid_to + timedelta(days=1) for division in every if division.valid_to})

    def successors(self, code: str) -> list[Division]:
        """What a district or township that has ceased to exist went into; empty while it is valid."""
        division = self.get(code)
        return [found for successor in (division.successors if division else ()) if (found := self.get(successor))]

    def filter(self, typed: str, day: date) -> list[Division]:
        """Districts valid on the day that match what was typed, best first; all, by code, where nothing was.

        By name, short name, alias, pinyin initials, full pinyin and code; Chinese that names no district is looked
        up among the townships.
        """
        found = ranked(typed, self.districts(day))
        if found or typed.strip().isascii():
            return found
        hosts = dict.fromkeys(t.parent for t in ranked(typed, [t for t in self.all_townships() if t.valid_on(day)]))
        return [self._districts[code] for code in hosts]

    def named(self, typed: str) -> list[Division]:
        """Districts of every time that are exactly so called (name, short name, code, initials, pinyin); an alias
        counts where nobody has it as a name, the beginning of a name where nobody has it as a whole."""
        return named(typed, list(self._districts.values()))

    def suggest(self, text: str, day: date, hint: str | None = None) -> Suggestion:
        """The district a letter is about, as its words say: sure, ambiguous or unknown, never guessed.

        `text` is title, place and body; `hint`, if given, the place as the citizen stated it apart: where it is
        sure by itself it decides. Divisions count as valid on the day.
        """
        from db.place_suggest import suggest

        return suggest(self, text, day, hint)


@cache
def load() -> Divisions:
    """The divisions, read once a process."""
    return Divisions()
