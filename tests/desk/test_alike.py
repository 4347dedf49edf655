"""What stands beside a letter as the keys take it, and hostile letters there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.screens.queue_beside.ON", True)
    monkeypatch.setattr("desk.screens.queue_beside.REST", 0)


def text(seat: Seat) -> str:
    return "\n".join(seat.lines)


async def looked(seat: Seat) -> None:
    await seat.app.workers.wait_for_complete()
    await seat.settled()


LETTER = (
    "茄子溪街道的人行道被围起来了",
    "help",
    "normal",
    None,
    None,
    "大渡口区茄子溪街道兴通路的人行道被围挡多年，行人只能走车道，很危险。",
)


async def test_one_suggestion_is_taken_with_its_key_and_taken_back(store: Store, desk: Desk) -> None:
    (case,) = inbox.arrive(store, [LETTER])
    async with seated(desk()) as seat:
        await seat.press("enter")
        await looked(seat)
        await seat.press("f4")
        now = inbox.letter(store, case).case
        assert (now.district, now.topic) == ("500104", None)
        assert inbox.letter(store, case).events[-1].facts == {"district": "500104"}
        await seat.press("u")
    assert inbox.letter(store, case).case.district is None


async def test_a_hostile_letter_stays_text_here_too(store: Store, desk: Desk) -> None:
    bad = "[@click=app.bell]电梯停运[/]\x1b[2J滨江花园三号楼"
    inbox.arrive(store, [(bad, "help", "normal", None, None, bad), (bad + "二", "help", "normal", None, None, bad)])
    async with seated(desk()) as seat:
        await seat.press("enter")
        await looked(seat)
        await seat.press("equals_sign")
        await looked(seat)
        assert "\x1b" not in text(seat)
        assert "[@click=app.bell]" in text(seat)
