"""The palette under hands that are quicker than it: found by the walk on a busy machine, each ended the app."""

from __future__ import annotations

from textual import events

from db.people import own_actor
from db.store import Store
from desk.app import DeskApp
from desk.palette import Palette


async def test_an_esc_typed_ahead_closes_the_palette_before_it_stands(store: Store) -> None:
    app = DeskApp(store, own_actor(store), store.home)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(palette := Palette())
        app.pop_screen()
        palette.on_mount(mounted := events.Mount())
        await pilot.pause()
        assert mounted._no_default_action
        assert app.screen is app.queue


async def test_two_quick_clicks_beside_the_palette_close_one_thing(store: Store) -> None:
    app = DeskApp(store, own_actor(store), store.home)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        for _n in range(2):
            palette.post_message(events.Click(palette, 1, 20, 0, 0, 1, False, False, False, 1, 20))
        await pilot.pause()
        await pilot.pause()
        assert app.screen is app.queue
