"""`:`: a line to type a command in, with what may come next above it and what was typed before under ↑."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from db.search_complete import Offer
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.filter_line import Offers
from desk.widgets.line_input import LineInput
from desk.widgets.row import strip


class Commanded(Message):
    """What was typed, with enter; None: given up."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        super().__init__()


class Prompt(Drawn):
    def render_line(self, y: int) -> Strip:
        return strip([(" : ", inks(self.app.theme).on("amber", "raised"))], self.size.width)


class CommandInput(LineInput):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, id="command.give_up"),
        Binding("f1", "screen.help", show=False, id="command.help"),
        Binding("up", "back(-1)", show=False, id="command.older"),
        Binding("down", "back(1)", show=False, id="command.newer"),
        Binding("tab", "take(1)", show=False, priority=True, id="command.complete"),
        Binding("shift+tab", "take(-1)", show=False, priority=True, id="command.complete_back"),
    ]

    def _line(self) -> CommandLine:
        line = self.parent
        assert isinstance(line, CommandLine)
        return line

    def action_give_up(self) -> None:
        self.post_message(Commanded(None))

    def action_back(self, by: int) -> None:
        self._line().recall(by)

    def action_take(self, by: int) -> None:
        self.call_later(self._line().take, by)  # a priority key overtakes letters that still wait to be put in


class CommandLine(Widget):
    DEFAULT_CSS = """
    CommandLine { height: 2; layout: grid; grid-size: 2 2; grid-columns: 3 1fr; grid-rows: 1 1; background: $panel; }
    CommandLine Offers { column-span: 2; }
    CommandLine Prompt { width: 3; height: 1; }
    CommandLine CommandInput, CommandLine CommandInput:focus { width: 1fr; height: 1; padding: 0; border: none;
        background: $panel; }
    """

    def __init__(self, complete: Callable[[str], Sequence[Offer]], before: Sequence[str], placeholder: str) -> None:
        super().__init__()
        self.complete = complete
        self.before = [*before, ""]
        self.at = len(before)
        self.offers = Offers()
        self._base: str | None = None
        self.input = CommandInput(placeholder=placeholder, compact=True, select_on_focus=False)

    def compose(self) -> ComposeResult:
        yield self.offers
        yield Prompt()
        yield self.input

    def on_mount(self) -> None:
        self.input.cursor_blink = False
        self.screen.set_focus(self.input)
        self.offers.tell(self.complete(""))

    def _put(self, text: str) -> None:
        self.input.value = text
        self.input.cursor_position = len(text)

    def recall(self, by: int) -> None:
        """What was typed before, older with -1."""
        if self.at == len(self.before) - 1:
            self.before[-1] = self.input.value
        self.at = min(max(0, self.at + by), len(self.before) - 1)
        self._put(self.before[self.at])

    def take(self, by: int) -> None:
        """Puts the next offer where the word stood that was being typed."""
        self._look(self.input.value)
        offers = self.offers.offers
        if not offers:
            return
        if self._base is None:
            self._base = self.input.value
            nth = 0 if by > 0 else len(offers) - 1
        else:
            nth = (self.offers.taken + by) % len(offers)
        base = self._base
        self._put(base[: offers[nth].start] + offers[nth].text)
        self.offers.tell(offers, nth)
        if len(offers) == 1:
            self._base = None

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look(event.value)

    def _look(self, typed: str) -> None:
        """Offers for what stands there, unless it is the offer that was just taken."""
        taken = self.offers.taken
        chosen = self.offers.offers[taken] if 0 <= taken < len(self.offers.offers) else None
        if self._base is None or chosen is None or typed != self._base[: chosen.start] + chosen.text:
            self._base = None
            self.offers.tell(self.complete(typed))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Commanded(event.value))
