"""What every widget of the queue is: a piece of screen that draws its own lines, without children or scrollbars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._styles_cache import StylesCache
from textual.geometry import Size
from textual.widget import Widget

from desk.steady import Steady

if TYPE_CHECKING:
    from typing import Any

    from textual.geometry import Region
    from textual.strip import Strip


class Drawn(Steady, Widget):
    """Draws by `render_line`, in colours of its own; has no border, padding or opacity.

    Its size never decides a layout, so a new size asks for no second one. Measured: a plain `Widget` lays out and repaints
    the whole screen once more for every widget that gets its first size; 54 kB to the terminal before the first key instead
    of 28 kB, and 5 ms.
    """

    ALLOW_SELECT = False
    """Its lines are not Textual's text: a drag over them selected nothing, and ctrl+c then copied that."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._styles_cache = AsDrawn()

    @property
    def across(self) -> int:
        """Its width in cells: what `size.width` says where there is no border, without asking the screen for the whole map."""
        return self._size.width

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        return super()._size_updated(size, virtual_size, container_size, layout=False)


class AsDrawn(StylesCache):
    """Hands lines on as they were drawn. Textual makes each anew to put borders, padding and tints around it, of which these
    have none; and a line that is the same object as before is not written out in escape sequences again. When a letter leaves
    the list, every line below it moves: 38 lines cost 8 ms that way and 3 ms this way.
    """

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        width = widget.region.size.width
        if width != self._width:
            self.clear()
            self._width = width
        lines: list[Strip] = []
        for y in crop.line_range:
            line: Any = None if y in self._dirty_lines else self._cache.get(y)
            if line is None:
                line = widget.render_line(y)
                if line.cell_length != width:
                    line = line.adjust_cell_length(width, widget.visual_style.rich_style)
                self._cache[y] = line
            lines.append(line)
        self._dirty_lines.difference_update(crop.line_range)
        for filter_ in widget.get_line_filters():
            lines = [line.apply_filter(filter_, widget.background_colors[1]) for line in lines]
        if crop.column_span != (0, width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines
