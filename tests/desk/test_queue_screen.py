"""The queue as the person at the desk sees it: what a key does to list, pane and bars, on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from db.opening import open_store
from db.store import Store
from db.upkeep import settle
from desk.app import DeskApp
from desk.navigation import NAVIGATION
from desk.screens.help import HelpScreen
from tests.desk import inbox
from tests.desk.bench import paste, screen_text

Desk = Callable[[], DeskApp]


class Seat:
    """Somebody at the desk: presses keys, reads the screen."""

    def __init__(self, app: DeskApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settled()

    async def settled(self) -> None:
        for _ in range(3):
            await self.pilot.pause()

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in screen_text(self.app).split("\n")]

    @property
    def foot(self) -> str:
        return "\n".join(self.lines[-2:])

    @property
    def title(self) -> str:
        """The title under the cursor; "" in an empty list."""
        row = self.app.queue.letters.row
        return row.title if row else ""

    @property
    def cursor_line(self) -> str:
        return next((line for line in self.lines if line.startswith("▌")), "")


@asynccontextmanager
async def seated(app: DeskApp, width: int = 120, height: int = 40) -> AsyncIterator[Seat]:
    async with app.run_test(size=(width, height)) as pilot:
        seat = Seat(app, pilot)
        await seat.settled()
        yield seat


async def test_the_urgent_letter_stands_on_top_and_says_how_late_it_is(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        assert "特" in seat.cursor_line
        assert "自来水发黄" in seat.cursor_line
        assert "转 超2时" in seat.cursor_line


async def test_every_queue_is_one_digit_away_with_its_count(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        for word in ("1 收件 6", "3 在办 1", "4 超期 3", "5 待审回复 1", "6 待评价 1", "9 冲突与待发 3"):
            assert word in seat.lines[0]
        await seat.press("5")
        assert seat.title == "老旧小区自来水水压不足"
        await seat.press("6")
        assert seat.title == "路口红绿灯配时太短"


async def test_the_late_list_says_which_clock_is_late_and_how_it_was_chased(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("3")
        assert "窨井盖" in seat.cursor_line
        assert "催办" in seat.cursor_line
        assert "复 " in seat.cursor_line
        assert seat.cursor_line.endswith("●")


async def test_the_cursor_moves_by_line_page_and_to_both_ends(store: Store, desk: Desk) -> None:
    inbox.many(store, 300)
    async with seated(desk()) as seat:
        letters = seat.app.queue.letters
        await seat.press("j", "j", "k")
        assert letters.cursor == 1
        await seat.press("G")
        assert (letters.cursor, "300/300" in seat.foot) == (299, True)
        assert seat.cursor_line
        await seat.press("g", "g")
        assert (letters.cursor, letters.top) == (0, 0)
        await seat.press("ctrl+d")
        assert letters.cursor == letters.size.height // 2
        await seat.press("pagedown", "pageup", "ctrl+u")
        assert letters.cursor <= 1
        await seat.press("end", "home")
        assert letters.cursor == 0


async def test_one_g_alone_goes_nowhere(store: Store, desk: Desk) -> None:
    inbox.many(store, 50)
    async with seated(desk()) as seat:
        await seat.press("j", "j", "g", "j", "g")
        assert seat.app.queue.letters.cursor == 3


async def test_the_cursor_is_always_in_view(store: Store, desk: Desk) -> None:
    inbox.many(store, 200)
    async with seated(desk(), 80, 24) as seat:
        for keys in (["j"] * 22, ["k"] * 3, ["ctrl+d"] * 2, ["k"] * 12):
            await seat.press(*keys)
            assert seat.title in seat.cursor_line


async def test_a_letter_that_leaves_the_queue_hands_the_cursor_to_the_next(store: Store, desk: Desk) -> None:
    ids = inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("j")
        assert seat.title.startswith("三号楼电梯")
        inbox.forward(store, ids[0])
        seat.app.queue.refresh_letters((ids[0],))
        await seat.settled()
        assert seat.title == "建议在滨江步道加装路灯"
        assert "1 收件 5" in seat.lines[0]


async def test_what_another_process_does_is_seen_and_the_cursor_stays_on_its_letter(store: Store, desk: Desk) -> None:
    ids = inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("G")
        title = seat.title
        seat.app.queue.look()
        with open_store(store.home) as other:
            inbox.forward(other, ids[1], inbox.FENGDU, "丰都县")
        seat.app.queue.look()
        await seat.settled()
        assert seat.title == title
        assert "自来水发黄" not in "\n".join(seat.lines)
        assert "3 在办 2" in seat.lines[0]


async def test_a_key_without_a_letter_says_so(store: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        await seat.press("f")
        assert "这里没有来信可办" in seat.foot
        await seat.press("j")
        assert "这里没有来信可办" not in seat.foot


async def test_an_empty_store_says_how_to_begin(store: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        text = "\n".join(seat.lines)
        assert "还没有来信" in text
        assert "desk import" in text


async def test_an_emptied_inbox_says_where_work_waits(store: Store, desk: Desk) -> None:
    for case in inbox.arrive(store):
        inbox.forward(store, case)
    async with seated(desk()) as seat:
        text = "\n".join(seat.lines)
        assert "收件箱已清空" in text
        assert "按 3" in text


async def test_marks_are_counted_kept_per_queue_and_taken_away_by_esc(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("space", "space")
        assert "已标 2 件" in seat.foot
        await seat.press("3")
        assert "已标" not in seat.foot
        await seat.press("1")
        assert "已标 2 件" in seat.foot
        assert sum("✓" in line for line in seat.lines[1:-2]) == 2
        await seat.press("escape")
        assert "已标" not in seat.foot


async def test_a_range_is_marked_between_two_presses(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("j", "V", "j", "j", "V")
        assert [row.title[:3] for row in seat.app.queue.letters.targets] == ["三号楼", "建议在", "广场舞"]


async def test_all_in_view_are_marked_beyond_the_screen_up_to_a_limit(store: Store, desk: Desk) -> None:
    inbox.many(store, 150)
    async with seated(desk()) as seat:
        await seat.press("asterisk")
        assert len(seat.app.queue.letters.targets) == 150
        await seat.press("asterisk")
        assert len(seat.app.queue.letters.targets) == 1


async def test_enter_opens_the_letter_it_follows_the_cursor_and_esc_closes_it(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("enter")
        assert "孩子洗澡后身上起疹子" in "\n".join(seat.lines)
        assert "陈先生 138****1234" in "\n".join(seat.lines)
        await seat.press("j")
        assert "住十六楼" in "\n".join(seat.lines)
        await seat.press("escape")
        assert "住十六楼" not in "\n".join(seat.lines)


async def test_an_open_pane_is_open_again_next_time(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("enter")
    async with seated(desk()) as seat:
        assert "孩子洗澡后身上起疹子" in "\n".join(seat.lines)


async def test_the_pane_tells_dispatches_with_their_clocks_and_what_happened(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("3", "enter")
        text = "\n".join(seat.lines)
        for words in ("主办", "城市管理局", "催办，共催 1 次", "回复期限", "请核实后五日内反馈。", "转办单", "经过"):
            assert words in text
        assert "● " in text


async def test_a_draft_left_behind_stands_in_the_pane(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("enter", "n")
        await paste(seat.pilot, "等社区回话")
        await seat.press("escape")
        await seat.settled()
        assert "✎ 备注" in "\n".join(seat.lines)


async def test_a_small_screen_gives_the_letter_all_of_it(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk(), 80, 24) as seat:
        await seat.press("enter")
        assert not seat.cursor_line
        assert "自来水发黄" in seat.lines[2]
        await seat.press("j")
        assert "三号楼电梯" in seat.lines[2]
        await seat.press("escape")
        assert "三号楼电梯" in seat.cursor_line


async def test_a_wide_screen_shows_the_letter_beside_the_list_from_the_start(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk(), 200, 50) as seat:
        assert any("▌" in line and "│" in line and line.count("自来水发黄") == 2 for line in seat.lines)


async def test_a_long_letter_is_read_to_its_end_by_page(store: Store, desk: Desk) -> None:
    inbox.arrive(store, [("很长的信", "help", "normal", None, None, "\n".join(f"第 {n} 段。" for n in range(90)))])
    async with seated(desk()) as seat:
        await seat.press("enter")
        assert "第 0 段" in "\n".join(seat.lines)
        await seat.press(*["ctrl+f"] * 6)
        assert "第 89 段" in "\n".join(seat.lines)
        await seat.press("K", *["ctrl+b"] * 6)
        assert "第 0 段" in "\n".join(seat.lines)


async def test_the_filter_narrows_while_typing_and_esc_brings_all_back(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    settle(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"路灯")
        assert seat.title == "建议在滨江步道加装路灯"
        assert "三号楼电梯" not in "\n".join(seat.lines)
        await seat.press("enter", "j", "k")
        assert seat.title == "建议在滨江步道加装路灯"
        await seat.press("escape")
        assert "三号楼电梯" in "\n".join(seat.lines)


async def test_a_filter_that_finds_nothing_says_so(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"飞碟", "enter")
        assert "没有找到“飞碟”" in "\n".join(seat.lines)


async def test_a_filter_that_cannot_be_understood_says_why_and_keeps_the_list(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash")
        await paste(seat.pilot, "from:nonsense")
        await seat.settled()
        assert "! " in seat.foot
        assert "三号楼电梯" in "\n".join(seat.lines)


async def test_a_terminal_too_small_gets_a_sentence_and_comes_back_whole(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk(), 50, 12) as seat:
        assert "窗口只有 50×12" in "\n".join(seat.lines)
        await seat.pilot.resize_terminal(120, 40)
        await seat.settled()
        assert "自来水发黄" in seat.cursor_line


async def test_help_tells_every_key_and_why_one_does_not_apply(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk(), 120, 120) as seat:
        await seat.press("question_mark")
        assert isinstance(seat.app.screen, HelpScreen)
        text = "\n".join(seat.lines)
        for words in ("转办", "标记来信", "上移半页", "挂账与正在问"):
            assert words in text
        assert any(line.strip().startswith("· y") and len(line) > 30 for line in seat.lines)
        await seat.press("escape")
        assert not isinstance(seat.app.screen, HelpScreen)


async def test_the_palette_offers_queues_and_actions_and_shows_a_queue(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("ctrl+p")
        await seat.press(*"待审回复")
        for _ in range(20):
            await seat.pilot.pause(0.05)
            if "打开这个列表" in "\n".join(seat.lines):
                break
        await seat.press("enter")
        await seat.settled()
        assert seat.title == "老旧小区自来水水压不足"


async def test_time_goes_on_and_so_do_the_clocks(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        assert "超2时" in seat.cursor_line
        monkeypatch.setenv("DESK_NOW", "2024-11-01T11:45:00+08:00")
        seat.app.queue.tick()
        await seat.settled()
        assert "超4时" in seat.cursor_line
        assert "11:45" in seat.foot


async def test_a_letter_becomes_late_while_the_desk_is_open(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        before = seat.app.queue.bar.counts[4]
        monkeypatch.setenv("DESK_NOW", "2024-11-05T09:30:00+08:00")
        seat.app.queue.tick()
        await seat.settled()
        assert seat.app.queue.bar.counts[4] > before


async def test_a_click_on_a_queue_or_a_letter_goes_there(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.pilot.click("#letters", offset=(40, 2))
        await seat.settled()
        assert seat.app.queue.letters.cursor == 2
        at = seat.lines[0].index("3 在办")
        await seat.pilot.click("#queues", offset=(at + sum(ord(c) > 127 for c in seat.lines[0][:at]), 0))
        await seat.settled()
        assert "窨井盖" in seat.title


async def test_ctrl_c_says_how_to_leave_instead_of_leaving(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("ctrl+c")
        assert "按 q 退出" in seat.foot


def test_every_key_of_the_queue_does_something_and_can_be_moved(store: Store, desk: Desk) -> None:
    screen = desk().queue
    assert all(hasattr(screen, "action_" + action.split("(")[0]) for _id, _keys, action, _says in NAVIGATION)
    bound = [b for bindings in screen._bindings.key_to_bindings.values() for b in bindings]
    ours = [b for b in bound if b.action.split("(")[0].split(".")[0] not in ("app", "screen")]
    assert all(b.id for b in ours)
    assert len({b.key for b in ours}) == len(ours), "a key is bound twice"
