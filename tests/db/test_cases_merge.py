"""Merging at its edges: who takes what with it, and what comes back (DESIGN.md §4, `merged` / `unmerged`)."""

from __future__ import annotations

from db import cases
from db.model import Absorbed, DispatchState, Event, Refusal, Role
from tests.db.cases_factory import ANSWER, BOOK, DAY, START, C, Desk, S, U, event


def letters(*ids: str) -> Desk:
    desk = Desk()
    for id_ in ids:
        desk.letter(id_)
    return desk


def test_who_is_merged_into_an_answered_letter_has_its_answer() -> None:
    desk = letters("a", "m")
    answer = desk.until("answered", "m").answer
    case = desk.must("merged", "a", into="m")
    assert case.answer == answer
    assert desk.must("rated", "a", C, solved=True, score=5).rating is not None
    assert desk.must("unmerged", "a", S).answer is None


def test_resolving_the_master_resolves_its_followers_and_taking_one_out_opens_it_again() -> None:
    desk = letters("a", "m")
    desk.must("merged", "a", into="m")
    desk.until("resolved", "m")
    assert desk.cases["a"].result == desk.cases["m"].result is not None
    assert desk.must("unmerged", "a", S).result is None


def test_a_reopened_masters_followers_wait_for_the_next_answer() -> None:
    desk = letters("a", "m")
    desk.must("merged", "a", into="m")
    desk.until("resolved", "m")
    assert desk.cases["a"].answer is not None
    desk.must("reopened", "m", reason="not_done")
    assert desk.cases["a"].answer is None


def test_a_supervised_letter_is_still_the_supervisors_when_it_hides_in_another() -> None:
    desk = letters("a", "m")
    desk.until("in_progress", "a")
    desk.must("chased", "a", S, level=3, channel="letter")
    desk.until("replied", "m")
    desk.must("merged", "a", into="m")
    assert desk.cases["m"].chase_level == 3
    assert desk.no("answered", "m", **ANSWER) == "supervisor_supervised"


def test_a_lent_dispatch_that_leads_its_master_is_not_taken_away() -> None:
    desk = letters("a", "m")
    desk.until("in_progress", "a")
    desk.until("in_progress", "m")
    own = desk.cases["m"].lead
    desk.must("merged", "a", into="m")
    lent = desk.cases["m"].dispatches[1].id
    desk.must("lead_changed", "m", _dispatch=lent, _re=lent)
    assert desk.no("unmerged", "a", S) == "lent_leads"
    desk.must("lead_changed", "m", _dispatch=own, _re=own)
    desk.must("unmerged", "a", S)
    assert (desk.cases["a"].lead, desk.cases["a"].state) == (lent, "in_progress")
    assert (desk.cases["m"].lead, len(desk.cases["m"].dispatches)) == (own, 1)


def test_a_dispatch_recalled_by_the_master_comes_back_as_nothing_and_the_letter_is_the_desks() -> None:
    desk = letters("a", "m")
    desk.until("forwarded", "a")
    desk.until("in_progress", "m")
    desk.must("merged", "a", into="m")
    lent = desk.cases["m"].dispatches[1].id
    desk.must("recalled", "m", _dispatch=lent, _re=lent, reason="duplicate")
    case = desk.must("unmerged", "a", S)
    assert (case.state, case.lead, case.forward_due is not None) == ("accepted", None, True)


def test_merging_a_letter_that_waits_for_its_citizen_ends_the_pause() -> None:
    desk = letters("a", "m")
    due = desk.until("in_progress", "a").dispatches[0].reply_due
    desk.must("asked", "a")
    desk.must("merged", "a", into="m", later=2 * DAY)
    assert desk.cases["m"].dispatches[0].reply_due == due + 2 * DAY
    assert desk.must("unmerged", "a", S).state == "in_progress"


def test_merging_twice_into_the_same_letter_is_absorbed() -> None:
    desk = letters("a", "m")
    desk.must("merged", "a", into="m")
    assert isinstance(desk.do("merged", "a", into="m"), Absorbed)
    assert desk.cases["m"].followers == ("a",)


