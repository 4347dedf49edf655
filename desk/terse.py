"""Colours are told to the terminal when they change, not for every word.

Textual (8.2) writes each piece of a line with its whole style before it and a reset after it: of the 330 bytes of a letter's line 175
were such sequences, most of them saying again what was in force. Here a line begins with a style, each piece says what is different
from the one before it, and one reset ends the line. What the terminal shows is the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import Console

RESET = "\x1b[0m"
NONE = Style.null()


@lru_cache(4096)
def between(before: Style | None, after: Style, system: ColorSystem) -> str:
    """The sequence after which the terminal writes in `after`; None before: it was reset."""
    now = Strip.render_ansi(after, system)
    if before is None or not before:
        return f"\x1b[{now}m" if now else ""
    lost = (before.color and not after.color) or (before.bgcolor and not after.bgcolor)
    if lost or _attributes(before) != _attributes(after):
        return f"\x1b[0;{now}m" if now else RESET
    codes: list[str] = []
    for was, is_, front in ((before.color, after.color, True), (before.bgcolor, after.bgcolor, False)):
        if is_ is not None and is_ != was:
            codes += is_.downgrade(system).get_ansi_codes(front)
    return f"\x1b[{';'.join(codes)}m" if codes else ""


def _attributes(style: Style) -> int:
    """Bold, underline and the like: taken away only by a reset."""
    return style._attributes & style._set_attributes


def render(strip: Strip, console: Console) -> str:
    """The line as it is written to the terminal."""
    if strip._render_cache is None:
        system = console._color_system or ColorSystem.TRUECOLOR
        parts: list[str] = []
        before: Style | None = None
        for text, style, _control in strip._segments:
            now = style or NONE
            if now._link:
                parts += [RESET if before else "", Strip.render_style(now, text, system)]
                before = None
                continue
            parts += [between(before, now, system), text]
            before = now
        strip._render_cache = "".join([*parts, RESET if before else ""])
    return strip._render_cache


def install() -> None:
    """For every line of this process, from now on."""
    Strip.render = render  # type: ignore[method-assign,assignment]
