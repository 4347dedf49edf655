"""A mark that is gone is gone from the terminal too, line by line as it was painted."""

from __future__ import annotations

import pyte

from db.store import Store
from tests.desk import inbox
from tests.desk.terminal import Terminal


def screen(terminal: Terminal) -> str:
    """What a terminal of 120×40 shows of all that was written to it."""
    seen = pyte.Screen(120, 40)
    pyte.ByteStream(seen).feed(terminal.seen)
    return "\n".join(seen.display)


def test_a_letter_that_an_action_left_as_it_was_loses_its_mark_on_the_screen(store: Store) -> None:
    inbox.many(store, 3)
    home = str(store.path.parent)
    store.close()
    with Terminal("-m", "desk", "--home", home, DESK_NOW=inbox.NOW_ISO, DESK_LANG="zh_CN") as terminal:
        terminal.read("1/3")
        terminal.press(b"  ")
        terminal.read("已标 2 件")
        assert screen(terminal).count("✓") == 3
        terminal.press(b"m")
        terminal.read("并案：同一件事")
        terminal.press(b"\r")
        terminal.read("已存本机")
        assert "✓已标" not in screen(terminal)
        assert screen(terminal).count("✓") == 1  # the one before “saved here”
