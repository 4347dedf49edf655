"""The invariants of the replica, by two real desks at a real backend."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backend.log.looking import EVENTS
from backend.snapshot import cutting
from db import commands, configuring, link, replica, units
from db.clock import now_ms
from db.people import own_actor, sender
from db.units import Contact
from desk.line.trouble import LineError
from tests.line.office import Office


def test_what_one_desk_does_another_sees(any_office: Office) -> None:
    li, zhou = any_office.desk("li"), any_office.desk("zhou")
    case = li.letter()
    li.do("accepted", case, facts={"kind": "complaint", "topic": "电梯", "urgency": "normal"})
    assert li.pending() == 2
    li.sync()
    assert li.pending() == 0
    zhou.sync()
    assert zhou.case(case) == li.case(case)
    assert zhou.seen(case).body.startswith("电梯停运")
    any_office.settled()


def test_a_desk_that_comes_later_is_filled(any_office: Office) -> None:
    li = any_office.desk("li")
    ids = [li.letter(f"路灯 {n}") for n in range(12)]
    li.forward(ids[0])
    li.sync()
    arrived = any_office.write()
    zhou = any_office.desk("zhou")
    assert set(zhou.rows()) == {*ids, arrived}
    assert zhou.seen(ids[3]).body.startswith("路灯 3")
    assert [e.kind for e in zhou.seen(ids[0]).events] == ["received", "forwarded"]
    assert zhou.seen(arrived).sender == "陈** 138****1234"
    any_office.settled()


def test_two_forwards_to_different_units_one_holds(any_office: Office) -> None:
    li, zhou = any_office.desk("li"), any_office.desk("zhou")
    case = li.letter()
    li.do("accepted", case)
    li.sync()
    zhou.sync()
    li.line.cut = zhou.line.cut = True
    li.forward(case, "500112", "渝北区")
    zhou.forward(case, "500103", "渝中区")
    li.line.cut = zhou.line.cut = False
    li.sync()
    zhou.sync()
    assert list(zhou.refused().values()) == ["taken"]
    lead = zhou.case(case).lead_dispatch
    assert lead is not None
    assert lead.district == "500112"
    assert zhou.pending() == 0
    any_office.settled()


def test_a_contact_is_told_after_looking_was_recorded_and_never_before(office: Office) -> None:
    case = office.write()
    li = office.desk("li")
    with pytest.raises(LineError):
        li.rounds.contact(case)
    li.do("revealed", case, facts={"reason": "call_back"})
    li.sync()
    assert li.rounds.contact(case)["phone"] == "13812341234"
    kept = sender(li.store, li.case(case).sender)
    assert kept is not None
    assert kept.elsewhere  # what came is shown, not kept


def test_a_closed_letter_is_here_as_a_row_and_its_history_comes_when_it_is_opened(office: Office) -> None:
    li = office.desk("li")
    case = li.letter("已经修好的路灯")
    li.do("declined", case, facts={"reason": "court"}, words={"text": "请向法院提起。"})
    li.letter("另一封")
    li.sync()
    cutting.cut(office.db, now_ms())
    zhou = office.desk("zhou")
    assert zhou.case(case) == li.case(case)
    assert zhou.seen(case).partial
    assert not zhou.seen(case).body
    replica.keep_whole(zhou.store, zhou.rounds.letter(case))
    assert [e.kind for e in zhou.seen(case).events] == ["received", "declined"]
    assert "路灯" in zhou.seen(case).body
    zhou.do("reopened", case, facts={"reason": "own_error"}, words={"text": "看错了。"})
    zhou.sync()
    li.sync()
    assert li.case(case).state == zhou.case(case).state != "declined"
    office.settled()


def test_what_was_erased_is_blank_on_every_desk_and_pending_words_with_it(office: Office) -> None:
    li, he = office.desk("li"), office.desk("he")
    case = li.letter("含有个人信息的信")
    li.sync()
    he.sync()
    li.do("noted", case, words={"text": "来信人住七号楼"})
    he.do("erased", case, facts={"reason": "request"})
    he.sync()
    li.sync()
    for desk in (li, he):
        assert not any(e.words for e in desk.seen(case).events)
        assert not desk.store.rows("SELECT 1 FROM event WHERE words LIKE '%七号楼%' OR words LIKE '%没有人管%'")
        assert desk.case(case).erased
    office.settled()


def test_whom_nobody_calls_any_more_is_forgotten_in_the_log_and_on_every_desk(office: Office) -> None:
    he, li = office.desk("he"), office.desk("li")
    day = date(2024, 11, 1)
    decided = [
        configuring.unit("u1", day, "500112", "住建委"),
        configuring.contacts("u1", day, [Contact("王主任", "023-1")]),
    ]
    assert commands.run(he.store, own_actor(he.store), decided).ok
    he.sync()
    li.sync()
    later = [configuring.contacts("u1", day, [Contact("李主任", "023-2")])]
    assert commands.run(he.store, own_actor(he.store), later).ok
    he.sync()
    li.sync()
    zhou = office.desk("zhou")
    zhou.sync()
    for desk in (he, li, zhou):
        assert [c.name for c in units.contacts(desk.store, "500112", "住建委", day)] == ["李主任"]
        assert not desk.store.rows("SELECT 1 FROM event WHERE words LIKE '%王主任%'")
    with office.db.read() as conn:
        assert not conn.execute(select(EVENTS.c.seq).where(EVENTS.c.wire.contains("王主任"))).all()
    office.settled()


def test_a_wider_scope_brings_the_closed_letters_that_were_left_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_NOW", "2024-01-10T09:30")
    li = office.desk("li")
    case = li.letter("一月里办结的")
    li.do("declined", case, facts={"reason": "court"}, words={"text": "请向法院提起。"})
    li.letter("还没有办的")
    li.sync()
    monkeypatch.setenv("DESK_NOW", "2024-11-01T09:30")
    cutting.cut(office.db, now_ms())
    zhou = office.desk("zhou")
    assert case not in zhou.rows()
    li.letter("后来的")
    li.sync()
    cutting.cut(office.db, now_ms())  # newer than what zhou has read
    zhou.store.put_setting(link.SCOPE, link.ALL)
    zhou.rounds.widen()
    while zhou.rounds.fill_step() or zhou.rounds.round().more or zhou.rounds.tie().fill:
        pass
    assert zhou.case(case) == li.case(case)
    office.settled()
