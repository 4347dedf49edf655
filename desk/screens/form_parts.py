"""Parts of the dialog: its panel, the letters it is about, the line that sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from db.model import Case
from db.text import one_line
from db.words import _, term
from desk.theme import chosen
from desk.widgets import pressed
from desk.widgets.field import Onward

if TYPE_CHECKING:
    from desk.actions import Action

NAMED = 5
"""Marked letters that are named one by one; of more, the rest is counted."""


LAYOUT = """
    align: center middle;
    background: $background 60%;
    &.low Panel { border: none; width: 100%; max-width: 100%; }
    &.low FieldRow, &.low AsideBox, &.low .head { margin-bottom: 0; }
    &.low .said { margin-bottom: 0; max-height: 4; }
"""
"""How a dialog stands on its screen; a low one gives up its air, not its fields."""


class Panel(Widget):
    DEFAULT_CSS = """
    Panel {
        width: 103; max-width: 96%; height: auto; max-height: 100%; layout: vertical;
        background: $panel; border: round $foreground 35%; padding: 0 0;
    }
    Panel > VerticalScroll { height: auto; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Panel .head { height: auto; padding: 0 2; margin-bottom: 1; }
    Panel .said { height: auto; max-height: 10; padding: 0 2; margin-bottom: 1; display: none; }
    Panel .said.bad { color: $error; text-style: bold; }
    Panel .said.kept { color: $success; }
    Panel FieldRow { margin-bottom: 1; }
    Panel AsideBox { margin-bottom: 1; }
    """


def letters_line(action: Action, cases: Sequence[Case], blocked: int = 0) -> Static:
    """What is done to which letter: action, code, state, title; of several, each with its code."""
    first = cases[0]
    head = [Content.styled(action.label, "bold $warning")]
    if len(cases) == 1:
        head.append(Content.styled(f"  {one_line(first.code)}  {term('state', first.state)}", "$faint"))
        lines = [Content("").join(head), Content.styled(one_line(first.title) or "–", "bold")]
    else:
        head.append(Content.styled("  " + _("{n} letters", n=len(cases)), "bold"))
        if blocked:
            head.append(Content.styled("  " + _("{n} more cannot be done", n=blocked), "$error"))
        lines = [Content("").join(head)]
        lines += [Content(f"{one_line(c.code)}  {one_line(c.title)}") for c in cases[:NAMED]]
        if len(cases) > NAMED:
            lines.append(Content.styled(_("… and {n} more", n=len(cases) - NAMED), "$faint"))
    return Static(Content("\n").join(lines), classes="head")


class SendLine(Widget, can_focus=True):
    """The last stop: enter sends. Its keys are said where they can be pressed."""

    DEFAULT_CSS = """
    SendLine { height: 1; padding: 0 1; }
    """

    def __init__(self, label: str, *, texts: bool = False) -> None:
        """`texts`: there is a long text, so templates and the editor have their keys."""
        super().__init__()
        self.label = label
        self.texts = texts

    def render(self) -> Content:
        style = chosen(self.app.theme) if self.has_focus else "bold $warning"
        keys = _("ctrl+s sends from anywhere · esc leaves, draft kept · ctrl+r starts anew")
        if self.texts:
            keys += _(" · ctrl+t templates · ctrl+o editor")
        first = f"{'▌' if self.has_focus else ' '}⏎ {self.label} "
        return Content.assemble((first, style), ("  " + self._fitting(keys, cell_len(first) + 2), "$faint"))

    def _fitting(self, keys: str, used: int) -> str:
        """The hints that have room whole beside so many cells, the first ones; all of them before the line has a width."""
        width = self.content_size.width or 200
        hints = keys.split(" · ")
        while len(hints) > 1 and used + cell_len(" · ".join(hints)) > width:
            del hints[-1]
        return " · ".join(hints)

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            self.post_message(Onward())

    def on_click(self, event: events.Click) -> None:
        """Sends where it says so; the other keys are those that are printed there."""
        printed = pressed.at(self.render().plain, event.x - self.gutter.left)
        if printed == "⏎":
            self.focus()
            self.post_message(Onward())
        elif printed is not None:
            self.app.post_message(pressed.key(printed))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
