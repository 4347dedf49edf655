"""Keys typed before what they are for has opened: a slow line brings a whole word in one burst."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events

from db.store import Store
from desk.app import DeskApp
from desk.screens.form import Form
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


async def burst(seat: Seat, keys: str) -> None:
    """All of it at once, as the terminal's driver hands it over."""
    names = {"/": "slash", ":": "colon", " ": "space"}
    for char in keys:
        seat.app.post_message(events.Key(names.get(char, char), char))
    await seat.pilot.pause(0.1)
    await seat.settled()


async def test_a_note_typed_in_one_burst_is_a_note_and_no_other_key(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await burst(seat, "nabcdlx")
        assert isinstance(seat.app.screen, Form)
        assert "abcdlx" in "\n".join(seat.lines)
        await seat.press("ctrl+s")
    noted = inbox.letter(store, case).events[-1]
    assert (noted.kind, noted.words) == ("noted", {"text": "abcdlx"})


@pytest.mark.parametrize("keys", ["/axd", ":axd"])
async def test_a_line_typed_in_one_burst_is_a_line(store: Store, desk: Desk, keys: str) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await burst(seat, keys)
        assert len(seat.app.screen_stack) == 1, "no dialog of a, x or d"
        assert any(keys[1:] in line for line in seat.lines[-4:])
        await seat.press("escape")
    assert [e.kind for e in inbox.letter(store, case).events] == ["received"]
