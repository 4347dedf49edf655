"""Somebody is there: work beside the screen hears of each key, wherever it was pressed, and leaves room for it (`db/turns.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.events import Key

from desk.sweeping import Sweeping

if TYPE_CHECKING:
    from textual.events import Event

    from desk.shelf import Shelf


class Present(App[None]):
    """An app whose store is told of keys before they do anything."""

    shelf: Shelf

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._sweeping = Sweeping()

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key):
            self.shelf.pressed()
            self._sweeping.pressed()
        await super().on_event(event)
