"""A letter with every hostile sequence of FACTS is shown, and not one of its control bytes reaches the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.newsroom import default_rules
from db.store import Store
from desk.widgets.letter_lines import letter_lines
from tests.desk import inbox
from tests.desk.terminal import Terminal

HOSTILE = (
    "水费\x1b]52;c;aGFjaw==\x07单\x1b[2J\x1b[H\x9b31m翻倍\x00\x08\x7f"
    "\u202e反写\u202c\u200b零宽\ufeff[red]不是标记[/red][@click=app.bell]点我[/]\r\n第二行\x85第三行\t完"
)

MARK = "电梯维修记号"
"""Ours, to know that the screen has been drawn."""

FORBIDDEN = (
    "\x1b]52",
    "\x1b[2J\x1b[H\x9b",
    "\x9b31m",
    "\x07",
    "\x00",
    "\x08",
    "\x7f",
    "\u202e",
    "\u202c",
    "\u200b",
    "\ufeff",
)


POINTER = re.compile("\x1b\\]22;[a-z-]*\x07")
"""Textual's own request for a pointer shape: the one place where a BEL is its."""


def fill(store: Store) -> str:
    letters = [(MARK + HOSTILE, "complaint", "critical", HOSTILE, HOSTILE, HOSTILE * 3)]
    case = inbox.arrive(store, letters)[0]
    inbox.do(store, case, "tagged", add=[HOSTILE])
    inbox.forward(store, case, inbox.YUBEI, HOSTILE, unit=HOSTILE)
    inbox.do(store, case, "replied", {"text": HOSTILE})
    return case


def test_no_line_of_the_pane_holds_a_control_character(store: Store) -> None:
    found = inbox.letter(store, fill(store))
    text = "".join(line.text for line in letter_lines(found, 60, inbox.NOW, default_rules().calendar, str, str))
    assert "[red]不是标记[/red]" in text.replace("\n", "")
    assert [c for c in text if not c.isprintable() and c != "\u3000"] == []


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
def test_in_a_real_terminal_none_of_its_bytes_arrive(store: Store, home: Path, size: tuple[int, int]) -> None:
    fill(store)
    store.close()
    with Terminal("-m", "desk", columns=size[0], rows=size[1], DESK_HOME=str(home)) as terminal:
        terminal.read("收件")
        # queue 5 holds it: list, pane, help, an action that does not apply, a dialog, all letters, a filter
        for keys in (b"5", b"\r", b"\r", b"\x06", b"\x06", b"?", b"\x1b", b"f", b"n", b"\x1b", b"0", b"/", b"x\x1b"):
            terminal.press(keys)
        terminal.press(b"q")
    text = POINTER.sub("", terminal.text)
    assert MARK in text
    assert "不是标记" in text
    assert [f for f in FORBIDDEN if f in text] == []