def test_merging_into_a_merged_letter_names_its_master() -> None:
    desk = letters("a", "b", "m")
    desk.must("merged", "b", into="m")
    got = desk.do("merged", "a", into="b")
    assert isinstance(got, Refusal)
    assert (got.code, got.facts["letter"], got.facts["master"]) == ("master_merged", "RMLX-b", "RMLX-m")


def test_nobody_merges_into_what_was_declined_or_withdrawn() -> None:
    for state in ("declined", "withdrawn"):
        desk = letters("a", "m")
        desk.until(state, "m")
        assert desk.no("merged", "a", into="m") == "master_closed"


def test_an_unmerge_of_an_older_merge_is_stale() -> None:
    desk = letters("a", "m")
    first = desk.must("merged", "a", into="m").merge
    desk.must("unmerged", "a", S)
    assert desk.no("unmerged", "a", S, _re=first) == "stale"
    desk.must("merged", "a", into="m")
    assert desk.no("unmerged", "a", S, _re=first) == "stale"
    assert desk.must("unmerged", "a", S).state == "received"


def test_withdrawn_from_a_merge_and_reopened_a_letter_stands_on_its_own() -> None:
    desk = letters("a", "m")
    desk.until("in_progress", "a")
    desk.must("merged", "a", into="m")
    desk.must("withdrawn", "a", C, reason="settled")
    assert len(desk.cases["m"].dispatches) == 1  # the others' letter is still worked on
    case = desk.must("reopened", "a", reason="came_back")
    assert (case.state, case.lead_dispatch, case.lent, case.merged_into) == ("accepted", None, (), None)


def test_a_declined_master_hands_over_too_and_the_heir_goes_on() -> None:
    desk = letters("m", "x")
    desk.must("merged", "x", into="m")
    desk.must("declined", "m", reason="repeat")
    heir = desk.cases["x"]
    assert (heir.state, heir.merged_into, heir.followers) == ("received", None, ())
    assert desk.forward("x").state == "forwarded"


def test_the_heir_inherits_supervision_and_what_may_be_answered() -> None:
    desk = letters("m", "x")
    desk.until("in_progress", "m")
    desk.must("chased", "m", S, level=4, channel="letter")
    desk.must("merged", "x", into="m")
    desk.must("withdrawn", "m", C)
    desk.must("replied", "x", U)
    assert desk.no("answered", "x", **ANSWER) == "supervisor_supervised"
    assert desk.must("answered", "x", S, **ANSWER).dispatches[0].state is DispatchState.CHECKED


def test_what_hangs_on_no_merge_is_untouched_by_it() -> None:
    desk = letters("a", "m", "z")
    before = desk.cases["z"]
    desk.must("merged", "a", into="m")
    desk.must("withdrawn", "m", C)
    assert desk.cases["z"] is before


def test_a_link_is_shown_on_both_letters_once() -> None:
    desk = letters("a", "b")
    desk.must("linked", "a", to="b", relation="same_sender")
    assert (desk.cases["a"].links, desk.cases["b"].links) == ((("same_sender", "b"),), (("same_sender", "a"),))
    assert isinstance(desk.do("linked", "a", to="b", relation="same_sender"), Absorbed)


def test_the_same_receipt_from_two_desks_is_one_letter() -> None:
    desk = letters("a")
    first = desk.log[0]
    assert isinstance(desk.put(first), Absorbed)
    assert desk.cases["a"].events == 1


def code(e: Event) -> str:
    got = cases.fold(None, e, {}, BOOK, START)
    assert isinstance(got, Refusal), got
    return got.code


def test_without_a_letter_nothing_happens() -> None:
    assert code(event("accepted", "nowhere", START)) == "unknown_case"
    assert code(event("configured", "nowhere", START, S)) == "no_case"


def test_a_letter_comes_from_a_channel_an_import_or_the_desk_and_whole() -> None:
    assert code(event("received", "n", START, C, id="n")) == "forbidden"
    assert code(event("received", "n", START, Role.BACKEND, id="n", facts={"code": "x"})) == "bad_fact"
    case = Desk().letter("n", kind="help", confidential=True)
    assert (case.kind, case.confidential, case.urgency) == ("help", True, "normal")
