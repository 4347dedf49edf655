"""`:` and ctrl+p: everything by its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from desk.commanding import history, offers
from desk.settings import Search
from tests.desk import inbox
from tests.desk.bench import paste
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


def text(seat: Seat) -> str:
    return "\n".join(seat.lines)


async def command(seat: Seat, words: str) -> None:
    await seat.press("colon")
    await paste(seat.pilot, words)
    await seat.press("enter")


async def test_a_verb_is_done_to_the_letter_in_view_and_taken_back(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await command(seat, "forward --to 渝北 --note 请核实")
        letter = inbox.letter(store, case)
        assert letter.case.state == "forwarded"
        assert [e.words.get("note") for e in letter.events if e.kind == "forwarded"] == ["请核实"]
        assert "转办" in seat.foot
        await seat.press("u")
    assert inbox.letter(store, case).case.state == "received"


async def test_a_verb_is_done_to_all_that_is_marked(store: Store, desk: Desk) -> None:
    cases = inbox.many(store, 3)
    async with seated(desk()) as seat:
        await seat.press("asterisk")
        await command(seat, "accept --kind help")
    assert {inbox.letter(store, c).case.state for c in cases} == {"accepted"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("forwrad", "没有“forwrad”"),
        ("forward --to 火星", "火星"),
        ('note --text "open', "引号"),
        ("chase --level 2", "!"),
        ("note --nonsense 1", "不明白"),
        ("resolve --result nothing", "!"),
    ],
)
async def test_what_cannot_be_done_is_a_sentence(store: Store, desk: Desk, typed: str, said: str) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await command(seat, typed)
        assert said in seat.foot
    assert len(inbox.letter(store, case).events) == 1


async def test_a_number_is_a_queue_and_a_code_is_its_letter(store: Store, desk: Desk) -> None:
    cases = inbox.busy(store)
    code = inbox.letter(store, cases[-1]).case.code
    async with seated(desk()) as seat:
        await command(seat, "4")
        assert seat.app.queue.queue == 4
        await command(seat, code)
        assert seat.app.queue.pane.letter is not None
        assert seat.app.queue.pane.letter.case.code == code


async def test_what_was_typed_before_comes_back(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await command(seat, "note --text 甲")
        await command(seat, "note --text 乙")
        await seat.press("colon", "up", "up")
        assert "note --text 甲" in text(seat)
        await seat.press("down", "escape")
    assert history(store) == ["note --text 甲", "note --text 乙"]


def test_what_may_come_next_is_offered() -> None:
    assert offers("forw")[0].text == "forward "
    assert "--to " in [o.text for o in offers("forward ")]
    assert offers("forward --to ybq")[0].text == "渝北区 "
    assert "--to " not in [o.text for o in offers("forward --to 渝北区 ")]
    assert offers("nothing ") == ()


async def test_the_palette_finds_letters_districts_and_lists(store: Store, desk: Desk) -> None:
    cases = inbox.busy(store)
    code = inbox.letter(store, cases[0]).case.code
    async with seated(desk()) as seat:
        assert seat.app.shelf.likes.put("searches", [Search("电梯的", "电梯")]) is None
        for typed, shown, query in (
            (code, f"{code}  ", code),
            ("渝北", "区县：渝北区", "district:渝北区"),
            ("电梯的", "清单：电梯的", "电梯"),
        ):
            await seat.press("ctrl+p")
            await paste(seat.pilot, typed)
            for _ in range(40):
                await seat.pilot.pause(0.05)
                if shown in text(seat):
                    break
            await seat.press("enter")
            await seat.settled()
            assert seat.app.queue.query_text == query


async def test_the_help_is_looked_through_by_typing(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("question_mark", "slash")
        await paste(seat.pilot, "催办")
        await seat.settled()
        assert "催办" in text(seat)
        assert "受理" not in text(seat)
        assert "·" in text(seat)  # and why it does not apply
        await seat.press("j", "q")  # letters now, not keys
        assert "没有这样的键" in text(seat)
        await seat.press("escape")
        assert "受理" in text(seat)
        await seat.press("escape")
        assert len(seat.app.screen_stack) == 1


async def test_a_hostile_title_in_the_palette_stays_text(store: Store, desk: Desk) -> None:
    """The palette reads what it is given as markup: nothing of a citizen's may come to it as a plain string."""
    title = "[red]路灯[/red] [@click=app.bell]按我[/] \x1b[2J"
    inbox.arrive(store, [(title, "help", "normal", None, inbox.YUBEI, "请派人看看。")])
    async with seated(desk()) as seat:
        seat.app.shelf.likes.put("searches", [Search("[b]路灯的[/b]", "[x]路灯")])
        await seat.press("ctrl+p")
        await paste(seat.pilot, "路灯")
        for _ in range(40):
            await seat.pilot.pause(0.05)
            if "清单" in text(seat) and "RMLX" in text(seat):
                break
        shown = text(seat)
        assert "[@click=app.bell]按我[/]" in shown
        assert "[red]路灯[/red]" in shown
        assert "[b]路灯的[/b]" in shown
        assert "[x]路灯" in shown
        assert "\x1b" not in shown


async def test_the_palette_speaks_the_persons_language(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("ctrl+p")
        assert "操作、队列、来信、区县" in text(seat)
        await paste(seat.pilot, "zzzzqq")
        for _ in range(40):
            await seat.pilot.pause(0.05)
            if "没有找到" in text(seat):
                break
        assert "没有找到" in text(seat)
        await seat.press("escape", "escape")
        assert len(seat.app.screen_stack) == 1


async def test_every_screen_is_offered_and_opened_by_its_beginning(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    for begun, screen in (("boa", "BoardScreen"), ("bul", "BulletinScreen"), ("surv", "SurveysScreen")):
        async with seated(desk()) as seat:
            await seat.press("colon", *begun, "tab", "enter")
            assert type(seat.app.screen).__name__ == screen


@pytest.mark.parametrize(
    ("typed", "screen"), [("交接", "HandoverSheet"), ("hando", "HandoverSheet"), ("工作", "Sheet")]
)
async def test_the_beginning_of_a_screens_name_opens_it_where_nothing_else_so_begins(
    store: Store, desk: Desk, typed: str, screen: str
) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await command(seat, typed)
        assert type(seat.app.screen).__name__ == screen


async def test_the_beginning_of_a_verb_does_nothing(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await command(seat, "acc")
        assert "没有“acc”" in seat.foot
    assert inbox.letter(store, case).case.state == "received"


async def test_the_palette_finds_a_letter_by_the_end_of_its_code(store: Store, desk: Desk) -> None:
    cases = inbox.busy(store)
    code = inbox.letter(store, cases[0]).case.code
    async with seated(desk()) as seat:
        await seat.press("ctrl+p")
        await paste(seat.pilot, code[-4:])
        for _ in range(40):
            await seat.pilot.pause(0.05)
            if f"{code}  " in text(seat):
                break
        await seat.press("enter")
        await seat.settled()
        assert seat.app.queue.query_text == code
