"""A letter on its way into the paper: every find is decided by a person, and only what they saw goes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from db import people, queries
from db.model import CaseId
from db.store import Store
from desk.app import DeskApp
from desk.cli import main
from desk.screens.publish import PublishScreen
from desk.screens.publish_words import WordsScreen
from tests.desk.bench import screen_text
from tests.desk.letters import do, fill, forward, read, write_letter

Desk = Callable[[], DeskApp]

BODY = (
    "我叫陈建民，家住丽景苑3栋2单元15-4，身份证500103198503120012。\n楼上何大勇养狗扰民，他的车渝A·D12345长期占道。\n"
    "电话13812340001，微信chenjm_85。\x1b[2J[red]请处理[/red]"
)
REPLY = "经与陈建民联系，已劝导何大勇，车辆渝AD12345已挪走。联系人李红梅，67120001。"


@pytest.fixture
def case(store: Store) -> CaseId:
    fill(store)
    case = write_letter(store, "55", title="陈建民反映楼上养狗", body=BODY, at="2024-11-01T08:10")
    forward(store, case)
    do(store, case, "replied", text=REPLY, outcomes=[])
    do(store, case, "answered", text=REPLY, checklist=["polite"], redacted=True)
    do(store, case, "resolved", result="solved")
    return case


async def opened(app: DeskApp, pilot: Pilot[Any], case: CaseId) -> PublishScreen:
    await pilot.pause()
    letter = queries.letter(app.store, case)
    assert letter is not None
    app.queue.show_letter(letter.case.code)
    await pilot.pause()
    await pilot.press("p")
    await pilot.pause()
    assert isinstance(app.screen, PublishScreen)
    return app.screen


def published(store: Store, case: CaseId) -> dict[str, Any]:
    event = next(e for e in reversed(read(store, case).events) if e.kind == "published")
    return {**event.words, "facts": dict(event.facts)}


SECRETS = ("建民", "大勇", "红梅", "13812340001", "67120001", "5001031985", "D12345", "15-4", "3栋", "chenjm")


async def test_what_goes_out_is_the_redacted_text_and_nothing_else(store: Store, case: CaseId, desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, case)
        await pilot.press("a", "ctrl+s")
        await pilot.pause()
        assert not isinstance(app.screen, PublishScreen)
    out = published(store, case)
    for secret in SECRETS:
        assert secret not in json.dumps(out, ensure_ascii=False), secret
    assert out["title"] == "陈某某反映楼上养狗"
    assert "家住丽景苑×栋×单元×-×" in out["text"]
    assert out["reply"].startswith("经与陈某某联系，已劝导何某某")
    assert "\x1b" not in out["text"]
    assert "␛" not in out["text"]  # a mark for the screen has no place on a page


async def test_the_log_learns_which_rules_took_out_how_much_and_never_what(
    store: Store, case: CaseId, desk: Desk
) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, case)
        await pilot.press("x", "a", "ctrl+s")
        await pilot.pause()
    facts = published(store, case)["facts"]
    assert facts["as"] == "told"
    assert facts["kept"] == {"name": 1}
    assert facts["removed"]["phone"] == 2
    assert facts["removed"]["plate"] == 2
    assert "建民" not in json.dumps(facts, ensure_ascii=False)


async def test_nothing_goes_out_while_a_find_is_not_decided(store: Store, case: CaseId, desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot, case)
        await pilot.press("enter", "ctrl+s")
        await pilot.pause()
        assert app.screen is screen
        assert "未定" in screen_text(app)
    assert read(store, case).case.publications == ()


async def test_a_find_is_changed_to_other_words(store: Store, case: CaseId, desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, case)
        await pilot.press("c", "ctrl+a")
        await pilot.press("ctrl+k", "市", "民", "enter")
        await pilot.press("a", "ctrl+s")
        await pilot.pause()
    assert published(store, case)["title"] == "市民反映楼上养狗"


async def test_words_are_taken_out_by_hand_wherever_they_stand(store: Store, case: CaseId, desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, case)
        await pilot.press("e", "tab")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, WordsScreen)
        at = screen.words.text.index("丽景苑")
        screen.words.move_cursor((0, at))
        await pilot.press("shift+right", "shift+right", "shift+right", "ctrl+t", "escape", "a", "ctrl+s")
        await pilot.pause()
    out = published(store, case)
    assert "丽景苑" not in out["text"]
    assert "家住×××" in out["text"]
    assert out["facts"]["removed"]["hand"] == 1


async def test_what_was_decided_is_there_again_after_leaving(store: Store, case: CaseId, desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, case)
        await pilot.press("x", "enter", "escape")
        await pilot.pause()
        screen = await opened(app, pilot, case)
        assert [f.fate for f in screen.publishing.finds][:2] == ["kept", "out"]
        assert "已取回" in screen_text(app)


async def test_a_publication_taken_back_leaves_what_was_decided_as_a_draft(
    store: Store, case: CaseId, desk: Desk
) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot, case)
        await pilot.press("a", "ctrl+s")
        await pilot.pause()
        await pilot.press("u")
        await pilot.pause()
        assert read(store, case).case.publications == ()
        screen = await opened(app, pilot, case)
        assert screen.publishing.undecided == 0


async def test_a_confidential_letter_never_comes_to_the_dialog(store: Store, desk: Desk) -> None:
    fill(store)
    case = write_letter(store, "56", title="保密来信", body="不要说出去", at="2024-11-01T08:20")
    do(store, case, "classified", confidential=True)
    forward(store, case)
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        letter = queries.letter(store, case)
        assert letter is not None
        app.queue.show_letter(letter.case.code)
        await pilot.press("p")
        await pilot.pause()
        assert not isinstance(app.screen, PublishScreen)
        assert "保密" in screen_text(app)


async def test_the_senders_own_name_is_found_though_the_letter_never_calls_it_one(store: Store, desk: Desk) -> None:
    fill(store)
    case = write_letter(store, "57", title="孟雨桐的建议", body="孟雨桐认为应该多装路灯。", at="2024-11-01T08:30")
    forward(store, case)
    with store.write() as conn:
        people.put_senders(conn, [people.Sender("s-57", "孟雨桐", "女士", "13900000057")])
        conn.execute("UPDATE cases SET sender = 's-57' WHERE id = ?", (case,))
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, case)
        assert [f.spot.rule for f in screen.publishing.finds] == ["sender", "sender"]


def test_the_verb_publishes_nothing_that_nobody_looked_at(
    store: Store, case: CaseId, capsys: pytest.CaptureFixture[str]
) -> None:
    code = read(store, case).case.code
    words = ["publish", code, "--home", str(store.home), "--title", "养狗", "--text", "我叫陈建民，电话13812340001。"]
    assert main(words) == 1
    refused = capsys.readouterr().err
    assert "13812340001" in refused
    assert read(store, case).case.publications == ()
    assert main([*words, "--redact"]) == 0
    out = published(store, case)
    assert out["text"] == "我叫陈某某，电话【电话】。"
    assert out["facts"]["removed"] == {"name": 1, "phone": 1}


def test_a_text_is_looked_through_from_the_shell(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("我叫陈建民，电话13812340001。\x1b]52;c;eA==\x07", encoding="utf-8")
    assert main(["redact", str(letter), "--home", str(store.home), "--accept"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("我叫陈某某，电话【电话】。")
    assert "\x1b" not in out


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_the_dialog_drawn(store: Store, case: CaseId, desk: Desk, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await opened(app, pilot, case)
        await pilot.press("enter", "x")
        await pilot.pause()

    assert snap_compare(desk(), run_before=before, terminal_size=size)


def test_the_dialog_drawn_in_english(
    store: Store, case: CaseId, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", "en")

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await opened(app, pilot, case)
        await pilot.press("a")
        await pilot.pause()

    assert snap_compare(desk(), run_before=before, terminal_size=(120, 40))
