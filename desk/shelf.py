"""What the queue screen reads: pages, counts, one letter, names. Every read of the screen is here, each one bounded."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from db import overlay, people, queries
from db.clock import now_ms
from db.store_error import StoreError
from db.words import term
from desk.home import settings_file
from desk.likes import Likes
from desk.widgets.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from db.calls import Call
    from db.letters import Letter
    from db.model import Actor, Case
    from db.model_rules import Calendar, Rulebook
    from db.places import Divisions
    from db.queries import Page, Row
    from db.search_complete import Offer
    from db.store import Store

    Figures = tuple[Sequence[str], Sequence[tuple[str, str, str]]]
    """Figures that a search names: of periods, of the late board."""


class Shelf:
    """The store as one person at the desk sees it."""

    def __init__(self, store: Store, actor: Actor, likes: Likes | None = None) -> None:
        self.store = store
        self.actor = actor
        self.likes = likes or Likes(settings_file(store.home))
        self._names: dict[str, str | None] = {}
        self._counted: dict[int, int] = {}  # as last read: a key that moves the cursor asks no store

    def window(self, queue: int, query: str | None = None, *, grouped: bool = False) -> Window:
        """The list of a queue, or of what a filter finds in it; nothing is read yet. `grouped`: by topic and place."""
        me = self.actor.id

        def fetch(*, after: Row | None = None, before: Row | None = None, end: bool = False, limit: int) -> Page:
            return queries.page(
                self.store,
                queue,
                after=after,
                before=before,
                end=end,
                limit=limit,
                query=query,
                now=now_ms(),
                me=me,
            )

        def count() -> int | None:
            return None if query is not None else self._counted.get(queue)

        if grouped:
            from desk.grouped import Grouped

            together = Grouped(fetch)
            return Window(together, lambda: together.total)
        return Window(fetch, count)

    def timers(self) -> tuple[str, ...]:
        """Writes what happens by itself when a time has come, where no backend does it; the letters it changed. For a thread."""
        from db.timers_here import run

        with suppress(StoreError):  # another process writes: half an hour later it is tried again
            return tuple(run(self.store))
        return ()

    def counts(self) -> dict[int, int]:
        """Letters in each queue, kept by the store: no counting here."""
        self._counted = queries.counts(self.store, now_ms())
        return self._counted

    def letter(self, case: str) -> Letter | None:
        """A letter with its body, events, drafts; None if it is not here."""
        return queries.letter(self.store, case)

    def name(self, district: str | None) -> str:
        """The name of a district in at most four characters; its code where the divisions do not know it."""
        if not district:
            return "–"
        from db import places

        return _short(places.load(), district)

    def who(self, actor: str | None) -> str:
        """An actor's id as a person reads it."""
        if not actor:
            return "–"
        if actor.startswith("unit:"):
            return self.name(actor[5:])
        return self._name_of(actor) or term("actor", actor)

    def _name_of(self, user: str) -> str | None:
        if user not in self._names:
            self._names[user] = people.name_of(self.store, user)
        return self._names[user]

    def why_no_filter(self, query: str) -> str | None:
        """The sentence that says what is wrong with a filter as typed; None if it can be looked for."""
        from db.model import Refusal
        from db.search import parse
        from db.search_words import may_look_for_senders, say_search

        parsed = parse(query, now_ms())
        if not isinstance(parsed, Refusal) and parsed.names_senders and not may_look_for_senders(self.actor.role):
            parsed = Refusal("search_sender")
        return say_search(parsed) if isinstance(parsed, Refusal) else None

    def rows(self, query: str, limit: int) -> Sequence[Row]:
        """Letters of the whole store that a search finds, the newest first; none where it cannot be understood."""
        if self.why_no_filter(query):
            return ()
        page = queries.page(self.store, queries.ALL, query=query, limit=limit, now=now_ms(), me=self.actor.id)
        return page.rows

    def figures_in(self, query: str) -> Figures | None:
        """The figures that a search names: of a period, of the late board; None where it names none."""
        from db.model import Refusal
        from db.search import parse

        if "/" not in query:
            return None
        parsed = parse(query, now_ms())
        if isinstance(parsed, Refusal) or not (parsed.figures or parsed.board):
            return None
        return parsed.figures, parsed.board

    def count_figures(self, figures: Figures) -> None:
        """Counts the letters behind figures, so that the list of them finds them counted. For a thread. Raises StoreError,
        BadPeriodError."""
        from db import board
        from db.bulletin import tracing

        of_periods, of_board = figures
        for figure in of_periods:
            tracing.hold(self.store, figure, tracing.count(self.store, figure, now_ms()))
        for asked in of_board:
            board.count(self.store, asked, now_ms())

    def events(self) -> int:
        """Events in the log of this store."""
        return int(self.store.rows("SELECT coalesce(max(n), 0) FROM event")[0][0])

    def looked(self) -> None:
        """What is new was looked at: from now on only later news is new."""
        from db.finding_lists import LOOKED

        with suppress(StoreError):
            self.store.put_setting(LOOKED, str(self.events()))

    def became_late(self, since: int, now: int) -> Sequence[tuple[str, str]]:
        """Code and title of letters that became late in between, at most a hundred."""
        return queries.became_late(self.store, since, now, 100) if now > since else ()

    def found(self, query: str, limit: int) -> int:
        """How many letters of the whole store a search finds, counted up to `limit` + 1. Raises BadQueryError, StoreError."""
        page = queries.page(self.store, queries.ALL, query=query, limit=limit, now=now_ms(), me=self.actor.id)
        return len(page.rows) + (1 if page.more else 0)

    def offers(self, typed: str) -> Sequence[Offer]:
        """What may go on from where a filter is being typed."""
        from db.search_complete import offers

        def names() -> Iterator[str]:
            yield from (user.name for user in people.users(self.store))

        def tags() -> Iterator[str]:  # a read of thousands of events: not with every character of a word
            yield from queries.tags(self.store)

        def titles() -> Iterator[str]:
            from db.calls import read

            with self.store.view() as conn:
                yield from (call.title for call in read(conn))

        return offers(typed, now_ms(), people=names(), tags=tags(), calls=titles())

    def spans(self, query: str) -> Callable[[str], list[tuple[int, int]]] | None:
        """Where texts match the words of a filter; None where it has none or cannot be understood."""
        from db.search import Query, parse

        parsed = parse(query, now_ms())
        return parsed.spans if isinstance(parsed, Query) and parsed.words else None

    def setting(self, name: str) -> str:
        """What this person chose before; "" if nothing."""
        return self.store.setting(f"desk.{name}") or ""

    def remember(self, name: str, value: str) -> None:
        """Keeps a choice for next time; a store that cannot be written now forgets it, nothing else is lost."""
        with suppress(StoreError):
            self.store.put_setting(f"desk.{name}", value)

    def book(self) -> Rulebook:
        """The newsroom's rules, all versions."""
        return self.store.rulebook()

    def calendar(self) -> Calendar:
        """The working days in force."""
        return self.book().at(now_ms()).calendar

    def version(self) -> int:
        """A number that another process's write changes (`PRAGMA data_version`)."""
        return self.store.data_version()

    def file_opened(self, hash_: str) -> None:
        """An attachment was opened: it stays here longest, and others make room for it."""
        from db import file_room
        from desk.settings import MEGABYTE

        with suppress(StoreError):
            file_room.opened(self.store, hash_, now_ms(), self.likes.now.files_mb * MEGABYTE)

    def open_calls(self) -> list[Call]:
        """Calls for suggestions that are open today."""
        from db.calls import CALLS, from_json
        from db.clock import day_of, now_ms

        today = day_of(now_ms())
        return [c for c in from_json(self.store.setting(CALLS)) if c.open_on(today)]

    def pressed(self) -> None:
        """The person is there: what is laid into the store beside them leaves room for what a key does and paints."""
        self.store.turns.pressed()

    @property
    def rested(self) -> float:
        """Seconds since the last key."""
        return self.store.turns.rested

    def look_at_newsroom(self) -> None:
        """Another process wrote: what the newsroom decided may be something else now."""
        with suppress(StoreError):
            overlay.show(self.store)

    def related(self, letter: Letter) -> dict[str, Case]:
        """The other cases a rule may have to look at to say why a key does not apply: the master, for its code."""
        master = letter.case.merged_into
        return queries.cases_of(self.store, (master,)) if master else {}

    def code(self, case: str | None) -> str:
        """The code of a letter that is here; ""."""
        rows = self.store.rows("SELECT code FROM cases WHERE id = ?", (case,)) if case else ()
        return str(rows[0][0]) if rows else ""

    def pending(self) -> int:
        """Events saved here and not sent."""
        return self._counted.get(9, 0)


@lru_cache(maxsize=200)
def _short(divisions: Divisions, code: str) -> str:
    """渝北区 whole, 彭水苗族土家族自治县 as 彭水: what fits four characters."""
    name = divisions.name(code)
    return name if len(name) <= 4 else divisions.short(code)
