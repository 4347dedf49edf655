"""The mouse in dialogs: rows, fields, printed keys; and nothing is sent by a click beside the word that sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len

from db.store import Store
from desk.app import DeskApp
from desk.home import settings_file
from desk.settings import Search, write
from desk.widgets import pressed
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


async def click(seat: Seat, text: str, times: int = 1) -> None:
    """On the first place of the screen that shows the text."""
    y, line = next((y, line) for y, line in enumerate(seat.lines) if text in line)
    await seat.pilot.click(offset=(cell_len(line.split(text)[0]), y), times=times)
    await seat.settled()


@pytest.mark.parametrize(
    ("line", "pointed", "key"),
    [
        ("  回车前往 · 空格标记 · m 并案 · esc 关闭", "空格标记", "空格"),
        ("  回车前往 · 空格标记 · m 并案 · esc 关闭", "关闭", "esc"),
        ("  h l 选数字 · b 键 · ? 全部按键", "l", "l"),
        ("  h l 选数字 · b 键 · ? 全部按键", "选数字", "h"),
        ("  h l 选数字 · b 键 · ? 全部按键", "键", "b"),
        (" 1 个人  2 时限", "时限", "2"),
        (" ▌⏎ 转办   ctrl+s 随处可发 · esc 离开", "随处", "ctrl+s"),
        (" ▌⏎ 转办   ctrl+s 随处可发 · esc 离开", "转办", "⏎"),
        ("  已删除清单。来信都还在原处。", "清单", None),
    ],
)
def test_a_printed_key_has_the_words_after_it(line: str, pointed: str, key: str | None) -> None:
    assert pressed.at(line, cell_len(line.split(pointed)[0])) == key


async def test_a_click_on_leaving_never_sends(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n", *"abc")
        await click(seat, "esc 离开")
        assert len(seat.app.screen_stack) == 1
        assert [e.kind for e in inbox.letter(store, case).events] == ["received"]
        await seat.press("n")
        await click(seat, "⏎ 备注")
        assert [e.kind for e in inbox.letter(store, case).events] == ["received", "noted"]


async def test_a_click_on_a_label_is_one_on_its_field(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("f")
        await click(seat, "附言")
        await seat.press(*"xyz")
        assert "xyz" in next(line for line in seat.lines if "附言" in line)


async def test_rows_are_chosen_and_opened_with_the_mouse(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    searches = [Search("甲", "电梯"), Search("乙", "路灯")]
    assert write(settings_file(store.home), "searches", searches) is None
    async with seated(desk()) as seat:
        await seat.press("apostrophe")
        await click(seat, "乙")
        assert "▌2 乙" in "\n".join(seat.lines)
        await click(seat, "d 删除")
        await seat.press("d")
        assert "已删除清单“乙”" in "\n".join(seat.lines)
        await click(seat, "甲", times=2)
        assert seat.app.queue.query_text == "电梯"


async def test_settings_are_turned_over_with_the_mouse(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("comma")
        await click(seat, "3 调休")
        assert "暂定" in "\n".join(seat.lines)
        await click(seat, "esc 返回")
        assert len(seat.app.screen_stack) == 1
