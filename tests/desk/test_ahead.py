"""Keys typed before what they are for has opened: a slow line brings a whole word in one burst."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.command import CommandInput

from db.store import Store
from desk.app import DeskApp
from desk.deciding.lists import SECTIONS
from desk.palette import Palette
from desk.screens.form import Form
from desk.screens.merge import MergeScreen
from desk.screens.settings import SettingsScreen
from desk.screens.templates import EditTemplate
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


async def burst(seat: Seat, keys: str) -> None:
    """All of it at once, as the terminal's driver hands it over."""
    names = {"/": "slash", ":": "colon", " ": "space", ",": "comma", "-": "minus", "\r": "enter"}
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


async def test_what_is_typed_ahead_of_the_palette_is_looked_for(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        seat.app.post_message(events.Key("ctrl+p", None))
        await burst(seat, "axd")
        assert isinstance(seat.app.screen, Palette)
        assert seat.app.screen.query_one(CommandInput).value == "axd"
        await seat.press("escape")
    assert [e.kind for e in inbox.letter(store, case).events] == ["received"]


async def test_keys_typed_ahead_reach_the_merge_dialog_in_their_order(store: Store, desk: Desk) -> None:
    first, second = inbox.many(store, 2)
    code = inbox.letter(store, second).case.code
    async with seated(desk()) as seat:
        seat.app.queue.letters.go(seat.app.queue.letters.window.index_of(first) or 0)
        await burst(seat, "ma" + code.lower())
        screen = seat.app.screen
        assert isinstance(screen, MergeScreen)
        assert screen.code.value == code.lower()
        assert screen.merging.master is None, "the m of the code is no key"


async def test_an_enter_behind_what_was_typed_ahead_comes_after_it(store: Store, desk: Desk) -> None:
    first, second = inbox.many(store, 2)
    code = inbox.letter(store, second).case.code
    async with seated(desk()) as seat:
        seat.app.queue.letters.go(seat.app.queue.letters.window.index_of(first) or 0)
        await seat.press("m")
        await burst(seat, "a" + code + "\r")
        screen = seat.app.screen
        assert isinstance(screen, MergeScreen)
        assert second in [case.id for case in screen.merging.letters]
    assert inbox.letter(store, first).case.state == "received", "nothing was merged"


async def test_keys_typed_ahead_reach_the_settings(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await burst(seat, ",3/jdq")
        screen = seat.app.screen
        assert isinstance(screen, SettingsScreen)
        assert (screen.section.id, screen.filter_line.value) == (SECTIONS[2].id, "jdq")


async def test_keys_typed_ahead_reach_the_templates(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n")
        seat.app.post_message(events.Key("ctrl+t", None))
        await burst(seat, "nabej")
        screen = seat.app.screen
        assert isinstance(screen, EditTemplate)
        assert screen.name_line.value == "abej"


async def test_enter_and_send_do_nothing_in_a_dialog_that_nobody_has_seen(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        seat.app.post_message(events.Key("a", "a"))
        seat.app.post_message(events.Key("ctrl+s", None))
        seat.app.post_message(events.Key("enter", "\r"))
        await seat.pilot.pause(0.2)
        assert isinstance(seat.app.screen, Form)
        await seat.settled()
        assert any("再按一次即可" in line for line in seat.lines), "and it says so"
    assert [e.kind for e in inbox.letter(store, case).events] == ["received"]
