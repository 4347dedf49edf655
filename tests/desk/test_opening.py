"""Opening a dialog: one layout, one picture, and the same styles as if nothing were remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.widget import Widget

from db.store import Store
from desk.app import DeskApp
from desk.matched import Matched
from desk.screens.dialog import Dialog
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]

DIALOGS = ("a", "f", "n", "x", "l", "m", "comma", "question_mark", "at", "apostrophe", "equals_sign")


@pytest.mark.parametrize("key", DIALOGS)
async def test_a_dialog_is_laid_out_once_and_drawn_once(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press(key, "escape")  # the first time its suggestions may be late
        laid_out: list[str] = []
        drawn: list[str] = []
        lay_out = Dialog._refresh_layout

        def counted(self: Dialog[Any], *args: Any, **more: Any) -> None:
            laid_out.append(type(self).__name__)
            lay_out(self, *args, **more)

        monkeypatch.setattr(Dialog, "_refresh_layout", counted)
        monkeypatch.setattr(seat.app, "post_display_hook", lambda: drawn.append(type(seat.app.screen).__name__))
        await seat.press(key)
        while seat.app.screen.opening:  # type: ignore[attr-defined]
            await seat.settled()
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        opened = type(seat.app.screen).__name__
        assert laid_out == [opened]
        assert drawn.count(opened) == 1


@pytest.mark.parametrize("keys", [("f",), ("l",), ("n", "ctrl+t"), ("comma", "enter"), ("asterisk", "a", "ctrl+s")])
async def test_what_is_remembered_of_the_rules_is_what_they_say(
    store: Store, desk: Desk, keys: tuple[str, ...]
) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        for key in (*keys, "tab", "tab", "shift+tab", *("escape",) * 3, *keys):
            await seat.press(key)
        for widget in seat.app.screen.walk_children(Widget, with_self=True):
            remembered = dict(widget.styles.base._rules)
            assert isinstance(seat.app.stylesheet, Matched)
            Stylesheet.apply(seat.app.stylesheet, widget)
            assert dict(widget.styles.base._rules) == remembered, widget


async def test_another_theme_is_worn_by_what_was_remembered(store: Store, desk: Desk) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press("n")
        before = seat.app.screen.query("Panel").first().styles.background
        await seat.press("escape")
        seat.app.choose_theme("paper")
        await seat.press("n")
        assert seat.app.screen.query("Panel").first().styles.background != before
