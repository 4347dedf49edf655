"""Cases under work within one transaction: loaded once, folded event by event, written together at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from db import cases, projection
from db.model import Absorbed, Case, CaseId, Event, EventKind, Ms, Refusal
from db.model_rules import Rulebook
from db.projection import Held

if TYPE_CHECKING:
    from db.configured import Newsroom
    from db.surveys import Surveys


class Work:
    """What a transaction knows of the cases it touches. `conn` reads; nothing here writes."""

    def __init__(self, conn: Any, book: Rulebook) -> None:
        self.conn = conn
        self.book = book
        self.held: dict[CaseId, Held] = {}
        self._absent: set[CaseId] = set()
        self._newsroom: Newsroom | None = None
        self._surveys: Surveys | None = None
        self._months: dict[str, tuple[int, str]] | None = None
        self._lost: frozenset[CaseId] | None = None

    def know(self, read: Iterable[Held]) -> None:
        """Takes over what an earlier look read of letters, where nothing was written since."""
        self.held |= {h.before.id: Held.of(h) for h in read if h.before is not None}

    def load(self, ids: Iterable[CaseId]) -> None:
        """Reads all of these cases that are here and not yet read, at once."""
        wanted = {i for i in ids if i not in self.held and i not in self._absent}
        if not wanted:
            return
        found = projection.fetch(self.conn, wanted)
        self.held |= found
        self._absent |= wanted - found.keys()

    def get(self, id_: CaseId | None) -> Held | None:
        """The case of that id as it now stands; None if it is not here."""
        if id_ is None:
            return None
        if id_ not in self.held:
            self.load((id_,))
        return self.held.get(id_)

    def case(self, id_: CaseId | None) -> Case | None:
        held = self.get(id_)
        return held.case if held else None

    def fold(self, event: Event, now: Ms) -> tuple[CaseId, ...] | Refusal | Absorbed:
        """Folds an event over its case and over the others it touches; returns the ids of those others.

        What is refused or absorbed changes nothing here: an absorbed event's aliases are for `put`.
        """
        if event.kind == EventKind.CONFIGURED:
            return self._decide(event)
        if event.kind.startswith("survey_"):
            return self._survey(event)
        if event.kind.startswith("bulletin_"):
            return self._freeze(event)
        case = self.case(event.case)
        touched = tuple(i for i in cases.touches(case, event) if i != event.case) if case else ()
        before = {i: c for i in touched if (c := self.case(i))}
        verdict = cases.fold(case, event, before, self.book, now)
        if isinstance(verdict, (Refusal, Absorbed)):
            return verdict
        after: dict[CaseId, Case] = {}
        for other, was in before.items():
            around = {i: c for i, c in before.items() if i != other}
            if case is not None:
                around[case.id] = case
            told = cases.fold(was, event, around, self.book, now)
            if isinstance(told, Refusal):
                return told
            after[other] = told.case if isinstance(told, Absorbed) else told
        self.put(event.case, verdict)
        for other, now_is in after.items():
            self.put(other, now_is)
        return tuple(after)

    def lost(self) -> frozenset[CaseId]:
        """Letters that the backend's log had and has no more (`db/standing.py`); read when first asked for."""
        if self._lost is None:
            rows = self.conn.execute("SELECT c.id FROM confirmed k JOIN cases c ON c.n = k.n WHERE k.row = ''")
            self._lost = frozenset(str(id_) for (id_,) in rows)
        return self._lost

    @property
    def newsroom(self) -> Newsroom:
        """What the newsroom has decided, those of this transaction included; read when first asked for."""
        if self._newsroom is None:
            from db.configured_rows import state

            self._newsroom = state(self.conn)
        return self._newsroom

    def _decide(self, event: Event) -> tuple[CaseId, ...] | Refusal:
        """A decision of the newsroom: what comes after it in this transaction goes by the rules it makes."""
        from db.configured import decide

        verdict = decide(self.newsroom, event)
        if isinstance(verdict, Refusal):
            return verdict
        self._newsroom = verdict
        self.book = verdict.book
        return ()

    def _survey(self, event: Event) -> tuple[CaseId, ...] | Refusal:
        """A decision on a survey, or what was counted of one."""
        from db import survey_rows, surveys

        if self._surveys is None:
            self._surveys = survey_rows.state(self.conn)
        verdict = surveys.decide(self._surveys, event)
        if isinstance(verdict, Refusal):
            return verdict
        self._surveys = verdict
        return ()

    def _freeze(self, event: Event) -> tuple[CaseId, ...] | Refusal:
        """A month frozen, or revised."""
        from db.bulletin import frozen, frozen_rows

        if self._months is None:
            self._months = frozen_rows.months(self.conn)
        if no := frozen.why_not(self._months, event):
            return no
        self._months = frozen.after(self._months, event)
        return ()

    def put(self, id_: CaseId | None, case: Case) -> None:
        """That case is now this."""
        assert id_ is not None
        held = self.held.get(id_)
        if held is None:
            self._absent.discard(id_)
            self.held[id_] = Held(None, None, case)
        elif (
            held.case is None or held.case.events != case.events or held.case != case
        ):  # a move is always one more event
            held.case = case
