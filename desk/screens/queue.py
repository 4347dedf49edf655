"""The queue: what waits, the letter under the cursor, and the keys that apply to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from db.clock import local, now_ms
from db.text import one_line
from db.words import _, term
from desk.actions import BY_ID
from desk.between import Between
from desk.messages import UNDONE, Changed, CursorMoved, MarksChanged, Opened, QueueWanted, Said, Tone
from desk.screens.queue_keys import bindings
from desk.screens.queue_line import QueueLine
from desk.steady import Steady
from desk.widgets.drawn import Drawn
from desk.widgets.ground import Ground
from desk.widgets.letter_list import LetterList
from desk.widgets.letter_pane import LetterPane
from desk.widgets.queue_bar import QueueBar
from desk.widgets.status_bar import StatusBar
from desk.widgets.too_small import TooSmall, is_small

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from db.queries import Row
    from desk.doing import Doing
    from desk.line.worker import Worker
    from desk.shelf import Shelf

REST = 0.08
"""Seconds the cursor rests before the reading pane and the keys at the foot follow it (DESIGN.md §7)."""

BESIDE, BELOW = 160, 34
"""From so many columns the pane stands beside the list, from so many rows below it, else over it."""

NEWS = "list:new"
"""The list of what others changed: leaving it is having looked."""


LAYOUT = """
.open LetterPane { display: block; height: 60%; }
.open .beside LetterPane { width: 45%; height: 1fr; }
.full LetterPane, .full .beside LetterPane { display: block; width: 1fr; height: 1fr; }
.full LetterList { display: none; }
.small > * { display: none; }
.small > TooSmall { display: block; }
"""
"""Where list and pane stand; the app's CSS, for Textual reads a default screen's own too late."""


class Body(Drawn):
    DEFAULT_CSS = "Body { height: 1fr; layout: vertical; } Body.beside { layout: horizontal; }"


class QueueScreen(Steady, QueueLine):
    """Joins list, pane and bars; asks the shelf for rows and passes the keys of actions on to `desk/doing.py`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings()

    def __init__(self, shelf: Shelf, doing: Doing, queue: int = 1) -> None:
        super().__init__(id="queue")
        self._styles_cache = Ground()
        self.shelf = shelf
        self.doing = doing
        self.queue = queue
        self.query_text: str | None = None
        self.grouped = False  # by topic and place instead of by urgency
        self.letters = LetterList(shelf.window(queue), shelf.name, queue, shelf.calendar)
        self.marks: dict[int, dict[str, Row]] = {queue: self.letters.marks}
        self.pane = LetterPane(shelf.name, shelf.who, shelf.calendar)
        self.bar = QueueBar(queue, shelf.counts())
        self.status = StatusBar()
        self.reading = shelf.setting("pane")  # open, closed, or "" before the person ever chose
        self._resting: asyncio.TimerHandle | None = None
        self._looked = now_ms()  # up to here what became late is known
        self.worker: Worker | None = None  # keeps this desk in step, where there is a backend
        self._seen: int | None = None  # what the store said when this desk last looked
        self.news = Between(self._came_between, lambda: shelf.rested)
        self.bars = Between(self._bars_between, lambda: shelf.rested)

    def compose(self) -> ComposeResult:
        yield self.bar
        with Body():
            yield self.letters
            yield self.pane
        yield self.status
        yield TooSmall()

    def on_mount(self) -> None:
        self.letters.window.to_top()
        self.letters.counts = self.bar.counts
        self.outlook()
        if self.shelf.likes.now.focus:
            self.add_class("focus")
            self._alone()
        self._follow()
        self.set_interval(2, self.look)
        self.set_interval(30, self.tick)

    # room

    def on_resize(self) -> None:
        self.set_class(is_small(self.size), "small")
        self.pane.beside = self.size.width >= BESIDE
        self.query_one(Body).set_class(self.pane.beside, "beside")
        if not self.reading:
            self.set_class(self.pane.beside, "open")
        elif self.reading == "open":
            self._open_pane()

    def _open_pane(self) -> None:
        """Beside, below, or over the list, as there is room."""
        roomy = self.pane.beside or self.size.height >= BELOW
        self.set_class(roomy, "open")
        if not self.has_class("focus"):
            self.set_class(not roomy and self.has_class("full"), "full")

    @property
    def pane_shown(self) -> bool:
        return self.has_class("open") or self.has_class("full")

    def on_opened(self, event: Opened) -> None:
        self.action_open()

    def action_open(self) -> None:
        """`enter`: opens the pane; the second one gives it the whole height."""
        if self.letters.row is None:
            return
        roomy = self.pane.beside or self.size.height >= BELOW
        if self.pane_shown or not roomy:
            self.add_class("full")
        else:
            self.add_class("open")
        self._remember("open")
        self.read()

    def action_alone(self) -> None:
        """`z`: the letter alone, over the whole screen; once more: back to the list."""
        focused = not self.has_class("focus")
        if focused and self.letters.row is None:
            self.say(_("There is no letter here to read: 1–9 shows another queue."), "warn")
            return
        self.set_class(focused, "focus")
        if focused:
            self.say(_("One letter at a time: j and k turn the page, keys act and go on; z goes back to the list."))
        else:
            self.remove_class("full")
            self.set_class(self.reading == "open", "open")
        self.read()

    def _alone(self) -> None:
        """A letter has the screen only while there is one; one at a time, also only while no filter is typed."""
        if self.has_class("focus"):
            self.set_class(self.letters.row is not None and not self.query("FilterLine"), "full")
        elif self.letters.row is None:
            self.remove_class("full")  # the last letter has left the list: what is empty says so itself

    def leave_pane(self) -> bool:
        """One step back out of the pane; False where it is closed."""
        if self.has_class("focus"):
            self.action_alone()
        elif self.has_class("full"):
            self.remove_class("full")
        elif self.has_class("open"):
            self.remove_class("open")
            self._remember("closed")
        else:
            return False
        return True

    def _remember(self, reading: str) -> None:
        if reading != self.reading:
            self.reading = reading
            self.shelf.remember("pane", reading)

    # following the cursor

    def on_cursor_moved(self, event: CursorMoved) -> None:
        self._follow()

    def on_marks_changed(self, event: MarksChanged) -> None:
        self._follow()

    def _follow(self) -> None:
        """The position at once; pane and keys once the cursor has rested."""
        self.place()
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(REST, self.call_later, self.read)

    def place(self) -> None:
        window = self.letters.window
        total = f"{window.total}" if window.exact else f"{window.total - 1}+"
        here = self.letters.cursor + 1 if self.letters.row else 0
        filtered = ""
        if query := self.letters.query_text:
            from desk.widgets.empty import list_called

            filtered = list_called(query) or f"/{query}"
        self.status.stand(f"{term('queue_short', str(self.queue))} {here}/{total}", len(self.letters.marks), filtered)

    def read(self) -> None:
        """Shows the letter under the cursor in the pane, and the keys that apply to it."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None
        if not self.is_attached:
            return
        self._alone()
        row = self.letters.row
        letter = self.shelf.letter(row.id) if row else None
        if letter is not None and letter.partial and self.worker is not None:
            self.worker.fetch(letter.case.id)
        self.status.offer(self.doing.hints(letter, typing=self.focused is not None))
        if self.pane_shown:
            self.pane.show(letter, now_ms())
        self.follow(letter if self.pane_shown else None)

    async def action_back(self) -> None:
        """`esc`: one step back, the latest first."""
        if self.letters.range_from is not None:
            self.letters.unmark()
        elif self.has_class("full"):
            self.leave_pane()
        elif self.query_text is not None:
            if not self.come_back():
                self.show_queue(self.queue)
        elif not self.letters.unmark() and not self.leave_pane():
            self.say(_("Nothing to go back from here; q leaves the desk."))

    # queues, filter

    def action_queue(self, queue: int) -> None:
        self.show_queue(queue)

    def on_queue_wanted(self, event: QueueWanted) -> None:
        self.show_queue(event.queue)

    def action_group(self) -> None:
        """ctrl+g: by topic and place, or as before; the cursor stays on its letter."""
        row = self.letters.row
        self.grouped = not self.grouped
        self.show_queue(self.queue, self.query_text)
        index = self.letters.window.index_of(row.id) if row else None
        if index is not None:
            self.letters.go(index)
        said = (
            _("By topic and place: similar letters one after another.")
            if self.grouped
            else _("In the queue's own order.")
        )
        self.say(said)

    def show_queue(self, queue: int, query: str | None = None) -> None:
        """Another queue from its top, with its own marks; or what a filter finds in it."""
        if queue != self.queue and not self.has_class("focus"):
            self.remove_class("full")
        if self.query_text == NEWS and query != NEWS:
            self.shelf.looked()
        if query is None:
            self._trail = ()  # a queue as such: what it was reached from is behind us
        self.queue, self.query_text = queue, query
        self.letters.query_text = one_line(query) if query is not None else None
        self.letters.find = self.shelf.spans(query) if query is not None else None
        self.pane.seek(self.letters.find)
        self.letters.show(
            self.shelf.window(queue, query, grouped=self.grouped), queue, self.marks.setdefault(queue, {})
        )
        self.outlook()

    # news and time

    def refresh_letters(self, cases: tuple[str, ...] = (), done: str = "") -> None:
        """Letters changed here: counts, rows in view and the open letter are read again.

        After an action of this person's (`done`) the cursor goes on to the next letter, also where the queue keeps it.
        """
        here = self.letters.row
        self.beside = None  # what was suggested may have been taken
        self.letters.forget(cases)
        self.letters.reread(cases)
        row = self.letters.row
        if done == UNDONE:  # back to the letter, if it is here again
            index = self.letters.window.index_of(cases[0]) if cases else None
            if index is not None:
                self.letters.go(index)
                self.place()
        elif done and not BY_ID[done].stays and row and here and row.id == here.id in cases and self.next_letter:
            self.letters.go(self.letters.cursor + 1)
            self.place()
        self.outlook()
        if here and self.letters.row and here.id == self.letters.row.id:
            self.read()
        else:  # another letter is under the cursor now: it follows as after any other move
            self._follow()
        if self.worker is not None:
            self.worker.changed()
            if done == "reveal":
                self.worker.reveal(cases[0])

    def on_changed(self, event: Changed) -> None:
        event.stop()
        self.refresh_letters(event.cases, event.done)

    @property
    def next_letter(self) -> bool:
        """Whether the cursor goes on by itself: this person's choice, yes at first."""
        return self.shelf.likes.now.next_letter

    def look(self) -> None:
        """Has another process changed the store? One cheap pragma."""
        version, seen = self.shelf.version(), self._seen
        self._seen = version
        if seen is not None and version != seen:
            self.news.wanted()
            if self.worker is not None:
                self.worker.changed()

    def _came_between(self) -> None:
        self.call_later(self.came)

    def came(self) -> None:
        """Others changed letters: what is on the screen is read again; the cursor stays on its letter."""
        self.shelf.look_at_newsroom()
        self.letters.reread()
        self.outlook()
        self.call_later(self.read)  # a key that came meanwhile goes first

    def _bars_between(self) -> None:
        self.call_later(self.outlook)

    def redraw(self) -> None:
        """Everything once more, in other words or colours."""
        self.doing.hinted = (None, ())
        self.letters.reread()
        self.tick()
        self.read()
        self.refresh(layout=True)
        for widget in self.walk_children():
            widget.refresh()

    def tick(self) -> None:
        """The clock moved on: what is left of each term, and what has become late."""
        now = now_ms()
        self.letters.tick(now)
        self.outlook()
        self._ring(now)
        if self.pane_shown and self.pane.letter:
            self.pane.show(self.pane.letter, now)

    def _ring(self, now: int) -> None:
        """A letter became late while the desk is open: said once, with a bell if the person wants one."""
        since, self._looked = self._looked, max(now, self._looked)
        late = self.shelf.became_late(since, now)
        if not late:
            return
        if self.shelf.likes.now.bell:
            self.app.bell()
        first, more = f"{one_line(late[0][0])} {one_line(late[0][1])}", len(late) - 1
        said = _("Late now: {letter}", letter=first)
        self.say(said + (_(" and {n} more; 4 shows them", n=more) if more else ""), "warn")

    def outlook(self) -> None:
        counts = self.shelf.counts()
        self.letters.counts = counts
        self.bar.show(self.queue, counts)
        now = local(now_ms())
        clock = now.strftime("%m-%d ") + term("weekday", str(now.weekday())) + now.strftime(" %H:%M")
        self.status.outlook(self.shelf.pending(), clock, self.line)
        self.place()

    # words

    def on_said(self, event: Said) -> None:
        event.stop()
        self.say(event.text, event.tone)

    def say(self, text: str, tone: Tone = "plain") -> None:
        """A sentence at the foot of the screen, until the next key."""
        self.status.say(one_line(text), tone)
