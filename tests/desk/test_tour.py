"""The tour is walked key by key on the demo itself; each step waits for what it asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db import demo
from db.clock import to_iso
from db.store import Store
from desk.app import DeskApp
from desk.tour import STEPS
from desk.widgets.tour_bar import TourBar
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]

KEYS: tuple[tuple[str, ...], ...] = (
    ("j",),
    ("enter",),
    ("a", "ctrl+s"),
    ("u",),
    ("f", "ctrl+s"),
    ("4",),
    ("asterisk",),
    ("c", "ctrl+s", "enter"),
    ("slash", *"区县:spbq", "tab", "enter"),
    ("question_mark",),
    ("escape", "D"),
)


def step(seat: Seat) -> int:
    bar = seat.app.queue.query_one(TourBar)
    bar.look()
    return bar.at


@pytest.fixture
def store(demo_store: Store) -> Store:
    """What the app is opened on."""
    return demo_store


@pytest.mark.parametrize("width", [80, 120])
async def test_the_tour_can_be_walked(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("DESK_NOW", to_iso(demo.DEMO_NOW))
    async with seated(desk(), width, 40) as seat:
        await seat.press("f10")
        assert "导览 1/12" in seat.lines[0]
        assert step(seat) == 0
        for nr, keys in enumerate(KEYS, 1):
            await seat.press(*keys)
            await seat.app.workers.wait_for_complete()  # notices of a bulk are written in a thread
            await seat.settled()
            assert step(seat) == nr, (nr, keys, seat.foot)
        await seat.press("escape", "f10")
        assert not seat.app.queue.query(TourBar)
    assert len(KEYS) == len(STEPS) - 1


async def test_nothing_goes_on_by_itself(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_NOW", to_iso(demo.DEMO_NOW))
    async with seated(desk()) as seat:
        await seat.press("f10", "enter", "enter")
        assert step(seat) == 0


async def test_what_others_send_meanwhile_is_no_step(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_NOW", to_iso(demo.DEMO_NOW))
    async with seated(desk()) as seat:
        await seat.press("f10", "j")
        assert step(seat) == 1
        await seat.press("enter")
        assert step(seat) == 2
        inbox.many(store, 2)
        assert step(seat) == 2
        await seat.press("a", "ctrl+s")
        assert step(seat) == 3
        inbox.many(store, 2)
        await seat.press("u")
        assert step(seat) == 4


async def test_who_reads_slowly_and_can_take_nothing_back_goes_on(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_NOW", to_iso(demo.DEMO_NOW))
    async with seated(desk()) as seat:
        await seat.press("f10", "j", "enter", "enter", "a", "ctrl+s")
        assert step(seat) == 3
        with store.write() as conn:  # its undo window is over
            conn.execute("UPDATE outbox SET offered = 1")
        await seat.press("u")
        assert "已经发出" in seat.foot
        assert step(seat) == 4
