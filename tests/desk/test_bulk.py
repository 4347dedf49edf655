"""Marks, previews, taking back and doing again, as the keys do them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db import commands, queries
from db.store import Store
from desk.app import DeskApp
from desk.home import settings_file
from desk.screens.form import Form
from desk.screens.preview import Preview
from desk.settings import write
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


def states(store: Store, cases: list[str]) -> list[str]:
    return [str(inbox.letter(store, c).case.state) for c in cases]


async def test_a_bulk_says_what_it_leaves_out_and_why(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 3)
    inbox.do(store, cases[1], "declined", {"text": "请诉讼。"}, reason="court")
    async with seated(desk()) as seat:
        await seat.press("0", "asterisk", "a")
        assert isinstance(seat.app.screen, Form)
        assert "另有 1 件不能办" in "\n".join(seat.lines)
        await seat.press("ctrl+s")
        assert isinstance(seat.app.screen, Preview)
        text = "\n".join(seat.lines)
        assert "将办理 2 件" in text
        assert "不办的 1 件" in text
        assert "待审核 → 待转办" in text
        await seat.press("escape")  # back in the dialog, nothing done
        assert isinstance(seat.app.screen, Form)
        assert states(store, cases) == ["received", "declined", "received"]
        await seat.press("ctrl+s", "enter")
    assert states(store, cases) == ["accepted", "declined", "accepted"]


async def test_one_key_takes_a_whole_bulk_back(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 5)
    async with seated(desk()) as seat:
        await seat.press("asterisk", "a", "ctrl+s", "enter")
        assert set(states(store, cases)) == {"accepted"}
        await seat.press("u")
        assert set(states(store, cases)) == {"received"}
        assert "已撤销：受理（5 件）" in seat.foot
        await seat.press("u")
        assert "没有您可以撤销的操作" in seat.foot


async def test_a_long_bulk_runs_beside_the_screen_and_ends_whole(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 170)
    async with seated(desk()) as seat:
        await seat.press("asterisk", "a", "ctrl+s", "enter")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert not isinstance(seat.app.screen, (Form, Preview))
    assert set(states(store, cases)) == {"accepted"}


async def test_marks_reach_beyond_the_page(store: Store, desk: Desk) -> None:
    inbox.many(store, 200)
    async with seated(desk()) as seat:
        await seat.press("V", "G", "V")
        assert len(seat.app.queue.letters.marks) == 200


async def test_what_was_taken_back_waits_in_its_dialog(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n", *"abc", "ctrl+s", "u")
        assert queries.letter(store, case).drafts == {"note": {"text": "abc", "files": ""}}  # type: ignore[union-attr]
        await seat.press("n")
        assert "abc" in "\n".join(seat.lines)


async def test_what_has_left_the_desk_opens_its_counterpart(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("f", "ctrl+s")
        with store.write() as conn:
            conn.execute("UPDATE outbox SET offered = 1")
        await seat.press("u")
        assert isinstance(seat.app.screen, Form)
        assert seat.app.screen.action.id == "recall"
    assert states(store, [case]) == ["forwarded"]


async def test_the_point_does_the_last_thing_again(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press("a", "ctrl+s")
        await seat.press("full_stop")
        assert states(store, cases).count("accepted") == 2
        assert "受理" in seat.foot
        await seat.press("u", "u")
    assert states(store, cases) == ["received"] * 3


async def test_the_point_says_why_not(store: Store, desk: Desk) -> None:
    inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.press("full_stop")
        assert "还没有可以重复的操作" in seat.foot
        await seat.press("a", "ctrl+s", "2", "full_stop")
        assert "!" in seat.foot


async def test_an_answer_is_never_given_again_unread(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("n", "x", "ctrl+s", "5", "r")
        assert isinstance(seat.app.screen, Form)
        await seat.press("ctrl+s")


@pytest.mark.parametrize(("choice", "moved"), [("", True), ("no", False)])
async def test_after_an_action_the_next_letter_comes(store: Store, desk: Desk, choice: str, moved: bool) -> None:
    inbox.many(store, 3)
    if choice:
        assert write(settings_file(store.home), "next_letter", choice == "yes") is None
    async with seated(desk()) as seat:
        await seat.press("0")
        first = seat.title
        await seat.press("a", "ctrl+s")  # this list keeps the letter
        assert (seat.title != first) is moved


async def test_a_note_leaves_the_cursor_where_it_is(store: Store, desk: Desk) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        first = seat.title
        await seat.press("n", "x", "ctrl+s")
        assert seat.title == first


async def test_alone_one_letter_follows_the_other(store: Store, desk: Desk) -> None:
    inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press("z")
        assert not seat.app.queue.letters.display
        first = seat.title
        await seat.press("a", "ctrl+s")
        assert seat.title not in ("", first)
        assert seat.title in "\n".join(seat.lines)
        await seat.press("z")
        assert seat.app.queue.letters.display


async def test_who_wants_one_letter_at_a_time_begins_with_it(store: Store, desk: Desk) -> None:
    inbox.many(store, 3)
    assert write(settings_file(store.home), "focus", True) is None
    async with seated(desk()) as seat:
        assert not seat.app.queue.letters.display
        assert seat.title in "\n".join(seat.lines)
        assert "请派人看看" in "\n".join(seat.lines)
        await seat.press("z")
        assert seat.app.queue.letters.display


async def test_alone_it_stays_through_another_size_queue_and_filter(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 3)
    inbox.forward(store, cases[0])
    async with seated(desk()) as seat:
        await seat.press("z")
        for size in ((80, 24), (200, 50), (120, 40)):
            await seat.pilot.resize_terminal(*size)
            await seat.settled()
            assert not seat.app.queue.letters.display, size
        await seat.press("3")
        assert (seat.app.queue.letters.display, "第 1 封" in seat.title) == (False, True)
        await seat.press("6")
        assert seat.app.queue.letters.display, "nothing to read: the list says where there is something"
        await seat.press("3")
        assert not seat.app.queue.letters.display
        await seat.press("1", "slash")
        assert seat.app.queue.letters.display, "a filter is typed over the list"
        await seat.press(*"2", "enter")
        assert not seat.app.queue.letters.display


DAY = 24 * inbox.HOUR


def out(store: Store, days: dict[str, int]) -> list[str]:
    """Letters that a unit signed for at once, so many days ago, the oldest first: title → days. Those about 电梯 are 丰都's."""
    ids = []
    for n, (title, ago) in enumerate(days.items(), 500 + len(store.rows("SELECT 1 FROM cases"))):
        at = inbox.NOW - ago * DAY
        district, name = (inbox.FENGDU, "丰都县") if title == "电梯" else (inbox.YUBEI, "渝北区")
        event = inbox.received(n, title, "help", "normal", None, district, "请派人看看。", at)
        commands.receive(store, [event], (), pending=False, now=at)
        inbox.forward(store, event.id, district, name, now=at)
        inbox.do(store, event.id, "signed", now=at + inbox.HOUR)
        ids.append(event.id)
    return ids


