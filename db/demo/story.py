"""A letter's history, step by step, each event folded as it is written: what the rules refuse cannot be in the demo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from db import cases, deadlines
from db.clock import day_of, from_iso, midnight
from db.ids import letter_id, uuid7
from db.model import Absorbed, Case, Event, Ms, Refusal, Role
from db.newsroom import default_rulebook, default_rules

DEMO_NOW: Ms = from_iso("2024-11-01T09:30")
HOUR: Ms = 3_600_000
MINUTE: Ms = 60_000
EDITORS = ("li", "zhou", "chen")
SUPERVISOR = "he"


class Story:
    """One letter being lived through. `now` is the moment of its next event, UTC ms; nothing happens after DEMO_NOW."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.case: Case | None = None
        self.events: list[Event] = []
        self.now: Ms = 0
        self.over = False
        self.editor = rng.choice(EDITORS)

    def receive(self, at: Ms, number: str, facts: dict[str, Any], words: dict[str, str]) -> None:
        self.now = at
        id_ = letter_id(facts["channel"], number)
        whole = {"number": number, "source": "channel", "received_at": at, "rules": 1} | facts
        self._fold(
            Event(
                id=id_,
                case=id_,
                kind="received",
                at=at,
                actor="backend",
                role=Role.BACKEND,
                device="00",
                facts=whole,
                words=words,
            )
        )

    def do(self, kind: str, /, who: str = "", text: str = "", **facts: Any) -> None:
        """The next event, by the letter's editor unless `who` says: he (the supervisor), unit, citizen, system."""
        if self.over or self.case is None:
            return
        if self.now >= DEMO_NOW:
            self.over = True
            return
        actor, role = self._who(who)
        re, dispatch = cases.answers(self.case, kind, facts=facts)
        words = {"note" if kind == "forwarded" else "text": text} if text else {}
        words |= {k[6:]: facts.pop(k) for k in list(facts) if k.startswith("words_")}
        if text and kind in ("resolved", "tracked"):
            facts["worded"] = True
        self._fold(
            Event(
                id=uuid7(self.now, self.rng.getrandbits),
                case=self.case.id,
                kind=kind,
                at=self.now,
                actor=actor,
                role=role,
                device="00" if role in (Role.UNIT, Role.CITIZEN, Role.SYSTEM) else "01",
                re=re,
                dispatch=dispatch,
                facts=facts,
                words=words,
            )
        )

    def _who(self, who: str) -> tuple[str, Role]:
        if who == "unit":
            lead = self.case.lead_dispatch if self.case else None
            return f"unit:{lead.district if lead else ''}", Role.UNIT
        roles = {SUPERVISOR: Role.SUPERVISOR, "citizen": Role.CITIZEN, "system": Role.SYSTEM}
        return (who, roles[who]) if who in roles else (self.editor, Role.EDITOR)

    def _fold(self, event: Event) -> None:
        verdict = cases.fold(self.case, event, {}, BOOK, event.at)
        if isinstance(verdict, (Refusal, Absorbed)):
            raise ValueError(f"{event.kind} of {event.case}: {verdict}")
        self.case = verdict
        self.events.append(event)

    # time

    def later(self, hours: float) -> None:
        self.now += int(hours * HOUR)

    def office(self, days: int = 0, until: date | None = None) -> None:
        """On to working hours: of the next working day but `days`, or of today while there is time; never past `until`."""
        today = day_of(self.now)
        target = deadlines.nth_working_day(today, days, CALENDAR) if days else today
        earliest = midnight(target) + 9 * HOUR + self.rng.randrange(0, 60) * MINUTE
        if not days:
            if not deadlines.is_working_day(today, CALENDAR) or self.now >= midnight(today) + 17 * HOUR:
                target = deadlines.nth_working_day(today, 1, CALENDAR)
                earliest = midnight(target) + 9 * HOUR + self.rng.randrange(0, 60) * MINUTE
            self.now = max(earliest, self.now + self.rng.randrange(5, 40) * MINUTE)
        else:
            self.now = max(earliest + self.rng.randrange(0, 7 * 60) * MINUTE, self.now + HOUR)
        if until is not None and day_of(self.now) > until:
            self.now = midnight(until) + 15 * HOUR + self.rng.randrange(0, 120) * MINUTE


BOOK = default_rulebook()
CALENDAR = default_rules().calendar
Told = Callable[[Story], None]
