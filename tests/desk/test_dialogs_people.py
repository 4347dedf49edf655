"""Whom a letter is given to: colleagues by name, in place of who stood there."""

from __future__ import annotations

from db.model_codes import Role
from db.people import User, put_users
from db.queries import cases_of
from db.store import Store
from tests.desk.bench import Bench, screen_text
from tests.desk.letters import fill, write_letter


async def test_a_colleague_is_typed_over_oneself_and_taken_by_name(store: Store) -> None:
    fill(store)
    put_users(store, [User("u7", "李主任", Role.SUPERVISOR)])
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "assign", case)
        await pilot.press("李", "ctrl+s")
    assert cases_of(store, [case])[case].assignee == "u7"


async def test_a_name_of_nobody_is_said_to_be_nobodys_and_kept(store: Store) -> None:
    fill(store)
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "assign", case)
        await pilot.press("赵", "四")
        await pilot.pause()
        assert "名单里没有此人" in screen_text(app)
        await pilot.press("ctrl+s")
    assert cases_of(store, [case])[case].assignee == "赵四"


async def test_what_fits_nothing_is_still_said_when_the_field_is_left(store: Store) -> None:
    fill(store)
    case = write_letter(store, district="500104")
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "classify", case)
        await pilot.press("tab", "x", "q", "tab")
        await pilot.pause()
        assert "没有与“xq”相符的" in screen_text(app)
