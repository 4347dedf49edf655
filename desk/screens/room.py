"""A screen that has too little room says so; it comes back as it was, and nothing is done to what nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.widgets.too_small import TooSmall, is_small

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    Place = Screen[Any]
else:
    Place = object

AWAY = frozenset({"leave", "dismiss", "back", "done", "escape"})
"""Actions that only leave a screen, and keep what was typed."""


class Roomy(Place):
    """Before a screen class. Cut off, a screen would hide its keys: a sentence takes its place until there is room again."""

    _had: Widget | None = None  # what had the keys before the terminal became too small

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in AWAY and self.has_class("small"):
            return False
        return super().check_action(action, parameters)

    def on_mount(self) -> None:
        self._hide_when_cut()

    def on_resize(self) -> None:
        self._hide_when_cut()

    def _hide_when_cut(self) -> None:
        small = is_small(self.app.size)
        if small == self.has_class("small"):
            return
        if small:
            self._had = self.focused
            if not self.query(TooSmall):
                self.mount(TooSmall(over=True))
        self.set_class(small, "small")
        if not small and self._had is not None and self._had.is_attached:
            self.set_focus(self._had)
