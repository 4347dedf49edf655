"""Each row of the table of DESIGN.md §6 by two real desks offline and a real backend, and the ways out."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db import commands, conflicts, outbox
from db.commands import Command
from db.model import CaseId
from db.opening import open_store
from db.people import own_actor
from desk.line.trouble import LineError
from tests.line.office import Desk, Office


def two(office: Office) -> tuple[Desk, Desk, CaseId]:
    """Two editors with an accepted letter, both off the line."""
    li, zhou = office.desk("li"), office.desk("zhou")
    case = li.letter()
    li.do("accepted", case)
    li.sync()
    zhou.sync()
    return li, zhou, case


def settle(desk: Desk, way: str, case: CaseId | None = None) -> commands.Result:
    (group,) = conflicts.groups(desk.store, case)
    open_ = {w.name for w in conflicts.ways(desk.store, own_actor(desk.store), group) if w.why_not is None}
    assert way in open_, open_
    result = conflicts.settle(desk.store, own_actor(desk.store), group, way)
    assert result.ok, result.refused
    assert not conflicts.groups(desk.store, case)
    return result


def fought_over(office: Office) -> tuple[Desk, Desk, CaseId]:
    """Both forwarded it, zhou elsewhere and with a chase on it: li's was first."""
    li, zhou, case = two(office)
    li.forward(case, "500112", "渝北区")
    zhou.forward(case, "500103", "渝中区")
    zhou.do("chased", case, facts={"level": 1}, words={"text": "请尽快。"})
    li.sync()
    zhou.sync()
    assert sorted(zhou.refused().values()) == ["depends", "taken"]
    assert zhou.case(case).lead_dispatch == li.case(case).lead_dispatch
    assert zhou.case(case).chases == 0
    return li, zhou, case


def test_forward_to_the_same_unit_is_absorbed_and_its_id_an_alias(office: Office) -> None:
    li, zhou, case = two(office)
    li.forward(case)
    zhou.forward(case)
    mine = zhou.case(case).lead
    zhou.do("chased", case, facts={"level": 1}, words={"text": "请尽快。"})
    li.sync()
    zhou.sync()
    assert not zhou.refused()
    assert zhou.case(case).lead == li.case(case).lead != mine
    assert zhou.case(case).chases == 1
    office.settled()


def test_different_units_mine_joins_as_co_handler_with_what_hung_on_it(office: Office) -> None:
    _li, zhou, case = fought_over(office)
    settle(zhou, conflicts.CO)
    zhou.sync()
    assert not zhou.refused()
    districts = [(d.district, d.lead, d.chases) for d in zhou.case(case).dispatches]
    assert districts == [("500112", True, 0), ("500103", False, 1)]
    office.settled()


def test_different_units_theirs_is_recalled_for_mine(office: Office) -> None:
    _li, zhou, case = fought_over(office)
    settle(zhou, conflicts.MINE)
    zhou.sync()
    assert not zhou.refused()
    lead = zhou.case(case).lead_dispatch
    assert lead is not None
    assert (lead.district, lead.chases) == ("500103", 1)
    office.settled()


def test_different_units_mine_is_dropped(office: Office) -> None:
    _li, zhou, case = fought_over(office)
    assert zhou.store.rows("SELECT refused FROM cases WHERE id = ?", (case,))[0][0] == 2
    settle(zhou, conflicts.DROP)
    assert zhou.store.rows("SELECT refused FROM cases WHERE id = ?", (case,))[0][0] == 0
    assert not zhou.store.rows("SELECT 1 FROM queue_entry WHERE queue = 9")
    zhou.sync()
    office.settled()


def test_answering_what_was_sent_back_meanwhile_is_stale(office: Office) -> None:
    li, zhou, case = two(office)
    li.forward(case)
    li.do("replied", case, words={"text": "已修好。"})
    li.sync()
    zhou.sync()
    li.do("redone", case, facts={"code": "evasive"}, words={"text": "请写明日期。"})
    zhou.do(
        "answered", case, facts={"checklist": ["answers", "redacted"], "redacted": True}, words={"text": "已经修好。"}
    )
    li.sync()
    zhou.sync()
    assert len(zhou.refused()) == 1
    assert zhou.case(case).state == "in_progress"
    settle(zhou, conflicts.NOTE)
    zhou.sync()
    assert any("已经修好" in e.words.get("text", "") for e in li_events(office, li, case))
    office.settled()


