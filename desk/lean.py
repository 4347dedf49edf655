"""What was left is let go of: a dialog that was closed takes its drawn lines with it.

Textual 8.2 remembers the two background styles of a line by the object that draws it (`StylesCache.get_inner_outer`, an `lru_cache`
on a method), and so keeps the last 1,024 of them alive with every line they drew: some 40 MB of a long day. They depend on nothing
but the two colours; here they are remembered by these.
"""

from __future__ import annotations

from functools import lru_cache

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.style import Style


@lru_cache(256)
def _inner_outer(base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)


def _of_any(_cache: StylesCache, base_background: Color, background: Color) -> tuple[Style, Style]:
    return _inner_outer(base_background, background)


def install() -> None:
    """For every widget of this process, from now on."""
    StylesCache.get_inner_outer = _of_any  # type: ignore[method-assign,assignment]
