"""Typing a filter at any pace: nothing is looked for that nobody will read, and the list is right in the end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from db import queries
from db.clock import from_iso
from db.store import Store
from desk.app import DeskApp
from desk.widgets.filter_line import FilterInput, FilterLine
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]
NOW = from_iso(inbox.NOW_ISO)

WORDS = ("电梯", "路灯", "老旧小区加装电梯", "区县:渝北", "飞碟", "state:late 电", "自来水")
LONGEST = 0.012
"""Seconds between two keys at most: shorter and longer than the desk waits for another one."""


def type_at_once(app: DeskApp, keys: list[str]) -> None:
    """As a terminal brings them: many keys in one read."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def rested(app: DeskApp) -> None:
    """Nothing waits any more: neither a key, nor what was typed and not yet looked for."""
    for _ in range(1_000):
        await asyncio.sleep(0.002)
        lines = list(app.queue.query(FilterLine))
        busy = [app, app.screen, *app.queue.query(FilterInput), *lines]
        if not any(pump.message_queue_size for pump in busy) and not any(line.waits for line in lines):
            return
    raise AssertionError("the desk never came to rest")


def found(store: Store, query: str | None) -> list[str]:
    return [row.id for row in queries.page(store, 1, query=query, now=NOW).rows]


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_the_pace_the_list_is_that_of_the_line(store: Store, desk: Desk, seed: int) -> None:
    """Random words in random bursts, with slips taken back: at rest the list shows what the line says, no more, no less."""
    inbox.busy(store)
    chance = random.Random(seed)
    async with seated(desk()) as seat:
        await seat.press("1", "slash")
        for _ in range(3):
            keys = [*chance.choice(WORDS), *["backspace"] * chance.choice((0, 0, 1, 2))]
            while keys:
                burst = chance.randint(1, len(keys))
                type_at_once(seat.app, keys[:burst])
                del keys[:burst]
                if chance.random() < 0.7:
                    await asyncio.sleep(chance.uniform(0, LONGEST))
            if chance.random() < 0.4:
                type_at_once(seat.app, ["ctrl+u"])
        await rested(seat.app)
        typed = seat.app.queue.query_one(FilterInput).value.strip() or None
        assert typed is None or seat.app.shelf.why_no_filter(typed) or seat.app.queue.query_text == typed
        assert [row.id for row in seat.app.queue.letters.window.rows] == found(store, seat.app.queue.query_text)


async def test_what_is_typed_at_once_is_looked_for_once(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("1", "slash")
        asked: list[Any] = []
        shown = seat.app.queue.show_queue
        monkeypatch.setattr(seat.app.queue, "show_queue", lambda *a, **k: (asked.append(a), shown(*a, **k)))
        type_at_once(seat.app, list("老旧小区加装电梯"))
        await rested(seat.app)
        assert asked == [(1, "老旧小区加装电梯")]


@pytest.mark.parametrize(("last", "kept"), [("enter", "电梯"), ("down", "电梯"), ("escape", None)])
async def test_a_key_right_behind_the_word_counts_for_the_whole_word(
    store: Store, desk: Desk, last: str, kept: str | None
) -> None:
    """Enter in the same burst keeps all that was typed; esc leaves nothing that comes back a moment later."""
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("1", "slash")
        type_at_once(seat.app, [*"电梯", last])
        await rested(seat.app)
        await asyncio.sleep(0.02)
        assert not seat.app.queue.query(FilterLine)
        assert seat.app.queue.query_text == kept
        assert [row.id for row in seat.app.queue.letters.window.rows] == found(store, kept)


async def test_tab_right_behind_a_word_completes_that_word(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("1", "slash")
        type_at_once(seat.app, [*"区县:ybq", "tab"])
        await rested(seat.app)
        assert seat.app.queue.query_one(FilterInput).value.startswith("区县:渝北区")
        assert seat.app.queue.query_text == "区县:渝北区"
