"""What opens over the desk: laid out once and drawn once, when everything on it is there.

Textual lays a new screen out as soon as it comes on top, and draws it; then again for its own first size, for the field that got
the keys, and for what was looked up meanwhile. Here the first layout waits for those, a few milliseconds at most.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from db.words import N_
from desk.backdrop import Backdrop
from desk.screens.pointing import Pointing
from desk.screens.room import AWAY, Roomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

    from desk.screens.help import Entry

T = TypeVar("T")

ROUNDS = 8
"""Turns of the loop until the news of a new focus has gone from a field up to its dialog."""

PATIENCE = 0.05
"""Seconds that a dialog waits for what is looked up beside it (`looking`); what comes later is drawn later."""


class LaidOutOnce(Screen[T]):
    """A screen that is laid out anew for another size only: the first one is told to itself by its own layout."""

    _told_itself = False

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        before = self._size
        super()._refresh_layout(size, scroll)
        self._told_itself = self._told_itself or self._size != before

    def _screen_resized(self, size: Size) -> None:
        told, self._told_itself = self._told_itself, False
        if size != self._size or not (told or self is not self.app.screen):
            super()._screen_resized(size)


class Dialog(
    ModalScreen[T], Backdrop, Pointing, Roomy, LaidOutOnce[T]
):  # Textual takes default colours along the first base alone
    """Appears whole. `keeps_ahead`: what is typed before it has opened is for its first field (`desk/ahead.py`)."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        # in a long text it takes typing back
        Binding("ctrl+z", "app.suspend_process", show=False, id="dialog.suspend"),
        Binding("question_mark,f1", "keys", show=False, tooltip=N_("every key of this place"), id="dialog.keys"),
    ]
    keeps_ahead = False
    opening = True
    looking = False  # something is being looked up that belongs on the first picture of it

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is done by a dialog that nobody sees yet."""
        if action not in AWAY and self.opening:
            return False
        return super().check_action(action, parameters)

    def action_keys(self) -> None:
        """`?`, and F1 where `?` is a character of a text: every key of this place."""
        from desk.screens.help import HelpScreen
        from desk.screens.keys_here import groups

        self.app.push_screen(HelpScreen(groups(self, self.further_keys())))

    def further_keys(self) -> Sequence[Entry]:
        """Keys of this place that no binding of it tells of."""
        return ()

    def _on_timer_update(self) -> None:
        if self.opening:
            self._update_timer.pause()
        else:
            super()._on_timer_update()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        if not self.opening:
            return
        event.prevent_default()
        self.stack_updates += 1
        loop = asyncio.get_running_loop()
        loop.call_soon(self._appear, ROUNDS, loop.time() + PATIENCE)

    def _appear(self, rounds: int, until: float) -> None:
        """After so many turns of the loop, and what is looked up, or at `until`: the one layout, the one picture."""
        loop = asyncio.get_running_loop()
        if rounds:
            loop.call_soon(self._appear, rounds - 1, until)
        elif self.app._batch_count or (loop.time() < until and self.looking):
            loop.call_later(0.002, self._appear, 0, until)
        elif self.opening:
            self.opening = self._layout_required = self._scroll_required = self._repaint_required = False
            self._refresh_layout(self.app.size)
            self._settle()
            ahead = getattr(self.app, "ahead", None)
            if ahead is not None:
                ahead.release(self.app, self)

    def _settle(self) -> None:
        """Forgets the second layout that every widget asks for when it gets its first size; a scrollbar that appears needs it."""
        self._dirty_widgets.clear()
        for node in self.walk_children(Widget, with_self=True):
            if not (node.is_scrollable and (node.show_vertical_scrollbar or node.show_horizontal_scrollbar)):
                node._layout_required = node._repaint_required = False
        self.check_idle()
