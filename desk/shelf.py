"""What the queue screen reads: pages, counts, one letter, names. Every read of the screen is here, each one bounded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from db import queries
from db.clock import now_ms
from db.words import _, term
from desk.widgets.window import Window

if TYPE_CHECKING:
    from db.model import Actor, Case, Rulebook
    from db.queries import Letter, Page, Row
    from db.store import Store


class Shelf:
    """The store as one person at the desk sees it."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self.store = store
        self.actor = actor
        self._counted: dict[int, int] = {}  # as last read: a key that moves the cursor asks no store

    def window(self, queue: int, query: str | None = None) -> Window:
        """The list of a queue, or of what a filter finds in it; nothing is read yet."""

        def fetch(*, after: Row | None = None, before: Row | None = None, end: bool = False, limit: int) -> Page:
            return queries.page(
                self.store, queue, after=after, before=before, end=end, limit=limit, query=query, now=now_ms()
            )

        def count() -> int | None:
            return None if query is not None else self._counted.get(queue, 0)

        return Window(fetch, count)

    def counts(self) -> dict[int, int]:
        """Letters in each queue, kept by the store: no counting here."""
        self._counted = queries.counts(self.store, now_ms())
        return self._counted

    def letter(self, case: str) -> Letter | None:
        """A letter with its body, events, drafts; None if it is not here."""
        return queries.letter(self.store, case)

    def name(self, district: str | None) -> str:
        """The short name of a district; its code where the divisions do not know it."""
        return _short(district) if district else "–"

    def who(self, actor: str | None) -> str:
        """An actor's id as a person reads it."""
        if not actor:
            return "–"
        if actor.startswith("unit:"):
            return self.name(actor[5:])
        return term("actor", actor)

    def why_no_filter(self, query: str) -> str | None:
        """The sentence that says what is wrong with a filter as typed; None if it can be looked for."""
        from db.model import Refusal
        from db.search import parse

        parsed = parse(query)
        if isinstance(parsed, Refusal):
            from db.sentences import say

            return say(parsed)
        return None

    def setting(self, name: str) -> str:
        """What this person chose before; "" if nothing."""
        return self.store.setting(f"desk.{name}") or ""

    def remember(self, name: str, value: str) -> None:
        self.store.put_setting(f"desk.{name}", value)

    def book(self) -> Rulebook:
        """The newsroom's rules, all versions."""
        return self.store.rulebook()

    def version(self) -> int:
        """A number that another process's write changes (`PRAGMA data_version`)."""
        return self.store.data_version()

    def related(self, letter: Letter) -> dict[str, Case]:
        """The other cases a rule may have to look at: here none is needed to say why a key does not apply."""
        return {}

    def pending(self) -> int:
        """Events saved here and not sent."""
        return self._counted.get(9, 0)


@cache
def _short(code: str) -> str:
    from db import places

    division = places.load().get(code)
    return division.short if division else _("{code}?", code=code)
