"""The mouse's wheel over a text that draws its own lines."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual import events

LINES = 3
"""Lines a notch."""


class Wheel:
    """Before a widget class that has `scroll_by`."""

    @abstractmethod
    def scroll_by(self, by: int) -> None:
        """So many lines down; a negative number: up."""

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_by(LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_by(-LINES)
