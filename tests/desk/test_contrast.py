"""What the screens really draw, in every colour theme: each word far enough from its ground to be read.

The palettes themselves are judged in `test_themes.py`; here it is what dialogs, fields and Textual's own widgets make of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from rich.color import Color

from db.store import Store
from desk.app import DeskApp
from desk.screens.form_parts import Panel
from desk.theme import PALETTES
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated
from tests.desk.test_themes import contrast

Desk = Callable[[], DeskApp]

PLACES = (
    ("queue", ("space", "j")),
    ("letter", ("enter",)),
    ("filter", ("slash", "r")),
    ("wrong filter", ("slash", *"state:x")),
    ("command", ("colon", "x")),
    ("classify", ("l",)),
    ("forward", ("f",)),
    ("forward, nothing chosen", ("f", "ctrl+u", "ctrl+s")),
    ("decline", ("x", "tab")),
    ("note", ("n", *"abc")),
    ("erased draft", ("n", "ctrl+s")),
    ("citizen", ("s", "tab", "tab")),
    ("merge", ("m",)),
    ("alike", ("equals_sign",)),
    ("lists", ("apostrophe",)),
    ("macros", ("at",)),
    ("files", ("A",)),
    ("help", ("question_mark", "j")),
    ("palette", ("ctrl+p",)),
    ("settings", ("comma", "j")),
    ("levels", ("comma", "2", "enter")),
    ("board", ("D", "j")),
    ("ladder", ("D", "P")),
    ("month", ("B", "j")),
    ("conflicts", ("C",)),
    ("surveys", ("Q",)),
)
"""Each from the queue; `esc` several times leads back there."""

LINES = " ·─│╭╮╰╯┃█▁▂▃▄▅▆▇▔▎▊▌"
"""What separates, and says nothing."""


def drawn(seat: Seat) -> Iterator[tuple[str, str, str]]:
    """Each piece of text on top, with its colour and its ground as #rrggbb; not what a dialog dims behind it."""
    screen = seat.app.screen
    parts = [*screen.query(Panel), *screen.query("CommandList")]
    room = parts[0].region if parts else screen.region
    for y, strip in enumerate(screen._compositor.render_strips()):
        if not room.y <= y < room.bottom:
            continue
        x = 0
        for piece in strip.crop(0, room.right):
            x += piece.cell_length
            if x > room.x and piece.text.strip(LINES) and piece.style is not None:
                fore, back = piece.style.color, piece.style.bgcolor
                if piece.style.reverse:
                    fore, back = back, fore
                yield piece.text.strip(), of(fore), of(back)


def of(colour: Color | None) -> str:
    assert colour is not None
    return colour.get_truecolor().hex


@pytest.mark.parametrize("name", [p.name for p in PALETTES.values() if not p.ansi])
async def test_every_word_on_every_screen_can_be_read(store: Store, desk: Desk, name: str) -> None:
    least = 7.0 if name == "contrast" else 4.5
    inbox.busy(store)
    weak: dict[tuple[str, float], str] = {}
    async with seated(desk(), 120, 40) as seat:
        seat.app.choose_theme(name)
        for place, keys in PLACES:
            await seat.press(*keys)
            for text, fore, back in drawn(seat):
                if (seen := contrast(fore, back)) < least:
                    weak.setdefault((f"{fore} on {back}", round(seen, 2)), f"{place}: {text}")
            await seat.press("escape", "escape", "escape", "escape")
    assert weak == {}
