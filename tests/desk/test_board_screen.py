"""The late board in the terminal: figures, sorting, grouping, and from a figure to its letters and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from textual.worker import WorkerCancelled

from db.store import Store
from desk.app import DeskApp
from desk.screens.board import BoardScreen
from tests.desk import inbox
from tests.desk.test_queue_drawn import keys
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.screens.board.REST", 0)


async def test_a_figure_opens_its_letters_and_esc_goes_back_to_it(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("4", "D")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        text = "\n".join(seat.lines)
        assert "超期榜 · 按区县" in text
        assert "合计 · 超期 · 3" in text
        await seat.press("j", "enter")
        await seat.settled()
        assert str(seat.app.queue.query_text).startswith('board:"district/')
        assert seat.app.queue.letters.window.rows
        await seat.press("escape")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert isinstance(seat.app.screen, BoardScreen)
        assert seat.app.screen.place.key != "*", "the cursor is where it was"
        await seat.press("escape")
        assert (seat.app.queue.queue, seat.app.queue.query_text) == (4, None)


async def test_a_figure_typed_into_the_filter_is_counted_beside_the_keys(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reader of the letters is a thread of its own; what is asked meanwhile stays on the screen."""
    inbox.busy(store)
    from db import board

    counted: list[bool] = []
    letters = board.letters

    def noting(*given: Any) -> set[int]:
        counted.append(threading.current_thread() is threading.main_thread())
        return letters(*given)

    monkeypatch.setattr(board, "letters", noting)
    async with seated(desk()) as seat:
        await seat.press("slash", *"board:district/*/late", "enter")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert seat.app.queue.query_text == "board:district/*/late"
        assert seat.app.queue.letters.window.rows
        assert counted[0] is False
        seat.app.queue._find(0, "board:district/*/open")
        await seat.press("2")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert (seat.app.queue.queue, seat.app.queue.query_text) == (2, None)


async def test_one_key_groups_otherwise_and_one_sorts(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("colon", *"board", "enter")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        screen = seat.app.screen
        assert isinstance(screen, BoardScreen)
        for word in ("承办单位", "话题", "经办人", "催办级别", "区县"):
            await seat.press("g")
            await seat.app.workers.wait_for_complete()
            await seat.settled()
            assert f"按{word}" in "\n".join(seat.lines)
        await seat.press("h", "h", "s")
        opens = [g.open for g in screen.groups[1:]]
        assert opens == sorted(opens, reverse=True)
        await seat.press("s")
        assert [g.open for g in screen.groups[1:]] == opens[::-1] or sorted(opens) == [
            g.open for g in screen.groups[1:]
        ]


async def test_a_letter_beside_the_figures_is_opened(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("D")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        await seat.press("tab", "j", "enter")
        await seat.settled()
        assert str(seat.app.queue.query_text).startswith("code:")
        assert seat.app.queue.letters.row is not None


@pytest.mark.parametrize(("size", "lang"), [((80, 24), "zh_CN"), ((120, 40), "zh_CN"), ((120, 40), "en")])
def test_the_board(
    size: tuple[int, int], lang: str, store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("D", "j"))


async def test_letters_counted_in_the_moment_in_which_the_board_is_left_open_nothing(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("4", "D")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        board = seat.app.screen
        assert isinstance(board, BoardScreen)
        board.counted = ""  # a figure of a million: still being counted
        board.action_open()
        board.action_leave()  # the thread comes back between this key and the end of the board's threads
        board._listed(board.asks, [], False)
        with suppress(WorkerCancelled):  # the board's own, ended with it
            await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert seat.app.screen is seat.app.queue
        assert (seat.app.queue.queue, seat.app.queue.query_text) == (4, None)
