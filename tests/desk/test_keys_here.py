"""`?` in every dialog, F1 where `?` is a character: the keys of that place, in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from db.store import Store
from desk.app import DeskApp
from desk.screens.help import Entry, HelpScreen, in_columns
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


@pytest.mark.parametrize(
    ("opened", "asked", "told"),
    [
        (("comma",), "question_mark", "修改这一条"),
        (("apostrophe",), "question_mark", "把现在的筛选存为清单"),
        (("at",), "question_mark", "指定按键"),
        (("equals_sign",), "question_mark", "与原件并案"),
        (("m",), "question_mark", "以这一件为主件"),
        (("l",), "question_mark", "上一个选项"),
        (("f",), "f1", "采用全部建议"),
        (("n", "a"), "f1", "离开；已写内容留作草稿"),
        (("space", "j", "space", "l"), "f1", "提交"),
        (("slash", "a"), "f1", "筛选"),
        (("D",), "f1", "这个数字背后的来信"),
    ],
)
async def test_every_place_tells_its_keys(
    store: Store, desk: Desk, opened: tuple[str, ...], asked: str, told: str
) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press(*opened)
        await seat.settled()
        here = seat.app.screen
        await seat.press(asked)
        assert isinstance(seat.app.screen, HelpScreen)
        assert told in "\n".join(seat.lines)
        await seat.press("escape")
        assert seat.app.screen is here


async def test_a_question_mark_is_a_character_of_a_text(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n", *"why", "question_mark")
        assert not isinstance(seat.app.screen, HelpScreen)
        assert "why?" in "\n".join(seat.lines)


@pytest.mark.parametrize(("width", "columns"), [(120, 1), (200, 2)])
async def test_the_help_uses_a_wide_terminal(store: Store, desk: Desk, width: int, columns: int) -> None:
    inbox.busy(store)
    async with seated(desk(), width, 50) as seat:
        await seat.press("question_mark")
        headings = [len(re.findall(r"── \w", line)) for line in seat.lines]
        assert max(headings) == columns


def test_no_key_is_lost_where_the_help_stands_in_columns() -> None:
    groups = [(f"group {n}", [Entry(f"k{n}.{i}", "", "words " * i) for i in range(9)]) for n in range(5)]
    text = "\n".join(line.text for line in in_columns(groups, 180, 20))
    assert [e.key for _, entries in groups for e in entries if f"{e.key} " not in text] == []
    assert max(cell_len(line) for line in text.split("\n")) <= 180
