"""Letters on the same matter, and what a new letter suggests, as the keys show and take them."""

from __future__ import annotations

from collections.abc import Callable

from db.store import Store
from desk.app import DeskApp
from desk.screens.alike import Alike
from desk.screens.form import Form
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]

SAME = (
    (
        "滨江花园三号楼电梯停运半个月",
        "complaint",
        "normal",
        None,
        None,
        "滨江花园三号楼的电梯停运半个月，老人下不了楼，物业一直说等配件。",
    ),
    (
        "滨江花园3号楼电梯坏了没人修",
        "complaint",
        "normal",
        None,
        None,
        "滨江花园三号楼电梯坏了半个月没人修，物业说等配件，请催一催。",
    ),
    ("学府路口红绿灯时间太短", "complaint", "normal", None, None, "学府路口的红绿灯时间太短，老人走不完斑马线。"),
)


def text(seat: Seat) -> str:
    return "\n".join(seat.lines)


async def looked(seat: Seat) -> None:
    await seat.app.workers.wait_for_complete()
    await seat.settled()


async def test_letters_on_the_same_matter_are_shown_with_what_they_share_and_merged(store: Store, desk: Desk) -> None:
    one, two, _three = inbox.arrive(store, SAME)
    async with seated(desk()) as seat:
        while seat.title != SAME[0][0]:
            await seat.press("j")
        await seat.press("equals_sign")
        await looked(seat)
        assert isinstance(seat.app.screen, Alike)
        assert "滨江花园3号楼电梯坏了没人修" in text(seat)
        assert "滨江花园" in text(seat).split("坏了没人修")[1]
        await seat.press("m")
        assert isinstance(seat.app.screen, Form)
        await seat.press("ctrl+s")
    assert inbox.letter(store, two).case.merged_into == one


async def test_the_letter_in_view_goes_into_the_other(store: Store, desk: Desk) -> None:
    one, two, _three = inbox.arrive(store, SAME)
    async with seated(desk()) as seat:
        while seat.title != SAME[0][0]:
            await seat.press("j")
        await seat.press("equals_sign")
        await looked(seat)
        await seat.press("M", "ctrl+s")
    assert inbox.letter(store, one).case.merged_into == two


async def test_a_similar_letter_is_opened(store: Store, desk: Desk) -> None:
    inbox.arrive(store, SAME)
    async with seated(desk()) as seat:
        while seat.title != SAME[0][0]:
            await seat.press("j")
        await seat.press("equals_sign")
        await looked(seat)
        await seat.press("enter")
        assert seat.title == SAME[1][0]


LETTER = (
    "茄子溪街道的人行道被围起来了",
    "help",
    "normal",
    None,
    None,
    "大渡口区茄子溪街道兴通路的人行道被围挡多年，行人只能走车道，很危险。",
)


async def test_what_a_letter_suggests_is_shown_and_never_taken_by_itself(store: Store, desk: Desk) -> None:
    (case,) = inbox.arrive(store, [LETTER])
    async with seated(desk()) as seat:
        await seat.press("enter")
        await looked(seat)
        assert "建议（+ 全部采纳）" in text(seat)
        assert "F4 区县 大渡口区" in text(seat)
        assert inbox.letter(store, case).case.district is None
        assert [e.kind for e in inbox.letter(store, case).events] == ["received"]


async def test_one_suggestion_is_taken_with_its_key_and_taken_back(store: Store, desk: Desk) -> None:
    (case,) = inbox.arrive(store, [LETTER])
    async with seated(desk()) as seat:
        await seat.press("enter")
        await looked(seat)
        await seat.press("f4")
        now = inbox.letter(store, case).case
        assert (now.district, now.topic) == ("500104", None)
        assert inbox.letter(store, case).events[-1].facts == {"district": "500104"}
        await seat.press("u")
    assert inbox.letter(store, case).case.district is None


async def test_all_are_taken_with_one_key_also_with_the_pane_closed(store: Store, desk: Desk) -> None:
    (case,) = inbox.arrive(store, [LETTER])
    async with seated(desk()) as seat:
        await seat.press("plus")
        assert inbox.letter(store, case).case.district == "500104"
        await seat.press("plus")
        assert "没有新的建议" in seat.foot


async def test_a_hostile_letter_stays_text_here_too(store: Store, desk: Desk) -> None:
    bad = "[@click=app.bell]电梯停运[/]\x1b[2J滨江花园三号楼"
    inbox.arrive(store, [(bad, "help", "normal", None, None, bad), (bad + "二", "help", "normal", None, None, bad)])
    async with seated(desk()) as seat:
        await seat.press("enter")
        await looked(seat)
        await seat.press("equals_sign")
        await looked(seat)
        assert "\x1b" not in text(seat)
        assert "[@click=app.bell]" in text(seat)
