"""What came for a letter while it was merged is its own again once it is taken apart (DESIGN.md §4, `unmerged`)."""

from __future__ import annotations

from typing import Any

import pytest

from db.model import Role
from tests.db.case_account import Story
from tests.db.cases_factory import ANSWER, DAY, E, S, U
from tests.db.test_cases_merge_told import letters
from tests.db.test_cases_unit_told import co, letter


def lent(kind: str, state: str = "in_progress") -> Story:
    """A letter merged while its unit worked on it; the unit then wrote to the master; and the letter is taken out again."""
    desk = letter(state)
    desk.letter("m")
    named = co(desk) if state != "in_progress" else {}
    if named:
        desk.must("lead_changed", **named)
    desk.must("merged", into="m")
    [held] = desk.cases["m"].dispatches
    desk.must(kind, "m", U, _dispatch=held.id, _re=held.id, reason="not_ours")
    desk.must("unmerged", role=S)
    return desk


@pytest.mark.parametrize(
    ("came", "then", "role", "facts", "stands"),
    [
        ("replied", "answered", E, ANSWER, "answered"),
        ("replied", "redone", E, {"code": "evasive"}, "in_progress"),
        ("replied", "tracked", E, {"promised": "2024-12-31", "worded": True}, "tracking"),
        ("replied", "resolved", E, {"result": "solved", "worded": True}, "resolved"),
        ("returned", "upheld", S, {}, "in_progress"),
    ],
)
def test_a_reply_or_return_that_came_meanwhile_can_be_decided_on(
    came: str, then: str, role: Role, facts: dict[str, Any], stands: str
) -> None:
    desk = lent(came)
    told_at = dict(desk.cases["m"].answerable)
    [d] = desk.cases["a"].dispatches
    what = d.reply if came == "replied" else d.returned
    assert dict(desk.cases["a"].answerable)[what or ""] == told_at[what or ""]
    assert desk.must(then, role=role, **facts).state == stands


def test_a_letter_that_came_back_meanwhile_is_the_desks_to_forward_from_now_on() -> None:
    desk = lent("returned")
    case = desk.cases["a"]
    assert (case.state, case.forward_due is None) == ("returned", False)
    assert case.start_at == desk.now, "its clock begins when it is taken out again"
    assert desk.must("forwarded", district="500103", district_name="渝中区").state == "forwarded"


def test_what_it_knew_before_it_was_merged_is_known_once() -> None:
    desk = letter("replied")
    desk.letter("m")
    before = desk.cases["a"].answerable
    desk.must("merged", into="m")
    after = desk.must("unmerged", role=S).answerable
    assert len(dict(after)) == len(after)
    assert set(after) > set(before)


def test_a_return_to_the_master_of_an_answered_letters_new_lead_is_not_overruled() -> None:
    """The letter is answered whatever its new lead does: nothing takes it back to the unit but a reopening."""
    desk = lent("returned", "answered")
    assert (desk.cases["a"].state, desk.cases["a"].lead_dispatch.state) == ("answered", "returned")  # type: ignore[union-attr]
    assert desk.refuses("upheld", role=S) == {"code": "state", "state": "answered", "kind": "upheld"}


def test_what_moved_a_lent_units_times_goes_there_and_back_with_it() -> None:
    desk = letters("a", "m")
    desk.until("forwarded", "a")
    desk.must("asked", "a")
    desk.must("merged", "a", into="m", later=2 * DAY)
    d = desk.cases["m"].dispatches[0].id
    desk.must("signed", "m", U, _dispatch=d, _re=d)
    desk.must("extension_asked", "m", U, _dispatch=d, _re=d)
    desk.must("extended", "m", S, _dispatch=d, _re=d)
    lent = desk.cases["m"].due_moves
    assert [desk.names[move.event] for move in lent] == ["merged"] * 3 + ["extended"]
    desk.must("unmerged", "a", S)
    assert desk.cases["a"].due_moves == lent
