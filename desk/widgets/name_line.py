"""One line under a list, in which an entry of it gets its name: enter gives it, esc leaves the old one."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from db.text import one_line
from db.words import N_, _


class Named(Message):
    """What was typed, as safe text without blanks around it; "": the name stays as it was."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__()


class NameLine(Input):
    """Hidden until a name is asked for, and again after it was given."""

    DEFAULT_CSS = "NameLine { margin: 0 2; border: none; height: 1; padding: 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, tooltip=N_("leave the name as it was"), id="name.leave")
    ]

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False, placeholder=_("a name, then enter"))
        self.display = False
        self.cursor_blink = False

    def ask(self, proposed: str, *, over: bool = False) -> None:
        """Takes the keys, with a name to begin from; `over`: the first character typed takes its place."""
        self.value = proposed
        if over:
            self.select_all()
        self.display = True
        self.screen.set_focus(self)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Named(one_line(event.value).strip()))

    def action_leave(self) -> None:
        self.post_message(Named(""))

    def put_away(self) -> None:
        """Back to the list, when the name has arrived there: a key pressed meanwhile is no key of the list."""
        self.display = False
        self.screen.set_focus(None)
