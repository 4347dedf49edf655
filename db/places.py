"""Districts and their streets, towns and townships, as valid on a day (DESIGN.md §3, Places change).

On 2025-11-06 江北区 and 渝北区 became 两江新区: 41 districts, counties and zones before, 39 after. What was forwarded
keeps the name it had; what is forwarded goes to who is valid on the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from db.clock import day_of, now_ms
from db.place_data import Change, Division, changed, read_districts, read_townships
from db.place_filter import named, ranked
from db.place_words import explain

if TYPE_CHECKING:
    from db.configured import Decision, Newsroom
    from db.place_suggest import Suggestion

__all__ = ["Change", "Division", "Divisions", "explain", "load", "use"]

_DISTRICT_CODE = 6
"""Characters of a district's code; a township's is longer."""


class Divisions:
    """Every division there was since 2010, and what the newsroom decided since. Townships are read when first asked for."""

    def __init__(self, changes: Sequence[Change] = ()) -> None:
        self.changes = tuple(changes)
        self._periods = self._with_changes(read_districts(), district=True)
        """Code → what the district was and is, in order of time."""

    def _with_changes(self, shipped: list[Division], *, district: bool) -> dict[str, list[Division]]:
        mine = [c for c in self.changes if (len(c.code) == _DISTRICT_CODE) is district]
        found = changed(shipped, mine)
        return dict(sorted(found.items())) if mine else found

    @cached_property
    def _townships(self) -> dict[str, list[Division]]:
        found = self._with_changes(read_townships(), district=False)
        for change in self.changes:
            if change.division is None and len(change.code) == _DISTRICT_CODE and len(change.successors) == 1:
                _hand_over(found, change)
        return found

    @cached_property
    def _of(self) -> dict[str, list[Division]]:
        """District code → its townships of every time."""
        found: dict[str, list[Division]] = defaultdict(list)
        for township in self.all_townships():
            found[township.parent].append(township)
        return found

    def _all(self, code: str) -> list[Division]:
        return self._periods.get(code) or (self._townships.get(code, []) if len(code) > _DISTRICT_CODE else [])

    def get(self, code: str) -> Division | None:
        """The division of that code, of whatever time; one that was renamed as it is called today."""
        periods = self._all(code)
        if len(periods) < 2:
            return periods[0] if periods else None
        return self.on(code, day_of(now_ms())) or periods[-1]

    def on(self, code: str, day: date) -> Division | None:
        """The division of that code as it is on that day; None where it does not exist then."""
        return next((period for period in self._all(code) if period.valid_on(day)), None)

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
        return [division for division in self.districts_ever() if division.valid_on(day)]

    valid_on = districts

    def townships(self, code: str, day: date) -> list[Division]:
        """A district's streets, towns and townships valid on the day, by code; of a zone those it administers."""
        district = self.on(code, day) or self.get(code)
        if district is None or len(code) > _DISTRICT_CODE:
            return []
        if district.zone:
            near = (township for host in district.parents for township in self._of[host])
            return [township for township in near if township.managed_by == code and township.valid_on(day)]
        return [township for township in self._of[code] if township.valid_on(day)]

    def all_townships(self) -> list[Division]:
        """Streets, towns and townships of every time."""
        return [period for periods in self._townships.values() for period in periods]

    def districts_ever(self) -> list[Division]:
        """Districts, counties and zones of every time."""
        return [period for periods in self._periods.values() for period in periods]

    def district_called(self, text: str) -> Division | None:
        """A district of whatever time with that name or short name, in full."""
        return next((found for found in self.districts_ever() if text in (found.name, found.short)), None)

    def epoch(self, day: date) -> date:
        """The first day from which on everything is as on this day: divisions change on few days."""
        return max((change for change in self._changes if change <= day), default=date.min)

    @cached_property
    def _changes(self) -> frozenset[date]:
        """Days on which a division began, and days after one's last."""
        every = [*self.districts_ever(), *self.all_townships()]
        began = {division.valid_from for division in every if division.valid_from}
        return frozenset(began | {division.valid_to + timedelta(days=1) for division in every if division.valid_to})

    def successors(self, code: str) -> list[Division]:
        """What a district or township that has ceased to exist went into; empty while it is valid."""
        division = self.get(code)
        return [found for successor in (division.successors if division else ()) if (found := self.get(successor))]

    def filter(self, typed: str, day: date) -> list[Division]:
        """Districts valid on the day that match what was typed, best first; all, by code, where nothing was.

        By name, short name, alias, pinyin initials, full pinyin and code; Chinese that names no district is looked
        up among the townships. One that has ceased to exist gives what it went into: 渝北 and yb find 两江新区 today.
        """
        found = ranked(typed, self.districts(day)) or self._went_into(typed, day)
        if found or typed.strip().isascii():
            return found
        hosts = dict.fromkeys(t.parent for t in ranked(typed, [t for t in self.all_townships() if t.valid_on(day)]))
        return [host for code in hosts if (host := self.on(code, day) or self.get(code))]

    def _went_into(self, typed: str, day: date) -> list[Division]:
        former = ranked(typed, [d for d in self.districts_ever() if not d.valid_on(day)])
        heirs = dict.fromkeys(heir.code for gone in former for heir in self.successors(gone.code))
        return [heir for code in heirs if (heir := self.on(code, day))]

    def named(self, typed: str) -> list[Division]:
        """Districts of every time that are exactly so called (name, short name, code, initials, pinyin); an alias
        counts where nobody has it as a name, the beginning of a name where nobody has it as a whole."""
        found = named(typed, self.districts_ever())
        return list({division.code: division for division in found}.values())

    def suggest(self, text: str, day: date, hint: str | None = None) -> Suggestion:
        """The district a letter is about, as its words say: sure, ambiguous or unknown, never guessed.

        `text` is title, place and body; `hint`, if given, the place as the citizen stated it apart: where it is
        sure by itself it decides. Divisions count as valid on the day.
        """
        from db.place_suggest import suggest

        return suggest(self, text, day, hint)


