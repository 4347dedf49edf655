"""Every screen over hostile letters in a real terminal, beside the same walk over harmless ones: the same sequences, no other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from db.opening import open_store
from tests.desk.terminal import Terminal
from tests.hostile.furnished import furnish
from tests.hostile.letters import ALL, MARK
from tests.hostile.seen import hues, left, strange, unseen

READING = ["\r", "\r", "\x06", "\x02", "J", "K", "z", "\x1b", "\x1b", "\x1b"]
DIALOGS = {
    queue: [key for action in actions for key in (action, "\t", "\x1b", "\x1b")]
    for queue, actions in (("1", "laxifwn"), ("5", "rbypsv"), ("3", "cetdom"))
}
PRINTED = [
    "3",
    *"jj",
    "p",
    "\r",
    "x",
    "c",
    "甲\x1b[2J\r",
    "J",
    "e",
    "[red]x[/red]",
    "\x1b",
    "a",
    "\x13",
    "\x1b",
    "\x1b",
    "\x1b",
]
LISTS = ["j", "\x04", "\x15", "G", "gg", " ", " ", "V", "jj", "V", "n", "\x1b", "*", "c", "\x1b", "\x1b", "*", "\x1b"]
SCREENS = [
    "?", "\x1b", "=", "j", "\x1b", "@", "j", "\r", "\x1b", "\x1b", "'", "j", "\x1b", "\x07", "j", "\x07", "L", "\x1b", "A", "j",
    "\r", "\x1b", "D", "j", "\t", "\x1b", "B", "j", "j", "\r", "\x1b", "\x1b", "C", "\x1b", "Q", "\r", "j", "\x1b", "\x1b", "9",
    ",", "j", "j", "\t", "j", "\x1b", "\x1b", "\x10", "电", "\x1b", ":", "sho", "\t", "\x1b", ":nosuch [red]x\r", "/",
    MARK[:2] + "\r", "\x1b", "/title:[red] (\r", "\x1b", "S", "u", ".", "\x1b",
]  # fmt: skip
CLICKS = [f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m" for x in (20, 60) for y in range(4, 36, 5)]


def walk(home: Path, columns: int, rows: int) -> tuple[str, int]:
    """Opens every screen on letters of every queue; all that the app wrote, and how it ended."""
    with Terminal(
        "-m", "desk", columns=columns, rows=rows, DESK_HOME=str(home), COLORTERM="truecolor", ESCDELAY="5"
    ) as terminal:
        terminal.read("收件")
        dialogs = [key for queue, keys in DIALOGS.items() for key in (queue, *READING, *keys)]
        for keys in [*dialogs, *PRINTED, "0", *LISTS, *SCREENS, *CLICKS]:
            os.write(terminal._main, keys.encode())
            terminal.read(quiet=0.03, within=5)
        for queue in "246789":
            terminal.press(f"{queue}\r".encode())
            terminal.press(b"\x1b")
        terminal.press(b"\x1b\x1b")
        terminal.press(b"q")
        terminal.read(quiet=0.3, within=3)
        return terminal.seen.decode("utf-8", "surrogateescape"), terminal.ended()


SOAK = int(os.environ.get("HOSTILE", "0")) >= ALL
SIZES = [(120, 40), (80, 24), (200, 50)] if SOAK else [(120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_no_byte_of_a_letter_is_obeyed_and_no_markup_lives(home: Path, size: tuple[int, int]) -> None:
    text, code = walk(home, *size)
    assert code == 0, (home / "desk.log").read_text()
    assert MARK in left(text).replace("\n", "")
    assert strange(text) == set()
    assert unseen(left(text), "\r\n") == set()
    assert not hues(text) & {"255;0;0", "128;0;0", "170;0;0"}
    assert not (home / "desk.log").exists()


@pytest.mark.skipif(not SOAK, reason="make soak")
def test_the_same_walk_over_harmless_letters_writes_the_same_sequences_and_colours(home: Path, tmp_path: Path) -> None:
    tame = tmp_path / "tame"
    with open_store(tame) as store:
        furnish(store, wild=False)
    harmless, _code = walk(tame, 120, 40)
    hostile, _code = walk(home, 120, 40)
    assert strange(harmless) == set()
    assert hues(hostile) <= hues(harmless)
