"""A terminal with too little room: a sentence instead of what would be cut off, and nothing is done unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from desk.screens.dialog import Dialog
from desk.screens.form import Form
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


def text(seat: Seat) -> str:
    return "\n".join(seat.lines)


async def test_a_dialog_that_has_no_room_says_so_and_comes_back_with_what_was_typed(store: Store, desk: Desk) -> None:
    inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.press("n", *"abc")
        await seat.pilot.resize_terminal(50, 12)
        await seat.settled()
        assert "窗口只有 50×12" in text(seat)
        assert "按 esc 返回" in text(seat)
        await seat.press("x", "ctrl+s")  # unseen: neither typed nor sent
        await seat.pilot.resize_terminal(80, 24)
        await seat.settled()
        await seat.press("d")
        assert isinstance(seat.app.screen, Form)
        assert "abcd" in text(seat)
        await seat.pilot.resize_terminal(40, 8)
        await seat.settled()
        await seat.press("escape")
        assert seat.app.screen is seat.app.queue


@pytest.mark.parametrize("key", ["l", "m", "at", "apostrophe", "equals_sign", "comma", "question_mark"])
async def test_every_dialog_can_be_left_on_a_tiny_terminal(store: Store, desk: Desk, key: str) -> None:
    inbox.many(store, 2)
    async with seated(desk(), 80, 24) as seat:
        await seat.press(key)
        assert isinstance(seat.app.screen, Dialog)
        await seat.pilot.resize_terminal(30, 5)
        await seat.settled()
        assert "窗口只有 30×5" in text(seat)
        await seat.press("escape")
        assert seat.app.screen is seat.app.queue


@pytest.mark.parametrize("keys", [("D",), ("D", "P"), ("B",)])
async def test_board_ladder_and_month_say_it_too_and_come_back(store: Store, desk: Desk, keys: tuple[str, ...]) -> None:
    inbox.busy(store)
    async with seated(desk(), 80, 24) as seat:
        await seat.press(*keys)
        before = seat.lines
        await seat.pilot.resize_terminal(40, 12)
        await seat.settled()
        assert "窗口只有 40×12" in text(seat)
        await seat.press("c", "F")  # unseen: neither sent nor signed
        await seat.pilot.resize_terminal(80, 24)
        await seat.settled()
        assert seat.lines == before
        await seat.pilot.resize_terminal(40, 12)
        await seat.settled()
        await seat.press("escape")
        assert len(seat.app.screen_stack) == len(keys)


async def test_nothing_is_done_to_a_letter_that_has_no_room_to_be_seen(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk(), 120, 40) as seat:
        await seat.press("a", "ctrl+s", "u")
        await seat.pilot.resize_terminal(50, 12)
        await seat.settled()
        await seat.press("a", "ctrl+s", "full_stop")
        assert seat.app.screen is seat.app.queue
    assert inbox.letter(store, case).case.state == "received"
