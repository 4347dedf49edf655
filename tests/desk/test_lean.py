"""A dialog that was left is let go of, with every line that it drew."""

from __future__ import annotations

import gc
from collections.abc import Callable

from textual._styles_cache import StylesCache

from db.store import Store
from desk.app import DeskApp
from tests.desk import inbox
from tests.desk.test_queue_screen import seated


def kept() -> int:
    gc.collect()
    return sum(type(o) is StylesCache for o in gc.get_objects())


async def test_dialogs_opened_and_left_do_not_pile_up(store: Store, desk: Callable[[], DeskApp]) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("f", "escape", "escape")
        before = kept()
        for _n in range(4):
            await seat.press("f", "escape", "escape")
        assert kept() <= before + 10
