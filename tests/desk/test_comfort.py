"""What makes a day at the desk bearable: the bell, pastes, sizes, the mouse, a pause of the terminal."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from db.store import Store
from desk.app import DeskApp
from tests.desk import inbox
from tests.desk.bench import paste
from tests.desk.terminal import Terminal
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


async def test_a_letter_that_becomes_late_rings_once(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = inbox.arrive(store)
    async with seated(desk()) as seat:
        rung: list[int] = []
        monkeypatch.setattr(seat.app, "bell", lambda: rung.append(1))
        due = min(
            c.forward_due or 0
            for c in (inbox.letter(store, case).case for case in cases)
            if (c.forward_due or 0) > inbox.NOW
        )
        seat.app.queue.tick()
        assert rung == []  # what was late at the start rings no bell
        monkeypatch.setenv("DESK_NOW", _iso(due + 60_000))
        seat.app.queue.tick()
        await seat.settled()
        assert rung == [1]
        assert "刚刚超期" in seat.foot
        seat.app.queue.tick()
        assert rung == [1]


def _iso(at: int) -> str:
    from db.clock import local

    return local(at).isoformat()


async def test_the_bell_can_be_silenced(store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        rung: list[int] = []
        monkeypatch.setattr(seat.app, "bell", lambda: rung.append(1))
        seat.app.shelf.likes.put("bell", False)
        monkeypatch.setenv("DESK_NOW", _iso(inbox.NOW + 5 * 24 * inbox.HOUR))
        seat.app.queue.tick()
        await seat.settled()
        assert rung == []
        assert "刚刚超期" in seat.foot


async def test_a_long_paste_is_kept_whole(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    words = "物业说电梯还要等配件，已经等了三个月。\x1b[2J" * 800
    async with seated(desk()) as seat:
        await seat.press("n")
        await paste(seat.pilot, words)
        await seat.press("escape")
    kept = inbox.letter(store, case).drafts["note"]["text"]
    assert kept.count("电梯") == 800
    assert "\x1b" not in kept


async def test_a_smaller_and_larger_terminal_keeps_the_place(store: Store, desk: Desk) -> None:
    inbox.many(store, 60)
    async with seated(desk()) as seat:
        await seat.press(*["j"] * 25)
        title = seat.title
        for size in ((60, 16), (40, 10), (200, 50), (120, 40)):
            await seat.pilot.resize_terminal(*size)
            await seat.settled()
            assert seat.title == title
        assert title in "\n".join(seat.lines)


async def test_a_dialog_keeps_its_words_when_the_terminal_changes(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("n", *"abc")
        for size in ((60, 16), (200, 50)):
            await seat.pilot.resize_terminal(*size)
            await seat.settled()
            assert "abc" in "\n".join(seat.lines)


async def test_the_mouse_chooses_rows_and_queues(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        first = seat.title
        await seat.pilot.click("LetterList", offset=(20, 2))
        await seat.settled()
        assert seat.title != first
        await seat.pilot.click("QueueBar", offset=(36, 0))
        await seat.settled()
        assert seat.app.queue.queue != 1


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the state of a process is read from /proc")
@pytest.mark.parametrize(("opened", "shown"), [(b"", "1/6"), (b"m", "并案：同一件事"), (b"D", "超期榜")])
def test_ctrl_z_gives_the_shell_back_and_fg_the_desk(store: Store, opened: bytes, shown: str) -> None:
    inbox.arrive(store)
    home = str(store.path.parent)
    store.close()
    with Terminal("-m", "desk", "--home", home, DESK_NOW=inbox.NOW_ISO, DESK_LANG="zh_CN") as terminal:
        terminal.read("1/6")
        terminal.press(opened)
        terminal.read(shown)
        terminal.press(b"\x1a")
        deadline = time.monotonic() + 10
        while _state(terminal.pid) != "T" and time.monotonic() < deadline:
            terminal.read(quiet=0.02, within=0.05)
        assert _state(terminal.pid) == "T"
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.seen = b""
        if opened:
            terminal.press(b"\x1b")
            terminal.read(quiet=0.6)
        terminal.press(b"2")
        terminal.read("0/0")
        assert "0/0" in terminal.text
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_what_another_program_wrote_over_is_drawn_again(store: Store) -> None:
    inbox.arrive(store)
    home = str(store.path.parent)
    store.close()
    with Terminal("-m", "desk", "--home", home, DESK_NOW=inbox.NOW_ISO, DESK_LANG="zh_CN") as terminal:
        terminal.read("1/6")
        terminal.read(quiet=0.5)
        terminal.seen = b""
        terminal.resize(120, 40)  # smaller and back before the desk looked: the terminal has moved its lines
        terminal.read("咨询老旧小区")
        for key in (b"", b"n", b"abc"):  # in the list, in a dialog, while typing
            terminal.press(key)
            terminal.seen = b""
            terminal.press(b"\x0c")
            terminal.read("咨询老旧小区")


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def test_a_double_click_opens_and_a_click_only_chooses(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk(), 120, 40) as seat:
        await seat.pilot.click("LetterList", offset=(20, 0))
        await seat.settled()
        assert not seat.app.queue.pane_shown
        await seat.pilot.click("LetterList", offset=(20, 0), times=2)
        await seat.settled()
        assert seat.app.queue.pane_shown
        assert not seat.app.queue.has_class("full")


async def test_a_click_takes_a_sentence_away_and_presses_nothing_below_it(store: Store, desk: Desk) -> None:
    inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.settled()
        at = cell_len(seat.lines[-1].split("a 受理")[0])
        await seat.press("S")
        assert "a 受理" not in seat.lines[-1]
        await seat.pilot.click("#status", offset=(at, 1))
        await seat.settled()
        assert "a 受理" in seat.lines[-1]
        assert len(seat.app.screen_stack) == 1
        await seat.pilot.click("#status", offset=(at, 1))
        await seat.settled()
        assert any("受理  RMLX" in line for line in seat.lines)


async def test_a_key_at_the_foot_is_pressed_with_the_mouse(store: Store, desk: Desk) -> None:
    inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.settled()
        at = cell_len(seat.lines[-1].split("a 受理")[0])
        await seat.pilot.click("#status", offset=(at, 1))
        await seat.settled()
        assert any("受理  RMLX" in line for line in seat.lines)
        await seat.press("escape", "j")
        seat.app.queue.read()
        await seat.settled()
        at = cell_len(seat.lines[-1].split("(c")[0])
        await seat.pilot.click("#status", offset=(at, 1))
        await seat.settled()
        assert "没有单位承办" in seat.foot


async def test_after_a_drag_over_the_letter_ctrl_c_still_says_how_to_leave(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk(), 200, 50) as seat:
        await seat.pilot.mouse_down("LetterPane", offset=(10, 4))
        await seat.pilot.hover("LetterPane", offset=(40, 6))
        await seat.pilot.mouse_up("LetterPane", offset=(40, 6))
        await seat.press("ctrl+c")
        assert "按 q 退出编辑台" in seat.foot
