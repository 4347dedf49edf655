"""One of a few, yes or no, and several of a few: chosen by arrow, number or the first letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from db.text import one_line
from db.words import N_
from desk.widgets.field import Edited, Leaving, Onward

Options = Callable[[], Sequence[tuple[str, str]]]
"""(code, label) of what may be chosen now."""

GAP = 2


class Offer(Widget, can_focus=True):
    """What choices have in common: items drawn in a row or under each other, `enter` goes on."""

    DEFAULT_CSS = """
    Offer { height: auto; width: 1fr; }
    Offer:focus { background: $foreground 8%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "onward", show=False)]

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.items: list[tuple[str, str]] = []
        self.refreshed()

    def refreshed(self) -> None:
        items = [(code, one_line(label)) for code, label in self.options()]
        if items != self.items:
            self.items = items
            self.refresh(layout=True)

    def enter(self) -> Widget:
        return self

    def action_onward(self) -> None:
        self.post_message(Onward())

    def edited(self) -> None:
        self.refresh()
        self.post_message(Edited())


class ChoiceField(Offer):
    """One code. ← → or a number chooses; letters look for a label or code; backspace takes the choice back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left", "step(-1)", show=False, tooltip=N_("the choice before (also its number, or its first letters)")
        ),
        Binding("right,space", "step(1)", show=False, tooltip=N_("the next choice")),
        Binding("backspace,delete", "clear", show=False, tooltip=N_("no choice")),
    ]

    def __init__(self, options: Options, *, may_be_empty: bool = True) -> None:
        self.chosen = ""
        self.may_be_empty = may_be_empty
        self._search = ""
        super().__init__(options)

    def typed(self) -> str:
        return self.chosen

    def put(self, typed: Any) -> None:
        self.chosen = str(typed)
        self.refresh()

    def refreshed(self) -> None:
        super().refreshed()
        if self.items and self.chosen not in [code for code, _ in self.items]:
            self.chosen = ""

    def _lines(self, width: int) -> list[list[tuple[int, str, str]]]:
        lines: list[list[tuple[int, str, str]]] = [[]]
        used = 0
        for i, (code, label) in enumerate(self.items):
            text = f"{'●' if code == self.chosen else '○'}{i + 1} {label}" if i < 9 else f"  {label}"
            size = cell_len(text)
            if lines[-1] and used + GAP + size > width:
                lines.append([])
                used = 0
            lines[-1].append((i, code, text))
            used += size + GAP
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        rows = []
        for row in self._lines(self.size.width or 60):
            parts = []
            for _i, code, text in row:
                parts.append(Content.styled(text, "bold $warning" if code == self.chosen else "$faint"))
            rows.append(Content(" " * GAP).join(parts))
        return Content("\n").join(rows)

    def action_step(self, by: int) -> None:
        codes = [code for code, _ in self.items]
        if codes:
            at = codes.index(self.chosen) + by if self.chosen in codes else (0 if by > 0 else -1)
            self._choose(codes[at % len(codes)])

    def action_clear(self) -> None:
        if self.may_be_empty:
            self._choose("")

    def _choose(self, code: str) -> None:
        self._search = ""
        self.chosen = code
        self.edited()

    def on_key(self, event: events.Key) -> None:
        typed = event.character
        if event.key in ("up", "down") or not typed or not event.is_printable or typed in " ?":
            return
        event.stop()
        if typed.isdigit():
            if 0 < int(typed) <= len(self.items):
                self._choose(self.items[int(typed) - 1][0])
            return
        for search in (self._search + typed.lower(), typed.lower()):
            for code, label in self.items:
                if code.lower().startswith(search) or search in label.lower():
                    self._choose(code)
                    self._search = search
                    return

    def on_blur(self) -> None:
        self._search = ""

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if event.y < len(lines):
            x = 0
            for _i, code, text in lines[event.y]:
                if x <= event.x < x + cell_len(text):
                    self._choose(code)
                x += cell_len(text) + GAP


class FlagField(Widget, can_focus=True):
    """Yes or no: space."""

    DEFAULT_CSS = "FlagField { height: 1; width: 1fr; } FlagField:focus { background: $foreground 8%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", show=False),
        Binding("space,left,right", "flip", show=False, tooltip=N_("yes or no")),
    ]

    def __init__(self, says: str) -> None:
        super().__init__()
        self.says = one_line(says)
        self.on = False

    def typed(self) -> bool:
        return self.on

    def put(self, typed: Any) -> None:
        self.on = bool(typed)
        self.refresh()

    def enter(self) -> Widget:
        return self

    def refreshed(self) -> None:
        """Nothing here depends on other fields."""

    def render(self) -> Content:
        mark = Content.styled("[✓] " if self.on else "[ ] ", "bold $warning" if self.on else "$faint")
        return mark + Content.styled(self.says, "" if self.on else "$faint")

    def action_flip(self) -> None:
        self.on = not self.on
        self.refresh()
        self.post_message(Edited())

    def action_onward(self) -> None:
        self.post_message(Onward())

    def on_click(self) -> None:
        self.action_flip()


class ChecklistField(Offer):
    """Several of a few: a number or space ticks; up and down go through the items and out at either end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", show=False),
        Binding("down", "go(1)", show=False),
        Binding("space", "tick", show=False, tooltip=N_("tick it, or not (also its number)")),
    ]

    def __init__(self, options: Options) -> None:
        self.ticked: list[str] = []
        self.at = 0
        super().__init__(options)

    def typed(self) -> list[str]:
        return [code for code, _ in self.items if code in self.ticked]

    def put(self, typed: Any) -> None:
        self.ticked = [str(code) for code in typed]
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self.items))

    def render(self) -> Content:
        rows = []
        for i, (code, label) in enumerate(self.items):
            on = code in self.ticked
            here = self.has_focus and i == self.at
            style = ("bold " if here else "") + ("$warning" if on else "$foreground" if here else "$faint")
            rows.append(Content.styled(f"{'▸' if here else ' '}[{'✓' if on else ' '}]{i + 1} {label}", style))
        return Content("\n").join(rows)

    def action_go(self, by: int) -> None:
        if 0 <= self.at + by < len(self.items):
            self.at += by
            self.refresh()
        else:
            self.post_message(Leaving(by))

    def action_tick(self) -> None:
        self._tick(self.at)

    def _tick(self, at: int) -> None:
        self.at = at
        code = self.items[at][0]
        self.ticked = [c for c in self.ticked if c != code] if code in self.ticked else [*self.ticked, code]
        self.edited()

    def on_key(self, event: events.Key) -> None:
        typed = event.character
        if typed and typed.isdigit() and 0 < int(typed) <= len(self.items):
            event.stop()
            self._tick(int(typed) - 1)

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self.items):
            self._tick(event.y)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
