"""What every widget of the queue is: a piece of screen that draws its own lines, without children or scrollbars."""

from __future__ import annotations

from textual.geometry import Size
from textual.widget import Widget

from desk.steady import Steady


class Drawn(Steady, Widget):
    """Draws by `render_line`. Its size never decides a layout, so a new size asks for no second one.

    Measured: a plain `Widget` lays out and repaints the whole screen once more for every widget that gets its first
    size; 54 kB to the terminal before the first key instead of 28 kB, and 5 ms.
    """

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        return super()._size_updated(size, virtual_size, container_size, layout=False)
