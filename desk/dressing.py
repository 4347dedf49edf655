"""The style rules of what dialogs are made of, read before the first dialog opens.

Textual reads a widget's own rules when the first of its kind comes on the screen: some sixty texts with the first dialog, a tenth of
what it costs. Here they are read one at a time, a millisecond each, in the loop of the screen while nobody presses a key; Textual
finds them among what it has read (`Matched` remembers a thousand).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from textual.css.stylesheet import Stylesheet

OTHERS = (
    "Static",
    "VerticalScroll",
    "Vertical",
    "Input",
    "TextArea",
    "ScrollBar",
    "Tooltip",
    "ToastRack",
    "ModalScreen",
)
"""Textual's widgets that dialogs hold."""


def kinds(of: type[Widget] = Widget) -> Iterator[type[Widget]]:
    """The kinds of widgets that are loaded and may come on the screen with a dialog."""
    for kind in of.__subclasses__():
        if kind.__module__.startswith("desk.") or kind.__name__ in OTHERS:
            yield kind
        yield from kinds(kind)


def steps(sheet: Stylesheet) -> Iterator[Callable[[], object]]:
    """What is to be done in the screen's loop, each a millisecond or so."""
    seen: set[object] = set()
    for kind in dict.fromkeys(kinds()):
        for read_from, css, tie_breaker, scope in kind.__new__(kind)._get_default_css():
            if (key := (read_from, tie_breaker)) not in seen:
                seen.add(key)
                yield partial(sheet._parse_rules, css, read_from, True, tie_breaker, scope)
