"""How the queue is asked for letters and for everything by name: filter, command, lists, palette."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from db.queues import ALL, LISTS
from db.store_error import StoreError
from db.text import one_line
from db.words import _, term
from desk.deciding import SETTINGS
from desk.messages import Filtered, Tone
from desk.screens.queue_keys import QueueKeys

if TYPE_CHECKING:
    from db.model import CaseId
    from desk.screens.board import Place
    from desk.screens.bulletin import Place as BulletinPlace
    from desk.settings import Search
    from desk.shelf import Figures, Shelf
    from desk.widgets.command_line import Commanded

SHORT = 0.15
"""Seconds for which nothing is said: what is there by then would only flicker."""


class Stood(NamedTuple):
    """Where the person was before a list or letter out of every queue."""

    queue: int
    query: str | None
    case: CaseId | None


class QueueFinding(QueueKeys):
    """What the keys `/`, `:`, `'` and the palette do on the queue."""

    shelf: Shelf
    queue: int
    query_text: str | None
    bulletin_place: BulletinPlace | None = None  # where the person was in the month's figures
    board_place: Place | None = None  # where the person was on the late board
    _before_board: tuple[str, int, str | None] | None = (
        None  # (figure's search, queue, search) before a figure was opened
    )

    _trail: tuple[Stood, ...] = ()  # from list to list, the first first

    @abstractmethod
    def show_queue(self, queue: int, query: str | None = None) -> None:
        """Another queue from its top; or what a filter finds in it."""

    @abstractmethod
    def refresh_letters(self, cases: tuple[str, ...] = (), done: str = "") -> None:
        """Letters changed here."""

    @abstractmethod
    def action_open(self) -> None:
        """Opens the letter under the cursor."""

    @property
    @abstractmethod
    def pane_shown(self) -> bool:
        """Whether the letter under the cursor is being read."""

    @abstractmethod
    def say(self, text: str, tone: Tone = "plain") -> None:
        """A sentence at the foot of the screen, until the next key."""

    async def action_filter(self) -> None:
        """`/`: a line to type in under the list; the list follows while typing."""
        from desk.widgets.filter_line import FilterLine

        self.remove_class("full")
        for line in self.query(FilterLine):
            self.set_focus(line.input)
            return
        await self.mount(FilterLine(self.query_text or "", self.shelf.offers), before=self.status)
        self.call_after_refresh(self.read)

    async def action_command(self) -> None:
        """`:`: a line to type a command in."""
        from desk.commanding import history, offers
        from desk.widgets.command_line import CommandLine

        for line in self.query(CommandLine):
            self.set_focus(line.input)
            return
        hint = _("a verb, a queue's number, a letter's code; tab shows what there is")
        await self.mount(CommandLine(offers, history(self.shelf.store), hint), before=self.status)

    async def on_commanded(self, event: Commanded) -> None:
        from desk.commanding import do, remember
        from desk.widgets.command_line import CommandLine

        event.stop()
        await self.query(CommandLine).remove()
        if not event.text or not event.text.strip():
            return
        try:
            told = do(self.shelf.store, self.shelf.actor, event.text, [row.code for row in self.letters.targets])
            remember(self.shelf.store, event.text.strip())
        except StoreError as e:
            self.say(e.sentence(), "bad")
            return
        if told.quits:
            self.app.exit()
        elif told.opens:
            await self.run_action(told.opens)
        elif told.query is not None and told.finds:
            self.show_found(told.query)
        elif told.query is not None:
            self.show_letter(told.query)
        elif told.queue is not None:
            self.show_queue(told.queue)
        if told.changed:
            self.refresh_letters(told.changed, told.done)
            self.doing.papers(self, told.done, told.changed)
        if told.sentence:
            self.say(told.sentence, "good" if told.good else "warn")

    def show_letter(self, code: str) -> None:
        """One letter by its code, opened."""
        self.show_found(code)
        if self.letters.row is not None and not self.pane_shown:
            self.action_open()

    def show_found(self, query: str) -> None:
        """All letters that a search finds, in every queue; esc leads back to what is in view now."""
        if not self.shelf.why_no_filter(query):
            self.keep_place()
        self._find(ALL, query)

    def keep_place(self) -> None:
        """Before a list or letter out of every queue: esc leads back here."""
        row = self.letters.row
        self._trail = (*self._trail, Stood(self.queue, self.query_text, row.id if row else None))

    def come_back(self) -> bool:
        """To where the last list or jump began; False if there was none, or the person has gone elsewhere since."""
        if self.back_to_board():
            return True
        before = list(self._trail)
        while before:
            place = before.pop()
            if (place.queue, place.query) == (self.queue, self.query_text):
                continue  # a search that came to nothing, or the board's way back: we are here already
            self.show_queue(place.queue, place.query)
            self._trail = tuple(before)
            index = self.letters.window.index_of(place.case) if place.case else None
            if index is not None:
                self.letters.go(index)
            self.place()
            return True
        return False

    def _find(self, queue: int, query: str) -> None:
        """Shows what a search finds in a queue; what wants a month counted first, when that is done, in a thread."""
        if wrong := self.shelf.why_no_filter(query):
            self.say(wrong, "warn")
        elif figures := self.shelf.figures_in(query):
            self.run_worker(self._find_counted(queue, query, figures), group="figures", exclusive=True)
        else:
            self.show_queue(queue, query)

    async def _find_counted(self, queue: int, query: str, figures: Figures) -> None:
        """Shows the letters behind figures when they are counted, unless another list was asked for meanwhile."""
        shown = self.queue, self.query_text
        waits = self.set_timer(SHORT, partial(self.say, _("Finding the letters …")))
        try:
            await asyncio.to_thread(self.shelf.count_figures, figures)
        except StoreError as e:
            waits.stop()
            self.say(e.sentence(), "bad")
            return
        except ValueError:  # no such period: the list says so
            pass
        waits.stop()
        if (self.queue, self.query_text) == shown:
            self.status.hush()
            self.show_queue(queue, query)

    def action_board(self) -> None:
        """`D`: the late board; what is chosen there is shown here, and esc goes back to it."""
        from desk.screens.board import BoardScreen, Place

        self.board_place = self.board_place or Place()
        self.app.push_screen(BoardScreen(self.shelf, self.board_place), self._from_board)

    def action_bulletin(self, period: str = "") -> None:
        """`B`: the month in figures; the letters of a figure are shown here, and esc goes back to it."""
        from desk.screens.bulletin import BulletinScreen, Place

        if period or self.bulletin_place is None:
            self.bulletin_place = Place(period)
        self.app.push_screen(BulletinScreen(self.shelf, self.bulletin_place), self._from_board)

    def action_ladder(self) -> None:
        """The chases that are due now, walked one by one."""
        from desk.screens.ladder import LadderScreen

        self.app.push_screen(LadderScreen(self.shelf), lambda code: self.show_letter(code) if code else self.read())

    def _from_board(self, query: str | None) -> None:
        if query is None:
            self.read()
            return
        self._before_board = (query, self.queue, self.query_text)
        if query.startswith("code:"):
            self.show_letter(query)
        elif query.startswith(("figure:", "board:")):  # the page has handed over what it counted
            self.show_queue(ALL, query)
        else:
            self.show_found(query)
        back = _("The letters behind this figure. esc goes back to the board.")
        self.say(_("The letters behind this figure. esc goes back to it.") if query.startswith("figure:") else back)

    def back_to_board(self) -> bool:
        """From the letters of a figure to the board they were opened from; False where the person came otherwise."""
        if self._before_board is None or self._before_board[0] != self.query_text:
            return False
        query, queue, before = self._before_board
        self._before_board = None
        self.show_queue(queue, before)
        if query.startswith("figure:"):
            self.action_bulletin()
        else:
            self.action_board()
        return True

    def action_lists(self) -> None:
        """`'`: saved searches; what is chosen is shown over the whole store."""
        from desk.screens.lists import Lists

        def chosen(found: Search | None) -> None:
            if found is None:
                return
            self.show_found(found.query)
            if self.query_text == found.query:
                self.say(_("{name}: all letters it finds, in every queue. esc goes back.", name=one_line(found.name)))

        row = self.letters.row
        self.app.push_screen(Lists(self.shelf, self.query_text, row.code if row else ""), chosen)

    async def on_filtered(self, event: Filtered) -> None:
        event.stop()
        wrong = self.shelf.why_no_filter(event.query) if event.query else None
        if wrong and not event.done and self._goes_on():
            self.status.hush()
            return
        if wrong:
            self.say(wrong, "warn")
            return
        self.status.hush()
        if event.query != self.query_text:
            if event.query:
                self._find(self.queue, event.query)
            else:
                self.show_queue(self.queue, event.query)
        if event.done:
            from desk.widgets.filter_line import FilterLine

            await self.query(FilterLine).remove()
            self.read()

    def _goes_on(self) -> bool:
        """Whether what is being typed is the beginning of something: no fault yet, what it may be stands above it."""
        from desk.widgets.filter_line import FilterLine

        return any(line.offers.offers for line in self.query(FilterLine))

    def _day(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        """The lists of the day, the load and the sheet for the next shift."""

        for name in LISTS:
            yield term("list", name), term("list_says", name), partial(self.show_found, f"list:{name}")
        row = self.letters.row
        if row is not None:
            title = _("other letters of this sender")
            yield title, _("without saying who it is"), partial(self.show_found, f"same:{row.code}")
        for call in self.shelf.open_calls():
            title = _("call: {title}", title=call.title)
            yield title, _("its suggestions"), partial(self.show_found, f"call:{call.id}")
        yield _("Supervision for ratings"), _("units with many unhappy ratings"), self.action_ratings
        yield _("load"), _("who has how many letters, how many of them late"), self.action_load
        yield _("handover"), _("what was done and what waits, to read, to print, to send"), self.action_handover

    def action_ratings(self) -> None:
        """Units whose letters were rated badly, and the notice that supervises them for it."""
        from desk.screens.ratings import RatingsScreen

        def chosen(query: str | None) -> None:
            if query:
                self.show_found(query)

        self.app.push_screen(RatingsScreen(self.shelf), chosen)

    def action_load(self) -> None:
        """Who has how much."""
        from desk.screens.handover import Sheet, load_lines

        self.app.push_screen(Sheet(_("load"), partial(load_lines, self.shelf)))

    def action_handover(self) -> None:
        """The sheet for the next shift."""
        from desk.screens.handover import HandoverSheet

        self.app.push_screen(HandoverSheet(self.shelf))

    def commands(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        """What the palette offers here: queues, every action with why not, help."""
        for queue in (*range(1, 10), 0):
            name = term("queue", str(queue))
            yield f"{queue} {name}", _("show this queue"), partial(self.show_queue, queue)
        yield _("Bulletin"), _("the month in figures: read, trace to its letters, freeze, export"), self.action_bulletin
        yield _("Late board"), _("what is late where, who replies how fast"), self.action_board
        yield _("Ladder"), _("the chases that are due now, one key each"), self.action_ladder
        yield from self._day()
        row = self.letters.row
        for title, help_, action in self.doing.commands(self.shelf.letter(row.id) if row else None):
            yield title, help_, partial(self.action_do, action)
        for section in SETTINGS:
            title = _("Settings: {list}", list=term("settings", section))
            yield title, term("settings_says", section), partial(self.action_settings, section)
        yield _("Surveys"), _("surveys: how many answered, bars, cross tables, words"), self.action_surveys
        yield _("Help"), _("every key, and why some do not apply"), self.action_help
