"""Settings as the keys reach them: looked at before they are decided, refused with a sentence, kept as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from db import commands, configured_rows, configuring, timers_here, topics, units
from db.clock import day_of, from_iso
from db.commands import Command
from db.model import Actor, Role, Term, Urgency
from db.store import Store
from db.units import Contact
from desk.app import DeskApp
from desk.home import settings_file
from desk.keymap import faults_of
from desk.screens.settings import SettingsScreen
from desk.screens.settings_form import Look, SettingsForm
from desk.settings import load
from tests.desk import inbox
from tests.desk.bench import paste
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]
TODAY = day_of(inbox.NOW)
OWN, RULES, CALENDAR, TOPICS, UNITS, DIVISIONS, TEXTS, HISTORY = "12345678"


def shown(seat: Seat) -> str:
    return "\n".join(seat.lines)


async def write(seat: Seat, text: str) -> None:
    """Types over what stands in the field the keys go to; what is long is pasted."""
    if len(text) > 12:
        await seat.press("ctrl+u")
        await paste(seat.pilot, text)
        await seat.settled()
        return
    await seat.press("ctrl+u", *["space" if c == " " else c for c in text])


async def test_every_list_is_one_digit_away(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    inbox.unit(store, "u1", inbox.YUBEI, "城市管理局", Contact("王主任", "138-0000-0101"))
    async with seated(desk()) as seat:
        await seat.press("comma")
        assert isinstance(seat.app.screen, SettingsScreen)
        for key, word in (
            (OWN, "撤回时间"),
            (RULES, "办公时间"),
            (CALENDAR, "暂定"),
            (TOPICS, "电梯安装"),
            (UNITS, "王主任 138-0000-0101"),
            (DIVISIONS, "渝北区"),
            (TEXTS, "单位名称"),
            (HISTORY, "承办单位 城市管理局"),
        ):
            await seat.press(key)
            assert word in shown(seat), key
        await seat.press("escape")
        assert seat.app.screen is seat.app.queue


async def test_a_service_level_is_looked_at_planned_and_cancelled(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("comma", RULES, "j", "j", "enter", "tab")
        await write(seat, "3")
        await seat.press(*["tab"] * 8)
        await write(seat, "+30")
        await seat.press("ctrl+s")
        assert isinstance(seat.app.screen, Look)
        for said in ("签收：1 工作日 → 3 工作日", "自 2024-12-01 起", "待转办", "期限不变"):
            assert said in shown(seat)
        await seat.press("enter")
        assert "已决定" in seat.lines[-1]
        assert store.rulebook().at(from_iso("2024-12-01T00:00")).levels[Urgency.NORMAL].sign == Term(3, "wd")
        assert store.rulebook().at(inbox.NOW).version == 1
        await seat.press("G", "d")
        assert "取消" in shown(seat)
        await seat.press("enter")
    assert store.rulebook().at(from_iso("2024-12-01T00:00")).version == 1
    assert len(store.rows("SELECT 1 FROM outbox o JOIN event e ON e.n = o.event_n WHERE kind = 'configured'")) == 2


async def test_a_half_filled_blank_comes_back_and_what_is_wrong_is_said_beside_it(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("comma", RULES, "enter")
        await write(seat, "soon")
        await seat.press("ctrl+s")
        assert isinstance(seat.app.screen, SettingsForm)
        assert "应为一段时间" in shown(seat)
        await seat.press("escape", "enter")
        assert "soon" in shown(seat)
        assert "草稿" in shown(seat)
        await seat.press("ctrl+r")
        assert "soon" not in shown(seat)
    assert store.rows("SELECT count(*) FROM event WHERE kind = 'configured'") == [(0,)]


@pytest.mark.parametrize("key", ["n", "enter", "d"])
async def test_an_editor_reads_them_and_is_told_why_not_more(store: Store, home: Path, key: str) -> None:
    inbox.arrive(store)
    async with seated(DeskApp(store, Actor("u-wang", Role.EDITOR, "03"), home)) as seat:
        await seat.press("comma", TOPICS, key)
        assert isinstance(seat.app.screen, SettingsScreen)
        assert "值班主任" in seat.lines[-1] or "主管" in seat.lines[-1]


async def test_a_unit_is_put_down_with_whom_to_call_and_found_by_filter(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    inbox.unit(store, "u9", inbox.FENGDU, "水利局")
    async with seated(desk()) as seat:
        await seat.press(
            "comma", UNITS, "n", *"ybq", "enter", *"road", "tab", *"Wang, 138-0000-0101, duty, 9-17", "enter"
        )
        await seat.press(*"Li", "ctrl+s")
        assert "渝北" in shown(seat)
        assert "2 人" in shown(seat)
        await seat.press("enter", "slash", *"road", "enter")
        assert "Wang 138-0000-0101 +1" in shown(seat)
        assert "水利局" not in shown(seat)
        await seat.press("escape")
        assert "水利局" in shown(seat)
    [unit] = units.units(store, inbox.YUBEI, TODAY)
    assert [(c.name, c.phone, c.duty, c.hours) for c in unit.contacts] == [
        ("Wang", "138-0000-0101", "duty", "9-17"),
        ("Li", "", "", ""),
    ]


async def test_a_unit_with_letters_is_not_ended_and_the_look_says_which(store: Store, desk: Desk) -> None:
    [case] = inbox.many(store, 1)
    inbox.unit(store, "u1", inbox.YUBEI, "城市管理局")
    inbox.forward(store, case, unit="城市管理局")
    async with seated(desk()) as seat:
        await seat.press("comma", UNITS, "d", "ctrl+s")
        assert isinstance(seat.app.screen, Look)
        assert inbox.letter(store, case).case.code in shown(seat)
        assert "✗" in shown(seat)
        await seat.press("enter")
        assert isinstance(seat.app.screen, Look), "enter decides nothing that is refused"
        await seat.press("escape", "escape")
    assert units.units(store, inbox.YUBEI, TODAY)


async def test_a_notice_is_read_from_a_file_and_its_letters_are_named_before_and_counted_anew(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DESK_NOW", "2026-12-21T10:00:00+08:00")
    now = from_iso("2026-12-21T09:30")
    event = inbox.received(1, "电梯停运", "complaint", "normal", None, inbox.YUBEI, "停了十天。", now - inbox.HOUR)
    commands.receive(store, [event], (), pending=False, now=now)
    facts = {"district": inbox.YUBEI, "contact": "withheld"}
    assert commands.run(store, inbox.actor(store), [Command("forwarded", event.id, facts)], now).ok
    days = [{"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in (1, 2, 3)]
    (tmp_path / "2027.json").write_text(json.dumps({"year": 2027, "days": days}), encoding="utf-8")
    (tmp_path / "bad.json").write_text('{"year": 2027, "days": [{"date": "2027-02-30", "isOffDay": true}]}')
    async with seated(desk()) as seat:
        await seat.press("comma", CALENDAR, "n")
        await write(seat, str(tmp_path / "bad.json"))
        await seat.press("ctrl+s")
        assert "第 1 条" in shown(seat)
        await write(seat, str(tmp_path / "2027.json"))
        await seat.press("ctrl+s")
        assert "回复期限：2027-01-11 → 2027-01-12" in shown(seat)
        await seat.press("enter")
        assert "重新计算了 1 件" in seat.lines[-1]
        assert "2027" in seat.lines[3]
        await seat.press("escape", "3", "enter")
        assert "改期" in shown(seat)
        assert "回复期限 2027-01-11 24:00 → 2027-01-12 24:00" in shown(seat)
    [move] = inbox.letter(store, event.id).case.due_moves
    assert move.clock == "reply"
    assert timers_here.run(store) == ()


async def test_a_notice_whose_due_times_were_never_settled_is_finished_at_the_next_start(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = from_iso("2026-12-21T09:30")
    monkeypatch.setenv("DESK_NOW", "2026-12-21T09:30")
    event = inbox.received(1, "电梯停运", "complaint", "normal", None, inbox.YUBEI, "停了十天。", now - inbox.HOUR)
    commands.receive(store, [event], (), pending=False, now=now)
    days = [{"name": "元旦", "date": f"2027-01-0{n}", "isOffDay": True} for n in (1, 2, 3)]
    decided = [
        Command("forwarded", event.id, {"district": inbox.YUBEI, "contact": "withheld"}),
        configuring.notice({"year": 2027, "days": days}, day_of(now)),
    ]
    assert commands.run(store, inbox.actor(store), decided, now).ok  # and then the power went
    monkeypatch.setenv("DESK_NOW", "2026-12-22T09:30")
    async with seated(desk()) as seat:
        for _ in range(100):
            if inbox.letter(store, event.id).case.due_moves:
                break
            await seat.pilot.pause(0.02)
        await seat.press("3", "enter")
        assert "回复期限 2027-01-11 24:00 → 2027-01-12 24:00" in shown(seat)


async def test_districts_become_one_and_their_letters_wait_for_who_inherits(store: Store, desk: Desk) -> None:
    [case] = inbox.many(store, 1)
    inbox.forward(store, case)
    async with seated(desk()) as seat:
        await seat.press("comma", DIVISIONS, "n", *"500188", "tab", *"JiangYu", "tab", "tab", "tab", "tab")
        await seat.press(*"ybq", "enter", *"npq", "backspace", "backspace", "backspace", "ctrl+s")
        assert "渝北区" in shown(seat)
        assert "等值班主任确定由谁承接" in shown(seat)
        await seat.press("enter")
        assert "已不存在：1 件未结来信" in shown(seat)
        assert "JiangYu" in shown(seat)
    assert configuring.orphans(store, TODAY) == [(inbox.YUBEI, "渝北区", 1)]


async def test_a_topic_is_added_and_ended(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("comma", TOPICS, "n", *"bikes", "tab", *"roads", "ctrl+s", "enter")
        assert topics.load().field_of("bikes") == "roads"
        await seat.press("slash", *"dtaz", "enter", "d", "ctrl+s")
        assert "2 件未结来信保留此话题" in shown(seat)
        await seat.press("enter")
        assert "电梯安装" not in topics.load().all
        await seat.press(HISTORY)
        assert "话题 电梯安装" in seat.lines[2]


async def test_a_text_is_written_for_the_newsroom(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("comma", TEXTS, "enter", *"Daily", "ctrl+s", "enter")
        assert store.setting("newsroom.name") == "Daily"
        await seat.press("n", "1", "tab", *"mine", "tab", "tab", "tab", *"Please look.", "ctrl+s", "enter")
        assert store.rows("SELECT name, body FROM template") == [("mine", "Please look.")]


# one's own


async def test_ones_own_values_are_set_written_and_in_force_at_once(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESK_LANG")
    monkeypatch.setattr("db.words._spoken", "zh_CN")
    inbox.arrive(store)
    path = settings_file(store.home)
    async with seated(desk()) as seat:
        await seat.press("comma", "j", "j", "enter")
        await write(seat, "9999")
        await seat.press("ctrl+s")
        assert "600" in shown(seat)
        await write(seat, "30")
        await seat.press("ctrl+s")
        assert load(path)[0].undo_window == 30
        assert "30 秒" in seat.lines[4]
        await seat.press("j", "enter", "space", "ctrl+s")
        assert not seat.app.queue.next_letter
        await seat.press("k", "k", "k", "enter", "2", "ctrl+s")
        assert "undo window" in shown(seat)
        await seat.press("escape")
        assert "1 in 6" in seat.lines[0]


async def test_a_key_that_is_taken_is_refused_beside_it(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("comma", "n", *"do.forward", "tab", "a", "ctrl+s")
        assert isinstance(seat.app.screen, SettingsForm)
        assert "✗" in shown(seat)
        await write(seat, "F")
        await seat.press("ctrl+s")
        assert isinstance(seat.app.screen, SettingsScreen)
        await seat.press("escape", "F")
        assert "转办" in shown(seat)
    assert dict(load(settings_file(store.home))[0].keys) == {"do.forward": "F"}


async def test_a_fault_in_the_file_stands_on_top_of_the_list(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    settings_file(store.home).write_text("undo_window = -1\n")
    async with seated(desk()) as seat:
        await seat.press("comma")
        assert "第 1 行" in seat.lines[2]


async def test_the_store_of_decisions_is_what_the_log_says(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("comma", RULES, "j", "j", "j", "enter")
        await write(seat, "3")
        await seat.press("ctrl+s", "enter")
    assert configured_rows.read(store).book == store.rulebook()


@pytest.mark.parametrize(("size", "lang"), [((120, 40), "zh_CN"), ((80, 24), "zh_CN"), ((120, 40), "en")])
@pytest.mark.parametrize("key", [OWN, RULES, UNITS])
def test_the_lists_as_they_stand(
    store: Store,
    desk: Desk,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    lang: str,
    key: str,
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    inbox.unit(store, "u1", inbox.YUBEI, "城市管理局", Contact("王主任", "138-0000-0101", "科长", "9:00-17:00"))
    inbox.unit(store, "u2", inbox.FENGDU, "水利局")
    assert snap_compare(desk(), press=["comma", key, "j"], terminal_size=size)


def test_a_blank_and_what_it_brings_as_they_stand(store: Store, desk: Desk, snap_compare: Callable[..., bool]) -> None:
    inbox.busy(store)
    assert snap_compare(
        desk(), press=["comma", RULES, "j", "j", "enter", "tab", "ctrl+u", "3", "ctrl+s"], terminal_size=(120, 40)
    )


async def test_where_a_number_is_wanted_it_says_so(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("comma", "2", *["j"] * 3, "enter", "backspace", "两", "ctrl+s")
        assert "要填整数" in "\n".join(seat.lines)


async def test_every_fault_of_the_settings_file_can_be_read_whole(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    lines = ('theme = "pink"', "undo_window = 99999", "[keys]", '"do.nothing" = "z"', '"do.forward" = "c"')
    settings_file(store.home).write_text("\n".join(lines), encoding="utf-8")
    async with seated(desk(), 80, 24) as seat:
        await seat.press("comma")
        faults = [str(fault) for fault in faults_of(seat.app.shelf.likes)]
        assert [fault.split("：")[0] for fault in faults] == ["第 1 行", "第 2 行", "第 4 行", "第 5 行"]
        for fault in faults:
            assert fault in "".join(line.strip() for line in seat.lines[10:])
            await seat.press("j")
