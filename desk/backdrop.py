"""The desk behind a dialog, dimmed: its lines as they were drawn, each of their styles mixed once.

Textual (8.2) sends the whole screen beneath through Rich again, as one text that is cut into lines, and mixes two colours for each of
its three hundred pieces: a fifth of what opening a dialog cost.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual._context import visible_screen_stack
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip
from textual.widget import Widget, _RenderCache

if TYPE_CHECKING:
    from rich.style import Style
    from textual.color import Color


@lru_cache(2_048)
def _dimmed(style: Style | None, veil: Color, ground: Style) -> Style:
    """A style under a veil, as Textual mixes it; what it does not say, the ground says."""
    (piece,) = BackgroundScreen.process_segments([Segment("x", style)], veil)
    return ground + piece.style


def dimmed(line: Strip, veil: Color, ground: Style) -> Strip:
    """A line under a veil; what could be clicked in it no longer can."""
    return Strip([Segment(text, _dimmed(style, veil, ground)) for text, style, _control in line], line.cell_length)


class Backdrop(Widget):
    """Before a screen class: what it lets shine through is drawn this way. `covers`: it fills the screen, and nothing does.

    A ground of the terminal's own (16 colours, none) counts as transparent, so that the colour alone covers nothing.
    """

    covers = False

    def _render_content(self) -> None:
        if self.covers or self._bare():
            blank = Strip.blank(self.size.width, self.visual_style.rich_style)
            self._render_cache = _RenderCache(self.size, [blank] * self.size.height)
            self._dirty_regions.clear()
            return
        behind, veil = visible_screen_stack.get([]), self.styles.background
        if not behind or veil.a >= 1 or behind[-1].size != self.size:
            super()._render_content()
            return
        lines, ground = behind.pop()._compositor.render_strips(), self.visual_style.rich_style
        self._render_cache = _RenderCache(self.size, [dimmed(line, veil, ground) for line in lines])
        self._dirty_regions.clear()

    def _bare(self) -> bool:
        """A low dialog has no border (`form_parts.LAYOUT`); without a ground of its own either, its lines would run into
        those behind it.
        """
        return self.has_class("low") and bool(self.app.ansi_color)
