"""Lines that are read, not edited: made to the width there is, scrolled by line and page."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Size
from textual.strip import Strip

from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip
from desk.widgets.sheet import Line
from desk.widgets.wheel import Wheel


class SheetView(Wheel, Drawn):
    """Draws what `make(width)` returns; only the lines in view cost anything."""

    DEFAULT_CSS = "SheetView { width: 1fr; height: 1fr; }"

    def __init__(self, make: Callable[[int], list[Line]], ground: str = "raised") -> None:
        super().__init__()
        self._make = make
        self._ground = ground
        self._lines: list[Line] = []
        self.top = 0

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Lines are made for the new size at once, before it is drawn, not after."""
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if changed:
            self._set()
        return changed

    def tell(self) -> None:
        """What there is to read has changed."""
        self._set()
        self.refresh()

    def _set(self) -> None:
        self._lines = self._make(max(8, self.size.width - 4)) if self.size.width else []
        self.top = min(self.top, self._last)

    @property
    def _last(self) -> int:
        """The first line shown when the last one is in view."""
        return max(0, len(self._lines) - self.size.height)

    @property
    def below(self) -> int:
        """Lines that are still to come under the last one shown."""
        return max(0, len(self._lines) - self.top - self.size.height)

    @property
    def length(self) -> int:
        """Lines there are."""
        return len(self._lines)

    def barred(self) -> list[int]:
        """The lines, from 0, with the bar of the cursor before them."""
        return [i for i, content in enumerate(self._lines) if content.pieces and content.pieces[0][0].startswith("▌")]

    def scroll_by(self, by: int) -> None:
        top = min(max(0, self.top + by), self._last)
        if top != self.top:
            self.top = top
            self.refresh()

    def page(self, by: int) -> None:
        self.scroll_by(by * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        ink, width, ground = inks(self.app.theme), self.size.width, self._ground
        pieces = [("  ", ink.on("ink", ground))]
        index = self.top + y
        if index < len(self._lines):
            content = self._lines[index]
            pieces += [(text, ink.on(role, ground, bold=content.bold)) for text, role in content.pieces]
        pieces.append((" " * width, ink.on("ink", ground)))
        return strip(pieces, width)
