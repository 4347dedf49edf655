"""Nothing typed into a dialog is lost: not by leaving, not by a refusal, not by the end of the app."""

from __future__ import annotations

import pytest

from db import drafts
from db.store import Store
from desk.screens.form import Form
from tests.desk.bench import Bench, paste, screen_text
from tests.desk.letters import do, editor, fill, forward, kinds, read, write_letter


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


async def test_a_note_half_written_comes_back_in_a_new_app(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "note", case)
        await paste(pilot, "给社区打过电话，\n张主任说下周")
        await pilot.press("escape")
        await pilot.pause()
        assert any("备注" in said for said in app.said)
    again = Bench(store)
    async with again.run_test() as pilot:
        form = await again.open(pilot, "note", case)
        assert form.values["text"] == "给社区打过电话，\n张主任说下周"
        assert "张主任说下周" in screen_text(again)
        assert "草稿已恢复" in screen_text(again)
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert read(store, case).events[-1].words["text"] == "给社区打过电话，\n张主任说下周"
    assert drafts.of(store, case) == {}


async def test_what_is_typed_is_in_the_store_before_the_dialog_is_left(store: Store) -> None:
    """As if the terminal were cut off: nobody presses esc."""
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        form = await app.open(pilot, "decline", case)
        await pilot.press("1", "enter", "a", "b")
        form.keep()
        assert drafts.get(store, case, "decline") == {"reason": "not_ours", "text": "ab"}


async def test_a_half_typed_district_is_kept_as_typed(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "forward", case)
        await pilot.press("q", "q", "q", "tab")
        await paste(pilot, "区城管局")
        await pilot.press("escape")
        await pilot.pause()
        form = await app.open(pilot, "forward", case)
        assert form.values["district"] == "qqq"
        assert form.values["unit"] == "区城管局"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "没有叫“qqq”的区县" in screen_text(app)
    assert kinds(store, case) == ["received"]


async def test_opening_and_leaving_a_dialog_untouched_keeps_no_draft(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "forward", case)
        await pilot.press("tab", "tab", "escape")
        await pilot.pause()
    assert drafts.of(store, case) == {}
    assert app.said == []


async def test_a_draft_can_be_thrown_away(store: Store) -> None:
    case = write_letter(store)
    drafts.put(store, case, "note", {"text": "不要了"})
    app = Bench(store)
    async with app.run_test() as pilot:
        form = await app.open(pilot, "note", case)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert form.values["text"] == ""
        assert "不要了" not in screen_text(app)
    assert drafts.of(store, case) == {}


async def test_a_draft_of_an_older_dialog_does_not_break_the_new_one(store: Store) -> None:
    case = write_letter(store)
    drafts.put(store, case, "accept", {"kind": "no_such_kind", "gone": 1, "urgency": "urgent"})
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "accept", case)
        await pilot.press("2", "ctrl+s")
        await pilot.pause()
    assert read(store, case).case.urgency == "urgent"


async def test_a_refusal_stands_in_the_dialog_beside_what_was_typed(store: Store) -> None:
    """Another person declined the letter while the answer to forward it was being typed."""
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "forward", case)
        await pilot.press("tab", "tab")
        await paste(pilot, "请尽快")
        do(store, case, "declined", reason="court", text="已进入诉讼")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, Form)
        text = screen_text(app)
        assert "✗" in text
        assert "请尽快" in text
        assert "写下的都留着" in text
    assert kinds(store, case)[-1] == "declined"
    assert "请尽快" in str(drafts.of(store, case)["forward"])


async def test_the_rules_word_on_a_supervised_answer_is_said_to_an_editor(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    do(store, case, "chased", level=3, channel="phone")
    do(store, case, "replied", text="已修好")
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "answer", case, actor=editor(store))
        await pilot.press("1", "enter", "space", "enter")
        await paste(pilot, "您好")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "值班主任" in screen_text(app)
        assert isinstance(app.screen, Form)
    assert kinds(store, case)[-1] == "replied"


async def test_what_is_missing_is_said_under_its_field_and_the_cursor_goes_there(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        form = await app.open(pilot, "decline", case)
        await pilot.press("2", "ctrl+s")
        await pilot.pause()
        assert "请填写“告知来信人”" in screen_text(app)
        assert form.rows[1].has_focus_within
        await paste(pilot, "已进入诉讼程序")
        assert "请填写“告知来信人”" not in screen_text(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert read(store, case).case.state == "declined"


async def test_several_letters_are_done_all_or_none_and_each_refused_one_is_named(store: Store) -> None:
    cases = [write_letter(store, str(n)) for n in (1, 2, 3)]
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "decline", *cases)
        await pilot.press("7", "enter")
        await paste(pilot, "与前信重复")
        forward(store, cases[1])
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "RMLX-20241101-00-0002" in screen_text(app)
        assert [read(store, c).case.state for c in cases] == ["received", "forwarded", "received"]


async def test_several_letters_accepted_together_keep_what_each_already_was(store: Store) -> None:
    cases = [write_letter(store, "1", kind="inquiry"), write_letter(store, "2", kind="complaint")]
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "accept", *cases)
        await pilot.press("ctrl+s", "enter")
        await pilot.pause()
    assert [read(store, c).case.kind for c in cases] == ["inquiry", "complaint"]
    assert sorted(app.changed) == sorted(cases)


async def test_what_somebody_already_did_writes_nothing_and_says_so(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "assign", case)
        do(store, case, "assigned", to="local")
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert kinds(store, case).count("assigned") == 1
    assert len(app.said) == 1


async def test_a_reply_that_came_while_the_answer_was_typed_is_not_answered_unread(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    do(store, case, "replied", text="正在研究")
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "answer", case)
        await pilot.press("1", "enter", "space", "enter")
        await paste(pilot, "您好，单位正在研究")
        do(store, case, "replied", text="已修好")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, Form)
        assert "✗" in screen_text(app)
    assert read(store, case).case.state == "replied"


async def test_a_dialog_that_shows_a_hostile_title_made_safe_does_not_change_it(store: Store) -> None:
    case = write_letter(store, title="电梯\x1b[2J停运", kind="complaint", district="500104")
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "classify", case)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "没有不同" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
    assert read(store, case).case.title == "电梯\x1b[2J停运"
    assert drafts.of(store, case) == {}


async def test_closing_the_app_in_the_middle_of_a_word_keeps_the_draft(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test() as pilot:
        await app.open(pilot, "note", case)
        await pilot.press("a", "b")
        app.exit()
    assert drafts.get(store, case, "note") == {"text": "ab", "files": ""}
