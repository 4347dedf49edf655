"""A dialog that closes is drawn away once, with what it changed, and taken down after that.

Textual draws the screen below when the dialog leaves, lays it out and draws it again when the last widget of the dialog is gone, and
once more for what the closing changed: three screens of bytes and two layouts of a screen whose size is the same as before. Here
drawing waits until the messages that were posted with the closing (`Changed`, `Said`) are handled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.events import ScreenSuspend

from desk import lean, quick
from desk.matched import Matched

if TYPE_CHECKING:
    from typing import Any

    from textual.await_complete import AwaitComplete
    from textual.await_remove import AwaitRemove
    from textual.dom import DOMNode
    from textual.screen import Screen
    from textual.widget import Widget


lean.install()
quick.install()


class Uncovering(App[None]):
    """An app whose closed dialogs cost one repaint and no layout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stylesheet = Matched(variables=self.stylesheet._variables)

    def pop_screen(self) -> AwaitComplete:
        popped = super().pop_screen()
        self._begin_batch()  # until `_uncover`
        return popped

    async def _replace_screen(self, screen: Screen[Any]) -> Screen[Any]:
        """Begins in the round of the loop after `pop_screen`: by then what was posted with the closing waits before `_uncover`."""
        screen.post_message(ScreenSuspend())
        self.call_later(self._uncover, screen)
        return screen

    def _uncover(self, closed: Screen[Any]) -> None:
        """Draws what is on top now; the closed dialog's widgets are ended when the person has seen it."""
        self._end_batch()
        self.screen.check_idle()
        self.call_after_refresh(self._take_down, closed)

    def _take_down(self, closed: Screen[Any]) -> None:
        if not self.is_screen_installed(closed) and not any(closed in stack for stack in self._screen_stacks.values()):
            self.capture_mouse(None)
            closed.remove()

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        """Without a layout of the screen in view where a whole screen goes: that is what a parent is told for."""
        return super()._prune(*nodes, parent=None if parent is self else parent)
