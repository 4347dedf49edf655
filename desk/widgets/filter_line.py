"""`/`: one line to type a filter in; the list follows while typing, enter keeps it, esc takes it away."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from db.words import _
from desk.messages import Filtered


class FilterLine(Input):
    """An `Input` of one line whose words are a filter, never markup and never SQL."""

    DEFAULT_CSS = (
        "FilterLine { height: 1; padding: 0 1; border: none; background: $panel; } FilterLine:focus { border: none; }"
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, id="filter.give_up"),
        Binding("down", "keep", show=False, id="filter.keep"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(
            text,
            placeholder=_("words, or district:… topic:… state:late from:2024-10-01 — enter keeps, esc clears"),
            compact=True,
            select_on_focus=False,
        )

    def on_mount(self) -> None:
        self.cursor_blink = False
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Filtered(event.value.strip() or None))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        self.post_message(Filtered(self.value.strip() or None, done=True))

    def action_give_up(self) -> None:
        self.post_message(Filtered(None, done=True))
