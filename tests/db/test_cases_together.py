"""Two desks at once, and letters merged: what holds, what is absorbed, what is refused with the other's doing (DESIGN.md §6)."""

from __future__ import annotations

from typing import Any

from db.model import Absorbed, Refusal, Role
from tests.db.cases_factory import ANSWER, C, Desk, E, S, U


def forward_again(desk: Desk, district: str, unit: str = "") -> Any:
    """A second desk, offline, forwards on the receipt it knew."""
    facts = {"role": "lead", "district": district, "district_name": district, "unit": unit, "rules": 1}
    return desk.put_forward("a", E, facts, re="a", id="theirs")


def test_forwarding_to_the_same_unit_is_absorbed_and_its_dispatch_is_an_alias() -> None:
    desk = Desk()
    desk.letter()
    mine = desk.forward(district="500106").lead
    got = forward_again(desk, "500106", "交通运输执法")
    assert isinstance(got, Absorbed)
    assert got.by == mine
    case = desk.must("signed", role=U, _re="theirs", _dispatch="theirs")
    assert (case.state, len(case.dispatches)) == ("in_progress", 1)


def test_forwarding_to_another_unit_is_refused_with_the_one_that_holds() -> None:
    desk = Desk()
    desk.letter()
    desk.forward(district="500106")
    got = forward_again(desk, "500112")
    assert isinstance(got, Refusal)
    assert (got.code, got.facts["district"]) == ("taken", "区500106")


def test_what_hangs_on_a_refused_forward_depends_on_it() -> None:
    desk = Desk()
    desk.letter()
    desk.forward()
    forward_again(desk, "500112")
    assert desk.no("chased", level=1, channel="phone", _re="theirs", _dispatch="theirs") == "depends"


def test_a_forward_on_a_receipt_long_decided_is_stale() -> None:
    desk = Desk()
    desk.letter()
    desk.forward()
    desk.must("returned", role=U, reason="not_ours")
    got = forward_again(desk, "500106")
    assert isinstance(got, Refusal)
    assert got.code == "stale"


def test_one_chase_of_a_level_a_working_day_reaches_the_unit() -> None:
    desk = Desk()
    desk.letter()
    desk.until("in_progress")
    desk.must("chased", level=1, channel="phone")
    assert isinstance(desk.do("chased", level=1, channel="system"), Absorbed)
    assert desk.cases["a"].chases == 1
    assert desk.must("chased", level=2, channel="phone").chases == 2


def test_answering_after_the_other_sent_back_is_stale() -> None:
    desk = Desk()
    desk.letter()
    reply = desk.until("replied").dispatches[0].reply
    desk.must("redone", code="evasive")
    assert desk.no("answered", _re=reply, **ANSWER) == "stale"
    desk.must("replied", role=U)
    assert desk.no("answered", _re=reply, **ANSWER) == "stale"


def test_resolving_twice_the_same_is_absorbed_and_otherwise_refused() -> None:
    desk = Desk()
    desk.letter()
    answer = desk.until("resolved").answer
    assert isinstance(desk.do("resolved", _re=answer, result="solved"), Absorbed)
    assert desk.no("resolved", _re=answer, result="explained") == "taken_result"


def test_resolving_what_was_reopened_meanwhile_is_stale() -> None:
    desk = Desk()
    desk.letter()
    answer = desk.until("resolved").answer
    desk.must("reopened", reason="not_done")
    assert desk.no("resolved", _re=answer, result="solved", worded=True) == "stale"


def test_reopening_the_same_closing_twice_is_absorbed() -> None:
    desk = Desk()
    desk.letter()
    closing = desk.until("resolved").closing
    desk.must("reopened", reason="not_done")
    assert isinstance(desk.do("reopened", _re=closing, reason="came_back"), Absorbed)
    assert desk.cases["a"].reopens == 1


