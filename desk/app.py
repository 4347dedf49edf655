"""The switchboard: opens the store, shows the queue, passes words and news on. It knows no rules and no letters."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType

from db.words import _, speak, term
from desk import sweeping
from desk.ahead import Ahead
from desk.doing import Doing
from desk.home import settings_file
from desk.likes import Likes
from desk.messages import Changed, LineMoved, Said, SyncWanted
from desk.navigation import EVERYWHERE
from desk.patience import tell
from desk.presence import Present
from desk.screens.queue import LAYOUT, QueueScreen
from desk.settings import Problem
from desk.shelf import Shelf
from desk.sparing import Sparing
from desk.steady import Steady, quietly, told
from desk.theme import PALETTES, fitting, themes
from desk.uncovering import Uncovering
from desk.unlocking import at_terminal
from desk.widgets.drawn import Drawn

if TYPE_CHECKING:
    from textual import events
    from textual.command import Provider
    from textual.screen import Screen

    from db.model import Actor
    from db.store import Store
    from desk.line.worker import Worker


def palette(name: str) -> type[Provider]:
    """A provider of the palette, imported when the palette is opened."""
    from desk import palette as rooms

    found: type[Provider] = getattr(rooms, name)
    return found


class DeskApp(Steady, Present, Sparing, Uncovering):
    """The desk of one person on one store."""

    TITLE = "desk"
    CSS = LAYOUT
    COMMANDS = Uncovering.COMMANDS | {lambda: palette("Letters"), lambda: palette("Places"), lambda: palette("Lists")}
    ENABLE_SELECT_AUTO_SCROLL = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, show=False, id=id_, priority=id_ == "desk.redraw")
        for id_, keys, action, _says in EVERYWHERE
    ]

    def __init__(self, store: Store, actor: Actor, home: Path, likes: Likes | None = None) -> None:
        self.terminal = dict(os.environ)  # Textual takes NO_COLOR away when it begins
        shelf = Shelf(store, actor, likes)
        theme = fitting(shelf.likes.now.theme, self.terminal)
        super().__init__(ansi_color=True if PALETTES[theme].ansi else None)
        self.home = home
        self.store = store
        self.shelf = shelf
        speak(self.shelf.likes.now.language)
        self.queue = QueueScreen(self.shelf, Doing(self.shelf))
        self.failed = False
        self.ahead = Ahead()
        self.keys_taken = False
        self.tours = False  # begin with the tour
        self.key_problems: list[Problem] = []
        self.line: Worker | None = None  # keeps this desk in step, where somebody is logged in
        for known in themes():
            self.register_theme(known)
        self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        return self.queue

    def on_mount(self) -> None:
        self.call_after_refresh(self._warm)
        self.set_interval(2, self.look_at_likes)
        self.set_interval(1800, partial(quietly, self, self._settle))

    def _warm(self) -> None:
        """After the first frame: what the first change to a letter needs, imported while the person reads."""
        sweeping.begin()
        quietly(self, self._settle)
        self.line_up()
        self._take_keys()
        self._say_problems()
        if not self.is_headless:
            from desk import beforehand, hangup

            beforehand.begin(self)
            self.set_interval(2, hangup.watch(asyncio.get_running_loop(), self.exit))
        if self.tours:
            self.action_tour()

    def _settle(self) -> None:
        """In a thread: opens what the first change needs, and finishes what an earlier start was killed in the middle of."""
        from db.upkeep import warm

        warm(self.store)
        if moved := self.shelf.timers():
            self.post_message(Changed(moved))

    def on_key(self, event: events.Key) -> None:
        if self.ahead.takes(self, event):  # typed before its dialog or line had opened: it belongs there
            event.prevent_default()

    def on_app_focus(self) -> None:
        self.look_at_likes()

    def look_at_likes(self) -> None:
        """What the person changed in the settings file counts from now on."""
        if self.shelf.likes.look():
            self.liked()

    def liked(self) -> None:
        """Puts the settings in force on the screen, and says what is wrong in their file."""
        now = self.shelf.likes.now
        self._wear(fitting(now.theme, self.terminal))
        speak(now.language)
        self._take_keys()
        self.queue.redraw()
        self._say_problems()

    def _take_keys(self) -> None:
        """The person's own keys, from the settings file; what of them cannot be counts as a problem of that file."""
        if self.shelf.likes.now.keys or self.keys_taken:
            from desk.keymap import of_file

            self.keys_taken = True
            keymap, self.key_problems = of_file(self.shelf.likes)
            self.set_keymap(dict(keymap.own))
            self.queue.doing.keymap = keymap
            self.queue.doing.forget_hints()
        self.shelf.likes.keep()

    def _say_problems(self) -> None:
        if problems := [*self.shelf.likes.problems, *self.key_problems]:
            file, why = self.shelf.likes.path.name, str(problems[0]).rstrip(".。")
            said = _("{file}: {why}. What was in force stays.", file=file, why=why)
            more = len(problems) - 1
            self.queue.say(said + (_(" And {n} more: desk doctor lists them.", n=more) if more else ""), "warn")

    # the line to a backend

    def line_up(self) -> None:
        """Begins to keep this desk in step, where somebody is logged in."""
        from db import link

        if self.line is None and link.of(self.store) is not None:
            from desk.line.worker import Worker

            likes = self.shelf.likes
            self.line = Worker(self.store, lambda: likes.now.undo_window, lambda *t: self.post_message(LineMoved(*t)))
            self.queue.worker = self.line
            self.line.start()

    def on_line_moved(self, event: LineMoved) -> None:
        from desk.line import words

        self.queue.line_came(words.brief(event.state), event.brought, first=event.state.first)

    def on_sync_wanted(self, event: SyncWanted) -> None:
        """`S`: says how the line stands, and has everything sent at once."""
        from desk.line import words
        from desk.line.state import LineState

        self.line_up()
        if self.line is not None:
            self.line.now()
        self.queue.say(words.sentence(self.line.state if self.line else LineState(), asked=True))

    def line_down(self) -> None:
        """The app ends: what waits is sent first, if that takes no more than a moment."""
        from desk import opening

        if self.line is not None:
            self.line.stop()
        opening.clear(self.home)

    def on_changed(self, event: Changed) -> None:
        self.queue.refresh_letters(event.cases, event.done)

    def on_said(self, event: Said) -> None:
        self.queue.say(event.text, event.tone)

    def action_help_quit(self) -> None:
        """ctrl+c: says how to leave instead of leaving half-typed words behind."""
        self.queue.say(_("q leaves the desk; what you typed is kept."))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: queues, everything that can be done to the letter in view, help."""
        for title, help_, act in self.queue.commands():
            yield SystemCommand(title, help_.replace("[", "\\["), act)  # a refusal may name what others wrote
        yield SystemCommand(_("Tour"), _("five minutes: what to press next, until it was pressed"), self.action_tour)
        for name in PALETTES:
            title = _("theme: {name}", name=term("theme", name))
            yield SystemCommand(title, term("theme_says", name), partial(self.choose_theme, name))

    def action_tour(self) -> None:
        """Begins the tour, or leaves it."""
        from desk.widgets.tour_bar import TourBar

        for bar in self.queue.query(TourBar):
            bar.remove()
            return
        self.queue.mount(TourBar(self), before=0)

    def action_command_palette(self) -> None:
        """ctrl+p: in the person's language."""
        from desk.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def choose_theme(self, name: str) -> None:
        """Another theme, from now on and next time."""
        if problem := self.shelf.likes.put("theme", name):
            self.queue.say(str(problem), "warn")
        self._wear(name)

    def _wear(self, name: str) -> None:
        """Draws everything in that theme."""
        self.ansi_color = True if PALETTES[name].ansi else None
        self.theme = name
        self.refresh_css(animate=False)
        for screen in self.screen_stack:
            for widget in screen.query(Drawn):
                widget.refresh()

    def _handle_exception(self, error: Exception) -> None:
        """A fault of ours: never a traceback on the person's screen; the details go to the log."""
        if self.is_running and self.queue.is_mounted and told(self, error):
            return
        if self.is_headless:  # tests want to see it
            super()._handle_exception(error)
            return
        if not self.failed:
            self.failed = True
            from desk import errors

            self._return_code, said = errors.judge(self.home, error)
            self._exit_renderables.append(said)
            self._close_messages_no_wait()


def run(home: Path, *, tour: bool = False) -> int:
    """Opens the store in `home` and runs the app; returns the exit code (4: the store says no, DESIGN.md §9)."""
    from db.opening import open_store
    from db.people import own_actor
    from db.store import StoreError

    gc.disable()  # nothing to collect before the first frame; `_warm` turns it on again
    try:
        likes = Likes(settings_file(home))
        speak(likes.now.language)
        with open_store(home, ask=at_terminal, told=tell) as store:
            app = DeskApp(store, own_actor(store), home, likes)
            app.tours = tour
            app.run()
            app.line_down()
            return app.return_code or 0
    except StoreError as e:
        print(e.sentence(), file=sys.stderr)
        return 4
    finally:
        gc.enable()
