"""The dialogs as the keys of the queue open them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from desk.screens.form import Form
from tests.desk.bench import paste, screen_text
from tests.desk.letters import do, fill, forward, kinds, read, write_letter

Desk = Callable[[], DeskApp]


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


async def test_two_keys_forward_a_letter_and_the_queue_moves_on(store: Store, desk: Desk) -> None:
    case = write_letter(store, district="500104")
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f")
        await pilot.pause()
        assert isinstance(app.screen, Form)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert not isinstance(app.screen, Form)
        text = screen_text(app)
        assert "转办“电梯三天两头停运”：已存本机，待发送。" in text
    assert kinds(store, case) == ["received", "forwarded"]


async def test_a_letter_a_unit_gave_back_goes_there_again_only_after_a_look_at_what_it_said(
    store: Store, desk: Desk
) -> None:
    case = write_letter(store, district="500104")
    forward(store, case)
    do(store, case, "returned", reason="not_ours", text="该路段由市政单位管护。")
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("2", "f")
        await pilot.pause()
        assert "该路段由市政单位管护。" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert read(store, case).case.state == "returned"
        await pilot.press("shift+tab", *["backspace"] * 4, *"ybq", "ctrl+s")
        await pilot.pause()
        await pilot.pause()
    assert read(store, case).case.lead_dispatch.district == "500112"  # type: ignore[union-attr]


async def test_a_key_that_does_not_apply_says_why_and_opens_nothing(store: Store, desk: Desk) -> None:
    write_letter(store)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for key in "cerbydtop":
            await pilot.press(key)
            await pilot.pause()
            assert not isinstance(app.screen, Form), key
            assert "!" in screen_text(app).split("\n")[-1] + screen_text(app).split("\n")[-2], key


async def test_leaving_a_dialog_says_that_the_draft_is_kept(store: Store, desk: Desk) -> None:
    case = write_letter(store)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("n")
        await pilot.pause()
        await paste(pilot, "等社区回话")
        await pilot.press("escape")
        await pilot.pause()
        assert "写下的都留着" in screen_text(app)
    assert read(store, case).drafts == {"note": {"text": "等社区回话", "files": ""}}


async def test_marked_letters_are_accepted_together(store: Store, desk: Desk) -> None:
    cases = [write_letter(store, str(n)) for n in (1, 2, 3)]
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("asterisk", "a")
        await pilot.pause()
        assert "3 封来信" in screen_text(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert {read(store, c).case.state for c in cases} == {"received"}  # first it says what would happen
        assert "将办理 3 件" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
    assert {read(store, c).case.state for c in cases} == {"accepted"}