def _hand_over(townships: dict[str, list[Division]], change: Change) -> None:
    """What lay in a district that went into one other lies in that one; what the newsroom said of a township itself stays."""
    eve = change.day - timedelta(days=1)
    for periods in townships.values():
        last = periods[-1]
        if last.parent == change.code and last.valid_on(eve) and last.valid_on(change.day):
            periods[-1] = last._replace(valid_to=eve)
            parents = (change.successors[0], *last.parents[1:])
            periods.append(last._replace(parents=parents, valid_from=change.day))


@cache
def _shipped() -> Divisions:
    return Divisions()


_decided: Divisions | None = None


def load() -> Divisions:
    """The divisions: as shipped, and with what the newsroom decided where a store with decisions was opened (`use`)."""
    return _decided or _shipped()


def use(changes: Sequence[Change]) -> None:
    """These changes count from now on in this process: one process works for one newsroom."""
    global _decided  # noqa: PLW0603 - as said
    _decided = Divisions(changes) if changes else None


def of_newsroom(newsroom: Newsroom) -> Divisions:
    """The divisions as a newsroom's decisions make them."""
    return _of(tuple(change_of(d) for decisions in newsroom.of("division").values() for d in decisions))


@lru_cache(maxsize=2)
def _of(changes: tuple[Change, ...]) -> Divisions:
    return Divisions(changes) if changes else _shipped()


def change_of(decision: Decision) -> Change:
    """What a decision says of a division."""
    if decision.value is None:
        return Change(decision.id, decision.day, None, decision.successors)
    value = decision.value
    return made_change(
        decision.id,
        decision.day,
        value["name"],
        value["short"],
        value["kind"],
        tuple(value.get("parents") or ()),
        str(value.get("managed_by") or ""),
        tuple(value.get("aliases") or ()),
    )


def made_change(
    code: str,
    day: date,
    name: str,
    short: str,
    kind: str,
    parents: tuple[str, ...],
    managed_by: str,
    aliases: tuple[str, ...],
) -> Change:
    """A division as it is from a day on. Its pinyin is not known, its initials are for most names."""
    level = "district" if len(code) == _DISTRICT_CODE else "township"
    from db.initials import initials

    known = initials(name)
    return Change(
        code,
        day,
        Division(code, name, short, level, kind, parents, managed_by, day, None, False, (), aliases, 0, "", known),
    )
