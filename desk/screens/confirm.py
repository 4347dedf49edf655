"""Something shown once, and gone with any key: a contact that was revealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.text import one_line
from db.words import N_, _
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel


class Shown(Dialog[None]):
    """Lines of safe text; enter, esc or space closes it, and nothing of it stays on the screen."""

    DEFAULT_CSS = f"Shown {{ {LAYOUT} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,space,q", "dismiss", show=False, tooltip=N_("back"), id="shown.close")
    ]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self.title_ = title
        self.lines = lines

    def compose(self) -> ComposeResult:
        with Panel():
            head = Content.styled(one_line(self.title_), "bold $warning")
            body = [Content(one_line(line)) for line in self.lines]
            foot = Content.styled(_("enter or esc closes this"), "$faint")
            yield Static(Content("\n").join([head, Content(""), *body, Content(""), foot]), classes="head")
