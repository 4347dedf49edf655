"""Which districts get documents is the newsroom's decision: every desk hears it, and every desk sees what was delivered."""

from __future__ import annotations

from db import commands, configuring, delivery
from db.clock import day_of, now_ms
from db.people import own_actor
from tests.line.office import Desk, Office

YUBEI = "500112"


def decide(desk: Desk, *, on: bool) -> commands.Result:
    paper = configuring.paper(YUBEI, day_of(now_ms()), on=on)
    return commands.run(desk.store, own_actor(desk.store), [paper], now_ms())


def test_a_district_on_paper_is_on_paper_at_every_desk_until_a_supervisor_says_no_longer(office: Office) -> None:
    he, li = office.desk("he"), office.desk("li")
    assert decide(he, on=True).ok
    he.sync()
    li.sync()
    assert delivery.paper(li.store) == delivery.paper(he.store) == {YUBEI}
    assert [refusal.code for _c, refusal in decide(li, on=False).refused] == ["supervisor_only"]
    assert decide(he, on=False).ok
    he.sync()
    li.sync()
    assert delivery.paper(li.store) == frozenset()


def test_how_and_to_whom_a_document_was_delivered_is_known_at_the_other_desk(office: Office) -> None:
    he, li = office.desk("he"), office.desk("li")
    assert decide(he, on=True).ok
    he.sync()
    case = li.letter()
    li.do("accepted", case)
    li.forward(case)
    li.sync()
    he.sync()
    (waits,) = delivery.waiting(he.store)
    assert (waits.case, waits.level, waits.district) == (case, 0, YUBEI)
    note = delivery.arrived(waits, "received", "办公室王主任")
    assert commands.run(he.store, own_actor(he.store), [note], now_ms()).ok
    assert delivery.waiting(he.store) == []
    he.sync()
    li.sync()
    assert delivery.waiting(li.store) == []
    told = [(e.facts.get("how"), e.words.get("text")) for e in li.seen(case).events if e.kind == "noted"]
    assert told == [("received", "办公室王主任")]
