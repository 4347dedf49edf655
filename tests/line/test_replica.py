"""The invariants of the replica, by two real desks at a real backend."""

from __future__ import annotations

import os
from dataclasses import replace

from db import commands
from db.commands import Command
from db.people import own_actor
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


def test_eight_desks_at_once_lose_and_double_nothing(any_office: Office) -> None:
    """Random work in threads, as in an office; then all desks and the backend hold the same."""
    import random
    import threading

    desks = [any_office.desk(("li", "zhou", "he")[n % 3]) for n in range(8)]
    faults: list[BaseException] = []

    def work(n: int) -> None:
        rng, desk = random.Random(n), desks[n]
        try:
            for _turn in range(TURNS):
                cases = [i for (i,) in desk.store.rows("SELECT id FROM cases ORDER BY id")]
                case = rng.choice(cases) if cases and rng.random() < 0.7 else desk.letter(f"第 {n} 台")
                for command in rng.sample(WORK, 3):
                    commands.run(desk.store, own_actor(desk.store), [replace(command, case=case)])
                desk.sync()
        except BaseException as e:
            faults.append(e)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    any_office.settled()
    log = any_office.log()
    assert [seq for seq, _id, _kind in log] == list(range(1, len(log) + 1))
    assert len({id_ for _seq, id_, _kind in log}) == len(log)
    backend = any_office.cases()
    for desk in desks:
        assert {id_: any_office.dumped(case) for id_, case in desk.rows().items()} == backend


TURNS = int(os.environ.get("SOAK_TURNS", "12"))
"""Turns of each desk; `make soak` asks for more."""

WORK = (
    Command("accepted"),
    Command("forwarded", facts={"district": "500112", "district_name": "渝北区"}),
    Command("forwarded", facts={"district": "500103", "district_name": "渝中区"}),
    Command("noted", words={"text": "电话联系过"}),
    Command("classified", facts={"topic": "电梯"}),
    Command("classified", facts={"urgency": "urgent"}),
    Command("replied", words={"text": "已办。"}),
    Command("chased", facts={"level": 1}, words={"text": "请尽快。"}),
)
