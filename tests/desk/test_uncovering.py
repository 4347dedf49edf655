"""Closing a dialog: one repaint, no layout, and nothing of it stays behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from desk.screens.form import Form
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


@pytest.mark.parametrize("keys", [("ctrl+s",), ("escape",)])
async def test_a_closed_dialog_is_drawn_away_once_and_lays_nothing_out(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press("a")
        form = seat.app.screen
        assert isinstance(form, Form)
        drawn: list[bool] = []
        laid_out: list[object] = []
        monkeypatch.setattr(seat.app, "post_display_hook", lambda: drawn.append(seat.app.screen is seat.app.queue))
        seat.app.queue.screen_layout_refresh_signal.subscribe(seat.app.queue, laid_out.append)
        await seat.press(*keys)
        while form.is_running:
            await seat.settled()
        assert drawn[0], "first of all the list"
        assert laid_out == []
        assert not any(isinstance(screen, Form) for screen in seat.app.screen_stack)
        assert len([d for d in drawn if d]) <= 2  # the list with what changed, and what rests on the cursor


async def test_the_letter_is_in_its_new_place_when_the_list_is_first_seen_again(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press("a")
        seen: list[str] = []
        monkeypatch.setattr(seat.app, "post_display_hook", lambda: seen.append("\n".join(seat.lines)))
        await seat.press("ctrl+s")
        assert "已存本机" in seen[0]


async def test_the_ground_behind_the_queue_is_made_again_for_another_theme_and_not_for_a_closed_dialog(
    store: Store, desk: Desk
) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        queue = seat.app.queue
        before = queue.render_lines(queue.size.region)
        await seat.press("a", "ctrl+s")
        after = queue.render_lines(queue.size.region)
        assert all(a is b for a, b in zip(before, after, strict=True))
        seat.app.theme = next(name for name in seat.app.available_themes if name != seat.app.theme and "light" in name)
        await seat.settled()
        again = queue.render_lines(queue.size.region)
        assert not any(a is b for a, b in zip(after, again, strict=True))
