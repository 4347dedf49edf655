"""The ground of a screen whose widgets cover it: blank lines, made again only when they would look otherwise.

Textual makes every line of a screen anew when a dialog over it closes, though its widgets hide all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._styles_cache import StylesCache

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.strip import Strip
    from textual.widget import Widget


class Ground(StylesCache):
    """Keeps the lines of a screen without border and without words of its own."""

    _looks: object = None
    _kept: list[Strip] | None = None

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """The lines of `crop`; the whole ground's are kept for its size, its colours and the filters in force."""
        if crop != widget.size.region:
            return super().render_widget(widget, crop)
        looks = (widget.size, widget.visual_style, widget.background_colors, tuple(widget.get_line_filters()))
        if self._kept is None or self._looks != looks:
            self._kept, self._looks = super().render_widget(widget, crop), looks
        return list(self._kept)
