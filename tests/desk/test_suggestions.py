"""Suggestions on the desk: under the letter, in the dialogs; taken by a key, alone or all, and never by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from db.store import Store
from desk.app import DeskApp
from desk.screens.form import Form
from tests.desk.bench import Bench, screen_text
from tests.desk.letters import do, fill, kinds, read, write_letter

Desk = Callable[[], DeskApp]

TITLE, BODY = "老楼想加装电梯", "我们住茄子溪街道钢花小区，八层没有电梯，请问加装电梯的手续找谁办？"


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("desk.screens.queue_beside.ON", True)
    monkeypatch.setattr("desk.screens.queue_beside.REST", 0)
    monkeypatch.setattr("desk.screens.form_hints.ON", True)
    fill(store)
    return store


async def settle(pilot: Pilot[Any]) -> None:
    """What is looked for beside the screen has come."""
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def reading(pilot: Pilot[Any]) -> None:
    await pilot.pause()
    await pilot.press("enter")
    await settle(pilot)


async def test_a_letter_shows_what_it_suggests_and_why(store: Store, desk: Desk) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await reading(pilot)
        text = screen_text(app)
    assert "茄子溪街道 → 大渡口区" in text
    assert "电梯安装  “加装电梯”" in text
    assert "咨询" in text
    assert kinds(store, case) == ["received"]


async def test_one_key_takes_all_that_was_shown(store: Store, desk: Desk) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await reading(pilot)
        await pilot.press("plus")
        await settle(pilot)
        text = screen_text(app)
    got = read(store, case).case
    assert (got.kind, got.topic, got.district) == ("inquiry", "电梯安装", "500104")
    assert kinds(store, case) == ["received", "classified"]
    assert "已按建议归类" in text
    assert "+ 全部采用" not in text


async def test_what_was_taken_is_taken_back_by_undo(store: Store, desk: Desk) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await reading(pilot)
        await pilot.press("plus")
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
    assert kinds(store, case) == ["received"]


async def test_suggestions_that_were_not_on_the_screen_are_shown_before_they_are_taken(
    store: Store, desk: Desk
) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("plus")
        await pilot.pause()
        assert "再按一次采用" in screen_text(app)
        assert kinds(store, case) == ["received"]
        await pilot.press("plus")
        await pilot.pause()
    assert kinds(store, case) == ["received", "classified"]


async def test_what_a_person_decided_is_neither_suggested_nor_changed(store: Store, desk: Desk) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    do(store, case, "classified", kind="complaint", topic="安全隐患")
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await reading(pilot)
        await pilot.press("plus")
        await settle(pilot)
    got = read(store, case).case
    assert (got.kind, got.topic, got.district) == ("complaint", "安全隐患", "500104")


async def test_a_letter_without_suggestions_says_so(store: Store, desk: Desk) -> None:
    case = write_letter(store, title="你好", body="谢谢。")
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await reading(pilot)
        await pilot.press("plus")
        await pilot.pause()
        assert "没有新的建议" in screen_text(app)
    assert kinds(store, case) == ["received"]


async def opened(pilot: Pilot[Any], app: Bench, action: str, case: str) -> Form:
    form = await app.open(pilot, action, case)
    await settle(pilot)
    return form


async def test_a_dialog_holds_nothing_that_was_only_suggested(store: Store) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot, app, "forward", case)
        assert form.values["district"] == ""
        assert "= 大渡口区 · 茄子溪街道 → 大渡口区" in screen_text(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert kinds(store, case) == ["received"]


async def test_plus_and_enter_forward_as_suggested(store: Store) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, "forward", case)
        await pilot.press("plus", "enter")
        await pilot.pause()
    lead = read(store, case).case.lead_dispatch
    assert lead is not None
    assert lead.district == "500104"


async def test_one_field_is_taken_alone(store: Store) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot, app, "classify", case)
        await pilot.press("tab", "equals_sign", "ctrl+s")
        await pilot.pause()
        assert form.values["topic"] == "电梯安装"
    got = read(store, case).case
    assert (got.kind, got.topic, got.district) == (None, "电梯安装", None)


async def test_accepting_with_all_suggestions_takes_three_keys(store: Store) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app, "accept", case)
        await pilot.press("plus", "enter")
        await pilot.pause()
    got = read(store, case).case
    assert (got.state, got.kind, got.topic) == ("accepted", "inquiry", "电梯安装")


async def test_equals_and_plus_are_characters_where_text_is_typed(store: Store) -> None:
    case = write_letter(store, title=TITLE, body=BODY)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        form = await opened(pilot, app, "forward", case)
        await pilot.press("tab", "tab", "tab", "plus", "equals_sign")
        await pilot.pause()
        assert form.values["note"] == "+="
        assert form.values["district"] == ""


@pytest.mark.parametrize(("size", "lang"), [((120, 40), "zh_CN"), ((80, 24), "en")])
def test_the_letter_with_its_suggestions(
    store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], lang: str
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    write_letter(store, "1", title="电梯三天两头停运", at="2024-10-30T09:00")
    write_letter(store, "2", title=TITLE, body=BODY)
    assert snap_compare(desk(), terminal_size=size, run_before=reading)


@pytest.mark.parametrize(("action", "lang"), [("classify", "zh_CN"), ("forward", "en")])
def test_a_dialog_with_suggestions(
    store: Store, snap_compare: Any, monkeypatch: pytest.MonkeyPatch, action: str, lang: str
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    case = write_letter(store, title=TITLE, body=BODY)
    assert snap_compare(Bench(store, (action, (case,))), terminal_size=(120, 40), run_before=settle)
