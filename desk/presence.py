"""Somebody is there: work beside the screen hears of each key, wherever it was pressed, and leaves room for it (`db/turns.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.events import Key

if TYPE_CHECKING:
    from textual.events import Event

    from desk.shelf import Shelf


class Present(App[None]):
    """An app whose store is told of keys before they do anything."""

    shelf: Shelf

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key):
            self.shelf.pressed()
        await super().on_event(event)
