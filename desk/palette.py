"""ctrl+p beyond the keys of the desk: letters by code or words, districts, lists of one's own.

The palette reads plain strings as markup: what comes from outside goes to it as `Text`, or escaped.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.await_complete import AwaitComplete
from textual.command import Command, CommandInput, CommandList, CommandPalette, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape
from textual.widgets.option_list import Option

from db.text import one_line
from db.words import _, term
from desk.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual.events import Mount

    from desk.app import DeskApp

LETTERS = 8
DISTRICTS = 6


class Palette(CommandPalette, Dialog[None]):
    """Textual's palette in the person's language; it appears whole, with what it offers, and what was typed ahead is for it."""

    DEFAULT_CSS = (
        "Palette SearchIcon { color: $faint; }"
        "Palette > .command-palette--help-text { color: $faint; text-style: not bold; }"
    )
    AUTO_FOCUS = ""
    keeps_ahead = True
    looking = True

    def __init__(self) -> None:
        super().__init__(placeholder=_("actions, queues, letters, districts …"), id="--command-palette")
        self.add_class("-ready")

    def on_mount(self, event: Mount | None = None) -> None:
        """An esc that was typed ahead closed it before it stood: Textual would look for the screen behind it in vain."""
        if self not in self.app.screen_stack:
            if event is not None:
                event.prevent_default()
            return
        self.set_focus(self.query_one(CommandInput))

    def _refresh_command_list(self, command_list: CommandList, commands: list[Command], clear_current: bool) -> None:
        super()._refresh_command_list(command_list, commands, clear_current)
        self.looking = False

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Closes it once: what is clicked or pressed a second time, quicker than it goes away, closes nothing more."""
        return super().dismiss(result) if self in self.app.screen_stack else AwaitComplete()

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """What it says when nothing is found, half a second later: its own words are English."""
        self._stop_no_matches_countdown()

        def say() -> None:
            if search_value:
                nothing = Option(Content(_("Nothing is called that.")), disabled=True, id=self._NO_MATCHES)
                self.query_one(CommandList).add_option(nothing)
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, say)


_CODES_END = re.compile(r"(?:\d\d-)?\d{4,}")
"""How people name a letter of the day to each other: 0007, 03-0007."""


class Letters(Provider):
    """Letters that what was typed finds, the newest first; a code opens its letter."""

    async def search(self, query: str) -> Hits:
        typed = query.strip()
        if len(typed) < 2:
            return
        app: DeskApp = self.app  # type: ignore[assignment]
        ends = app.shelf.rows(f"code:{typed}", LETTERS) if _CODES_END.fullmatch(typed) else ()
        for row in (*ends, *app.shelf.rows(typed, LETTERS))[:LETTERS]:
            title = one_line(f"{row.code}  {row.title}")
            yield Hit(0.9, Text(title), partial(app.queue.show_letter, row.code), title, term("state", row.state))


class Places(Provider):
    """Districts by name, initials or code: all their letters."""

    async def search(self, query: str) -> Hits:
        from db.clock import day_of, now_ms
        from db.places import load

        typed = query.strip()
        if not typed:
            return
        app: DeskApp = self.app  # type: ignore[assignment]
        for district in load().filter(typed, day_of(now_ms()))[:DISTRICTS]:
            title = _("district: {name}", name=district.name)
            yield Hit(
                0.8,
                Text(title),
                partial(app.queue.show_found, f"district:{district.name}"),
                title,
                _("all its letters"),
            )


class Lists(Provider):
    """The person's saved searches."""

    async def search(self, query: str) -> Hits:
        app: DeskApp = self.app  # type: ignore[assignment]
        matcher = self.matcher(query)
        for one in app.shelf.likes.now.searches:
            title = _("list: {name}", name=one_line(one.name))
            if (score := matcher.match(title)) > 0:
                yield Hit(
                    1 + score,
                    Text(title),  # its own highlighting reads markup too
                    partial(app.queue.show_found, one.query),
                    title,
                    escape(one_line(one.query)),
                )
