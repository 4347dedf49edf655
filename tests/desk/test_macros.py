"""Macros: made of what was done, shown before they run, one step to take back, nothing half written sent."""

from __future__ import annotations

from collections.abc import Callable

from db import commands, configuring, drafts, queries
from db.clock import day_of
from db.people import own_actor
from db.store import Store
from desk import macros
from desk.app import DeskApp
from desk.macros import Macro, Step
from desk.screens.form import Form
from desk.screens.macros import CoursePreview
from desk.screens.preview import Preview
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]

ACCEPT_AND_NOTE = Macro("收下", (Step("accept", {"kind": "help"}), Step("note", {"text": "已电话告知"})), "f5")


def kinds(store: Store, case: str) -> list[str]:
    return [e.kind for e in queries.letter(store, case).events]  # type: ignore[union-attr]


def text(seat: Seat) -> str:
    return "\n".join(seat.lines)


async def test_a_macro_is_made_of_what_was_just_done_and_run_by_its_key(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.press("n", *"ok", "ctrl+s", "a", "ctrl+s")  # a note, then accepted: the cursor goes on
        await seat.press("at", "n", "k", "space", "enter", *"both", "enter", "b", "f5", "escape")
        assert [(m.name, m.key, [s.action for s in m.steps]) for m in macros.load(store)] == [
            ("both", "f5", ["note", "accept"])
        ]
        await seat.press("f5")
        assert isinstance(seat.app.screen, CoursePreview)
        assert "待审核 → 待转办" in text(seat)
        await seat.press("enter")
    assert [kinds(store, c) for c in cases] == [["received", "noted", "accepted"]] * 2


async def test_a_macro_is_taken_back_whole(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    macros.keep(store, [ACCEPT_AND_NOTE])
    async with seated(desk()) as seat:
        await seat.press("f5", "enter")
        assert kinds(store, case) == ["received", "accepted", "noted"]
        await seat.press("2", "u")
    assert kinds(store, case) == ["received"]


async def test_where_a_rule_refuses_nothing_of_it_is_done(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    macros.keep(store, [Macro("错", (Step("note", {"text": "甲"}), Step("chase", {"level": "2"})), "f5")])
    async with seated(desk()) as seat:
        await seat.press("f5")
        assert "整个都不办" in text(seat)
        await seat.press("enter")
        assert isinstance(seat.app.screen, CoursePreview)
        await seat.press("escape")
    assert kinds(store, case) == ["received"]


async def test_a_draft_that_waits_is_never_sent(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    macros.keep(store, [ACCEPT_AND_NOTE])
    drafts.put(store, case, "note", {"text": "写了一半"})
    async with seated(desk()) as seat:
        await seat.press("f5", "enter")
        assert isinstance(seat.app.screen, Form)
        assert "写了一半" in text(seat)
        await seat.press("escape")
    assert kinds(store, case) == ["received", "accepted"]


async def test_a_step_with_something_missing_opens_its_dialog(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    macros.keep(store, [Macro("问", (Step("ask", {"text": ""}),), "f5")])
    async with seated(desk()) as seat:
        await seat.press("f5", "enter")
        assert isinstance(seat.app.screen, Form)
    assert kinds(store, case) == ["received"]


async def test_a_key_in_use_is_not_given_to_a_macro(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    macros.keep(store, [ACCEPT_AND_NOTE])
    async with seated(desk()) as seat:
        await seat.press("at", "b", "a")
        assert "已有用途" in text(seat)
    assert macros.load(store)[0].key == "f5"


async def test_macros_are_renamed_and_taken_away(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    macros.keep(store, [ACCEPT_AND_NOTE])
    async with seated(desk()) as seat:
        await seat.press("at", "r", *"2", "enter")
        assert macros.load(store)[0].name == "收下2"
        await seat.press("d")
        assert "再按一次 d" in text(seat)
        assert len(macros.load(store)) == 1
        await seat.press("d")
        assert macros.load(store) == []


async def test_steps_are_shown_in_words_never_in_codes(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    inbox.forward(store, case)
    async with seated(desk()) as seat:
        await seat.press("3", "c", "ctrl+s", "at", "n")
        seen = text(seat)
    assert "提醒 · 电话" in seen
    assert "phone" not in seen
    assert inbox.letter(store, case).case.lead_dispatch.id[:8] not in seen  # type: ignore[union-attr]


async def test_a_step_that_assigns_names_the_person(store: Store, desk: Desk) -> None:
    inbox.staff(store)
    (case,) = inbox.many(store, 1)
    macros.keep(store, [Macro("交给王", (Step("assign", {"to": "u-wang"}),), "f5")])
    async with seated(desk()) as seat:
        await seat.press("f5")
        assert "王编辑" in text(seat)
        assert "u-wang" not in text(seat)
        await seat.press("enter", "at", "n")
        assert "u-wang" not in text(seat)
    assert inbox.letter(store, case).case.assignee == "u-wang"


async def test_a_macro_on_marked_letters_shows_who_is_left_out_and_is_taken_back_by_one_key(
    store: Store, desk: Desk
) -> None:
    cases = inbox.many(store, 4)
    macros.keep(store, [ACCEPT_AND_NOTE])
    inbox.do(store, cases[1], "declined", {"text": "请诉讼。"}, reason="court")
    drafts.put(store, cases[2], "note", {"text": "写了一半"})
    async with seated(desk()) as seat:
        await seat.press("0", "asterisk", "f5")
        assert isinstance(seat.app.screen, Preview)
        shown = text(seat)
        assert "将办理 2 件" in shown
        assert "不办的 2 件" in shown
        assert "已电话告知" in shown  # what each step carries
        assert "待审核 → 待转办" in shown
        assert "草稿" in shown
        await seat.press("enter")
        assert "收下：2 件" in seat.foot
        assert [kinds(store, c)[1:] for c in cases] == [
            ["accepted", "noted"],
            ["declined"],
            [],
            ["accepted", "noted"],
        ]
        await seat.press("u")
        assert "已撤销：收下（2 件）。" in seat.foot
        assert "填写的内容" not in seat.foot  # a macro is typed nowhere
    assert [kinds(store, c)[1:] for c in cases] == [[], ["declined"], [], []]


async def test_what_was_said_to_one_citizen_is_never_sent_to_another_by_a_macro(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    assert commands.run(store, own_actor(store), [commands.Command("classified", case, {"kind": "inquiry"})]).ok
    said = {"text": "张先生，您家的事已办妥。", "source": "市政府网站"}
    macros.keep(store, [Macro("答", (Step("answer_directly", said),), "f5")])
    async with seated(desk()) as seat:
        await seat.press("f5", "enter")
        assert isinstance(seat.app.screen, Form)
        await seat.press("escape")
    assert kinds(store, case) == ["received", "classified"]


async def test_a_macro_that_forwards_writes_the_document_of_a_district_without_account(
    store: Store, desk: Desk
) -> None:
    inbox.many(store, 2)
    paper = configuring.paper(inbox.YUBEI, day_of(inbox.NOW), on=True)
    assert commands.run(store, own_actor(store), [paper], inbox.NOW).ok
    macros.keep(store, [Macro("转渝北", (Step("forward", {"to": inbox.YUBEI}),), "f5")])
    async with seated(desk()) as seat:
        await seat.press("asterisk", "f5", "enter")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert len(list((store.home / "notices").glob("*.docx"))) == 1
