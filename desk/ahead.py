"""Keys typed before what they are for has opened: over a slow line a whole word comes in one burst.

`/电梯` or a note's first words must never be taken for keys of the list beneath, nor be lost: they wait for the line or the
dialog that the key before them opens. Keys that do something (enter among them) are not kept for a dialog: nothing is
sent that nobody has seen; the dialog says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from db.words import _
from desk.messages import Said

if TYPE_CHECKING:
    from textual import events
    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget

SENDING = ("enter", "ctrl+s", "ctrl+enter")

MOST = 2_000
"""Characters kept for one dialog: more than anybody types in a second."""


class Ahead:
    """What was typed for a dialog that is still opening (`desk/screens/dialog.py`)."""

    def __init__(self) -> None:
        self.screen: Screen[object] | None = None
        self.held: list[tuple[str, str | None]] = []
        self.hasty = False  # a key that sends was among what came too early

    def takes(self, app: App[None], event: events.Key) -> bool:
        """True where the key was typed ahead and is kept or passed on; it must then do nothing else.

        A key that types a character reaches the app only if nothing under it took it. While a dialog opens it waits for that;
        where a text field has the keys by now, it was meant for the field, and an enter after it comes after it.
        """
        focused, screen = app.focused, app.screen
        if getattr(screen, "opening", False):
            return self._holds(screen, event)
        if focused is None or not writes(focused):
            return False
        if event.is_printable or (event.key == "enter" and focused.message_queue_size):
            _type(focused, [(event.key, event.character)])
            return True
        return False

    def _holds(self, screen: Screen[object], event: events.Key) -> bool:
        if self.screen is not screen:
            self.screen, self.held, self.hasty = screen, [], False
        if event.key in SENDING:
            self.hasty = True
        if not event.is_printable:
            return event.key in SENDING
        if len(self.held) < MOST:
            self.held.append((event.key, event.character))
        return True

    def release(self, app: App[None], screen: Screen[object]) -> None:
        """The dialog stands: what waited for it is typed into the field that has the keys, or pressed."""
        if self.screen is not screen:
            return
        held, self.held, self.screen = self.held, [], None
        if self.hasty:
            said, say = (
                _("Nothing was done yet: the key came before this stood here. Once more does it."),
                _speaker(screen),
            )
            say(said) if say else app.post_message(Said(said, "warn"))
        _type(screen.focused or app, held)


def _speaker(screen: Screen[object]) -> Callable[[str], None] | None:
    """Where a dialog says something itself."""
    say: Callable[[str], None] | None = getattr(screen, "say", None)
    return say


def writes(widget: Widget) -> bool:
    """Whether characters typed there are text."""
    return hasattr(widget, "cursor_blink")


def _type(target: Widget | App[None], keys: list[tuple[str, str | None]]) -> None:
    from textual import events

    for key, character in keys:
        target.post_message(events.Key(key, character))
