"""The invariants of the replica, by two real desks at a real backend."""

from __future__ import annotations

from tests.line.office import Office


def test_what_one_desk_does_another_sees(office: Office) -> None:
    li, zhou = office.desk("li"), office.desk("zhou")
    case = li.letter()
    li.do("accepted", case, facts={"kind": "complaint", "topic": "电梯", "urgency": "normal"})
    assert li.pending() == 2
    li.sync()
    assert li.pending() == 0
    zhou.sync()
    assert zhou.case(case) == li.case(case)
    assert zhou.seen(case).body.startswith("电梯停运")
    office.settled()


def test_a_desk_that_comes_later_is_filled(office: Office) -> None:
    li = office.desk("li")
    ids = [li.letter(f"路灯 {n}") for n in range(12)]
    li.forward(ids[0])
    li.sync()
    arrived = office.write()
    zhou = office.desk("zhou")
    assert set(zhou.rows()) == {*ids, arrived}
    assert zhou.seen(ids[3]).body.startswith("路灯 3")
    assert [e.kind for e in zhou.seen(ids[0]).events] == ["received", "forwarded"]
    assert zhou.seen(arrived).sender == "陈** 138****1234"
    office.settled()


def test_two_forwards_to_different_units_one_holds(office: Office) -> None:
    li, zhou = office.desk("li"), office.desk("zhou")
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
    office.settled()