def li_events(office: Office, li: Desk, case: CaseId) -> tuple[object, ...]:
    li.sync()
    return li.seen(case).events  # type: ignore[return-value]


def test_classified_in_different_fields_both_hold_in_the_same_the_last_to_arrive(office: Office) -> None:
    li, zhou, case = two(office)
    li.do("classified", case, facts={"topic": "电梯"})
    zhou.do("classified", case, facts={"urgency": "urgent"})
    li.sync()
    zhou.sync()
    li.sync()
    assert (li.case(case).topic, li.case(case).urgency) == ("电梯", "urgent")
    li.do("classified", case, facts={"topic": "供水"})
    zhou.do("classified", case, facts={"topic": "物业"})
    zhou.sync()
    li.sync()
    assert li.case(case).topic == "供水"
    assert not li.refused()
    assert not zhou.refused()
    office.settled()


def test_chasing_twice_on_one_day_reaches_the_unit_once(office: Office) -> None:
    li, zhou, case = two(office)
    li.forward(case)
    li.sync()
    zhou.sync()
    li.do("chased", case, facts={"level": 1}, words={"text": "请尽快。"})
    zhou.do("chased", case, facts={"level": 1}, words={"text": "请抓紧。"})
    li.sync()
    zhou.sync()
    assert not zhou.refused()
    assert zhou.case(case).chases == 1
    office.settled()


def test_a_move_on_a_merged_case_is_repeated_on_its_master(office: Office) -> None:
    li, zhou, case = two(office)
    master = li.letter("同一部电梯")
    li.do("accepted", master)
    li.sync()
    zhou.sync()
    li.do("merged", case, facts={"into": master})
    zhou.forward(case)
    li.sync()
    zhou.sync()
    assert list(zhou.refused().values()) == ["merged"]
    settle(zhou, conflicts.MASTER)
    zhou.sync()
    assert zhou.case(master).state == "forwarded"
    office.settled()


def test_two_merges_into_each_other_lose_no_letter(office: Office) -> None:
    li, zhou, case = two(office)
    other = li.letter("同一部电梯")
    li.do("accepted", other)
    li.sync()
    zhou.sync()
    li.do("merged", case, facts={"into": other})
    zhou.do("merged", other, facts={"into": case})
    li.sync()
    zhou.sync()
    assert len(zhou.refused()) == 1
    assert {zhou.case(case).state, zhou.case(other).state} == {"merged", "accepted"}
    office.settled()


def test_notes_tags_and_ratings_all_hold(office: Office) -> None:
    li, zhou, case = two(office)
    li.do("noted", case, words={"text": "一"})
    zhou.do("noted", case, words={"text": "二"})
    li.do("tagged", case, facts={"add": ["甲"]})
    zhou.do("tagged", case, facts={"add": ["乙"]})
    li.sync()
    zhou.sync()
    li.sync()
    assert {e.words["text"] for e in li.seen(case).events if e.kind == "noted"} == {"一", "二"}
    assert set(li.case(case).tags) == {"甲", "乙"}
    office.settled()


def test_what_was_done_twice_is_said_to_count_once(office: Office) -> None:
    li, zhou, case = two(office)
    li.forward(case)
    zhou.forward(case)
    li.sync()
    zhou.sync()
    li.sync()
    for desk in (li, zhou):
        letter = desk.seen(case)
        twice = [e for e in letter.events if e.kind == "forwarded"]
        assert [e.actor for e in twice] == ["li", "zhou"]
        assert letter.absorbed == {twice[1].id}


def test_merged_into_two_masters_the_first_one_keeps_it_and_the_other_forgets_it(office: Office) -> None:
    li, zhou, case = two(office)
    one, two_ = li.letter("路灯不亮"), li.letter("路灯又不亮")
    li.sync()
    zhou.sync()
    li.do("merged", case, facts={"into": one})
    zhou.do("merged", case, facts={"into": two_})
    assert zhou.case(two_).followers == (case,)
    li.sync()
    zhou.sync()
    assert list(zhou.refused().values()) == ["merged"]
    assert zhou.case(one).followers == (case,)
    assert zhou.case(two_).followers == ()
    office.settled()