def chased(store: Store, case: str) -> list[int]:
    return [e.facts["level"] for e in inbox.letter(store, case).events if e.kind == "chased"]


async def test_a_bulk_chase_gives_each_letter_its_own_level_and_writes_one_notice_a_unit(
    store: Store, desk: Desk
) -> None:
    old, other, late, soon, fresh = out(store, {"积水": 40, "电梯": 15, "路灯": 14, "垃圾": 9, "噪音": 1})
    async with seated(desk()) as seat:
        await seat.press("0", "asterisk", "c")
        assert "按各件进度" in "\n".join(seat.lines)
        await seat.press("ctrl+s")
        seen = "\n".join(seat.lines)
        for said in ("渝北区：一份通知书，3 件", "丰都县：一份通知书，1 件", "不办的 1 件", "按进度还不用催"):
            assert said in seen
        for title, level in (("积水", "提级"), ("路灯", "催办"), ("垃圾", "提醒"), ("电梯", "催办")):
            assert any(title in line and level in line for line in seat.lines), title
        await seat.press("enter")
        assert "待发送。2 份通知书" in seat.foot
        assert [chased(store, case) for case in (old, late, soon, fresh, other)] == [[4], [2], [1], [], [2]]
        folder = store.path.parent / "notices"
        assert sorted(p.suffix for p in folder.iterdir()) == [".docx", ".docx", ".txt", ".txt"]
        [supervised] = folder.glob("*督*.txt")
        text = supervised.read_text(encoding="utf-8").replace("\n", "")
        assert "其中1件经催办仍未办结，现予督办；其余2件一并催办" in text
        await seat.press("u")
        assert chased(store, old) == []
        assert "2 份通知书也已删除" in seat.foot
    assert not list(folder.iterdir()), "nobody prints what was never sent"


async def test_a_notice_somebody_wrote_into_stays_when_its_chase_is_taken_back(store: Store, desk: Desk) -> None:
    out(store, {"积水": 40, "电梯": 15})
    async with seated(desk()) as seat:
        await seat.press("0", "asterisk", "c", "ctrl+s", "enter")
        folder = store.path.parent / "notices"
        mine = next(folder.glob("*渝北*.docx"))
        mine.write_bytes(mine.read_bytes() + b"signed")
        await seat.press("u")
        assert "1 份通知书也已删除" in seat.foot
        assert "1 份通知书改动过或已移走，不再有效" in seat.foot
    assert sorted(p.name for p in folder.iterdir()) == sorted([mine.name, mine.with_suffix(".txt").name])


