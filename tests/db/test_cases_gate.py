"""The gate before every rule: who, where, what it names; and what an event counts for (DESIGN.md §4; `fold`, `why_not`)."""

from __future__ import annotations

import copy

import pytest

from db import cases
from db.model import Absorbed, Actor, Case, Refusal, Role
from tests.db.case_account import Story
from tests.db.cases_factory import ANSWER, BOOK, HOUR, START, C, Desk, E, S, U, event


def letter(state: str = "received") -> Story:
    desk = Story()
    desk.letter()
    desk.until(state)
    return desk


@pytest.mark.parametrize("kind", ["configured", "bulletin_frozen", "bulletin_revised", "survey_opened"])
def test_what_is_the_newsrooms_happens_to_no_letter(kind: str) -> None:
    desk = letter()
    assert desk.put(event(kind, "a", desk.now, S)) == Refusal("no_case", {"kind": kind})
    alone = cases.fold(None, event("accepted", None, START), {}, BOOK, START)  # type: ignore[arg-type]
    assert alone == Refusal("no_case", {"kind": "accepted"})


def test_the_same_receipt_again_is_the_letter_that_is_there() -> None:
    desk = letter("in_progress")
    assert desk.put(desk.log[0]) == Absorbed(desk.cases["a"], "a")


@pytest.mark.parametrize("role", [C, U, Role.READER, Role.ADMIN, Role.SYSTEM])
def test_who_may_not_bring_letters_in_is_told_so(role: Role) -> None:
    facts = {"code": "x", "channel": "app", "number": "n", "source": "channel", "received_at": START}
    got = cases.fold(None, event("received", "n", START, role, id="n", facts=facts), {}, BOOK, START)
    assert got == Refusal("forbidden", {"role": role, "kind": "received"})


def test_before_a_letter_is_there_nothing_else_is_touched() -> None:
    for kind in ("merged", "linked", "withdrawn", "answered"):
        assert cases.touches(None, event(kind, "a", START, facts={"into": "b", "to": "b"})) == ()


def test_only_an_editor_is_told_that_a_supervisor_may() -> None:
    desk = letter("resolved")
    assert desk.refuses("erased") == {"code": "supervisor_only", "role": "editor", "kind": "erased"}
    assert desk.refuses("erased", role=U) == {"code": "forbidden", "role": "unit", "kind": "erased"}
    assert desk.refuses("erased", role=C) == {"code": "forbidden", "role": "citizen", "kind": "erased"}
    for role in (E, S):  # a timer's: nobody at the desk may
        no = {"code": "forbidden", "role": role, "kind": "contact_removed"}
        assert desk.refuses("contact_removed", role=role) == no


def test_what_a_newer_desk_did_is_named_where_it_is_in_the_way() -> None:
    desk = letter()
    desk.must("teleported")
    assert desk.refuses("accepted") == {"code": "unknown_kind", "kinds": "teleported"}
    case = desk.put(event("beamed", "a", desk.now))
    assert isinstance(case, Case)
    assert case.unknown == ("teleported", "beamed")
    assert desk.refuses("accepted") == {"code": "unknown_kind", "kinds": "teleported, beamed"}


def test_what_answers_a_refused_event_names_it() -> None:
    desk = letter("replied")
    assert desk.refuses("answered", _re="never", **ANSWER) == {"code": "depends", "kind": "answered", "re": "never"}


def test_a_merged_letter_names_its_master_even_where_it_is_not_at_hand() -> None:
    desk = letter()
    desk.letter("m")
    desk.must("merged", "a", into="m")
    assert desk.refuses("accepted", "a") == {"code": "merged", "master": "RMLX-m"}
    got = cases.fold(desk.cases["a"], event("accepted", "a", desk.now), {}, BOOK, desk.now)
    assert got == Refusal("merged", {"master": "m"})


def test_a_merged_letters_answer_to_an_old_event_is_its_masters_not_missing() -> None:
    desk = letter()
    desk.letter("m")
    desk.must("merged", "a", into="m")
    assert desk.refuses("accepted", "a", _re="never")["code"] == "merged"


def test_a_note_counts_and_leaves_the_letter_before_it_as_it_was() -> None:
    desk = letter()
    before = desk.cases["a"]
    kept = copy.copy(before)
    after = desk.must("noted", _words={"text": "来电话问过"})
    assert before == kept
    assert (after.events, after.last_at) == (before.events + 1, desk.now)


def test_what_is_recorded_for_an_earlier_hour_counts_and_is_not_the_newest() -> None:
    desk = Desk()
    desk.letter()
    desk.until("accepted")
    newest = desk.cases["a"].last_at
    after = desk.must("noted", _when=newest - HOUR // 2)
    assert (after.events, after.last_at) == (3, newest)


def said(desk: Desk, kind: str, by: Role = E) -> Refusal | None:
    return cases.why_not(desk.cases["a"], kind, Actor("li", by, "01"), {}, BOOK, desk.now)


def test_with_the_lead_recalled_the_co_handlers_refusal_is_the_one_that_is_said() -> None:
    desk = letter("in_progress")
    co = desk.forward(district="500112", co=True).dispatches[-1].id
    desk.must("signed", role=U, _dispatch=co, _re=co)
    desk.must("recalled", role=S, reason="wrong_district", _dispatch=desk.cases["a"].lead, _re=desk.cases["a"].lead)
    assert said(desk, "signed", U) == Refusal("state", {"state": "accepted", "kind": "signed"})
    assert said(desk, "replied", U) is None


def test_without_any_dispatch_there_is_none_to_sign() -> None:
    assert said(letter(), "signed", U) == Refusal("no_dispatch")