def test_a_refusal_names_letters_by_codes_and_history_says_which_was_merged_into_which(office: Office) -> None:
    li, zhou, case = two(office)
    other = li.letter("另一封")
    li.sync()
    zhou.sync()
    li.do("merged", case, facts={"into": other})
    zhou.do("merged", other, facts={"into": case})
    zhou.do("noted", case, words={"text": "记一笔"})
    li.sync()
    zhou.sync()
    (group,) = conflicts.groups(zhou.store)
    assert (group.case, group.first.refusal.code) == (other, "merged_here")
    assert zhou.case(case).code in str(group.first)
    assert case not in str(group.first)
    for desk in (li, zhou):
        assert desk.seen(other).others == {case: desk.case(case).code}
        assert desk.seen(case).others == {other: desk.case(other).code}
    ((_command, refusal),) = commands.run(zhou.store, own_actor(zhou.store), [Command("accepted", case)]).refused
    assert refusal.facts["master"] == zhou.case(other).code


def test_the_files_of_a_refused_reply_stay_with_the_note_made_of_it(office: Office) -> None:
    li, zhou, case = two(office)
    li.forward(case)
    li.do("replied", case, words={"text": "已处理。"})
    li.sync()
    zhou.sync()
    li.do("answered", case, facts={"checklist": ["clear"], "redacted": True}, words={"text": "已处理。"})
    file = ["ab" * 32, "image/png", 12]
    zhou.do("replied", case, facts={"attachments": [file]}, words={"text": "补充。", "files": "现场.png"})
    li.sync()
    zhou.sync()
    result = settle(zhou, conflicts.NOTE)
    (note,) = result.events
    assert note.facts["attachments"] == [file]
    assert dict(note.words) == {"text": "补充。", "files": "现场.png"}


def test_a_role_that_was_taken_away_is_told_and_the_work_kept(office: Office) -> None:
    li = office.desk("li")
    case = li.letter()
    li.sync()
    li.do("noted", case, words={"text": "写给下一班"})
    office.db.write(lambda conn: conn.execute(text("UPDATE user SET role = 'admin' WHERE id = 'li'")))
    with pytest.raises(LineError) as told:
        li.sync()
    assert told.value.stops
    assert li.pending() == 1
    assert [e["words"]["text"] for e in outbox.unsent(li.store)] == ["写给下一班"]


def test_a_revoked_device_loses_nothing_unsent_and_exports_it(office: Office) -> None:
    li = office.desk("li")
    case = li.letter()
    li.sync()
    li.do("noted", case, words={"text": "未发的话"})
    office.db.write(lambda conn: conn.execute(text("UPDATE token SET revoked_at = 1 WHERE kind = 'device'")))
    with pytest.raises(LineError) as told:
        li.sync()
    assert (told.value.code, told.value.stops) == ("revoked", True)
    assert li.pending() == 1
    assert [e["words"]["text"] for e in outbox.unsent(li.store)] == ["未发的话"]
    assert li.seen(case).body  # what is here stays to be read


def test_what_somebody_else_did_at_this_desk_waits_for_their_login(office: Office) -> None:
    li = office.desk("li")
    case = li.letter()
    li.sync()
    li.do("noted", case, words={"text": "李的备注"})
    zhou = office.desk("zhou", store=li.store, fill=False)
    zhou.sync()
    assert outbox.waiting(zhou.store, "zhou").others == 1
    back = office.desk("li", store=li.store, fill=False)
    back.sync()
    assert outbox.waiting(back.store, "li") == outbox.Waiting()
    assert ("noted" in kind for _seq, _id, kind in office.log())


def test_what_was_done_before_the_first_login_is_adopted(office: Office) -> None:
    store = open_store(office.home())
    command = Command("received", words={"title": "井盖丢失", "body": "路口的井盖丢了。"})
    (case,) = commands.run(store, own_actor(store), [command]).changed
    commands.run(store, own_actor(store), [Command("assigned", case, {"to": "local"})])
    li = office.desk("li", store=store)
    assert li.pending() == 0
    zhou = office.desk("zhou")
    assert zhou.case(case).assignee == "li"
    assert {e.actor for e in zhou.seen(case).events} == {"li"}
    office.settled()
