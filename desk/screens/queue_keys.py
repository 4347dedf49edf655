"""The keys of the queue that move, mark, switch and read. What changes a letter comes from `desk/actions.py`."""

from __future__ import annotations

from abc import abstractmethod
from time import monotonic
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from db.words import _, term
from desk.actions import ACTIONS
from desk.messages import SyncWanted
from desk.navigation import EVERYWHERE, NAVIGATION
from desk.screens.dialog import LaidOutOnce
from desk.widgets.letter_list import MARK_LIMIT, LetterList

if TYPE_CHECKING:
    from textual import events

    from desk.doing import Doing
    from desk.line.worker import Worker
    from desk.macros import Macro
    from desk.messages import Tone
    from desk.widgets.letter_pane import LetterPane
    from desk.widgets.status_bar import StatusBar


def bindings() -> list[BindingType]:
    """Every binding has an id, so that a person's keymap can move it."""
    made: list[BindingType] = [
        Binding(keys, action, help_, show=False, id=id_) for id_, keys, action, help_ in NAVIGATION
    ]
    made += [Binding(str(q), f"queue({q})", show=False, id=f"queue.{q}") for q in range(10)]
    # what has no key of its own stands on one that no keyboard sends, so that a keymap can give it one
    made += [Binding(a.key or f"f24+{a.id}", f"do('{a.id}')", a.id, show=False, id=f"do.{a.id}") for a in ACTIONS]
    return made


