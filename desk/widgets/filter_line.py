"""`/`: one line to type a filter in; the list follows while typing, enter keeps it, esc takes it away."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from db.words import _
from desk.messages import Filtered
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip


class Prompt(Drawn):
    """The key that opened the line."""

    def render_line(self, y: int) -> Strip:
        return strip([(" / ", inks(self.app.theme).on("amber", "raised"))], self.size.width)


class FilterInput(Input):
    """Its words are a filter, never markup and never SQL."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, id="filter.give_up"),
        Binding("down", "submit", show=False, id="filter.keep"),
    ]

    def action_give_up(self) -> None:
        self.post_message(Filtered(None, done=True))


class FilterLine(Widget):
    """Posts `Filtered` with every letter typed; `done` when the keys go back to the list."""

    DEFAULT_CSS = """
    FilterLine { height: 1; layout: horizontal; background: $panel; }
    FilterLine Prompt { width: 3; height: 1; }
    FilterLine FilterInput, FilterLine FilterInput:focus { width: 1fr; height: 1; padding: 0; border: none;
        background: $panel; }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.input = FilterInput(
            text,
            placeholder=_("words, or district:… topic:… state:late from:2024-10-01"),
            compact=True,
            select_on_focus=False,
        )

    def compose(self) -> ComposeResult:
        yield Prompt()
        yield self.input

    def on_mount(self) -> None:
        self.input.cursor_blink = False
        self.input.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Filtered(event.value.strip() or None))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Filtered(event.value.strip() or None, done=True))