async def test_one_level_may_be_chosen_for_all(store: Store, desk: Desk) -> None:
    cases = out(store, {"积水": 40, "噪音": 1})
    async with seated(desk()) as seat:
        await seat.press("0", "asterisk", "c")
        await seat.press("down", "2", "ctrl+s", "enter")
    assert [chased(store, case) for case in cases] == [[2], [2]]


async def test_what_a_bulk_did_is_done_again_to_one_letter_by_its_own_ladder(store: Store, desk: Desk) -> None:
    first, _second, single = out(store, {"积水": 40, "路灯": 40, "垃圾": 15})
    async with seated(desk()) as seat:
        await seat.press("0", "j", "space", "space", "c", "ctrl+s", "enter", "escape")
        await seat.press("home", "full_stop")
        if len(seat.app.screen_stack) > 1:
            await seat.press("ctrl+s")
    assert (chased(store, first), chased(store, single)) == ([4], [2])


async def test_the_cursor_goes_back_to_what_was_taken_back(store: Store, desk: Desk) -> None:
    inbox.many(store, 5)
    async with seated(desk()) as seat:
        await seat.press("j")
        title = seat.title
        await seat.press("a", "ctrl+s", "G", "u")
        assert seat.title == title


async def test_doing_a_classification_again_changes_only_what_was_changed(store: Store, desk: Desk) -> None:
    """Whether by `.` or by a macro: district, urgency, topic and title of the first letter stay with it."""
    first, second, third = inbox.many(store, 3)
    given = {"district": "500108", "topic": "电梯安装", "urgency": "urgent"}
    assert commands.run(store, inbox.actor(store), [commands.Command("classified", first, given)]).ok
    before = [inbox.letter(store, case).case for case in (second, third)]
    async with seated(desk()) as seat:
        seat.app.queue.show_letter(inbox.letter(store, first).case.code)
        await seat.settled()
        await seat.press("l", "2", "ctrl+s")
        for case in (second, third):
            seat.app.queue.show_letter(inbox.letter(store, case).case.code)
            await seat.settled()
            if case == second:
                await seat.press("full_stop")
            else:
                await seat.press("at", "n", "enter", *"x", "enter", "enter", "enter")
    for case, was in zip((second, third), before, strict=True):
        now = inbox.letter(store, case).case
        assert now.kind == "inquiry"
        assert (now.district, now.topic, now.urgency, now.title) == (was.district, was.topic, was.urgency, was.title)


async def test_a_long_bulk_is_stopped_and_nothing_was_done(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 170)
    async with seated(desk()) as seat:
        await seat.press("asterisk", "a", "ctrl+s")
        with store.write():  # it waits for its turn
            await seat.pilot.press("enter", "escape")
            assert "正在停下" in "\n".join(seat.lines)
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert isinstance(seat.app.screen, Preview)
        assert "什么也没有改动" in "\n".join(seat.lines)
        assert set(states(store, cases)) == {"received"}
        await seat.press("enter")  # and after all
        await seat.app.workers.wait_for_complete()
        await seat.settled()
    assert set(states(store, cases)) == {"accepted"}


async def test_what_is_too_many_for_one_mark_is_said(store: Store, desk: Desk) -> None:
    inbox.many(store, 1_001)
    async with seated(desk()) as seat:
        await seat.press("asterisk")
        assert len(seat.app.queue.letters.marks) == 1_000
        assert "一次最多这么多" in seat.foot


async def test_a_dialog_for_several_letters_tells_nothing_of_the_first_alone(store: Store, desk: Desk) -> None:
    inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.press("f")
        assert "回复限" in "\n".join(seat.lines)
        await seat.press("escape", "asterisk", "f")
        assert "2 封来信" in "\n".join(seat.lines)
        assert "回复限" not in "\n".join(seat.lines)


async def test_many_are_reopened_and_extended_at_once(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 2)
    for case in cases:
        inbox.forward(store, case)
        inbox.do(store, case, "signed")
        inbox.do(store, case, "extension_asked", {"text": "等配件"})
    before = [inbox.letter(store, case).case.dispatches[0].reply_due for case in cases]
    async with seated(desk(), 120, 40) as seat:
        await seat.press("3", "asterisk", "e", "ctrl+s", "enter")
        after = [inbox.letter(store, case).case.dispatches[0].reply_due for case in cases]
        assert all(b < a for b, a in zip(before, after, strict=True))
        await seat.press("u")
        assert [inbox.letter(store, case).case.dispatches[0].reply_due for case in cases] == before
        refused = inbox.many(store, 4)[2:]
        for case in refused:
            inbox.do(store, case, "declined", {"text": "请诉讼。"}, reason="court")
        await seat.press("8", "asterisk", "o", "1", "ctrl+s", "enter")
        assert set(states(store, refused)) == {"accepted"}