class QueueKeys(LaidOutOnce[None]):
    """What each key of `NAVIGATION` does, on the widgets of the screen below."""

    letters: LetterList
    pane: LetterPane
    status: StatusBar
    doing: Doing
    _g = False
    worker: Worker | None = None
    macro_keys: dict[str, Macro] | None = None
    pressed = 0.0  # when the last key was, on the monotonic clock

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is done to a letter that nobody sees: too small a terminal shows a sentence instead of the list."""
        if self.has_class("small") and action not in ("back", "quit"):
            return False
        return super().check_action(action, parameters)

    def on_key(self, event: events.Key) -> None:
        """A sentence stands until the next key; `g` waits for one key only."""
        self.pressed = monotonic()
        if self.status.said is not None:  # after what the key does, in one repaint with it
            self.app.call_later(self.app.call_later, self.status.hush, self.status.sayings)
        if self.worker is not None:
            self.worker.key()
        if event.key != "g":
            self._g = False
        if self.has_class("small"):
            return
        if self.focused is None and (macro := self._macro_of(event.key)) and event.key not in self.active_bindings:
            event.stop()
            self.doing.macro(self, macro, self.letters.targets, self.read)

    def on_mouse_down(self) -> None:
        """The mouse takes a sentence away as a key does; what is clicked on may say the next one."""
        self.status.hush()

    @abstractmethod
    def place(self) -> None:
        """Says where the cursor is, at once: in the same repaint as the lines it moved over."""

    @abstractmethod
    def say(self, text: str, tone: Tone = "plain") -> None:
        """A sentence at the foot of the screen, until the next key."""

    @abstractmethod
    def read(self) -> None:
        """Shows the letter under the cursor once more: its drafts may have changed."""

    def _reading(self) -> bool:
        return self.has_class("full")

    def action_move(self, by: int) -> None:
        self.letters.go(self.letters.cursor + by)
        self.place()

    def action_half(self, by: int) -> None:
        if self._reading():
            self.pane.scroll_page(by)
        else:
            self.letters.jump(by * max(1, self.letters.size.height // 2))
            self.place()

    def action_page(self, by: int) -> None:
        if self._reading():
            self.pane.scroll_page(by)
        else:
            self.letters.jump(by * max(1, self.letters.size.height - 1))

    def action_top(self) -> None:
        self.letters.to_top()
        self.place()

    def action_bottom(self) -> None:
        self.letters.to_bottom()
        self.place()

    def action_g(self) -> None:
        if self._g:
            self.action_top()
        self._g = not self._g

    def action_read_on(self, by: int) -> None:
        self.pane.scroll_by(by)

    def action_read_page(self, by: int) -> None:
        self.pane.scroll_page(by)

    def action_mark(self) -> None:
        self.letters.mark()
        self.place()

    def action_range(self) -> None:
        self.letters.mark_range()
        self._marked()

    def action_mark_all(self) -> None:
        self.letters.mark_all()
        self._marked()

    def _marked(self) -> None:
        """Says so where not all were marked that were meant."""
        self.place()
        if len(self.letters.marks) >= MARK_LIMIT:
            self.say(
                _("{n} letters are marked, as many as go at once. Do these first, then mark the rest.", n=MARK_LIMIT),
                "warn",
            )

    async def action_palette(self) -> None:
        await self.run_action("app.command_palette")

    def action_help(self) -> None:
        """`?`: with what applies to the letter under the cursor, and why the rest does not."""
        from desk.screens.finding_help import searching
        from desk.screens.help import Entry, HelpScreen, shown
        from desk.screens.keyed import entries
        from desk.screens.own_keys import TABLES

        row = self.letters.row
        keymap = self.doing.keymap
        moves = [
            Entry(shown(keymap.of(id_, keys) if keymap else keys), "", _(says))
            for id_, keys, _action, says in (*NAVIGATION, *EVERYWHERE)
        ]
        queues = [Entry(str(q), term("queue", str(q))) for q in (*range(1, 10), 0)]
        letter = self.doing.shelf.letter(row.id) if row else None
        groups = [
            (_("This letter"), self.doing.entries(letter)),
            (_("Moving, reading, marking"), moves),
            (_("Queues"), queues),
            searching(),
            *((term("keys_of", table), entries(table)) for table in TABLES),
        ]
        if self.query("FilterLine"):  # what may be typed there comes first
            groups.insert(0, groups.pop(3))
        self.app.push_screen(HelpScreen(groups))

    def action_settings(self, section: str = "own") -> None:
        """`,`: lists of settings; the queue is drawn anew afterwards, calendar and names may be others."""
        from desk.screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen(self.doing.shelf, section), lambda _done: self.redraw())

    @abstractmethod
    def redraw(self) -> None:
        """Everything once more, in other words or colours."""

    def action_surveys(self) -> None:
        """`Q`: 热力活动."""
        from desk.screens.surveys import SurveysScreen

        self.app.push_screen(SurveysScreen(self.doing.shelf))

    def action_sync(self) -> None:
        """`S`: everything that waits may leave, at once."""
        self.app.post_message(SyncWanted())

    def action_conflicts(self) -> None:
        """`C`: those of the letter under the cursor, else all."""
        from db import conflicts
        from desk.screens.conflicts import ConflictsScreen

        shelf, row = self.doing.shelf, self.letters.row
        here = row.id if row and conflicts.groups(shelf.store, row.id) else None
        if here is None and not conflicts.groups(shelf.store):
            self.status.say(_("The newsroom has refused nothing of this desk."))
            return
        self.app.push_screen(ConflictsScreen(shelf, here), self.went)

    @abstractmethod
    def went(self, case: str | None) -> None:
        """Back from a screen that may name a letter to go to."""

    def action_undo(self) -> None:
        self.doing.undo(self, self.read)

    def action_repeat(self) -> None:
        self.doing.repeat(self, self.letters.targets, self.read)

    def action_macros(self) -> None:
        """`@`: chooses a macro, shows what it would do to this letter or to those marked, does it."""
        from desk.screens.macros import Macros

        def chosen(macro: Macro | None) -> None:
            self.macro_keys = None
            if macro is not None:
                self.doing.macro(self, macro, self.letters.targets, self.read)

        taken = {key for keys in self.active_bindings for key in keys.split(",")}
        self.app.push_screen(Macros(self.doing.shelf, taken), chosen)

    def _macro_of(self, key: str) -> Macro | None:
        """The macro that a key runs. Read once, and again after the macros were looked at."""
        if self.macro_keys is None:
            from desk.macros import load

            self.macro_keys = {m.key: m for m in load(self.doing.shelf.store) if m.key}
        return self.macro_keys.get(key)

    def action_do(self, action: str) -> None:
        self.doing.press(self, action, self.letters.targets, self.read)
