"""The day's lists, the load, the handover sheet, whom to call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db import handover, people, queries
from db.clock import day_of, midnight
from db.commands import Command, run
from db.model import Actor, Role
from db.people import own_actor
from db.store import Store
from db.units import Contact
from desk import handing
from desk.app import DeskApp
from desk.around import StoreAround
from desk.cli import main
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]
DAY = 24 * inbox.HOUR


def found(store: Store, query: str, me: str = "local") -> set[str]:
    return {row.id for row in queries.page(store, 0, query=query, now=inbox.NOW, me=me, limit=200).rows}


def by_another(store: Store, case: str, kind: str, **words: str) -> None:
    assert run(store, Actor("u-wang", Role.EDITOR, "desk-9"), [Command(kind, case, words=words)], inbox.NOW).ok


def test_mine_are_those_assigned_to_me_and_open(store: Store) -> None:
    cases = inbox.arrive(store)
    me = own_actor(store).id
    for case in cases[:2]:
        inbox.do(store, case, "assigned", to=me)
    inbox.do(store, cases[1], "declined", {"text": "请诉讼。"}, reason="court")
    assert found(store, "list:mine", me) == {cases[0]}
    assert found(store, "清单:我的", me) == {cases[0]}


async def test_new_is_what_others_changed_until_it_was_looked_at(store: Store, desk: Desk) -> None:
    cases = inbox.arrive(store)
    me = own_actor(store).id
    with store.write() as conn:
        conn.execute("INSERT INTO setting(name, value) VALUES ('desk.looked', (SELECT max(n) FROM event))")
    inbox.do(store, cases[0], "noted", {"text": "我自己的"})
    by_another(store, cases[1], "noted", text="别人的")
    assert found(store, "list:new", me) == {cases[1]}
    async with seated(desk()) as seat:
        seat.app.queue.show_found("list:new")
        await seat.settled()
        assert [row.id for row in seat.app.queue.letters.window.rows] == [cases[1]]
        await seat.press("1")
    assert found(store, "list:new", me) == set()
    by_another(store, cases[2], "noted", text="又有")
    assert found(store, "list:new", me) == {cases[2]}


def test_call_backs_are_due_after_days_of_silence(store: Store) -> None:
    cases = inbox.busy(store)
    answered = cases[-1]
    assert found(store, "list:callbacks") == set()  # answered today
    later = queries.page(store, 0, query="list:callbacks", now=inbox.NOW + 4 * DAY).rows
    assert answered in {row.id for row in later}
    inbox.do(store, answered, "rated", {"text": "满意"}, score=5)
    later = queries.page(store, 0, query="list:callbacks", now=inbox.NOW + 4 * DAY).rows
    assert answered not in {row.id for row in later}


def test_other_letters_of_a_sender_are_found_without_a_name(store: Store) -> None:
    cases = inbox.arrive(store)
    with store.write() as conn:
        conn.execute("UPDATE cases SET sender = 'sender-1' WHERE id IN (?, ?)", (cases[0], cases[3]))
    code = inbox.letter(store, cases[0]).case.code
    assert found(store, f"same:{code}") == {cases[0], cases[3]}


async def test_the_lists_are_in_the_palette(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        titles = [title for title, _help, _do in seat.app.queue.commands()]
        assert {"我的", "新动态", "待回访", "此人的其他来信", "工作量", "交接单"} <= set(titles)
        {t: d for t, _h, d in seat.app.queue.commands()}["交接单"]()
        await seat.settled()
        text = "\n".join(seat.lines)
        assert "已超期 · 3" in text
        await seat.press("escape")
        {t: d for t, _h, d in seat.app.queue.commands()}["工作量"]()
        await seat.settled()
        assert "还没有分派" in "\n".join(seat.lines)


def test_the_handover_says_what_was_done_and_what_waits(store: Store) -> None:
    cases = inbox.busy(store)
    me = own_actor(store).id
    sheet = handover.handover(store, me, midnight(day_of(inbox.NOW)), inbox.NOW)
    parts = {part.name: part.count for part in sheet.parts}
    assert parts["late"] == queries.counts(store, inbox.NOW)[4]
    assert parts["replies"] == 1
    assert dict(sheet.done)["chased"] == 1
    assert sheet.pending == store.rows("SELECT count(*) FROM outbox")[0][0]
    assert cases


def test_due_today_is_not_late(store: Store) -> None:
    inbox.busy(store)
    sheet = handover.handover(store, "local", inbox.NOW - DAY, inbox.NOW)
    late, today = ({row.id for row in part.rows} for part in sheet.parts[:2])
    assert not late & today


def test_the_load_counts_open_letters_and_late_ones(store: Store) -> None:
    inbox.staff(store)
    cases = inbox.busy(store)
    for case in cases[:3]:
        inbox.do(store, case, "assigned", to="u-wang")
    load, *others = handover.loads(store, inbox.NOW)
    assert (load.who, load.open, load.late) == ("王编辑", 3, 2)
    assert {other.open for other in others} == {0}
    assert {load.who, *(other.who for other in others)} == {user.name for user in people.users(store)}
    assert people.name_of(store, "u-wang") == "王编辑"


@pytest.mark.parametrize(
    ("now", "said"),
    [("2024-11-01T09:30", "现在可联系"), ("2024-11-01T18:30", "现在不在"), ("2024-11-02T09:30", "现在不在")],
)
def test_whom_to_call_says_whether_they_are_there(
    store: Store, now: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.setenv("DESK_NOW", f"{now}:00+08:00")
    inbox.unit(store, "u1", inbox.YUBEI, "住建委", Contact("赵科长", "023-67800000", "信访", "工作日 09:00–17:30"))
    (line,) = StoreAround(store).contacts(inbox.YUBEI, "住建委")
    assert "赵科长" in line
    assert "023-67800000" in line
    assert said in line


def test_the_sheet_is_printed_as_markdown(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    inbox.busy(store)
    home = str(store.path.parent)
    assert main(["--home", home, "handover", "--format", "md"]) == 0
    assert "## 已超期 · 3" in capsys.readouterr().out
    assert main(["--home", home, "handover", "--since", "25:00"]) == 2


async def test_similar_letters_stand_one_after_another(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        here = seat.title
        await seat.press("ctrl+g")
        assert seat.title == here
        rows = seat.app.queue.letters.window.rows
        assert [r.topic for r in rows] == sorted((r.topic for r in rows), key=lambda t: t or "\uffff")
        await seat.press("home", "a", "ctrl+s")
        assert len(seat.app.queue.letters.window.rows) == len(rows) - 1
        await seat.press("ctrl+g", "2", "ctrl+g", "ctrl+g")
        assert len(seat.app.queue.letters.window.rows) == 1


async def test_a_long_queue_is_grouped_and_walked_to_its_end(store: Store, desk: Desk) -> None:
    inbox.many(store, 300)
    async with seated(desk()) as seat:
        await seat.press("ctrl+g", "G")
        assert seat.app.queue.letters.cursor == 299
        await seat.press("g", "g", *["ctrl+d"] * 20)
        assert len({r.id for r in seat.app.queue.letters.window.rows}) == 300


async def test_the_sheet_is_opened_by_its_name_and_kept_as_files_to_print(store: Store, desk: Desk) -> None:
    cases = inbox.busy(store)
    inbox.do(store, cases[0], "noted", {"text": "下午三点前再问一次水务局。"})
    async with seated(desk()) as seat:
        await seat.press("colon", *"交接单", "enter")
        seen = "\n".join(seat.lines)
        assert "下午三点前再问一次水务局" in seen
        assert "转 超2时" in seen  # what makes a letter wait stands beside it
        await seat.press("e")
        assert "已写入" in "\n".join(seat.lines)
        await seat.press("e")  # an earlier one is never written over
    made = sorted((store.home / "handover").iterdir())
    assert [path.suffix for path in made] == [".docx", ".txt", ".docx", ".txt"]
    assert "── 已超期 · 3" in made[1].read_text(encoding="utf-8")


async def test_a_verb_is_understood_as_its_key_is_called(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await seat.press("colon", *"受理", "enter")
    assert inbox.letter(store, case).case.state == "accepted"


async def test_a_chase_names_one_person_a_line_who_picks_up_now_first(store: Store, desk: Desk) -> None:
    cases = inbox.busy(store)
    lead = next(d for c in cases for d in inbox.letter(store, c).case.dispatches)
    away, here = Contact("钱科长", "023-1", "", "18:00–20:00"), Contact("赵科长", "023-2", "", "09:00–17:30")
    inbox.unit(store, "u1", lead.district, lead.unit or "住建委", away, here)
    async with seated(desk()) as seat:
        await seat.press("3", "c")
        lines = seat.lines
        first = next(i for i, line in enumerate(lines) if "可找：" in line)
        assert "赵科长 023-2 09:00–17:30 （现在可联系）" in lines[first]
        assert "钱科长 023-1" in lines[first + 1]
        assert lines[first].index("赵科长") + 3 == lines[first + 1].index("钱科长")


def test_a_long_note_is_on_the_sheet_with_its_beginning_only(store: Store) -> None:
    (case,) = inbox.many(store, 1)
    inbox.do(store, case, "noted", {"text": "电梯坏了。" * 1_000})
    sheet = handover.handover(store, own_actor(store).id, midnight(day_of(inbox.NOW)), inbox.NOW)
    (said,) = next(lines for title, lines in handing.parts(store, sheet) if "备注" in title)
    assert "电梯坏了。电梯坏了。" in said
    assert "共 5000 字，全文见来信" in said
    assert len(said) < 250


def test_the_handover_holds_what_was_done_in_this_very_moment(store: Store) -> None:
    """Two events of one moment are a millisecond apart; where the clock stands still (the demo's) all lie behind it."""
    cases = inbox.arrive(store)
    me = own_actor(store)
    for text in ("已电话联系", "明天再问"):
        assert run(store, me, [Command("noted", cases[0], words={"text": text})], inbox.NOW).ok
    sheet = handover.handover(store, me.id, midnight(day_of(inbox.NOW)), inbox.NOW)
    assert {text for _code, _title, text in sheet.notes} == {"已电话联系", "明天再问"}
    assert dict(sheet.done)["noted"] == 2
