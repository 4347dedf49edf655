"""What stands against a merge and its end, and which letters an event touches besides its own (DESIGN.md §4)."""

from __future__ import annotations

from typing import Any

import pytest

from db import cases
from db.model import Absorbed, Case, Refusal
from tests.db.case_account import Story
from tests.db.cases_factory import BOOK, START, C, S, event
from tests.db.test_cases_merge_told import letters


def test_a_merge_names_another_letter_that_is_there_and_open() -> None:
    desk = letters("a", "m")
    assert desk.refuses("merged", "a") == {"code": "bad_fact", "field": "into"}
    assert desk.refuses("merged", "a", into="") == {"code": "bad_fact", "field": "into"}
    assert desk.refuses("merged", "a", into="a") == {"code": "merge_self"}
    assert desk.refuses("merged", "a", into="nowhere") == {"code": "unknown_case"}
    for state in ("declined", "withdrawn"):
        desk = letters("a", "m")
        desk.until(state, "m")
        no = {"code": "master_closed", "letter": "RMLX-m", "state": state}
        assert desk.refuses("merged", "a", into="m") == no


def test_a_merge_into_a_merged_letter_names_where_that_went() -> None:
    desk = letters("a", "b", "m")
    desk.must("merged", "b", into="m")
    assert desk.refuses("merged", "a", into="b") == {"code": "master_merged", "letter": "RMLX-b", "master": "RMLX-m"}
    assert desk.refuses("merged", "m", into="b") == {"code": "merged_here", "letter": "RMLX-b"}
    merge = event("merged", "a", desk.now, facts={"into": "b"})
    got = cases.fold(desk.cases["a"], merge, {"b": desk.cases["b"]}, BOOK, desk.now)
    assert got == Refusal("master_merged", {"letter": "RMLX-b", "master": "m"})


def test_the_same_merge_again_is_the_first_and_another_is_the_masters() -> None:
    desk = letters("a", "m", "n")
    desk.must("merged", "a", into="m")
    assert desk.absorbs("merged", "a", into="m") == "merged"
    assert desk.refuses("merged", "a", into="n") == {"code": "merged", "master": "RMLX-m"}


def test_a_letter_is_taken_out_of_the_merge_that_stands() -> None:
    desk = letters("a", "m")
    state = {"state": "received", "kind": "unmerged"}
    assert desk.refuses("unmerged", "a", S) == {"code": "state"} | state
    assert desk.refuses("unmerged", "a", S, _re="a") == {"code": "stale"} | state
    desk.must("merged", "a", into="m")
    assert desk.refuses("unmerged", "a", S, _re="a") == {"code": "stale"}
    assert desk.refuses("unmerged", "a", S, _re=None) == {"code": "stale"}
    assert desk.refuses("unmerged", "a") == {"code": "supervisor_only", "role": "editor", "kind": "unmerged"}


def test_a_letter_whose_dispatch_leads_its_master_stays() -> None:
    desk = letters("a", "m")
    desk.until("in_progress", "a")
    desk.until("in_progress", "m")
    desk.must("merged", "a", into="m")
    lent = desk.cases["m"].dispatches[1]
    assert lent.lead is False
    desk.must("lead_changed", "m", _dispatch=lent.id, _re=lent.id)
    assert desk.refuses("unmerged", "a", S) == {"code": "lent_leads", "master": "RMLX-m"}


def test_where_the_other_letters_are_not_at_hand_nothing_happens_to_this_one() -> None:
    desk = letters("a", "m", "x")
    desk.must("merged", "a", into="m")
    unmerge = event("unmerged", "a", desk.now, S, re=desk.cases["a"].merge)
    assert cases.fold(desk.cases["a"], unmerge, {}, BOOK, desk.now) == Refusal("unknown_case")
    for kind, of in (("withdrawn", "m"), ("answered", "m"), ("merged", "x")):
        other = event(kind, of, desk.now, C, facts={"into": "x"})
        assert cases.fold(desk.cases["a"], other, {}, BOOK, desk.now) == Absorbed(desk.cases["a"], other.id)


@pytest.mark.parametrize("kind", ["withdrawn", "declined", "answered", "resolved", "reopened", "merged"])
def test_what_happens_to_a_letter_that_is_not_its_master_leaves_it_alone(kind: str) -> None:
    desk = letters("a", "m", "x", "y")
    desk.must("merged", "a", into="m")
    other = event(kind, "x", desk.now, S, facts={"into": "y", "result": "solved"})
    got = cases.fold(desk.cases["a"], other, desk.cases, BOOK, desk.now)
    assert got == Absorbed(desk.cases["a"], other.id)


NOBODY: list[tuple[str, dict[str, Any]]] = [
    ("merged", {}),
    ("merged", {"into": ""}),
    ("merged", {"into": "m"}),
    ("unmerged", {}),
    ("linked", {}),
    ("linked", {"to": ""}),
    ("linked", {"to": "m"}),
    ("accepted", {"into": "b", "to": "b"}),
    ("replied", {}),
]
FOLLOWERS = ("a", "x")
MORE: list[tuple[str, str, dict[str, Any], tuple[str, ...]]] = [
    ("m", "merged", {"into": "b"}, ("b", *FOLLOWERS)),
    ("a", "unmerged", {}, ("m",)),
    ("a", "withdrawn", {}, ("m",)),
    ("a", "linked", {"to": "b"}, ("b",)),
    ("m", "linked", {"to": "b"}, ("b",)),
    *(("m", kind, {}, FOLLOWERS) for kind in ("withdrawn", "declined", "answered", "answered_directly")),
    *(("m", kind, {}, FOLLOWERS) for kind in ("resolved", "reopened", "contact_removed")),
]


def merged() -> Story:
    desk = letters("m", "a", "x", "b")
    for follower in FOLLOWERS:
        desk.must("merged", follower, into="m")
    return desk


@pytest.mark.parametrize(("kind", "facts"), NOBODY)
def test_what_touches_nobody_else(kind: str, facts: dict[str, Any]) -> None:
    assert cases.touches(merged().cases["m"], event(kind, "m", START, facts=facts)) == ()


@pytest.mark.parametrize(("id_", "kind", "facts", "touched"), MORE)
def test_what_touches_others_too(id_: str, kind: str, facts: dict[str, Any], touched: tuple[str, ...]) -> None:
    desk = merged()
    e = event(kind, id_, desk.now, S, facts=facts)
    assert cases.touches(desk.cases[id_], e) == touched
    for other in touched:
        assert isinstance(cases.fold(desk.cases[other], e, desk.cases, BOOK, desk.now), (Case, Absorbed))