def test_classifying_different_fields_both_hold_and_the_same_field_the_last() -> None:
    desk = Desk()
    desk.letter()
    desk.must("classified", topic="电梯安装")
    desk.must("classified", kind="complaint")
    case = desk.must("classified", topic="停车收费")
    assert (case.topic, case.kind) == ("停车收费", "complaint")


def merged(*extra: str) -> Desk:
    desk = Desk()
    for id_ in ("a", "b", *extra):
        desk.letter(id_)
    desk.until("in_progress", "a")
    desk.must("merged", "a", into="b")
    return desk


def test_open_dispatches_become_co_dispatches_of_the_master_and_come_back() -> None:
    desk = merged()
    assert (desk.cases["a"].state, desk.cases["a"].dispatches) == ("merged", ())
    (held,) = desk.cases["b"].dispatches
    assert not held.lead
    assert desk.cases["b"].followers == ("a",)
    desk.must("replied", "b", U, _dispatch=held.id, _re=held.id)
    assert desk.no("unmerged", "a") == "supervisor_only"
    case = desk.must("unmerged", "a", S)
    assert (case.state, case.dispatches[0].id, desk.cases["b"].dispatches) == ("replied", held.id, ())
    assert desk.cases["b"].followers == ()


def test_two_desks_merge_in_opposite_directions_and_no_letter_is_lost() -> None:
    desk = merged()
    assert desk.no("merged", "b", into="a") == "merged_here"
    assert desk.cases["b"].state == "received"


def test_a_move_on_a_merged_letter_is_refused_with_its_master() -> None:
    desk = merged()
    got = desk.do("forwarded", "a", role_="x")
    assert isinstance(got, Refusal)
    assert (got.code, got.facts["master"]) == ("merged", "RMLX-b")
    assert desk.must("noted", "a").state == "merged"
    assert desk.must("rated", "a", C, score=4).rating is not None


def test_followers_move_along_when_their_master_is_merged() -> None:
    desk = merged("c")
    desk.must("merged", "b", into="c")
    assert desk.cases["a"].merged_into == "c"
    assert desk.cases["c"].followers == ("b", "a")


def test_everyone_gets_the_masters_answer() -> None:
    desk = merged()
    desk.forward("b", "500112")
    desk.must("replied", "b", U)
    desk.must("answered", "b", **ANSWER)
    assert desk.cases["a"].answer == desk.cases["b"].answer
    desk.must("resolved", "b", result="solved")
    assert desk.cases["a"].state == "merged"


def test_a_master_that_leaves_hands_over_to_its_oldest_follower() -> None:
    desk = Desk()
    for id_ in ("m", "x", "y"):
        desk.letter(id_)
    desk.until("in_progress", "m")
    desk.must("merged", "x", into="m")
    desk.must("merged", "y", into="m")
    desk.must("withdrawn", "m", C)
    heir = desk.cases["x"]
    assert (heir.state, heir.followers, desk.cases["y"].merged_into) == ("in_progress", ("y",), "x")
    assert [d.district for d in heir.dispatches] == ["500106"]
    assert (desk.cases["m"].state, desk.cases["m"].dispatches) == ("withdrawn", ())
    assert desk.must("replied", "x", U).state == "replied"


def test_a_merged_letter_can_still_be_withdrawn_by_its_sender() -> None:
    desk = merged()
    assert desk.must("withdrawn", "a", C).state == "withdrawn"
    assert desk.cases["b"].followers == ()


def test_nobody_merges_into_nothing_or_itself() -> None:
    desk = Desk()
    desk.letter()
    assert desk.no("merged", into="a") == "merge_self"
    assert desk.no("merged", into="nowhere") == "unknown_case"


def test_an_import_brings_a_reply_that_has_no_unit() -> None:
    desk = Desk()
    desk.letter(source="import")
    case = desk.must("replied", role=Role.IMPORT, _re=None, _dispatch=None)
    assert (case.state, case.dispatches, case.imported_reply is not None) == ("replied", (), True)
    assert desk.must("resolved", result="solved", worded=True).state == "resolved"
