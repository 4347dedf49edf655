"""Screens with keys of their own: the foot keeps its way out at any width, `?` names every key and why one does not apply."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len

from db.store import Store
from desk.app import DeskApp
from desk.screens.help import HelpScreen, shown
from desk.screens.keyed import Keyed, entries, fitting
from desk.screens.own_keys import TABLES
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]

WORDS = ["h l 选数字", "回车 看来信", "P 催办清单", "s 排序", "g 换分组", "? 全部按键", "esc 返回"]


@pytest.mark.parametrize("width", [12, 30, 40, 60, 200])
def test_where_there_is_no_room_the_last_words_go_but_help_and_the_way_out_stay(width: int) -> None:
    kept = fitting(WORDS, width, 1)
    assert kept[-2:] == WORDS[-2:]
    assert kept[:-2] == WORDS[: len(kept) - 2]
    assert len(kept) == 2 or cell_len(" · ".join(kept)) <= width


@pytest.mark.parametrize("screen", TABLES)
def test_no_key_of_a_screen_does_two_things(screen: str) -> None:
    every = [key for one in TABLES[screen] for key in one.keys.split(",")]
    assert len(every) == len(set(every))
    assert all(entry.help for entry in entries(screen))


@pytest.mark.parametrize("way", [("D",), ("D", "P"), ("B",), ("Q",), ("Q", "enter"), ("p",)])
async def test_every_key_of_the_place_is_listed_with_why_it_does_not_apply(
    store: Store, desk: Desk, way: tuple[str, ...]
) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("3")
        for key in way:
            await seat.press(key)
            await seat.app.workers.wait_for_complete()
            await seat.settled()
        place = seat.app.screen
        if not isinstance(place, Keyed):  # nothing to open here: the desk said why
            assert way in (("Q", "enter"), ("p",))
            return
        refused = {key.id: place.why_not(key.id) for key in TABLES[place.keys_of]}
        feet = place.foot_words()
        await seat.press("question_mark")
        assert isinstance(seat.app.screen, HelpScreen)
        [(_title, listed)] = seat.app.screen.sheet.groups
        assert [(e.key, e.why_not) for e in listed] == [
            (shown(key.keys), refused[key.id]) for key in TABLES[place.keys_of]
        ]
        assert feet[-1].startswith("esc ")
