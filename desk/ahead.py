"""Keys typed before what they are for has opened: over a slow line a whole word comes in one burst.

`/电梯` or a note's first words must never be taken for keys of the list beneath, nor be lost: they wait for the line or the
dialog that the key before them opens. Keys that do something (enter among them) are not kept for a dialog: nothing is
sent that nobody has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual import events
    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget

MOST = 2_000
"""Characters kept for one dialog: more than anybody types in a second."""


class Ahead:
    """What was typed for a screen that is still opening."""

    def __init__(self) -> None:
        self.screen: Screen[object] | None = None
        self.held: list[tuple[str, str | None]] = []

    def takes(self, app: App[None], event: events.Key) -> bool:
        """True where the key was typed ahead and is kept or passed on; it must then do nothing else.

        A key that types a character reaches the app only if nothing under it took it. Where a text field has the keys by
        now, it was meant for that; where a dialog has no field with the keys yet, it waits for the first one.
        """
        if not event.is_printable:
            return False
        focused, screen = app.focused, app.screen
        if focused is not None and writes(focused):
            _type(focused, [(event.key, event.character)])
            return True
        if focused is not None or not getattr(screen, "keeps_ahead", False):
            return False
        if self.screen is not screen:
            self.screen, self.held = screen, []
        if len(self.held) < MOST:
            self.held.append((event.key, event.character))
        return True

    def release(self, screen: Screen[object], target: Widget) -> None:
        """The screen has a field with the keys now: what waited for it is typed there."""
        if self.screen is screen:
            held, self.held, self.screen = self.held, [], None
            _type(target, held)


def writes(widget: Widget) -> bool:
    """Whether characters typed there are text."""
    return hasattr(widget, "cursor_blink")


def _type(widget: Widget, keys: list[tuple[str, str | None]]) -> None:
    from textual import events

    for key, character in keys:
        widget.post_message(events.Key(key, character))
